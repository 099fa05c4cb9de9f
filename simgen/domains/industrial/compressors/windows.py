"""A compressor's windows: its housing shakes, and the pressure between its stages pulses."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from simgen.core import Key
from simgen.domains.industrial.bearings import catalogue
from simgen.domains.industrial.compressors.compressor import (
    N_HARMONICS,
    RATED_SPEED,
    RECIPROCATING,
    CompressorParameters,
    Made,
    built,
    working,
)
from simgen.domains.industrial.compressors.fan import fan_lines
from simgen.domains.industrial.compressors.features import LOBES
from simgen.domains.industrial.compressors.valves import (
    hunting_period,
    pressure_swing,
    sawtooth,
    slam,
)
from simgen.domains.industrial.fleet.signals import Conditions
from simgen.domains.industrial.kernels.fleet import normals
from simgen.domains.industrial.kernels.gas import AMBIENT
from simgen.domains.industrial.kernels.known_lines import add_lines
from simgen.domains.industrial.kernels.rolling import noise_share
from simgen.domains.industrial.kernels.telemetry import thickness
from simgen.domains.industrial.kernels.vibration import DEFECT, RUNNING, vibrate
from simgen.kernels.arrays import Floats

Samples = npt.NDArray[np.float32]

BEARING = "SKF_6205"  # whose orders are those of all bearings here; assumption
ROLLING = 0.04  # noise at full speed and load [g]; assumption
_RATE = 12_800.0  # at which that is so [Hz]
# All assumptions.
_FLOOR, _PRESSURE_NOISE = 0.01, 0.03  # [g], [bar]
_WOBBLE = 0.001  # of the speed within a window, relative
_SLAP, _SPALL = 0.8, 1.6  # of a valve and of a bearing at full load [g]
_SLAM = 1.0  # of a valve that shuts late, at the worst [g]
_HISS = 1.5  # of rolling noise, by a leaking valve; and half of it by worn rings
_PULSE = (0.02, 0.12)  # of the pressure between the stages, screw and reciprocating, relative
_MANY_TURNS = 10.0  # [rad]; a phase with this deviation may be any
_NO_STRIKES, _NO_TURNS = np.zeros(1, DEFECT), np.zeros((0, 2))
_N_PHASES = 4  # which are by chance: those of the fan's and belt's lines, and of the hunting


def chances(key: Key, window: int, n: int) -> tuple[Floats, Floats]:
    """What is by chance apart from what `vibrate` draws for a window: noise `(n,)`, and phases.

    Args:
        key: a stream's key. (2,)
        window: identifies the window.
        n: samples.
    """
    drawn = normals(key, -1 - window, 1, n + _N_PHASES)[0]
    return drawn[:n], _MANY_TURNS * drawn[n:]


def housing_window(
    key: Key, window: int, made: Made, at: Conditions, *, rate: float, phases: Floats, out: Samples
) -> None:
    """Fill in the acceleration of the housing.

    Args:
        key: a stream's key. (2,)
        window: identifies the window.
        made: the machine.
        at: the conditions, of one instant.
        rate: samples per second. [Hz]
        phases: of the fan's and the belt's lines. [rad]
        out: (n,) [g]
    """
    speed, load, severity = at.speed, at.load, at.severity
    hiss = 1.0 + _HISS * (_leaks(severity) + 0.5 * severity["ring_wear"])
    stiff = 1.0 + 0.5 * thickness(at.warmth)
    rolling = ROLLING * speed**1.5 * load * hiss * stiff * noise_share(rate, _RATE)
    running = np.array([(RATED_SPEED[made.kind] / 60.0 * speed, _WOBBLE, rolling, _FLOOR)], RUNNING)
    turns = _multiples(made, severity, speed, load)
    first, *others = [*_strikes(made, severity, speed, load)] or [_NO_STRIKES[0]]
    vibrate(key, window, rate, running[0], made.modes, turns, first, out)
    # Noise and the shaft belong to the first round; the others are strikes alone.
    running["rolling"] = running["floor"] = 0.0
    for strikes in others:
        one = np.empty_like(out)
        vibrate(key, window, rate, running[0], made.modes, _NO_TURNS, strikes, one)
        out += one
    blown = severity["fan_unbalance"], severity["belt_wear"]
    lines = zip(fan_lines(*blown, fan=made.fan, belt=made.belt), phases, strict=True)
    add_lines(
        np.array([(frequency / rate, size, phase) for (frequency, size), phase in lines]), out
    )


def gas_window(
    about: CompressorParameters,
    made: Made,
    at: Conditions,
    *,
    rate: float,
    chance: tuple[Floats, float],
    out: Samples,
) -> None:
    """Fill in the absolute pressure between the stages.

    Args:
        about: all machines.
        made: this one.
        at: the conditions, of one instant.
        rate: samples per second. [Hz]
        chance: standard normal numbers `(n,)`, and the phase of the hunting [rad].
        out: (n,) [bar]
    """
    (noise, phase), speed, severity = chance, at.speed, at.severity
    order = 2.0 if made.kind == RECIPROCATING else LOBES
    turn = RATED_SPEED[made.kind] / 60.0 * speed
    mean = float(working(about, built(about, made), at)["between"][0])
    pulse = _PULSE[made.kind] * made.pulse * mean * (1.0 + 0.5 * _leaks(severity))
    out[:] = mean + _PRESSURE_NOISE * noise
    add_lines(np.array([(order * turn / rate, pulse, made.phases[0] - 0.5 * np.pi)]), out)
    swing = pressure_swing(severity["intake_valve_stiction"])
    if swing > 0.0:
        period = hunting_period(about.rated_flow, AMBIENT, speed=speed, lean=made.lean)
        time = np.arange(len(noise)) / rate
        # Both stages have the same ratio, so the pressure between goes with the root of the last.
        header = (AMBIENT + about.header_pressure) * at.load
        hunting = sawtooth(time / period + phase / (2.0 * np.pi), made.lean)
        out += swing * 0.5 * mean / header * hunting


def _leaks(severity: Mapping[str, float]) -> float:
    return severity["first_valve_leakage"] + severity["second_valve_leakage"]


def _multiples(made: Made, severity: Mapping[str, float], speed: float, load: float) -> Floats:
    """Cosine and sine part of each multiple of the turn `(N_HARMONICS, 2)` [g]; assumptions."""
    size = np.zeros(N_HARMONICS)
    if made.kind == RECIPROCATING:
        size[:4] = 0.06, 0.08, 0.02, 0.02
    else:
        lobes = int(LOBES)
        size[0] = 0.03
        size[lobes - 1] = 0.08 * load * (1.0 + 3.0 * severity["rotor_wear"])
        size[2 * lobes - 1] = 0.03 * load * (1.0 + 4.0 * severity["rotor_wear"])
    size *= speed**2
    return np.array([size * np.cos(made.phases), size * np.sin(made.phases)]).T.copy()


def _strikes(made: Made, severity: Mapping[str, float], speed: float, load: float) -> Iterator[Any]:
    """Records of dtype DEFECT: valves slap once a turn, sound as they are; spalls are struck."""
    orders = catalogue()[BEARING].orders
    slap = 0.0
    if made.kind == RECIPROCATING:
        slap = _SLAP * load * speed * (1.0 + 0.6 * _leaks(severity))
        slap += _SLAM * slam(severity["valve_spring_fatigue"], speed)
    spall = _SPALL * severity["outer_race_spall"] * speed * math.sqrt(load)
    for order, strike, slip in ((1.0, slap, 0.0), (orders.outer_race, spall, 0.008)):
        if strike > 0.0:
            row = np.zeros(1, DEFECT)
            row["order"], row["amplitude"], row["slip"] = order, strike, slip
            row["zone"], row["every_second"], row["spread"] = 1.0, 1.0, 0.15
            row["spall_time"] = 4e-4
            yield row[0]
