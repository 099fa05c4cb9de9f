"""Vibration windows: what an accelerometer on the housing hears of a bearing.

Struck by a defect, pushed by rolling noise and swung by the turning shaft, the structure answers
in its modes; each is a damped oscillator, sampled by impulse invariance. Strikes come at the
defect's order of the shaft's angle, with slip that adds up, and as hard as the contact is loaded.

References:
    McFadden, Smith (1984), Model for the vibration produced by a single point defect in a rolling
    element bearing. J. Sound and Vibration 96.
    Antoni, Randall (2003), A stochastic model for simulation and diagnostics of rolling element
    bearings with localized faults. J. Vibration and Acoustics 125: the slip adds up.
    Sawalhi, Randall (2011), Vibration response of spalled rolling element bearings. Mechanical
    Systems and Signal Processing 25: a ball enters a spall softly and strikes when it leaves.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from simgen.domains.industrial.kernels.modes import answer_push
from simgen.domains.industrial.kernels.noise import fill_normals
from simgen.domains.industrial.kernels.rolling import hiss, scrape
from simgen.domains.industrial.kernels.turning import STEADY, add_multiples, shaft_angles
from simgen.kernels.distributions import normal_from
from simgen.kernels.elementary import exp, log
from simgen.kernels.philox import uniform_pair

MODE = np.dtype(
    [
        ("frequency", np.float64),  # [Hz]
        ("damping", np.float64),  # share of critical
        ("rolling", np.float64),  # answer to rolling noise, relative
        ("strike", np.float64),  # answer to a strike, relative
    ]
)

DEFECT = np.dtype(
    [
        ("order", np.float64),  # strikes per turn of the shaft; 0: no defect
        ("zone_order", np.float64),  # turns of the struck place in the load zone, per turn
        ("zone", np.float64),  # epsilon of the load zone: 1/2 half loaded, above 1 preloaded
        ("phase", np.float64),  # where it is in the load zone at first [rad]
        ("amplitude", np.float64),  # of a strike under full load [g]
        ("every_second", np.float64),  # strength of every second strike, relative
        ("spall_time", np.float64),  # from entering the spall to the strike [s]
        ("slip", np.float64),  # deviation of the spacing of strikes, relative
        ("spread", np.float64),  # deviation of the logarithm of a strike's strength
        ("wander", np.float64),  # deviation of the logarithm of how well it is met, which drifts
        ("sway", np.float64),  # how far the load turns with the shaft, relative
        ("roughness", np.float64),  # of contact noise: debris is everywhere, so it is steady [g]
    ]
)

RUNNING = np.dtype(
    [
        ("shaft_rate", np.float64),  # turns per second [Hz]
        ("wobble", np.float64),  # deviation of the speed, relative
        ("rolling", np.float64),  # level of rolling noise [g]
        ("floor", np.float64),  # noise of sensor and cable, standard deviation [g]
    ]
)

# Before the window, in which the slowest mode forgets its start, whole lots as `hiss` draws them:
_SETTLING_RATE, _LOT, _LEAST_WARM_UP = 25.0, 256, 512  # one over 40 ms [Hz]; samples
_WANDER_MEMORY = 0.9  # of how well a defect is met, between stretches; assumption
_LOAD_EXPONENT = 1.5  # of point contacts (Harris, Kotzalas)
_ENTRY = -0.3  # strength of entering a spall over that of leaving it; assumption
_STRIKES = 1 << 30  # counters from here on belong to strikes; those below to `hiss`
_WANDERS = 3 << 30  # and from here on to how well a defect is met


@njit(cache=True, error_model="numpy", forceinline=True)
def warm_up(rate: Any) -> Any:
    """How many samples modes go on for before a window, at a rate [Hz]."""
    return max(_LOT * math.ceil(rate / (_SETTLING_RATE * _LOT)), _LEAST_WARM_UP)


@njit(cache=True, error_model="numpy", nogil=True)
def vibrate(
    key: Any,
    window: Any,
    rate: Any,
    running: Any,
    modes: Any,
    harmonics: Any,
    defect: Any,
    out: Any,
) -> Any:
    """Fill a window of acceleration.

    Args:
        key: a stream's key. (2,)
        window: identifies the window.
        rate: samples per second. [Hz]
        running: a record of dtype RUNNING.
        modes: of dtype MODE. (m,)
        harmonics: cosine and sine part of each multiple of the shaft's turn. (h, 2) [g]
        defect: a record of dtype DEFECT.
        out: the acceleration. (n,) float32 [g]

    Returns:
        Mean squares of what the window would hold without the defect and of what the defect adds.
        [g^2]
    """
    before = warm_up(rate)
    until = before + len(out)
    n_stretches = math.ceil(until / STEADY)
    angles = np.empty(n_stretches + 1)
    shaft_angles(key, window, rate, running, angles)
    push = np.empty(n_stretches * STEADY, np.float32)
    out[:] = 0.0
    # Who adds further strikes to a window asks for no noise again.
    if running.rolling > 0.0 or running.floor > 0.0:
        hiss(key, window, running, before, push, out)
        answer_push(modes, modes["rolling"], rate, push[:until], out)
    add_multiples(harmonics, angles[before // STEADY :], out)
    plain = _mean_square(out)
    if defect.order <= 0.0:
        return plain, 0.0
    _damage(key, window, rate, defect, angles, push)
    added = np.zeros(len(out), np.float32)
    answer_push(modes, modes["strike"], rate, push[:until], added)
    for i in range(len(out)):
        out[i] += added[i]
    return plain, _mean_square(added)


@njit(cache=True, error_model="numpy")
def _mean_square(signal: Any) -> Any:
    """The mean square of a signal `(n,)`."""
    squares = np.zeros(STEADY)  # so many sums beside one another: one would wait for itself
    for start in range(0, len(signal), STEADY):
        some = signal[start : start + STEADY]
        for i in range(len(some)):
            squares[i] += np.float64(some[i]) * np.float64(some[i])
    return squares.sum() / len(signal)


@njit(cache=True, error_model="numpy", forceinline=True)
def load_at(angle: Any, zone: Any) -> Any:
    """The share of the full load that a contact bears at an angle from the load's direction [rad].

    `zone` is epsilon: the share of the bearing's diameter over which load is carried.

    References:
        Stribeck's distribution, in Harris and Kotzalas (2006), chapter 7.
    """
    base = 1.0 - (1.0 - math.cos(angle)) / (2.0 * zone)
    return exp(_LOAD_EXPONENT * log(base)) if base > 1e-9 else 0.0


@njit(cache=True, error_model="numpy")
def _damage(key: Any, window: Any, rate: Any, defect: Any, angles: Any, push: Any) -> None:
    """Fill in how a defect pushes the structure: its strikes, and its hiss."""
    met = np.empty(len(angles) - 1)
    _wander(key, window, defect, met)
    if defect.roughness > 0.0:
        scrape(key, window, defect.roughness, met, push)
    else:
        push[:] = 0.0
    _strike(key, window, rate, defect, angles, met, push)


@njit(cache=True, error_model="numpy")
def _wander(key: Any, window: Any, defect: Any, met: Any) -> None:
    """How well the defect is met in each steady stretch: as the axis of a ball turns away.

    Its mean square is 1.
    """
    _, u = uniform_pair(key, window, _WANDERS)
    state, fresh = normal_from(u), math.sqrt(1.0 - _WANDER_MEMORY * _WANDER_MEMORY)
    noise = np.empty((1, len(met)))
    fill_normals(key, window, _WANDERS + 1, len(met), noise)
    for i in range(len(met)):
        met[i] = state
        state = _WANDER_MEMORY * state + fresh * noise[0, i]
    for i in range(len(met)):
        met[i] = exp(defect.wander * (met[i] - defect.wander))


@njit(cache=True, error_model="numpy")
def _strike(
    key: Any, window: Any, rate: Any, defect: Any, angles: Any, met: Any, push: Any
) -> None:
    """Put a defect's strikes where the shaft's angle reaches them, between two samples each."""
    spacing = math.tau / defect.order
    start = angles[0]
    u, _ = uniform_pair(key, window, _STRIKES)
    due, count = start + spacing * u, 0
    for stretch in range(len(angles) - 1):
        width = angles[stretch + 1] - angles[stretch]
        while due < angles[stretch + 1]:
            at = (stretch + (due - angles[stretch]) / width) * STEADY
            count += 1
            u, v = uniform_pair(key, window, _STRIKES + count)
            strength = met[stretch] * defect.amplitude * exp(defect.spread * normal_from(u))
            place = defect.zone_order * (due - start) + defect.phase
            strength *= load_at(place, defect.zone)
            # Seen from the inner race, which turns with it, this load stands still.
            strength *= 1.0 + defect.sway * math.cos(due - start - place)
            if count % 2:
                strength *= defect.every_second
            _put(push, at, _ENTRY * strength)
            _put(push, at + defect.spall_time * rate, strength)
            due += spacing * max(0.1, 1.0 + defect.slip * normal_from(v))


@njit(cache=True, error_model="numpy", forceinline=True)
def _put(push: Any, at: Any, strength: Any) -> None:
    """Share an impulse between the samples before and after its instant."""
    before = int(at)
    if before + 1 < len(push):
        push[before] += strength * (before + 1 - at)
        push[before + 1] += strength * (at - before)
