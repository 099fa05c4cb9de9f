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
_STEADY = 32  # samples over which speed and load count as constant
_WANDER_MEMORY = 0.9  # the same of how well a defect is met; assumption
_MEMORY = 0.98  # of the wobble from one such stretch to the next; assumption
_LOAD_EXPONENT = 1.5  # of point contacts (Harris, Kotzalas)
_ENTRY = -0.3  # strength of entering a spall over that of leaving it; assumption
_UNIT_DEVIATION = math.sqrt(12.0)  # makes a uniform number's standard deviation 1
_STRIKES = 1 << 30  # counters from here on belong to strikes
_WOBBLES = 1 << 31  # and from here on to the speed
_WANDERS = 3 << 30  # and from here on to how well a defect is met


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
    angles = np.empty(total // _STEADY + 2)
    _turn(key, window, rate, running, angles)
    met = np.ones(len(angles))
    if defect.order > 0.0:
        _wander(key, window, defect, met)
        _strike(key, window, rate, defect, angles, met, push[1])
    floor = np.zeros(n)
    _hiss(key, window, running, defect, met, push, floor)
    _swing(harmonics, angles, floor)
    answer = np.zeros((2, n))
    _answer(modes, rate, push, answer, defect.order > 0.0)
    square, added_square = 0.0, 0.0
    for i in range(n):
        quiet, added = answer[0, i] + floor[i], answer[1, i]
        square += quiet * quiet
        added_square += added * added
        out[i] = quiet + added
    return square / n, added_square / n


@njit(cache=True, error_model="numpy")
def _turn(key: Any, window: Any, rate: Any, running: Any, angles: Any) -> None:
    """The shaft's angle [rad] at the start of each steady stretch, while its speed wobbles."""
    u, v = uniform_pair(key, window, _WOBBLES)
    angle, wobble = math.tau * u, normal_from(v)
    fresh = math.sqrt(1.0 - _MEMORY * _MEMORY)
    for i in range(len(angles)):
        angles[i] = angle
        speed = running.shaft_rate * (1.0 + running.wobble * wobble)
        angle += math.tau * speed * _STEADY / rate
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
            at = (stretch + (due - angles[stretch]) / width) * _STEADY
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
def _hiss(
    key: Any, window: Any, running: Any, defect: Any, met: Any, push: Any, floor: Any
) -> None:
    """Add noise of rolling and of the damaged contact to the push; fill the sensor's own.

    What pushes is uniform: the modes sum so much of it that what they make of it is Gaussian.
    """
    rolling, roughness = running.rolling * _UNIT_DEVIATION, defect.roughness * _UNIT_DEVIATION
    sensor = running.floor * _UNIT_DEVIATION / math.sqrt(2.0)
    for i in range(push.shape[1] - 2):
        w0, w1, w2, w3 = words(key, window, i)
        push[0, i] += rolling * (unit(w0) - 0.5)
        push[1, i] += met[i // _STEADY] * roughness * (unit(w1) - 0.5)
        if i >= WARM_UP:
            floor[i - WARM_UP] = sensor * (unit(w2) + unit(w3) - 1.0)


@njit(cache=True, error_model="numpy")
def _answer(modes: Any, rate: Any, push: Any, out: Any, is_struck: Any) -> None:
    """What the modes make of rolling noise (row 0) and, if there is one, of a defect (row 1).

    An impulse of 1 makes a decaying sine that begins with the mode's gain.
    """
    m = len(modes)
    a, b = np.empty(m), np.empty(m)
    gain = np.empty((2, m))
    for j in range(m):
        turn = math.tau * modes[j].frequency / rate
        decay = math.exp(-modes[j].damping * turn)
        turn *= math.sqrt(1.0 - modes[j].damping * modes[j].damping)
        a[j], b[j] = 2.0 * decay * math.cos(turn), -decay * decay
        gain[0, j] = modes[j].rolling * decay * math.sin(turn)
        gain[1, j] = modes[j].strike * decay * math.sin(turn)
    for source in range(2 if is_struck else 1):
        _resonate(a, b, gain[source], push[source], out[source])


@njit(cache=True, error_model="numpy")
def _resonate(a: Any, b: Any, gain: Any, push: Any, out: Any) -> None:
    """Sum of second-order recurrences; all modes at once, so that none waits for itself."""
    m = len(a)
    last, before = np.zeros(m), np.zeros(m)
    for i in range(1, len(out) + WARM_UP):
        pushed, total = push[i - 1], 0.0
        for j in range(m):
            value = a[j] * last[j] + b[j] * before[j] + gain[j] * pushed
            before[j] = last[j]
            last[j] = value
            total += value
        if i >= WARM_UP:
            out[i - WARM_UP] = total


@njit(cache=True, error_model="numpy")
def _swing(harmonics: Any, angles: Any, out: Any) -> None:
    """Add the multiples of the shaft's turn."""
    first, m = WARM_UP // _STEADY, len(harmonics)
    c, s, turn_c, turn_s = np.empty(m), np.empty(m), np.empty(m), np.empty(m)
    for stretch in range(first, len(angles) - 1):
        step = (angles[stretch + 1] - angles[stretch]) / _STEADY
        for j in range(m):
            angle = (j + 1) * angles[stretch]
            in_phase, across = harmonics[j]
            c[j] = in_phase * math.cos(angle) + across * math.sin(angle)
            s[j] = in_phase * math.sin(angle) - across * math.cos(angle)
            turn_c[j], turn_s[j] = math.cos((j + 1) * step), math.sin((j + 1) * step)
        start = (stretch - first) * _STEADY
        for i in range(start, min(start + _STEADY, len(out))):
            total = 0.0
            for j in range(m):
                total += c[j]
                c[j], s[j] = (
                    c[j] * turn_c[j] - s[j] * turn_s[j],
                    s[j] * turn_c[j] + c[j] * turn_s[j],
                )
            out[i] += total
