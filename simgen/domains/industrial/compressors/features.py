"""What an analyst measures on a window of a compressor: its housing, and the gas between stages."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from simgen.core import Field
from simgen.domains.industrial.compressors.fan import BELT_RATE, FAN_RATE, MOST_SLIP
from simgen.domains.industrial.spectra import (
    HANN,
    band_levels,
    cosine_taper,
    envelope_lines,
    envelope_spectrum,
    moments,
)

_SLOW_RATE = 200.0  # below which the fan and its belt turn [Hz]
_FAN_RATES = FAN_RATE * np.linspace(1.01 - MOST_SLIP, 1.01, 25)  # at which it may [Hz]
_MOST_MULTIPLES = 8  # of the shaft's turn that are taken off
_BELT_RATES = BELT_RATE * np.array([1.0, 2.0])  # [Hz]
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
    shake, pressure = samples[:1], samples[1].astype(np.float64)
    turn = speed / 60.0
    found = {name: float(value[0]) for name, value in moments(shake).items()}
    bands = {name: float(value[0]) for name, value in band_levels(shake, rate).items()}
    orders = {"envelope_turn": 1.0, "envelope_outer_race": outer_race}
    lines = envelope_lines(*envelope_spectrum(shake, rate), np.array([turn]), orders)
    # A sensor that sends nothing measures nothing.
    excess = max(float(pressure.mean()), 1e-3) / float(np.sqrt(ends[0] * ends[1]))
    return {
        "shaft_speed": speed,
        "rms": found["rms"],
        "kurtosis": found["kurtosis"],
        **bands,
        "line_turn": _amplitude(shake[0], turn / rate),
        "line_lobes": _amplitude(shake[0], LOBES * turn / rate),
        **_fan_and_belt(shake[0], rate, turn),
        **{name: float(value[0]) for name, value in lines.items()},
        "interstage_pressure": float(pressure.mean()),
        "interstage_pulsation": float(pressure.std()),
        "interstage_excess": excess,
        "interstage_lack": 1.0 / excess,
    }


def _amplitude(samples: npt.NDArray[np.float32], frequency: float) -> float:
    """Of a line at a frequency, in samples to the power -1, through a Hann window [g]."""
    window = _hann(len(samples))
    turn = np.exp(-2j * np.pi * frequency * np.arange(len(samples)))
    return float(2.0 * np.abs(np.dot(samples * window, turn)) / window.sum())


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
    time = np.arange(len(slow)) * (step / rate)
    n_multiples = min(_MOST_MULTIPLES, int(2.0 * _FAN_RATES[-1] / turn))
    angles = 2.0 * np.pi * turn * np.outer(time, np.arange(1, n_multiples + 1))
    shaft = np.column_stack([np.ones(len(time)), np.cos(angles), np.sin(angles)])
    rest = slow - shaft @ np.linalg.lstsq(shaft, slow, rcond=None)[0]
    frequency = np.concatenate([_FAN_RATES, _BELT_RATES])
    window = _hann(len(rest))
    turns = np.exp(-2j * np.pi * np.outer(frequency, time))
    # Means over some samples are lower than what they are of.
    size = 2.0 * np.abs(turns @ (rest * window)) / window.sum() / np.sinc(frequency * step / rate)
    n = len(_FAN_RATES)
    return {
        "line_fan": float(size[:n].max()),
        "fan_speed": 60.0 * float(frequency[size[:n].argmax()]),
        "line_belt": float(size[n:].max()),
    }


@cache
def _hann(n: int) -> npt.NDArray[np.float64]:
    return cosine_taper(n, HANN, periodic=False)
