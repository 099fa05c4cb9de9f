"""Junctions: connecting roads between arms, lights and signs before them, crosswalks over them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from tools.maps.drawing import (
    CrossSection,
    JunctionPlan,
    LaneStyle,
    MapPlan,
    Pen,
    Pose,
    RoadPlan,
    SectionPlan,
)


@dataclass(frozen=True)
class Arm:
    """A road's end at a junction."""

    road: RoadPlan
    contact: str  # start or end

    @property
    def inward(self) -> Pose:
        """The pose of who enters the junction on the reference line."""
        if self.contact == "end":
            return self.road.pen.pose
        return self.road.start.turned(math.pi)

    @property
    def section(self) -> SectionPlan:
        """The lane section at the junction."""
        return self.road.sections[-1 if self.contact == "end" else 0]

    def entering(self, number: int) -> int:
        """The id of the entering lane that is the `number`-th from the centre."""
        return -number if self.contact == "end" else number

    def leaving(self, number: int) -> int:
        """The id of the leaving lane that is the `number`-th from the centre."""
        return -self.entering(number)


def attach(junction: JunctionPlan, arms: list[Arm]) -> None:
    """Say at the arms that they end here."""
    for arm in arms:
        link = ("junction", junction.id, "")
        if arm.contact == "end":
            arm.road.successor = link
        else:
            arm.road.predecessor = link


def connect(
    plan: MapPlan,
    junction: JunctionPlan,
    path: tuple[Arm, Arm],
    lanes: dict[int, tuple[int, int]],
    style: CrossSection,
    *,
    shift: tuple[float, float] = (0.0, 0.0),
) -> RoadPlan:
    """A one-way connecting road.

    Args:
        plan: the map.
        junction: where.
        path: from which arm into which.
        lanes: for each lane of the connecting road, counted from its reference line, the number of
            the entering and of the leaving lane.
        style: its cross-section: right lanes only.
        shift: how far its ends lie right of the arms' reference lines. [m]
    """
    entry, leave = path
    begin = entry.inward.moved(0.0, -shift[0])
    end = leave.inward.turned(math.pi).moved(0.0, -shift[1])
    road = plan.road(Pen(begin).corner(end), style, junction=junction.id, speed=entry.road.speed)
    road.type = entry.road.type
    road.predecessor = ("road", entry.road.id, entry.contact)
    road.successor = ("road", leave.road.id, leave.contact)
    links = []
    for number, (entering, leaving) in lanes.items():
        road.sections[0].before[-number] = entry.entering(entering)
        road.sections[0].after[-number] = leave.leaving(leaving)
        links.append((entry.entering(entering), -number))
    junction.connections.append((entry.road.id, road.id, "start", tuple(links)))
    return road


def crossing(
    plan: MapPlan, arms: list[Arm], elevation: float = 0.0, *, outer_lanes: bool = True
) -> JunctionPlan:
    """A junction of two-way streets with one lane each way and outer lanes alike on all.

    Outer lanes (shoulder, sidewalk) go round the corners with whoever has no arm to the right.
    """
    junction = plan.junction()
    attach(junction, arms)
    for entry in arms:
        turns = {arm.road.id: _turn(entry, arm) for arm in arms if arm is not entry}
        rightmost = min(turns.values())
        for leave in arms:
            if leave is entry:
                continue
            outer = outer_lanes and turns[leave.road.id] == rightmost
            side = entry.section.style.right or entry.section.style.left
            kept = side if outer else side[:1]
            style = CrossSection(right=tuple(replace(lane, mark="none") for lane in kept))
            lanes = {number: (number, number) for number in range(1, len(kept) + 1)}
            road = connect(plan, junction, (entry, leave), lanes, style)
            road.elevation = ((0.0, elevation, 0.0, 0.0, 0.0),)
    return junction


def _turn(entry: Arm, leave: Arm) -> float:
    """The turn from one arm into another, left positive [rad]."""
    turn = leave.inward.heading + math.pi - entry.inward.heading
    return math.remainder(turn, 2.0 * math.pi)


def place_light(arm: Arm, signal: str) -> None:
    """A traffic light right of the entering lane."""
    _place_signal(
        arm, signal, {"dynamic": "yes", "type": "1000001", "name": "Signal_3Light_Post01"}
    )


def place_sign(arm: Arm, signal: str, kind: str) -> None:
    """A sign right of the entering lane: 205 give way, 206 stop (of Germany's catalogue)."""
    name = {"205": "Sign_Yield", "206": "Sign_Stop"}[kind]
    _place_signal(arm, signal, {"dynamic": "no", "type": kind, "name": name})


def _place_signal(arm: Arm, signal: str, about: dict[str, str]) -> None:
    side, along = (-1.0, "+") if arm.contact == "end" else (1.0, "-")
    s = arm.road.length - 1.0 if arm.contact == "end" else 1.0
    lane = str(arm.entering(1))
    edge = arm.section.style.lanes[int(lane)].widths[0][1]
    arm.road.signals.append(
        {
            "s": f"{s:.6g}", "t": f"{side * (edge + 0.7):.6g}", "id": signal, "orientation": along,
            "zOffset": "2.5", "country": "OpenDRIVE", "subtype": "-1", "value": "-1", "text": "",
            "hOffset": "0", "pitch": "0", "roll": "0", "height": "0.9", "width": "0.3",
            "lanes": f"{lane} {lane}", **about,
        }
    )  # fmt: skip


def place_crosswalk(arm: Arm, number: int, half_width: float) -> None:
    """Stripes over an arm, 3 m wide, just behind the stop line's place."""
    s = arm.road.length - 3.0 if arm.contact == "end" else 3.0
    corners = ((1.5, half_width), (-1.5, half_width), (-1.5, -half_width), (1.5, -half_width))
    arm.road.objects.append(
        {
            "id": number, "type": "crosswalk", "name": "SimpleCrosswalk", "s": s, "t": 0.0,
            "zOffset": 0.0, "hdg": 0.0, "pitch": 0.0, "roll": 0.0, "orientation": "none",
            "length": 3.0, "width": 2.0 * half_width, "height": 0.0,
            "outline": tuple((u, v, 0.0) for u, v in corners),
        }
    )  # fmt: skip


def street(half: tuple[LaneStyle, ...], mark: str = "broken") -> CrossSection:
    """The same lanes on both sides."""
    return CrossSection(left=half, right=half, centre_mark=mark)
