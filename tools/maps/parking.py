"""A car park: a loop, an aisle through it, bays on both sides, and the way in."""

from __future__ import annotations

import math

from tools.maps.crossings import Arm, crossing, place_sign, street
from tools.maps.drawing import LaneStyle, MapPlan, Pen, Pose, RoadPlan

LANE, BAY, BAY_WIDTH = 3.0, 5.0, 2.5  # [m]
HALF = 12.0  # of the junctions [m]
LENGTH, DEPTH = 60.0, 70.0  # from the aisle in the middle to the loop's sides, and its depth [m]
BEND = 12.0  # radius of the loop's corners [m]
ENTRANCE = 80.0  # [m]


def draw() -> MapPlan:
    """The map."""
    plan = MapPlan(name="parking", latitude=53.5, longitude=10.0)
    lane = LaneStyle(width=LANE)
    bays = street((lane, LaneStyle(type="parking", width=BAY)), "none")
    plain = street((lane, LaneStyle(type="sidewalk", width=2.0)))
    about = {"type": "town", "speed": 20.0}
    south = Pose(0.0, 0.0, math.pi / 2.0)
    aisle = plan.road(Pen(south.moved(HALF)).line(DEPTH - 2.0 * HALF), bays, **about)
    loops = [plan.road(_loop(side), bays, **about) for side in (1.0, -1.0)]
    entrance = plan.road(
        Pen(south.moved(-HALF).turned(math.pi)).line(ENTRANCE), plain, **about
    )  # fmt: skip
    lower = [Arm(aisle, "start"), *(Arm(loop, "start") for loop in loops), Arm(entrance, "start")]
    upper = [Arm(aisle, "end"), *(Arm(loop, "end") for loop in loops)]
    for arms in (lower, upper):
        crossing(plan, arms, outer_lanes=False)
    place_sign(Arm(entrance, "start"), "1", "205")
    for road in (aisle, *loops):
        _mark_bays(road)
    return plan


def _loop(side: float) -> Pen:
    """From the lower junction around to the upper one; on the right with side 1."""
    ahead = 0.0 if side > 0.0 else math.pi
    pen = Pen(Pose(0.0, 0.0, ahead).moved(HALF)).line(LENGTH - HALF - BEND)
    pen.arc(BEND * math.pi / 2.0, side * math.pi / 2.0).line(DEPTH - 2.0 * BEND)
    pen.arc(BEND * math.pi / 2.0, side * math.pi / 2.0)
    return pen.line(LENGTH - HALF - BEND)


def _mark_bays(road: RoadPlan) -> None:
    """Bays along the straight parts; bends have none."""
    number = 1000 * (road.id + 1)
    for stroke in road.pen.strokes:
        if stroke.shape != "line":
            continue
        for side in (1.0, -1.0):
            for k in range(int(stroke.length / BAY_WIDTH)):
                number += 1
                road.objects.append(
                    {"id": number, "type": "parkingSpace", "name": "Bay",
                     "s": stroke.s + (k + 0.5) * BAY_WIDTH, "t": side * (LANE + 0.5 * BAY),
                     "zOffset": 0.0, "hdg": math.pi / 2.0, "pitch": 0.0, "roll": 0.0,
                     "orientation": "none", "length": BAY, "width": BAY_WIDTH, "height": 0.0}
                )  # fmt: skip
