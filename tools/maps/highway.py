"""A motorway with a diamond interchange: ramps climb to a road that crosses on a bridge."""

from __future__ import annotations

import math

from tools.maps.crossings import Arm, attach, connect, crossing, place_sign, street
from tools.maps.drawing import (
    CrossSection,
    Cubic,
    JunctionPlan,
    LaneStyle,
    MapPlan,
    Pen,
    Pose,
    RoadPlan,
    SectionPlan,
)

MEDIAN, LANE, RAMP, SHOULDER = 2.0, 3.75, 4.0, 2.5  # widths [m]
EXTRA = 250.0  # of the lane for leaving and entering [m]
TAPER = 60.0  # over which it grows [m]
GORE = 380.0  # from the bridge to where ramps part from the motorway [m]
MOUTH = 60.0  # of the junction there [m]
STRAIGHT, CLOTHOID, CURVE, RADIUS = 300.0, 120.0, 300.0, 900.0  # of the outer motorway [m]
BRIDGE = 6.5  # over the motorway [m]
SOUTH = 90.0  # from the motorway to the ramps' heads [m]
HALF = 20.0  # of the junctions there [m]
APPROACH = 220.0  # of the crossing road to them [m]

Section = tuple[LaneStyle, ...]


def draw() -> MapPlan:
    """The map."""
    plan = MapPlan(name="highway", latitude=50.0, longitude=8.5)
    west = _motorway(plan, Pose(-GORE, 0.0, math.pi), bend=1.0)
    east = _motorway(plan, Pose(GORE, 0.0, 0.0), bend=-1.0)
    inside = Pen(Pose(-GORE + MOUTH, 0.0, 0.0)).line(2.0 * (GORE - MOUTH))
    middle = plan.road(inside, street(_lanes(), "none"), type="motorway", speed=120.0)
    heads = _crossing_road(plan)
    for outer, contact, (leaving, entering) in (
        (west, "start", (heads["south"][0], heads["north"][1])),
        (east, "end", (heads["north"][0], heads["south"][1])),
    ):
        junction = plan.junction()
        arms = [Arm(outer, "start"), Arm(middle, contact)]
        attach(junction, arms)
        _pass(plan, junction, arms)
        _ramps(plan, junction, Arm(outer, "start"), (leaving, entering))
    return plan


def _lanes(extra: LaneStyle | None = None) -> Section:
    """One carriageway from the median out."""
    driving = LaneStyle(width=LANE, mark="broken")
    edge = (LaneStyle(width=LANE, mark="solid"),) if extra is None else (driving, extra)
    shoulder = LaneStyle(type="shoulder", width=SHOULDER)
    return (LaneStyle(type="median", width=MEDIAN, mark="solid"), driving, *edge, shoulder)


def _motorway(plan: MapPlan, start: Pose, bend: float) -> RoadPlan:
    """From the interchange outward; its first EXTRA metres have the additional lanes."""
    pen = Pen(start).line(STRAIGHT)
    curvature = bend / RADIUS
    pen.spiral(CLOTHOID, 0.0, curvature).arc(CURVE, bend * CURVE / RADIUS)
    pen.spiral(CLOTHOID, curvature, 0.0)
    away = EXTRA - TAPER
    full: Cubic = (0.0, LANE, 0.0, 0.0, 0.0)
    fade: Cubic = (away, LANE, 0.0, -3.0 * LANE / TAPER**2, 2.0 * LANE / TAPER**3)
    wide = street(_lanes(LaneStyle(width=(full, fade), mark="solid")), "none")
    road = plan.road(pen, wide, type="motorway", speed=120.0)
    onward = {number: number for number in (1, 2, 3)} | {5: 4}
    both = onward | {-a: -b for a, b in onward.items()}
    road.sections[0].after = both
    road.sections.append(
        SectionPlan(s=EXTRA, style=street(_lanes(), "none"), before={b: a for a, b in both.items()})
    )
    hill = 400.0  # a crest of 4 m, so that the view ends before the road does
    end = road.length
    road.elevation = ((0.0, 0.0, 0.0, 0.0, 0.0), _rise(end - hill, 0.0, 4.0, hill))
    road.objects.extend(_barriers(road))
    return road


def _rise(start: float, low: float, high: float, length: float) -> Cubic:
    """From one height to another, level at both ends."""
    change = high - low
    return (start, low, 0.0, 3.0 * change / length**2, -2.0 * change / length**3)


def _barriers(road: RoadPlan) -> list[dict[str, object]]:
    """A guard rail on the median."""
    box = {"zOffset": 0.0, "hdg": 0.0, "pitch": 0.0, "roll": 0.0, "orientation": "none"}
    return [
        {
            "id": 10_000 * (road.id + 1) + k, "type": "barrier", "name": "GuardRail",
            "s": 5.0 + 10.0 * k, "t": 0.0, "length": 10.0, "width": 0.4, "height": 0.8, **box,
        }
        for k in range(int(road.length / 10.0) - 1)
    ]  # fmt: skip


def _pass(plan: MapPlan, junction: JunctionPlan, arms: list[Arm]) -> None:
    """Straight through, past the ramps, in both directions."""
    outer, middle = arms
    style = CrossSection(right=_lanes()[:3])
    lanes = {number: (number, number) for number in (1, 2, 3)}
    connect(plan, junction, (outer, middle), lanes, style)
    connect(plan, junction, (middle, outer), lanes, style)


def _ramps(
    plan: MapPlan, junction: JunctionPlan, outer: Arm, ramps: tuple[RoadPlan, RoadPlan]
) -> None:
    """Off the motorway's extra lane, and onto that of the other carriageway."""
    leaving, entering = ramps
    shift = MEDIAN + 2.0 * LANE  # the inner edge of the extra lane [m]
    width = ((0.0, LANE, (RAMP - LANE) / MOUTH, 0.0, 0.0),)
    style = CrossSection(right=(LaneStyle(width=width, mark="solid"),))
    ramp = Arm(leaving, "start")
    leaving.predecessor = ("junction", junction.id, "")
    connect(plan, junction, (outer, ramp), {1: (4, 1)}, style, shift=(shift, 0.0))
    ramp = Arm(entering, "end")
    entering.successor = ("junction", junction.id, "")
    width = ((0.0, RAMP, (LANE - RAMP) / MOUTH, 0.0, 0.0),)
    style = CrossSection(right=(LaneStyle(width=width, mark="solid"),))
    connect(plan, junction, (ramp, outer), {1: (1, 4)}, style, shift=(0.0, shift))


def _crossing_road(plan: MapPlan) -> dict[str, tuple[RoadPlan, RoadPlan]]:
    """The road over the bridge; gives the ramps that leave and enter on each side."""
    half = (LaneStyle(width=3.5, mark="solid"), LaneStyle(type="shoulder", width=1.5))
    style = street(half)
    bridge = plan.road(
        Pen(Pose(0.0, -SOUTH + HALF, math.pi / 2.0)).line(2.0 * (SOUTH - HALF)), style,
        type="rural", speed=70.0, elevation=((0.0, BRIDGE, 0.0, 0.0, 0.0),),
    )  # fmt: skip
    ramps = {}
    for name, side, contact in (("south", -1.0, "start"), ("north", 1.0, "end")):
        away = Pose(0.0, side * SOUTH, side * math.pi / 2.0)
        approach = plan.road(
            Pen(away.moved(HALF)).line(APPROACH), style, type="rural", speed=70.0,
            elevation=(_rise(0.0, BRIDGE, 0.0, APPROACH),),
        )  # fmt: skip
        leaving, entering = _ramp_pair(plan, side)
        ramps[name] = (leaving, entering)
        arms = [Arm(bridge, contact), Arm(approach, "start")]
        junction = crossing(plan, arms, BRIDGE)
        _heads(plan, junction, arms, (leaving, entering))
        place_sign(Arm(leaving, "end"), str(len(plan.junctions)), "206")
    return ramps


def _ramp_pair(plan: MapPlan, side: float) -> tuple[RoadPlan, RoadPlan]:
    """The ramp that climbs from one carriageway, and the one that falls back to it.

    On the south side, with side -1, traffic on the motorway runs east.
    """
    style = CrossSection(
        right=(LaneStyle(width=RAMP, mark="solid"), LaneStyle(type="shoulder", width=1.0)),
        centre_mark="solid",
    )
    ahead = 0.0 if side < 0.0 else math.pi
    middle = Pose(0.0, side * SOUTH, ahead)
    foot = Pose(0.0, 0.0, ahead).moved(-GORE + MOUTH, -(MEDIAN + 2.0 * LANE + 3.0))
    head = middle.moved(-HALF)
    climb = Pen(foot.turned(-math.radians(3.0))).cubic(head)
    fall = Pen(middle.moved(HALF)).cubic(
        Pose(0.0, 0.0, ahead)
        .moved(GORE - MOUTH, -(MEDIAN + 2.0 * LANE + 3.0))
        .turned(math.radians(3.0))
    )
    about = {"type": "motorway", "speed": 60.0}
    leaving = plan.road(climb, style, **about)
    entering = plan.road(fall, style, **about)
    leaving.elevation = (_rise(0.0, 0.0, BRIDGE, climb.length),)
    entering.elevation = (_rise(0.0, BRIDGE, 0.0, fall.length),)
    return leaving, entering


def _heads(
    plan: MapPlan,
    junction: JunctionPlan,
    arms: list[Arm],
    ramps: tuple[RoadPlan, RoadPlan],
) -> None:
    """Between the crossing road and the ramps at their heads."""
    leaving, entering = ramps
    end, start = Arm(leaving, "end"), Arm(entering, "start")
    leaving.successor = entering.predecessor = ("junction", junction.id, "")
    into = _widening(3.5, RAMP)
    out = _widening(RAMP, 3.5)
    one = {1: (1, 1)}
    roads = [connect(plan, junction, (end, arm), one, out) for arm in arms]
    roads += [connect(plan, junction, (arm, start), one, into) for arm in arms]
    roads.append(connect(plan, junction, (end, start), one, _widening(RAMP, RAMP)))
    for road in roads:
        lane = road.sections[0].style.right[0]
        (_, first, change, _, _) = lane.widths[0]
        width = ((0.0, first, change / road.length, 0.0, 0.0),)
        road.sections[0].style = CrossSection(right=(LaneStyle(width=width),))
        road.elevation = ((0.0, BRIDGE, 0.0, 0.0, 0.0),)


def _widening(start: float, end: float) -> CrossSection:
    """One lane whose width changes over a metre; stretched when the road's length is known."""
    return CrossSection(right=(LaneStyle(width=((0.0, start, end - start, 0.0, 0.0),)),))
