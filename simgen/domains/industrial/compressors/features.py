"""What an analyst measures on a window of a compressor: its housing, and the gas between stages."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from simgen.core import Field
from simgen.domains.industrial.compressors.fan import BELT_RATE, FAN_RATE, MOST_SLIP
from simgen.domains.industrial.kernels.known_lines import line_amplitudes, take_multiples_off
from simgen.domains.industrial.kernels.windows import deviation
from simgen.domains.industrial.spectra import BANDS, HANN, cosine_taper, features
from simgen.kernels.arrays import Floats

_SLOW_RATE = 200.0  # below which the fan and its belt turn [Hz]
_FAN_RATES = FAN_RATE * np.linspace(1.01 - MOST_SLIP, 1.01, 25)  # at which it may [Hz]
_MOST_MULTIPLES = 8  # of the shaft's turn that are taken off
_BELT_RATES = BELT_RATE * np.array([1.0, 2.0])  # [Hz]
_SLOW_LINES = np.concatenate([_FAN_RATES, _BELT_RATES])  # [Hz]
_TAKEN = ("rms", "kurtosis", *BANDS, "envelope_turn", "envelope_outer_race")  # of `features`
LOBES = 4.0  # of a screw's driven rotor; a window's line at this order of the turn


def _feature(name: str, unit: str, doc: str) -> Field:
    return Field(name, pa.float64(), unit, doc)


FEATURES = (
    _feature("shaft_speed", "rpm", "By the tachometer."),
    _feature("rms", "g", "Root mean square of acceleration, less its mean."),
    _feature("kurtosis", "1", "Fourth moment over the squared second; 3 if Gaussian."),
    _feature("band_low", "g", "Root mean square between 10 and 500 Hz."),
    _feature("band_mid", "g", "Root mean square between 500 Hz and 2 kHz."),
    _feature("band_high", "g", "Root mean square between 2 and 5 kHz."),
    _feature("line_turn", "g", "Amplitude at the turn of the shaft."),
    _feature("line_lobes", "g", "Amplitude at four times that: the lobes of a screw."),
    _feature("line_fan", "g", "Largest line where the aftercooler's fan may turn."),
    _feature("fan_speed", "rpm", "Where that is."),
    _feature("line_belt", "g", "Larger of the lines at the rate of the fan's belt and twice that."),
    _feature("envelope_turn", "1", "Line of the envelope at the turn over its surroundings."),
    _feature("envelope_outer_race", "1", "The same at the order of the bearing's outer race."),
    _feature("interstage_pressure", "bar", "Mean between the stages, absolute."),
    _feature("interstage_pulsation", "bar", "Standard deviation of that."),
    _feature("interstage_excess", "1", "Mean over the root of ambient and header pressure."),
    _feature("interstage_lack", "1", "The inverse."),
)


def measure(
    samples: npt.NDArray[np.float32],
    rate: float,
    *,
    speed: float,
    outer_race: float,
    ends: tuple[float, float],
) -> Mapping[str, float]:
    """The features of a window.

    Args:
        samples: acceleration [g] and pressure between the stages [bar]. (2, n)
        rate: samples per second. [Hz]
        speed: of the shaft. [rpm]
        outer_race: order of the bearing's outer race.
        ends: absolute pressures before and behind the machine. [bar]
    """
    shake, pressure = samples[0], samples[1]
    turn, mean = speed / 60.0, float(pressure.mean(dtype=np.float64))
    orders = {"envelope_turn": 1.0, "envelope_outer_race": outer_race}
    found = features(samples[:1], rate, np.array([turn]), orders)
    lines = np.empty(2)
    line_amplitudes(shake, _hann(len(shake)), np.array([1.0, LOBES]) * (turn / rate), lines)
    # A sensor that sends nothing measures nothing.
    excess = max(mean, 1e-3) / math.sqrt(ends[0] * ends[1])
    return {
        "shaft_speed": speed,
        **{name: float(found[name][0]) for name in _TAKEN},
        "line_turn": float(lines[0]),
        "line_lobes": float(lines[1]),
        **_fan_and_belt(shake, rate, turn),
        "interstage_pressure": mean,
        "interstage_pulsation": float(deviation(pressure)),
        "interstage_excess": excess,
        "interstage_lack": 1.0 / excess,
    }


def _fan_and_belt(
    samples: npt.NDArray[np.float32], rate: float, turn: float
) -> Mapping[str, float]:
    """Lines of the fan and its belt, of means over some samples, without what the shaft does.

    Args:
        samples: (n,) [g]
        rate: samples per second. [Hz]
        turn: of the shaft. [Hz]
    """
    step = max(int(rate / _SLOW_RATE), 1)
    slow = samples[: len(samples) // step * step].reshape(-1, step).mean(1, dtype=np.float64)
    take_multiples_off(
        turn * step / rate, min(_MOST_MULTIPLES, int(2.0 * _FAN_RATES[-1] / turn)), slow
    )
    turns, kept = _slow_lines(step / rate)
    size = np.empty(len(turns))
    line_amplitudes(slow, _hann(len(slow)), turns, size)
    size /= kept
    n = len(_FAN_RATES)
    return {
        "line_fan": float(size[:n].max()),
        "fan_speed": 60.0 * float(_FAN_RATES[size[:n].argmax()]),
        "line_belt": float(size[n:].max()),
    }


@cache
def _slow_lines(spacing: float) -> tuple[Floats, Floats]:
    """Turns of `_SLOW_LINES` in a time [s], and what a mean over it keeps of them `(l,)`."""
    turns = _SLOW_LINES * spacing
    return turns, np.sinc(turns)


@cache
def _hann(n: int) -> Floats:
    return cosine_taper(n, HANN, periodic=False)
