"""Windows of tones that are locked to a turning angle: a shaft's, or that of the mains."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from simgen.domains.industrial.kernels.fused import fused
from simgen.domains.industrial.kernels.turning import (
    BESIDE,
    STEADY,
    TWICE_COSINE,
    add_wave,
    cosine_and_sine,
    shaft_angles,
    take_angles,
    turns_before,
)
from simgen.domains.industrial.kernels.vibration import RUNNING, warm_up

TONE = np.dtype(
    [
        ("order", np.float64),  # of the angle: 1 is the turn, or the mains, itself
        ("amplitude", np.float64),  # in the unit of the samples
        ("phase", np.float64),  # [rad]
        ("sequence", np.float64),  # -1, 0 or 1: by so many thirds of a turn a channel lags
    ]
)
_PHASES = 3
# Rows of the table that `add_wave` takes: of a tone, of that a quarter of a turn later, and then,
# for each sample of a stretch, sums of tones.
_TONE, _QUARTER_LATER, _SHARED = 1, 3, 5
_IN_PHASE = _SHARED + STEADY
_ACROSS = _IN_PHASE + STEADY
_N_ROWS = _ACROSS + STEADY


@njit(cache=True, error_model="numpy", nogil=True)
def add_tones(
    key: Any, window: Any, rate: Any, running: Any, tones: Any, floor: Any, out: Any
) -> None:
    """Fill in tones over a floor, at the angles that `vibrate` has for the same key and window.

    Args:
        key: a stream's key. (2,)
        window: identifies the window.
        rate: samples per second. [Hz]
        running: a record of dtype RUNNING, of which the angle's rate and wobble are used.
        tones: of dtype TONE. (t,)
        floor: what the tones are added to. (channels, n)
        out: the samples. (channels, n) float32
    """
    n_stretches = math.ceil(out.shape[1] / STEADY)
    n_before = warm_up(rate) // STEADY
    angles = np.empty(n_before + n_stretches + 1)
    shaft_angles(key, window, rate, running, angles)
    rows, some = np.empty((_N_ROWS, BESIDE)), np.empty(BESIDE + 1)
    for first in range(0, n_stretches, BESIDE):
        take_angles(angles, n_before + first, some)
        rows[_SHARED:] = 0.0
        for tone in tones:
            if tone.amplitude == 0.0:
                continue
            _start(tone, some, rows)
            if tone.sequence == 0.0:
                add_wave(rows, _TONE, _SHARED)
            else:
                add_wave(rows, _TONE, _IN_PHASE)
                add_wave(rows, _QUARTER_LATER, _ACROSS)
        for channel in range(len(out)):
            _put_down(rows, channel, first, floor, out)


@njit(cache=True, error_model="numpy", forceinline=True)
def _start(tone: Any, angles: Any, rows: Any) -> None:
    """Set up a tone's recurrences at the starts of some stretches."""
    order, amplitude, phase = tone.order, tone.amplitude, tone.phase
    across = amplitude * tone.sequence
    for k in range(BESIDE):
        angle = angles[k]
        step_c, step_s = cosine_and_sine(order * (angles[k + 1] - angle) * (1.0 / STEADY))
        c, s = cosine_and_sine(order * angle + phase)
        rows[TWICE_COSINE, k] = 2.0 * step_c
        rows[_TONE, k] = amplitude * c
        rows[_TONE + 1, k] = amplitude * fused(c, step_c, s * step_s)
        rows[_QUARTER_LATER, k] = across * s
        rows[_QUARTER_LATER + 1, k] = across * fused(s, step_c, -c * step_s)


@njit(cache=True, error_model="numpy", forceinline=True)
def _put_down(rows: Any, channel: Any, first: Any, floor: Any, out: Any) -> None:
    """Write what a channel has of the sums: of a sequence, the cosine of the angle less its lag."""
    lag = math.tau * channel / _PHASES
    in_phase, across = math.cos(lag), math.sin(lag)
    for k in range(BESIDE):
        start = (first + k) * STEADY
        place, under = out[channel, start : start + STEADY], floor[channel, start : start + STEADY]
        for i in range(len(place)):
            turning = fused(in_phase, rows[_IN_PHASE + i, k], rows[_SHARED + i, k])
            place[i] = under[i] + fused(across, rows[_ACROSS + i, k], turning)


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
    out = np.empty(floor.shape, np.float32)
    add_tones(key, window, rate, running[0], tones, floor, out)
    return out


def start_phases(key: Any, window: int, orders: Any) -> Any:
    """How far tones have turned when a window begins, since their phases were as given [rad].

    Whole turns have gone by, so whole orders are back where they were, and others are anywhere.

    Args:
        key: a stream's key. (2,)
        window: identifies the window.
        orders: (t,)
    """
    return math.tau * (orders * turns_before(key, window) % 1.0)


def make_tones(rows: Any) -> Any:
    """An array of dtype TONE from rows of order, amplitude, phase and sequence."""
    return np.array(rows, np.float64).reshape(-1).view(TONE)
