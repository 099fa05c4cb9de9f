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
from simgen.kernels.distributions import normal_from
from simgen.kernels.elementary import exp, log
from simgen.kernels.philox import uniform_pair, unit, words

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

WARM_UP = 512  # samples before the window: the slowest mode has forgotten its start
STEADY = 32  # samples over which speed and load count as constant; a power of 2
_WANDER_MEMORY = 0.9  # the same of how well a defect is met; assumption
_MEMORY = 0.98  # of the wobble from one such stretch to the next; assumption
_LOAD_EXPONENT = 1.5  # of point contacts (Harris, Kotzalas)
_ENTRY = -0.3  # strength of entering a spall over that of leaving it; assumption
_UNIT_DEVIATION = math.sqrt(12.0)  # makes a uniform number's standard deviation 1
_STRIKES = 1 << 30  # counters from here on belong to strikes
_WOBBLES = 1 << 31  # and from here on to the speed
_WANDERS = 3 << 30  # and from here on to how well a defect is met
_SCRAPES = 1 << 32  # and from here on to the noise of its contact


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
    n, total = len(out), len(out) + WARM_UP
    push = np.zeros((2, total + 2))
    angles = np.empty(total // STEADY + 2)
    shaft_angles(key, window, rate, running, angles)
    met = np.ones(len(angles))
    if defect.order > 0.0:
        _wander(key, window, defect, met)
        _strike(key, window, rate, defect, angles, met, push[1])
    own = np.empty(total + 2)
    _hiss(key, window, running, push[0], own)
    if defect.roughness > 0.0:
        _scrape(key, window, defect, met, push[1])
    floor = own[WARM_UP : WARM_UP + n]
    _swing(harmonics, angles, floor)
    answer = np.zeros((2, n))
    answer_push(modes, rate, push, answer, defect.order > 0.0)
    square, added_square = 0.0, 0.0
    for i in range(n):
        quiet, added = answer[0, i] + floor[i], answer[1, i]
        square += quiet * quiet
        added_square += added * added
        out[i] = quiet + added
    return square / n, added_square / n


@njit(cache=True, error_model="numpy")
def shaft_angles(key: Any, window: Any, rate: Any, running: Any, angles: Any) -> None:
    """The shaft's angle [rad] at the start of each steady stretch, while its speed wobbles."""
    u, v = uniform_pair(key, window, _WOBBLES)
    angle, wobble = math.tau * u, normal_from(v)
    fresh = math.sqrt(1.0 - _MEMORY * _MEMORY)
    for i in range(len(angles)):
        angles[i] = angle
        speed = running.shaft_rate * (1.0 + running.wobble * wobble)
        angle += math.tau * speed * STEADY / rate
        u, _ = uniform_pair(key, window, _WOBBLES + 1 + i)
        wobble = _MEMORY * wobble + fresh * normal_from(u)


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
def _wander(key: Any, window: Any, defect: Any, met: Any) -> None:
    """How well the defect is met in each steady stretch: as the axis of a ball turns away.

    Its mean square is 1.
    """
    _, u = uniform_pair(key, window, _WANDERS)
    state, fresh = normal_from(u), math.sqrt(1.0 - _WANDER_MEMORY * _WANDER_MEMORY)
    for i in range(len(met)):
        met[i] = exp(defect.wander * (state - defect.wander))
        u, _ = uniform_pair(key, window, _WANDERS + 1 + i)
        state = _WANDER_MEMORY * state + fresh * normal_from(u)


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
            strength *= load_at(defect.zone_order * (due - start) + defect.phase, defect.zone)
            strength *= 1.0 + defect.sway * math.cos(due)
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


@njit(cache=True, error_model="numpy")
def _hiss(key: Any, window: Any, running: Any, push: Any, own: Any) -> None:
    """Fill the push with rolling noise, and the sensor's own noise; a block makes two of each.

    What pushes is uniform: the modes sum so much of it that what they make of it is Gaussian.
    """
    rolling = running.rolling * _UNIT_DEVIATION
    sensor = running.floor * _UNIT_DEVIATION / math.sqrt(2.0)
    for pair in range(len(push) // 2):
        w0, w1, w2, w3 = words(key, window, pair)
        push[2 * pair] = rolling * (unit(w0) - 0.5)
        push[2 * pair + 1] = rolling * (unit(w1) - 0.5)
        own[2 * pair] = sensor * _triangular(w2)
        own[2 * pair + 1] = sensor * _triangular(w3)


@njit(cache=True, error_model="numpy", forceinline=True)
def _triangular(word: Any) -> Any:
    """The sum of two uniform numbers in (-1/2, 1/2), one from each half of a word."""
    high, low = np.float64(word >> np.uint32(16)), np.float64(word & np.uint32(0xFFFF))
    return (high + low + 1.0) * 2.0**-16 - 1.0


@njit(cache=True, error_model="numpy")
def _scrape(key: Any, window: Any, defect: Any, met: Any, push: Any) -> None:
    """Add the noise of the damaged contact to its push, as well as the defect is met."""
    roughness = defect.roughness * _UNIT_DEVIATION
    for i in range(0, len(push) - 3, 4):
        level = met[i // STEADY] * roughness
        w0, w1, w2, w3 = words(key, window, _SCRAPES + i)
        push[i] += level * (unit(w0) - 0.5)
        push[i + 1] += level * (unit(w1) - 0.5)
        push[i + 2] += level * (unit(w2) - 0.5)
        push[i + 3] += level * (unit(w3) - 0.5)


@njit(cache=True, error_model="numpy")
def _swing(harmonics: Any, angles: Any, out: Any) -> None:
    """Add the multiples of the shaft's turn: a polynomial of the turn, as a complex number."""
    first = WARM_UP // STEADY
    c, s, real, imaginary = np.empty(STEADY), np.empty(STEADY), np.empty(STEADY), np.empty(STEADY)
    c[0], s[0] = math.cos(angles[first]), math.sin(angles[first])
    for stretch in range(first, len(angles) - 1):
        following = _rotate((angles[stretch + 1] - angles[stretch]) / STEADY, c, s)
        real[:], imaginary[:] = 0.0, 0.0
        for j in range(len(harmonics) - 1, -1, -1):
            in_phase, across = harmonics[j, 0], harmonics[j, 1]
            for i in range(STEADY):
                grown = real[i] * c[i] - imaginary[i] * s[i] + in_phase
                imaginary[i] = real[i] * s[i] + imaginary[i] * c[i] - across
                real[i] = grown
        start = (stretch - first) * STEADY
        for i in range(min(STEADY, len(out) - start)):
            out[start + i] += real[i] * c[i] - imaginary[i] * s[i]
        c[0], s[0] = following


@njit(cache=True, error_model="numpy")
def _rotate(step: Any, c: Any, s: Any) -> Any:
    """Turn cosine and sine on by a small step at a time [rad]; returns those after the last.

    Twice as many are known after each round, and are turned together by twice the step.
    """
    square, turn_c, turn_s = step * step, 1.0, 1.0
    for denominator in (90.0, 56.0, 30.0, 12.0, 2.0):
        turn_c = 1.0 - square / denominator * turn_c
    for denominator in (110.0, 72.0, 42.0, 20.0, 6.0):
        turn_s = 1.0 - square / denominator * turn_s
    turn_s *= step
    known = 1
    while known < len(c):
        for i in range(known):
            c[known + i] = c[i] * turn_c - s[i] * turn_s
            s[known + i] = s[i] * turn_c + c[i] * turn_s
        turn_c, turn_s = turn_c * turn_c - turn_s * turn_s, 2.0 * turn_c * turn_s
        known *= 2
    return c[0] * turn_c - s[0] * turn_s, s[0] * turn_c + c[0] * turn_s
