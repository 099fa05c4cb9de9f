"""The pen and the paper: reference lines, cross-sections and roads before they become XML."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

Cubic = tuple[float, float, float, float, float]  # start, a, b, c, d


@dataclass(frozen=True)
class Pose:
    """A place in the plane and a heading [m, m, rad]."""

    x: float
    y: float
    heading: float

    def moved(self, along: float, left: float = 0.0) -> Pose:
        """The pose so far ahead and to the left [m]."""
        cosine, sine = math.cos(self.heading), math.sin(self.heading)
        return Pose(
            self.x + along * cosine - left * sine, self.y + along * sine + left * cosine,
            self.heading,
        )  # fmt: skip

    def turned(self, angle: float) -> Pose:
        """The pose with its heading turned left [rad]."""
        return Pose(self.x, self.y, self.heading + angle)

    def seen_from(self, origin: Pose) -> tuple[float, float, float]:
        """Distance ahead and to the left of another pose, and the turn to this heading."""
        dx, dy = self.x - origin.x, self.y - origin.y
        cosine, sine = math.cos(origin.heading), math.sin(origin.heading)
        turn = math.remainder(self.heading - origin.heading, 2.0 * math.pi)
        return dx * cosine + dy * sine, dy * cosine - dx * sine, turn


@dataclass(frozen=True, kw_only=True)
class Stroke:
    """One piece of a reference line."""

    start: Pose
    s: float
    length: float
    shape: str  # the tag of OpenDRIVE
    attributes: dict[str, float | str]


class Pen:
    """Draws a reference line from a pose on."""

    def __init__(self, start: Pose) -> None:
        self.pose = start
        self.length = 0.0
        self.strokes: list[Stroke] = []

    def line(self, length: float) -> Pen:
        """Straight on [m]."""
        return self._draw("line", {}, length, self.pose.moved(length))

    def arc(self, length: float, turn: float) -> Pen:
        """Along a circle, turning left by `turn` [m, rad]."""
        chord = length * math.sin(turn / 2.0) / (turn / 2.0)
        end = self.pose.turned(turn / 2.0).moved(chord).turned(turn / 2.0)
        return self._draw("arc", {"curvature": turn / length}, length, end)

    def spiral(self, length: float, start: float, end: float) -> Pen:
        """Along a clothoid between two curvatures [m, 1/m, 1/m]."""
        nodes, weights = np.polynomial.legendre.leggauss(64)
        s = 0.5 * length * (nodes + 1.0)
        rate = (end - start) / length
        angle = self.pose.heading + start * s + 0.5 * rate * s**2
        x = self.pose.x + 0.5 * length * float(weights @ np.cos(angle))
        y = self.pose.y + 0.5 * length * float(weights @ np.sin(angle))
        goal = Pose(x, y, self.pose.heading + 0.5 * (start + end) * length)
        return self._draw("spiral", {"curvStart": start, "curvEnd": end}, length, goal)

    def cubic(self, goal: Pose) -> Pen:
        """Smoothly to a pose, by Hermite's cubic."""
        ahead, left, turn = goal.seen_from(self.pose)
        reach = math.hypot(ahead, left)
        end_u, end_v = reach * math.cos(turn), reach * math.sin(turn)
        u = (0.0, reach, 3.0 * ahead - 2.0 * reach - end_u, -2.0 * ahead + reach + end_u)
        v = (0.0, 0.0, 3.0 * left - end_v, -2.0 * left + end_v)
        nodes, weights = np.polynomial.legendre.leggauss(64)
        p = 0.5 * (nodes + 1.0)
        speed = np.hypot(
            u[1] + 2.0 * u[2] * p + 3.0 * u[3] * p**2, v[1] + 2.0 * v[2] * p + 3.0 * v[3] * p**2
        )
        names = [f"{letter}{axis}" for axis in "UV" for letter in "abcd"]
        attributes: dict[str, float | str] = dict(zip(names, (*u, *v), strict=True))
        attributes["pRange"] = "normalized"
        return self._draw("paramPoly3", attributes, 0.5 * float(weights @ speed), goal)

    def corner(self, goal: Pose) -> Pen:
        """To a pose whose line crosses ours ahead: lines and one circle; else a cubic."""
        ahead, left, turn = goal.seen_from(self.pose)
        if abs(turn) < 1e-9 and abs(left) < 1e-9:
            return self.line(ahead)
        if abs(math.sin(turn)) < 1e-3:
            return self.cubic(goal)
        back = left / math.sin(turn)
        before = ahead - back * math.cos(turn)
        if min(before, back) <= 0.0:
            return self.cubic(goal)
        reach = min(before, back)
        radius = reach / math.tan(abs(turn) / 2.0)
        if before - reach > 1e-6:
            self.line(before - reach)
        self.arc(radius * abs(turn), turn)
        if back - reach > 1e-6:
            self.line(back - reach)
        return self

    def _draw(
        self, shape: str, attributes: dict[str, float | str], length: float, end: Pose
    ) -> Pen:
        stroke = Stroke(
            start=self.pose, s=self.length, length=length, shape=shape, attributes=dict(attributes)
        )
        self.strokes.append(stroke)
        self.pose, self.length = end, self.length + length
        return self


@dataclass(frozen=True, kw_only=True)
class LaneStyle:
    """A lane of a cross-section; its mark lies on its outer edge."""

    type: str = "driving"
    width: tuple[Cubic, ...] | float = 3.5  # [m]
    mark: str = "none"
    colour: str = "standard"

    @property
    def widths(self) -> tuple[Cubic, ...]:
        """The width's cubics along the section."""
        return ((0.0, self.width, 0.0, 0.0, 0.0),) if isinstance(self.width, float) else self.width


@dataclass(frozen=True, kw_only=True)
class CrossSection:
    """The lanes from the centre outward on both sides."""

    left: tuple[LaneStyle, ...] = ()
    right: tuple[LaneStyle, ...] = ()
    centre_mark: str = "none"
    centre_colour: str = "standard"

    @property
    def lanes(self) -> dict[int, LaneStyle]:
        """All but the centre by id."""
        left = dict(enumerate(self.left, 1))
        return left | {-number: lane for number, lane in enumerate(self.right, 1)}


@dataclass(kw_only=True)
class SectionPlan:
    """A cross-section from s on; `before` and `after` link lanes of neighbouring sections."""

    s: float
    style: CrossSection
    before: dict[int, int] = field(default_factory=dict)
    after: dict[int, int] = field(default_factory=dict)


@dataclass(kw_only=True)
class RoadPlan:
    """A road on the drawing board."""

    id: int
    pen: Pen
    sections: list[SectionPlan]
    type: str = "town"
    speed: float = 50.0  # [km/h]
    junction: int = -1
    predecessor: tuple[str, int, str] | None = None  # element, id, contact point
    successor: tuple[str, int, str] | None = None
    elevation: tuple[Cubic, ...] = ()
    superelevation: tuple[Cubic, ...] = ()
    signals: list[dict[str, str]] = field(default_factory=list)
    objects: list[dict[str, object]] = field(default_factory=list)

    @property
    def start(self) -> Pose:
        """Where the reference line begins."""
        return self.pen.strokes[0].start

    @property
    def length(self) -> float:
        """Of the reference line [m]."""
        return self.pen.length


@dataclass(kw_only=True)
class JunctionPlan:
    """A junction: connections are (incoming, connecting, contact, lane links)."""

    id: int
    connections: list[tuple[int, int, str, tuple[tuple[int, int], ...]]] = field(
        default_factory=list
    )
    controllers: list[int] = field(default_factory=list)


@dataclass(kw_only=True)
class MapPlan:
    """All that becomes one file."""

    name: str
    latitude: float  # of the origin [deg]
    longitude: float  # [deg]
    roads: list[RoadPlan] = field(default_factory=list)
    junctions: list[JunctionPlan] = field(default_factory=list)
    controllers: dict[int, list[str]] = field(default_factory=dict)  # signals by controller

    def road(self, pen: Pen, style: CrossSection, **about: object) -> RoadPlan:
        """A new road with one section."""
        sections = [SectionPlan(s=0.0, style=style)]
        plan = RoadPlan(id=len(self.roads), pen=pen, sections=sections, **about)  # type: ignore[arg-type]
        self.roads.append(plan)
        return plan

    def junction(self) -> JunctionPlan:
        """A new junction; ids of junctions and roads are kept apart for readers that mix them."""
        plan = JunctionPlan(id=1000 + len(self.junctions))
        self.junctions.append(plan)
        return plan
