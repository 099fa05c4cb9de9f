"""Asks carla.Map: `carla_answers.py MAP QUESTIONS ANSWERS`. A process of its own: it may crash.

Answers are given in the map's own frame, with y to the left, not in CARLA's.
"""

import sys
from pathlib import Path

import numpy as np

NOTHING = (0.0,) * 9


def row(waypoint):
    """Road, lane, s, position, yaw [deg], width and 1; zeros for no waypoint."""
    if waypoint is None:
        return NOTHING
    location, rotation = waypoint.transform.location, waypoint.transform.rotation
    return (
        waypoint.road_id, waypoint.lane_id, waypoint.s, location.x, -location.y, location.z,
        -rotation.yaw, waypoint.lane_width, 1.0,
    )  # fmt: skip


def nearest(town, point, kind):
    """The projection of a point; some of a waypoint's own places fail in 0.9.16."""
    x, y, z = point
    try:
        return row(town.get_waypoint(carla.Location(x, -y, z), lane_type=kind))
    except RuntimeError:
        return NOTHING


def steps(waypoints, distance):
    """Number of the start, 1 ahead or -1 back, road, lane and s of each end."""
    return [
        (number, side, *row(end)[:3])
        for number, waypoint in enumerate(waypoints)
        for side, ends in ((1, waypoint.next(distance)), (-1, waypoint.previous(distance)))
        for end in ends
    ]


def sides(waypoints):
    """Road and lane to the left and to the right; zeros for none."""
    return [
        (*row(waypoint.get_left_lane())[:2], *row(waypoint.get_right_lane())[:2])
        for waypoint in waypoints
    ]


def main(path, questions, answers):
    """Answer all questions in one file."""
    town = carla.Map("map", Path(path).read_text(encoding="utf-8"))
    asked = np.load(questions)
    regular = town.generate_waypoints(2.0)
    chosen = regular[::7]
    kind = carla.LaneType.Driving
    found = {
        "places": [
            row(town.get_waypoint_xodr(int(road), int(lane), s))
            for road, lane, s in asked["places"]
        ],
        "nearest": [nearest(town, point, kind) for point in asked["points"].tolist()],
        "regular": [row(waypoint)[:6] for waypoint in regular],
        "chosen": [row(waypoint)[:3] for waypoint in chosen],
        "steps": steps(chosen, 7.0),
        "sides": sides(chosen),
        "topology": [row(a)[:2] + row(b)[:2] for a, b in town.get_topology()],
        "crosswalks": [(p.x, -p.y, p.z) for p in town.get_crosswalks()],
        "landmarks": [
            int(mark.name.lower().startswith("speed_")) for mark in town.get_all_landmarks()
        ],
    }
    np.savez(answers, **{name: np.array(value, float) for name, value in found.items()})


if __name__ == "__main__":
    import carla  # here, since pytest looks for doctests where the wheel may be missing

    main(*sys.argv[1:])
