"""A roundabout with four arms, one lane, and crosswalks before it."""

from __future__ import annotations

import math

from tools.maps.crossings import Arm, connect, place_crosswalk, place_sign, street
from tools.maps.drawing import CrossSection, JunctionPlan, LaneStyle, MapPlan, Pen, Pose

RADIUS = 16.0  # of the ring's inner edge [m]
RING, LANE, SIDEWALK = 5.0, 3.5, 2.0  # [m]
MOUTH = math.radians(28.0)  # from an arm's axis to where its junction ends on the ring
NEAR, FAR = 38.0, 160.0  # an arm's ends from the middle [m]
N_ARMS = 4


def draw() -> MapPlan:
    """The map."""
    plan = MapPlan(name="roundabout", latitude=48.1, longitude=11.5)
    arm_style = street(
        (LaneStyle(width=LANE, mark="solid"), LaneStyle(type="sidewalk", width=SIDEWALK))
    )
    ring_style = CrossSection(right=(LaneStyle(width=RING, mark="solid"),), centre_mark="solid")
    axes = [2.0 * math.pi * k / N_ARMS for k in range(N_ARMS)]
    arms, ring = [], []
    for axis in axes:
        start = Pose(0.0, 0.0, axis).moved(NEAR)
        arms.append(Arm(plan.road(Pen(start).line(FAR - NEAR), arm_style, speed=30.0), "start"))
    for axis in axes:
        # Counter-clockwise from this arm's junction to the next one's.
        start = Pose(0.0, 0.0, axis + MOUTH).moved(RADIUS).turned(math.pi / 2.0)
        turn = 2.0 * math.pi / N_ARMS - 2.0 * MOUTH
        ring.append(plan.road(Pen(start).arc(RADIUS * turn, turn), ring_style, speed=30.0))
    for k, arm in enumerate(arms):
        junction = plan.junction()
        arm.road.predecessor = ("junction", junction.id, "")
        before, after = ring[k - 1], ring[k]
        before.successor = after.predecessor = ("junction", junction.id, "")
        _join(plan, junction, arm, (Arm(before, "end"), Arm(after, "start")))
        place_crosswalk(arm, 100_001 + k, LANE)
        place_sign(arm, str(k + 1), "205")
    return plan


def _join(plan: MapPlan, junction: JunctionPlan, arm: Arm, ring: tuple[Arm, Arm]) -> None:
    """Straight on along the ring, out of it, and into it."""
    before, after = ring
    one = {1: (1, 1)}
    connect(plan, junction, (before, after), one, _lane(RING, RING))
    out = connect(plan, junction, (before, arm), one, _lane(RING, LANE))
    into = connect(plan, junction, (arm, after), one, _lane(LANE, RING))
    for road, widths in ((out, (RING, LANE)), (into, (LANE, RING))):
        road.sections[0].style = _lane(*widths, length=road.length)


def _lane(start: float, end: float, length: float = 1.0) -> CrossSection:
    """One lane that goes smoothly from one width to another over a length [m]."""
    change = end - start
    width = ((0.0, start, 0.0, 3.0 * change / length**2, -2.0 * change / length**3),)
    return CrossSection(right=(LaneStyle(width=width),))
