"""A country road with bends, hills and banked curves, and a lane to a farm."""

from __future__ import annotations

import math

import numpy as np

from simgen.core import Streams
from tools.maps.crossings import Arm, crossing, place_sign, street
from tools.maps.drawing import Cubic, LaneStyle, MapPlan, Pen, Pose, RoadPlan

LANE, SHOULDER, VERGE = 3.25, 0.75, 3.0  # [m]
HALF = 16.0  # of the junction [m]
BANK = math.radians(3.0)  # of the curves
KNOT = 60.0  # between the heights of hills [m]


def draw() -> MapPlan:
    """The map."""
    plan = MapPlan(name="rural", latitude=47.5, longitude=9.0)
    half = (
        LaneStyle(width=LANE, mark="solid"),
        LaneStyle(type="shoulder", width=SHOULDER),
        LaneStyle(type="border", width=VERGE),
    )
    style = street(half)
    middle = Pose(0.0, 0.0, 0.0)
    about = {"type": "rural", "speed": 100.0}
    west = plan.road(_bends(middle.turned(math.pi).moved(HALF), -1.0), style, **about)
    east = plan.road(_bends(middle.moved(HALF), 1.0), style, **about)
    farm_pen = Pen(middle.turned(math.pi / 2.0).moved(HALF)).line(40.0)
    farm_pen.cubic(farm_pen.pose.moved(90.0, 25.0).turned(math.radians(35.0))).line(60.0)
    farm = plan.road(farm_pen, style, type="rural", speed=50.0)
    arms = [Arm(west, "start"), Arm(east, "start"), Arm(farm, "start")]
    crossing(plan, arms)
    place_sign(arms[2], "1", "205")
    for road, top in ((west, 18.0), (east, 12.0), (farm, 3.0)):
        road.elevation = _hills(road, top)
        _plant(road)
    for road, sign in ((west, -1.0), (east, 1.0)):
        road.superelevation = _banks(road, sign)
    _settle(farm)
    return plan


def _bends(start: Pose, sign: float) -> Pen:
    """Two curves to opposite sides with clothoids between."""
    pen = Pen(start).line(150.0)
    for radius, length, side in ((160.0, 140.0, sign), (90.0, 110.0, -sign)):
        curvature = side / radius
        pen.spiral(60.0, 0.0, curvature).arc(length, length * curvature)
        pen.spiral(60.0, curvature, 0.0).line(50.0)
    return pen


def _hills(road: RoadPlan, top: float) -> tuple[Cubic, ...]:
    """Heights at knots, joined so that the slope is continuous; level at the junction."""
    knots = np.linspace(0.0, road.length, max(int(road.length / KNOT), 2) + 1)
    share = knots / road.length
    height = top * (0.5 - 0.5 * np.cos(3.0 * math.pi * share)) * share
    slope = np.gradient(height, knots)
    slope[0] = 0.0
    cubics: list[Cubic] = []
    for k in range(len(knots) - 1):
        width = knots[k + 1] - knots[k]
        rise = (height[k + 1] - height[k]) / width
        c = (3.0 * rise - 2.0 * slope[k] - slope[k + 1]) / width
        d = (slope[k] + slope[k + 1] - 2.0 * rise) / width**2
        cubics.append((float(knots[k]), float(height[k]), float(slope[k]), float(c), float(d)))
    return tuple(cubics)


def _banks(road: RoadPlan, sign: float) -> tuple[Cubic, ...]:
    """Roll toward the inside of each curve, growing along its clothoids."""
    banks: list[Cubic] = [(0.0, 0.0, 0.0, 0.0, 0.0)]
    side = -sign  # a left curve lowers the left side
    for stroke in road.pen.strokes:
        if stroke.shape == "spiral":
            grows = stroke.attributes["curvStart"] == 0.0
            start = 0.0 if grows else side * BANK
            change = side * BANK * (1.0 if grows else -1.0) / stroke.length
            banks.append((stroke.s, start, change, 0.0, 0.0))
            if not grows:
                banks.append((stroke.s + stroke.length, 0.0, 0.0, 0.0, 0.0))
                side = -side
        elif stroke.shape == "arc":
            banks.append((stroke.s, side * BANK, 0.0, 0.0, 0.0))
    return tuple(banks)


def _plant(road: RoadPlan) -> None:
    """Trees beyond the verge and reflector posts on it."""
    rng = Streams(1).child("rural").generator(f"road_{road.id}")
    number = 1000 * (road.id + 1)
    about = {"zOffset": 0.0, "hdg": 0.0, "pitch": 0.0, "roll": 0.0, "orientation": "none"}
    edge = LANE + SHOULDER
    for side in (1.0, -1.0):
        for s in np.arange(20.0, road.length - 5.0, 50.0):
            number += 1
            road.objects.append(
                {"id": number, "type": "pole", "name": "DelineatorPost", "s": float(s),
                 "t": side * (edge + 0.5), "radius": 0.06, "height": 1.0, **about}
            )  # fmt: skip
        for s in np.arange(32.0, road.length - 5.0, 17.0):
            number += 1
            size = float(np.round(rng.uniform(1.2, 2.6), 1))
            away = edge + VERGE + size + float(np.round(rng.uniform(0.3, 6.0), 1))
            road.objects.append(
                {"id": number, "type": "tree", "name": "Tree", "s": float(s), "t": side * away,
                 "radius": size, "height": 4.0 * size, **about}
            )  # fmt: skip


def _settle(road: RoadPlan) -> None:
    """The farm: three buildings at the lane's end."""
    about = {"zOffset": 0.0, "pitch": 0.0, "roll": 0.0, "orientation": "none"}
    for k, (back, t, length, width, height) in enumerate(
        (
            (20.0, 16.0, 24.0, 12.0, 9.0),
            (22.0, -17.0, 16.0, 10.0, 7.5),
            (60.0, 19.0, 12.0, 9.0, 6.0),
        )
    ):
        road.objects.append(
            {"id": 90_001 + k, "type": "building", "name": "Farm", "s": road.length - back, "t": t,
             "hdg": 0.0, "length": length, "width": width, "height": height, **about}
        )  # fmt: skip
