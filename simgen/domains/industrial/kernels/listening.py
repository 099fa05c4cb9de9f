"""Vibration windows of a rig's machines: what the sensors hear under what is so at the time."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from simgen.domains.industrial.kernels.telemetry import thickness
from simgen.domains.industrial.kernels.vibration import RUNNING, vibrate

MACHINE = np.dtype(
    [
        ("wobble", np.float64),  # deviation of the speed, relative
        ("rolling", np.float64),  # level of rolling noise at rated speed and load, warm [g]
    ]
)

WINDOW = np.dtype(
    [
        ("window_id", np.int64),
        ("at", np.float64),  # [s]
        ("machine", np.int64),  # within the block
        ("bearing_id", np.int64),
        ("speed", np.float64),  # [rpm]
        ("load", np.float64),  # [kN]
        ("temperature", np.float64),  # of the bearing [degree Celsius]
        ("swing", np.float64),  # of the turn's multiples over the usual: of a loose foot
        ("spall_size", np.float64),  # [mm]
        ("use_time", np.float64),  # of the bearing [s]
        ("sensor_fault", np.int64),  # code in ("", *FAULTS)
        ("kept", np.bool_),  # its samples
        ("heard", np.bool_),  # its samples are there
        ("spall_share", np.float64),  # mean square added by the spall over that without
    ]
)

RIG = np.dtype(
    [
        ("sample_rate", np.float64),  # [Hz]
        ("rated_speed", np.float64),  # [rpm]
        ("rated_load", np.float64),  # [kN]
        ("floor", np.float64),  # noise of sensor and cable, standard deviation [g]
    ]
)


@njit(cache=True, error_model="numpy", nogil=True)
def listen(
    key: Any,
    rig: Any,
    machines: Any,
    modes: Any,
    harmonics: Any,
    windows: Any,
    defects: Any,
    first: Any,
    until: Any,
    out: Any,
) -> None:
    """Fill in the samples of some windows that are not heard yet, and what their spalls add.

    Level with speed, load and warmth: assumptions within what is measured on such rigs.

    Args:
        key: a stream's key. (2,)
        rig: of dtype RIG. (1,)
        machines: of dtype MACHINE. (k,)
        modes: of each machine, of dtype MODE. (k, m)
        harmonics: of each machine, as `vibrate` takes them, at rated speed. (k, h, 2) [g]
        windows: of dtype WINDOW; changed. (n,)
        defects: of dtype DEFECT: what strikes in each. (n,)
        first: the first that is looked at.
        until: the last is the one before it.
        out: the acceleration. (n, samples) float32 [g]
    """
    running = np.empty(1, RUNNING)
    for i in range(first, until):
        if windows[i].heard:
            continue
        k = windows[i].machine
        speed = windows[i].speed / rig[0].rated_speed
        load = windows[i].load / rig[0].rated_load
        stiff = 1.0 + 0.8 * thickness(windows[i].temperature)
        running[0].shaft_rate = windows[i].speed / 60.0
        running[0].wobble = machines[k].wobble
        running[0].rolling = machines[k].rolling * speed**1.5 * math.sqrt(load) * stiff
        running[0].floor = rig[0].floor
        # Unbalance goes with speed squared.
        turns = harmonics[k] * (speed * speed * windows[i].swing)
        plain, added = vibrate(
            key,
            windows[i].window_id,
            rig[0].sample_rate,
            running[0],
            modes[k],
            turns,
            defects[i],
            out[i],
        )
        # What a loose foot adds is no spall's.
        windows[i].spall_share = added / plain if windows[i].spall_size > 0.0 else 0.0
        windows[i].heard = True
