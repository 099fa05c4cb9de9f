"""What traffic knows of people on foot."""

from __future__ import annotations

import numpy as np

WALKER = np.dtype(
    [
        ("state", "i8"),  # see `kernels.walking`
        ("track", "i8"),  # of the sidewalk
        ("at", "f8"),  # from its start [m]
        ("ahead", "f8"),  # 1 along the track, -1 against it
        ("aside", "f8"),  # to the left of its middle [m]
        ("crossing", "i8"),  # row in `Walkways.crossings`, -1: none yet
        ("end", "i8"),  # at which he begins, 0 or 1
        ("progress", "f8"),  # over it [m]
        ("desired", "f8"),  # speed [m/s]
        ("crosses", "f8"),  # chance to cross a crosswalk that he comes past
        ("n_draws", "i8"),
        ("struck", "b1"),
        ("speed", "f8"),  # [m/s]
        ("x", "f8"),  # [m]
        ("y", "f8"),  # [m]
        ("z", "f8"),  # [m]
        ("yaw", "f8"),  # [rad]
        ("half_length", "f8"),  # [m]
        ("half_width", "f8"),  # [m]
        ("height", "f8"),  # [m]
    ]
)
