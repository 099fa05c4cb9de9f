"""One world: a map with what belongs to it, and all that clients put there."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from simgen.core import Streams
from simgen.worlds.base import Pose, Snapshot
from simgen.worlds.carla.frames import frame_of, transform_at, transform_of, vector_of
from simgen.worlds.carla.geodesy import Origin
from simgen.worlds.carla.protocol.types import (
    Actor,
    ActorDescription,
    EnvironmentObject,
    Rotation,
    Transform,
    Vector,
    Weather,
)
from simgen.worlds.carla.server.assets import assets
from simgen.worlds.carla.server.entities import (
    Body,
    Entities,
    Entity,
    Light,
    SensorEntity,
    Sign,
)
from simgen.worlds.carla.server.footways import navigation_file
from simgen.worlds.carla.server.furniture import left_standing, things
from simgen.worlds.carla.server.ground import Ground
from simgen.worlds.carla.server.lights import TIMES, TrafficLights, traffic_lights
from simgen.worlds.carla.server.reaches import Reaches, reaches
from simgen.worlds.carla.weather import seen_weather
from simgen.worlds.road import DRIVING, RoadNetwork
from simgen.worlds.road.furniture import PlacedSignal, signals
from simgen.worlds.road.kernels.vehicles import GRAVITY
from simgen.worlds.road.opendrive.signal_types import SPEED_SIGN, STOP_SIGN, YIELD_SIGN
from simgen.worlds.road.sensors import Frame, Scene
from simgen.worlds.road.sensors.actors import Stage, frame_of as actor_frame
from simgen.worlds.road.sensors.shadows import Shade, shade_of
from simgen.worlds.road.sensors.surfaces import Surfaces

SPAWN_DISTANCE = 20.0  # between places where vehicles may be put; assumed [m]
SPAWN_LIFT = 0.3  # of those over the road; assumed [m]
_SHORTEST_ROAD = 10.0  # that has such a place [m]
_SIGNS = {YIELD_SIGN: "traffic.yield", STOP_SIGN: "traffic.stop"}
# Of signals, whose x points across the lanes, to the drivers' right, while their face looks at
# them: "blueprints are all rotated by 90 degrees"; CARLA, TrafficLightManager.cpp [degree].
_TURN = -90.0


@dataclass(frozen=True, kw_only=True)
class Map:
    """A map that was read."""

    name: str
    text: str  # OpenDRIVE
    network: RoadNetwork

    @cached_property
    def spawn_points(self) -> tuple[Transform, ...]:
        """Where vehicles may be put: on driving lanes outside of junctions."""
        network = self.network
        lanes = network.lanes
        roads = network.document.roads
        open_roads = np.array([not road.junction for road in roads])
        long_enough = lanes["s_end"] - lanes["s_start"] >= _SHORTEST_ROAD
        chosen = network.wanted(DRIVING) & open_roads[lanes["road"]] & long_enough
        places = network.every(SPAWN_DISTANCE)
        margin = 0.5 * _SHORTEST_ROAD
        here = lanes[places.lane]
        inside = (places.s >= here["s_start"] + margin) & (places.s <= here["s_end"] - margin)
        poses = network.poses(places[chosen[places.lane] & inside])
        rows = np.stack([poses.x, poses.y, poses.z, poses.yaw, poses.pitch], axis=1)
        return tuple(
            transform_at(Pose(x=x, y=y, z=z + SPAWN_LIFT, yaw=yaw, pitch=pitch))
            for x, y, z, yaw, pitch in rows.tolist()
        )

    @cached_property
    def stage(self) -> Stage:
        """What stands still on it, for sensors; made when first seen."""
        return Stage(network=self.network)

    @cached_property
    def things(self) -> tuple[EnvironmentObject, ...]:
        """What stands on it."""
        return things(self.network)

    @cached_property
    def reaches(self) -> Reaches:
        """Where its lights and signs act."""
        return reaches(self.network)

    @cached_property
    def navigation(self) -> tuple[str, bytes] | None:
        """Name and content of the file for people on foot; None if nobody can walk here.

        Clients keep files by name for good, so the name tells the content.
        """
        content = navigation_file(self.network)
        if content is None:
            return None
        digest = hashlib.sha256(content).hexdigest()[:16]
        return f"simgen/Nav/{self.name.rpartition('/')[2]}-{digest}.bin", content

    @cached_property
    def origin(self) -> Origin:
        """Where it lies on the globe."""
        return Origin.read(self.network.document.projection)


class Episode:
    """A map, its actors, and what is true of them; actors' ids follow after one."""

    def __init__(self, number: int, chart: Map, streams: Streams, *, after: int = 0) -> None:
        self.number = number
        self.chart = chart
        self.streams = streams
        self.entities = Entities(after)
        self.ground = Ground(chart.network)
        self._snapshot: Snapshot | None = None
        self.time = 0.0  # since it began [s]
        self.step = 0.0  # of the last tick [s]
        self.n_steps = 0
        self.weather = Weather(**assets()["weather"])
        self.gravity = GRAVITY  # as inertial sensors feel it [m/s2]
        self._scenes: dict[int, Scene] = {}
        self._shades: dict[int, Shade] = {}
        self._hidden: frozenset[int] = frozenset()  # things of the map by id
        self._still: Surfaces | None = None  # what stands still without them
        self.spectator = Entity(
            actor=Actor(id=self.entities.allocate(), description=ActorDescription(id="spectator")),
            transform=Transform(location=Vector(z=50.0), rotation=Rotation(pitch=-90.0)),
        )
        self.entities.add(self.spectator)
        self.lights = self._furnish()

    def _furnish(self) -> TrafficLights:
        """Add the map's lights and signs."""
        lights = []
        for placed in signals(self.chart.network):
            kind = _kind(placed)
            if not kind:
                continue
            entity = self._signal(placed, kind)
            self.entities.add(entity)
            if isinstance(entity, Light):
                lights.append(entity)
        return traffic_lights(self.chart.network, lights, self.chart.reaches)

    def _signal(self, placed: PlacedSignal, kind: str) -> Entity:
        place = Transform(
            location=vector_of([placed.x, placed.y, placed.z]),
            rotation=Rotation(yaw=math.remainder(_TURN - math.degrees(placed.yaw), 360.0)),
        )
        chart = self.chart
        actor = Actor(
            id=self.entities.allocate(),
            description=ActorDescription(id=kind),
            box=chart.reaches.box(chart.network, placed.signal.id, place),
        )
        sign = placed.signal.id.encode()[:31]
        if kind == "traffic.traffic_light":
            times = {int(state): time for state, time in TIMES.items()}
            return Light(actor=actor, transform=place, sign=sign, state=0, times=times)
        return Sign(actor=actor, transform=place, sign=sign)

    def advance(self, step: float, substep_time: float) -> list[Entity]:
        """Let time pass; gives the actors that left the plane and are no more.

        Args:
            step: [s]
            substep_time: of physics. [s]

        Raises:
            RunError: too many actors lie in each other.
        """
        self.lights.advance(step)
        self.look_again()
        self._snapshot, lost = self.ground.advance(step, substep_time)
        self.time += step
        self.step = step
        self.n_steps += 1
        for entity in self.entities.of(SensorEntity):
            self.move_arm(entity, step)
        return [self.entities.get(int(self.entities.ids[number])) for number in lost]

    @property
    def snapshot(self) -> Snapshot:
        """What is true of the bodies now."""
        if self._snapshot is None:
            self._snapshot = self.ground.sense()
        return self._snapshot

    def look_again(self) -> None:
        """Something was changed."""
        self._snapshot = None
        self._scenes.clear()
        self._shades.clear()

    def hide(self, things: Iterable[int], *, hidden: bool) -> None:
        """Let sensors see things of the map no more, or again."""
        known = {thing.id: thing for thing in self.chart.things}
        chosen = known.keys() & set(things)
        self._hidden = self._hidden | chosen if hidden else self._hidden - chosen
        gone = [known[number] for number in self._hidden]
        self._still = left_standing(self.chart.stage.scenery, gone) if gone else None
        self.look_again()

    def scene(self, without: int) -> Scene:
        """What is to be seen in this frame without the body of a number (0: all)."""
        if without not in self._scenes:
            seen = self.chart.stage.scene(self.snapshot, without=without)
            self._scenes[without] = replace(seen, still=self._still) if self._still else seen
        return self._scenes[without]

    def shade(self, carrier: int) -> Shade:
        """Where shadows fall around the body of a number (0, or who is gone: the map's origin)."""
        if carrier not in self._shades:
            row = self.snapshot.row(carrier)
            centre = np.zeros(3) if row is None else self.snapshot.positions[row]
            self._shades[carrier] = shade_of(
                seen_weather(self.weather), self.scene(carrier), centre
            )
        return self._shades[carrier]

    def place(self, entity: Entity) -> Frame:
        """Where an actor is, in the world's frame, by the snapshot."""
        if isinstance(entity, Body):
            row = self.snapshot.row(entity.number)
            if row is None:
                return frame_of(entity.transform)  # it left the plane in this step
            here = actor_frame(self.snapshot, row)
            if not entity.lift:
                return here
            return replace(here, position=here.position + np.array([0.0, 0.0, entity.lift]))
        parent = self.entities.find(entity.actor.parent)
        if isinstance(entity, SensorEntity) and entity.arm and parent:
            return entity.arm.place
        own = frame_of(entity.transform)
        return self.place(parent).carry(own) if parent else own

    def transform(self, entity: Entity) -> Transform:
        """Where an actor is, in CARLA's frame."""
        attached = isinstance(entity, Body) or entity.actor.parent
        return transform_of(self.place(entity)) if attached else entity.transform

    def move_arm(self, entity: SensorEntity, step: float) -> None:
        """Let the arm of a sensor, if it has one, follow its parent for a time [s]."""
        parent = self.entities.find(entity.actor.parent) if entity.arm else None
        if entity.arm and parent:
            scene = self.scene(self.carrier(entity))
            entity.arm.follow(self.place(parent), frame_of(entity.transform), scene, step)

    def carrier(self, entity: Entity) -> int:
        """The number of the body that carries a sensor; 0: none."""
        parent = self.entities.find(entity.actor.parent)
        if isinstance(parent, Body):
            return parent.number
        return self.carrier(parent) if parent else 0


def _kind(placed: PlacedSignal) -> str:
    signal = placed.signal
    if signal.is_light:
        return "traffic.traffic_light"
    if signal.type == SPEED_SIGN and signal.value is not None:
        return f"traffic.speed_limit.{signal.value:g}"
    return _SIGNS.get(signal.type, "")
