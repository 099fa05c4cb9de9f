"""A grid of streets in a town: traffic lights, stop signs, crosswalks, houses, lamps."""

from __future__ import annotations

import math

import numpy as np

from simgen.core import Streams
from tools.maps.crossings import (
    Arm,
    crossing,
    place_crosswalk,
    place_light,
    place_sign,
    street,
)
from tools.maps.drawing import JunctionPlan, LaneStyle, MapPlan, Pen, Pose, RoadPlan

N_ARMS = 4  # of a junction with lights
N_NODES = 4  # in a row and in a column; those at the four corners are bends
SPACING = 100.0  # from node to node [m]
HALF = 14.0  # from a junction's middle to its arms [m]
BEND_RADIUS = 15.0  # [m]
LANE, SIDEWALK = 3.5, 2.5  # [m]
SETBACK, DEPTH = 2.0, 12.0  # of houses from the sidewalk, and their own [m]
STREET = street(
    (
        LaneStyle(width=LANE, mark="solid"),
        LaneStyle(type="sidewalk", width=SIDEWALK),
    )
)
Node = tuple[int, int]


def draw() -> MapPlan:
    """The map."""
    plan = MapPlan(name="urban_grid", latitude=52.5, longitude=13.4)
    arms: dict[Node, list[Arm]] = {}
    for a, b in _neighbours():
        road = plan.road(_street(a, b), STREET)
        for node, contact in ((a, "start"), (b, "end")):
            arms.setdefault(node, []).append(Arm(road, contact))
        _furnish(road)
    for a, corner, b in _bends():
        road = plan.road(_bend(a, corner, b), STREET)
        arms.setdefault(a, []).append(Arm(road, "start"))
        arms.setdefault(b, []).append(Arm(road, "end"))
    for node in sorted(arms):
        junction = crossing(plan, arms[node])
        _control(plan, junction, arms[node], 100 * (1 + N_NODES * node[0] + node[1]))
    return plan


def _control(plan: MapPlan, junction: JunctionPlan, arms: list[Arm], number: int) -> None:
    """Lights where four streets meet, a stop sign where one ends; crosswalks before both."""
    phases: dict[bool, list[str]] = {True: [], False: []}
    for k, arm in enumerate(arms):
        if len(arms) == N_ARMS:
            place_light(arm, str(number + k))
            phases[abs(math.cos(arm.inward.heading)) > 0.5].append(str(number + k))
        elif _is_stem(arm, arms):
            place_sign(arm, str(number + k), "206")
        else:
            continue
        place_crosswalk(arm, 100_000 + number + k, LANE)
    for signals in filter(None, phases.values()):
        junction.controllers.append(len(plan.controllers) + 1)
        plan.controllers[len(plan.controllers) + 1] = signals


def _corners() -> set[Node]:
    last = N_NODES - 1
    return {(0, 0), (0, last), (last, 0), (last, last)}


def _neighbours() -> list[tuple[Node, Node]]:
    """Pairs of junctions with a street between them, eastward or northward."""
    nodes = [(i, j) for i in range(N_NODES) for j in range(N_NODES)]
    pairs = [((i, j), (i + di, j + dj)) for i, j in nodes for di, dj in ((1, 0), (0, 1))]
    return [(a, b) for a, b in pairs if b in nodes and not {a, b} & _corners()]


def _bends() -> list[tuple[Node, Node, Node]]:
    """The corner of the town between two junctions, counter-clockwise."""
    last = N_NODES - 1
    return [
        ((0, 1), (0, 0), (1, 0)),
        ((last - 1, 0), (last, 0), (last, 1)),
        ((last, last - 1), (last, last), (last - 1, last)),
        ((1, last), (0, last), (0, last - 1)),
    ]


def _toward(a: Node, b: Node) -> Pose:
    """Where the street from a to b begins."""
    heading = math.atan2(b[1] - a[1], b[0] - a[0])
    return Pose(a[0] * SPACING, a[1] * SPACING, heading).moved(HALF)


def _street(a: Node, b: Node) -> Pen:
    return Pen(_toward(a, b)).line(SPACING - 2.0 * HALF)


def _bend(a: Node, corner: Node, b: Node) -> Pen:
    straight = SPACING - HALF - BEND_RADIUS
    pen = Pen(_toward(a, corner)).line(straight)
    goal = _toward(b, corner).turned(math.pi).moved(-straight)
    return pen.corner(goal).line(straight)


def _is_stem(arm: Arm, arms: list[Arm]) -> bool:
    """Whether no arm lies opposite to this one."""
    return all(abs(math.cos(other.inward.heading - arm.inward.heading) + 1.0) > 1e-6
               for other in arms)  # fmt: skip


def _furnish(road: RoadPlan) -> None:
    """Houses and lamps on both sides."""
    rng = Streams(1).child("urban_grid").generator(f"road_{road.id}")
    number = 1000 * (road.id + 1)
    for side in (1.0, -1.0):
        number = _build(road, side, number, rng)
        for s in np.arange(8.0, road.length - 4.0, 28.0):
            number += 1
            road.objects.append(
                {
                    "id": number, "type": "pole", "name": "StreetLamp", "s": float(s),
                    "t": side * (LANE + 0.4), "zOffset": 0.0, "hdg": 0.0, "pitch": 0.0,
                    "roll": 0.0, "orientation": "none", "radius": 0.1, "height": 7.0,
                }
            )  # fmt: skip


def _build(road: RoadPlan, side: float, number: int, rng: np.random.Generator) -> int:
    # The block's own corner belongs to nobody: houses round it would meet.
    margin = LANE + SIDEWALK + SETBACK + DEPTH + 1.0 - HALF
    s = margin
    while True:
        length = float(np.round(rng.uniform(11.0, 19.0), 1))
        if s + length > road.length - margin:
            return number
        number += 1
        road.objects.append(
            {
                "id": number, "type": "building", "name": "House", "s": s + 0.5 * length,
                "t": side * (LANE + SIDEWALK + SETBACK + 0.5 * DEPTH), "zOffset": 0.0,
                "hdg": 0.0, "pitch": 0.0, "roll": 0.0, "orientation": "none",
                "length": length, "width": DEPTH,
                "height": float(np.round(3.2 * rng.integers(2, 8) + 1.5, 1)),
            }
        )  # fmt: skip
        s += length + float(np.round(rng.uniform(1.0, 5.0), 1))
