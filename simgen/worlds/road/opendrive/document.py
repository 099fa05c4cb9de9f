"""What an OpenDRIVE file says, as plain data: names and frames of the standard, nothing derived.

Positions are in the file's right-handed inertial frame: x east, y north, z up [m]; headings are
counter-clockwise from x [rad]. Along a road, `s` runs on the reference line and `t` to its left.

References:
    ASAM OpenDRIVE 1.4 to 1.8.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from simgen.worlds.road.opendrive.signal_types import LIGHTS


class Cubic(NamedTuple):
    """From `start` on: a + b ds + c ds^2 + d ds^3, with ds counted from `start`."""

    start: float  # [m]
    a: float
    b: float
    c: float
    d: float


class PieceKind(IntEnum):
    """The shapes of a reference line; poly3 is read as the parametric cubic with u = p."""

    LINE = 0
    SPIRAL = 1  # curvature changes linearly; an arc is a spiral that doesn't
    PARAMETRIC = 2


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A piece of a reference line."""

    kind: PieceKind
    s: float  # where it begins [m]
    x: float  # [m]
    y: float  # [m]
    heading: float  # [rad]
    length: float  # [m]
    curvature: float = 0.0  # at its start [1/m]
    curvature_rate: float = 0.0  # [1/m^2]
    u: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)  # along the start's heading [m]
    v: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)  # to the left of it [m]
    parameter_end: float = 0.0  # the parameter runs from 0 to here; 0: until `length` is reached


@dataclass(frozen=True, kw_only=True)
class LateralShape:
    """The cross-section's height over the superelevated plane, from `t` on, at one `s`."""

    s: float  # [m]
    profile: Cubic  # its `start` is a t [m]


@dataclass(frozen=True, kw_only=True)
class RoadMark:
    """A line painted on the outer edge of a lane."""

    start: float  # from the section's start [m]
    kind: str  # none, solid, broken, "solid solid", "solid broken", ...
    colour: str
    width: float  # 0: unknown [m]
    lane_change: str  # both, increase, decrease or none


class SpeedLimit(NamedTuple):
    """What may be driven from `start` on; infinite without a limit."""

    start: float  # [m]
    speed: float  # [m/s]


@dataclass(frozen=True, kw_only=True)
class Lane:
    """A lane of a section: positive ids lie left of the reference line, 0 is the line itself."""

    id: int
    type: str
    widths: tuple[Cubic, ...]  # [m]; starts count from the section's
    borders: tuple[Cubic, ...]  # t of the outer edge, used where there are no widths [m]
    marks: tuple[RoadMark, ...]
    limits: tuple[SpeedLimit, ...]  # starts count from the section's
    predecessors: tuple[int, ...]
    successors: tuple[int, ...]
    heights: tuple[tuple[float, float, float], ...]  # start, inner and outer height over road [m]
    line: int  # of the file, for complaints


@dataclass(frozen=True, kw_only=True)
class Section:
    """A stretch with constant lanes, ordered from left to right."""

    s: float  # [m]
    lanes: tuple[Lane, ...]


@dataclass(frozen=True, kw_only=True)
class Link:
    """What a road's end leads to."""

    element: str  # road or junction
    id: str
    contact: str  # start or end; "" for junctions


@dataclass(frozen=True, kw_only=True)
class Validity:
    """The lanes that a signal is for, both ends included."""

    first: int
    last: int


@dataclass(frozen=True, kw_only=True)
class Signal:
    """A traffic light or sign where it stands."""

    id: str
    s: float  # [m]
    t: float  # [m]
    height_offset: float  # over the road [m]
    orientation: str  # "+": for traffic along s, "-": against it, "none": both
    heading_offset: float  # relative to the orientation [rad]
    name: str
    type: str
    country: str
    value: float | None
    unit: str
    text: str
    width: float  # [m]
    height: float  # [m]
    validities: tuple[Validity, ...]

    @property
    def is_light(self) -> bool:
        """Whether it is a traffic light, of whatever kind."""
        return self.type in LIGHTS


@dataclass(frozen=True, kw_only=True)
class SignalReference:
    """A signal that stands elsewhere and is for this road too."""

    id: str
    s: float  # [m]
    t: float  # [m]
    orientation: str
    validities: tuple[Validity, ...]


class Corner(NamedTuple):
    """A corner of an outline in the object's own frame [m]."""

    u: float
    v: float
    z: float
    height: float


@dataclass(frozen=True, kw_only=True)
class RoadObject:
    """A thing on or beside the road: crosswalk, pole, building, barrier, parking space."""

    id: str
    type: str
    name: str
    s: float  # [m]
    t: float  # [m]
    height_offset: float  # over the road [m]
    heading: float  # relative to the road [rad]
    length: float  # along its heading; 0: unknown [m]
    width: float  # [m]
    height: float  # [m]
    radius: float  # [m]
    outline: tuple[Corner, ...]  # of its first outline; empty: the box above


@dataclass(frozen=True, kw_only=True)
class RoadType:
    """A road's type from `s` on."""

    s: float  # [m]
    type: str
    speed: float  # [m/s]; NaN: not said, infinite: no limit


@dataclass(frozen=True, kw_only=True)
class Road:
    """A road with all that belongs to it."""

    id: str
    name: str
    length: float  # [m]
    junction: str  # "" outside junctions
    left_hand: bool  # traffic keeps left
    predecessor: Link | None
    successor: Link | None
    types: tuple[RoadType, ...]
    pieces: tuple[Piece, ...]
    elevations: tuple[Cubic, ...]  # [m]
    superelevations: tuple[Cubic, ...]  # roll, positive: the right side lies lower [rad]
    shapes: tuple[LateralShape, ...]
    lane_offsets: tuple[Cubic, ...]  # [m]
    sections: tuple[Section, ...]
    signals: tuple[Signal, ...]
    signal_references: tuple[SignalReference, ...]
    objects: tuple[RoadObject, ...]
    line: int  # of the file, for complaints


@dataclass(frozen=True, kw_only=True)
class Connection:
    """How one road's lanes go on inside a junction."""

    incoming: str  # road id
    connecting: str  # road id
    contact: str  # end of the connecting road where it begins: start or end
    lane_links: tuple[tuple[int, int], ...]  # from the incoming lane to the connecting one
    line: int  # of the file, for complaints


@dataclass(frozen=True, kw_only=True)
class Junction:
    """An area where roads meet."""

    id: str
    name: str
    connections: tuple[Connection, ...]
    controllers: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Controller:
    """Signals that switch together: one phase of a junction."""

    id: str
    name: str
    signals: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class OpenDrive:
    """A whole map."""

    name: str
    version: tuple[int, int]
    projection: str  # the geoReference: a PROJ string, "" without one
    roads: tuple[Road, ...]
    junctions: tuple[Junction, ...]
    controllers: tuple[Controller, ...]
