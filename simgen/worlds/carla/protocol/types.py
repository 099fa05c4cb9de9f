"""The values that CARLA's calls take and give: fields in the order of the wire.

Frame and units are CARLA's: left-handed, x forward, y right, z up; metres, degrees, seconds; yaw
clockwise from above, pitch up and roll right side down are positive.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from simgen.worlds.carla.protocol.codec import F32, F64, I32, U8, U32, U64, Wire


class AttributeType(IntEnum):
    """What the text of an attribute holds: numbers of 0.9.16, see `Version`."""

    BOOL = 1
    INT = 2
    FLOAT = 3
    STRING = 4
    COLOUR = 5


class LightColour(IntEnum):
    """States of a traffic light."""

    RED = 0
    YELLOW = 1
    GREEN = 2
    OFF = 3
    UNKNOWN = 4


@dataclass(frozen=True, kw_only=True)
class Vector2(Wire):
    """A point of a curve."""

    x: F32 = 0.0
    y: F32 = 0.0


@dataclass(frozen=True, kw_only=True)
class Vector(Wire):
    """A place [m], a velocity [m/s], an impulse [N s] or another vector."""

    x: F32 = 0.0
    y: F32 = 0.0
    z: F32 = 0.0


@dataclass(frozen=True, kw_only=True)
class Rotation(Wire):
    """Three angles [degree]."""

    pitch: F32 = 0.0
    yaw: F32 = 0.0
    roll: F32 = 0.0


@dataclass(frozen=True, kw_only=True)
class Transform(Wire):
    """A place and how a thing is turned there."""

    location: Vector = Vector()
    rotation: Rotation = Rotation()


@dataclass(frozen=True, kw_only=True)
class BoundingBox(Wire):
    """A box, in its actor's frame or in the world's."""

    location: Vector = Vector()  # of its centre
    extent: Vector = Vector()  # half its sizes
    rotation: Rotation = Rotation()
    actor: U32 = 0


@dataclass(frozen=True, kw_only=True)
class Token(Wire):
    """Where a stream is to be had: see `packets.token_of`."""

    data: bytes = b""


@dataclass(frozen=True, kw_only=True)
class Attribute(Wire):
    """An attribute of an actor."""

    id: str
    type: U8
    value: str


@dataclass(frozen=True, kw_only=True)
class AttributeDefinition(Wire):
    """An attribute that a blueprint has."""

    id: str
    type: U8
    value: str = ""
    recommended: tuple[str, ...] = ()
    modifiable: bool = False
    restricted: bool = False  # to the recommended values


@dataclass(frozen=True, kw_only=True)
class ActorDefinition(Wire):
    """A blueprint."""

    uid: U32
    id: str
    tags: str  # separated by commas
    attributes: tuple[AttributeDefinition, ...]


@dataclass(frozen=True, kw_only=True)
class ActorDescription(Wire):
    """A blueprint with its attributes chosen."""

    uid: U32 = 0
    id: str = ""
    attributes: tuple[Attribute, ...] = ()

    def values(self) -> dict[str, str]:
        """Attributes by name."""
        return {attribute.id: attribute.value for attribute in self.attributes}

    @property
    def is_hero(self) -> bool:
        """Whether programs take it for the vehicle under test."""
        return self.values().get("role_name") == "hero"


@dataclass(frozen=True, kw_only=True)
class Actor(Wire):
    """An actor as its client knows it."""

    id: U32
    parent: U32 = 0  # 0: none
    description: ActorDescription = ActorDescription()
    box: BoundingBox = BoundingBox()  # of traffic lights and signs: where they act
    tags: bytes = b""  # semantic, one byte each
    token: bytes = b""  # of its stream; empty: it has none


@dataclass(frozen=True, kw_only=True)
class EpisodeInfo(Wire):
    """Which world this is, and the stream of its states."""

    id: U64
    token: Token


@dataclass(frozen=True, kw_only=True)
class MapInfo(Wire):
    """A map's name and where vehicles may be put."""

    name: str
    spawn_points: tuple[Transform, ...] = ()


@dataclass(frozen=True, kw_only=True)
class EpisodeSettings(Wire):
    """How time passes; what follows `max_substeps` is for rendering and large maps."""

    synchronous: bool = False
    no_rendering: bool = False
    fixed_step: F64 | None = None  # [s]
    substepping: bool = True
    max_substep_time: F64 = 0.01  # [s]
    max_substeps: I32 = 10
    max_culling_distance: F32 = 0.0  # [m]
    deterministic_ragdolls: bool = True
    tile_stream_distance: F32 = 3000.0  # [m]
    actor_active_distance: F32 = 2000.0  # [m]
    spectator_as_ego: bool = True


@dataclass(frozen=True, kw_only=True)
class Weather(Wire):
    """The weather; percentages unless said otherwise."""

    cloudiness: F32 = 0.0
    precipitation: F32 = 0.0
    precipitation_deposits: F32 = 0.0
    wind_intensity: F32 = 0.0
    sun_azimuth: F32 = 0.0  # [degree]
    sun_altitude: F32 = 0.0  # [degree]
    fog_density: F32 = 0.0
    fog_distance: F32 = 0.0  # [m]
    fog_falloff: F32 = 0.0
    wetness: F32 = 0.0
    scattering_intensity: F32 = 0.0
    mie_scattering_scale: F32 = 0.0
    rayleigh_scattering_scale: F32 = 0.0331
    dust_storm: F32 = 0.0


@dataclass(frozen=True, kw_only=True)
class LabelledPoint(Wire):
    """A point on a surface, and what that is."""

    location: Vector
    label: U8


@dataclass(frozen=True, kw_only=True)
class EnvironmentObject(Wire):
    """A thing that belongs to the map."""

    transform: Transform
    box: BoundingBox
    id: U64
    name: str
    label: U8


@dataclass(frozen=True, kw_only=True)
class Colour(Wire):
    """Red, green and blue."""

    r: U8 = 0
    g: U8 = 0
    b: U8 = 0


@dataclass(frozen=True, kw_only=True)
class StreetLight(Wire):
    """A lamp of the map."""

    id: U32
    location: Vector
    intensity: F32
    group: U8
    colour: Colour
    active: bool


@dataclass(frozen=True, kw_only=True)
class OpenDriveParameters(Wire):
    """How a road's mesh is made from OpenDRIVE."""

    vertex_distance: F64 = 2.0  # [m]
    max_road_length: F64 = 50.0  # [m]
    wall_height: F64 = 1.0  # [m]
    additional_width: F64 = 0.6  # [m]
    smooth_junctions: bool = True
    mesh_visibility: bool = True
    pedestrian_navigation: bool = True


@dataclass(frozen=True, kw_only=True)
class Address(Wire):
    """Where a Traffic Manager listens."""

    host: str
    port: U32


@dataclass(frozen=True, kw_only=True)
class ActorLights(Wire):
    """The lamps of one vehicle."""

    actor: U32
    flags: U32
