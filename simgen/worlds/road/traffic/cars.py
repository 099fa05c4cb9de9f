"""What traffic knows of a vehicle: where it is, how its driver drives, what he means to do."""

from __future__ import annotations

import numpy as np

MAX_PLAN = 8  # tracks ahead

CAR = np.dtype(
    [
        ("present", "b1"),
        ("kind", "i8"),  # number in `Fleet.kinds`
        # Where it is: its middle.
        ("track", "i8"),
        ("at", "f8"),  # from the start of the track [m]
        ("aside", "f8"),  # to the left of the track [m]
        ("speed", "f8"),  # [m/s]
        ("acceleration", "f8"),  # of the last step [m/s2]
        ("x", "f8"),  # [m]
        ("y", "f8"),  # [m]
        ("z", "f8"),  # [m]
        ("yaw", "f8"),  # [rad]
        ("pitch", "f8"),  # [rad]
        ("yaw_rate", "f8"),  # of the last step [rad/s]
        ("half_length", "f8"),  # [m]
        ("half_width", "f8"),  # [m]
        ("height", "f8"),  # [m]
        # How its driver drives: see `behaviour.Drivers`.
        ("desired", "f8"),  # speed over the limit
        ("top_speed", "f8"),  # [m/s]
        ("headway", "f8"),  # [s]
        ("min_gap", "f8"),  # [m]
        ("max_acceleration", "f8"),  # [m/s2]
        ("comfortable_brake", "f8"),  # [m/s2]
        ("max_brake", "f8"),  # [m/s2]
        ("politeness", "f8"),
        ("coolness", "f8"),  # see `kernels.following.cooled`
        ("reaction_time", "f8"),  # [s]
        ("warning_time", "f8"),  # of automatic emergency braking, 0: it has none [s]
        ("heeds", "f8"),  # who comes in, once so near to the middle of the lane [m]
        # What he does.
        ("decides_at", "f8"),  # [s]
        ("wanted", "f8"),  # acceleration until then [m/s2]
        ("emergency", "b1"),  # automatic braking acts
        ("startled_until", "f8"),  # brakes until then, for nothing that others see [s]
        ("startled_brake", "f8"),  # [m/s2]
        ("crashed", "b1"),
        ("lead", "i8"),  # who is ahead, -1: nobody near
        ("gap", "f8"),  # to it, bumper to bumper; infinite [m]
        # Changing lanes: from which track, since when, how long, and what of that is done.
        ("from_track", "i8"),  # -1: it isn't
        ("change_at", "f8"),  # [s]
        ("change_time", "f8"),  # [s]
        ("change_share", "f8"),
        ("changed_at", "f8"),  # when the last change ended [s]
        # Its way, and its leave to enter junctions.
        ("plan", "i8", (MAX_PLAN,)),
        ("n_plan", "i8"),
        ("n_draws", "i8"),
        ("gate", "i8"),  # see `kernels.gates`
        ("tail_track", "i8"),  # the junction's track that its tail is still on, -1
        ("exit", "i8"),  # the track behind the junction that it may enter, -1
        ("line", "f8"),  # from its front to the next stop line [m]
        ("approach", "i8"),  # the track of that line, -1
        ("waited", "f8"),  # standing there [s]
        ("stopped", "b1"),  # it has stood at this line
    ]
)


def absent(n: int) -> np.ndarray[tuple[int], np.dtype[np.void]]:
    """Records of vehicles that are not there yet `(n,)`."""
    cars = np.zeros(n, CAR)
    for name in ("lead", "from_track", "tail_track", "exit", "approach"):
        cars[name] = -1
    cars["gap"] = cars["heeds"] = np.inf
    return cars
