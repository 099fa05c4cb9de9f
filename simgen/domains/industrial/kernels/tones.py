"""Windows of tones that are locked to a turning angle: a shaft's, or that of the mains."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from simgen.domains.industrial.kernels.turning import STEADY, shaft_angles
from simgen.domains.industrial.kernels.vibration import RUNNING, WARM_UP

TONE = np.dtype(
    [
        ("order", np.float64),  # of the angle: 1 is the turn, or the mains, itself
        ("amplitude", np.float64),  # in the unit of the samples
        ("phase", np.float64),  # [rad]
        ("sequence", np.float64),  # by so many thirds of a turn each channel lags that before
    ]
)
_PHASES = 3
_LANES = 8  # samples worked on at once; a divisor of STEADY


@njit(cache=True, error_model="numpy", nogil=True)
def add_tones(key: Any, window: Any, rate: Any, running: Any, tones: Any, out: Any) -> None:
    """Add tones to a window, at the angles that `vibrate` has for the same key and window.

    Args:
        key: a stream's key. (2,)
        window: identifies the window.
        rate: samples per second. [Hz]
        running: a record of dtype RUNNING, of which the angle's rate and wobble are used.
        tones: of dtype TONE. (t,)
        out: the samples. (channels, n) float64
    """
    n = out.shape[1]
    angles = np.empty((n + WARM_UP) // STEADY + 2)
    shaft_angles(key, window, rate, running, angles)
    c, s, total = np.empty(STEADY), np.empty(STEADY), np.empty((len(out), STEADY))
    for start in range(0, n, STEADY):
        stretch = (start + WARM_UP) // STEADY
        total[:] = 0.0
        for tone in tones:
            if tone.amplitude == 0.0:
                continue
            step = tone.order * (angles[stretch + 1] - angles[stretch]) / STEADY
            _wave(tone.order * angles[stretch] + tone.phase, step, c, s)
            for channel in range(len(out)):
                # The cosine of the angle less the channel's lag.
                lag = math.tau * tone.sequence * channel / _PHASES
                in_phase, across = tone.amplitude * math.cos(lag), tone.amplitude * math.sin(lag)
                for i in range(STEADY):
                    total[channel, i] += c[i] * in_phase + s[i] * across
        for channel in range(len(out)):
            for i in range(min(STEADY, n - start)):
                out[channel, start + i] += total[channel, i]


@njit(cache=True, error_model="numpy", forceinline=True)
def _wave(angle: Any, step: Any, c: Any, s: Any) -> None:
    """Cosine and sine of an angle that rises by `step` [rad]: `_LANES` at once, then the next."""
    c[0], s[0] = math.cos(angle), math.sin(angle)
    turn_c, turn_s = math.cos(step), math.sin(step)
    for i in range(1, _LANES):
        c[i] = c[i - 1] * turn_c - s[i - 1] * turn_s
        s[i] = s[i - 1] * turn_c + c[i - 1] * turn_s
    turn_c, turn_s = math.cos(_LANES * step), math.sin(_LANES * step)
    for i in range(_LANES, STEADY):
        c[i] = c[i - _LANES] * turn_c - s[i - _LANES] * turn_s
        s[i] = s[i - _LANES] * turn_c + c[i - _LANES] * turn_s


def tone_window(
    key: Any, window: int, rate: float, turning: tuple[float, float], tones: Any, floor: Any
) -> Any:
    """A window of tones over a floor of noise.

    Args:
        key: a stream's key. (2,)
        window: identifies the window.
        rate: samples per second. [Hz]
        turning: turns per second [Hz], and the relative deviation of that.
        tones: of dtype TONE. (t,)
        floor: what is added, such as noise. (channels, n)

    Returns:
        The samples. (channels, n) float32
    """
    running = np.zeros(1, RUNNING)
    running["shaft_rate"], running["wobble"] = turning
    out = np.array(floor, np.float64)
    add_tones(key, window, rate, running[0], tones, out)
    return out.astype(np.float32)


def make_tones(rows: Any) -> Any:
    """An array of dtype TONE from rows of order, amplitude, phase and sequence."""
    return np.array([tuple(row) for row in rows], TONE)
