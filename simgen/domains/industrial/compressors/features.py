"""What an analyst measures on a window of a compressor: its housing, and the gas between stages."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from simgen.core import Field
from simgen.domains.industrial.spectra import (
    HANN,
    band_levels,
    cosine_taper,
    envelope_lines,
    envelope_spectrum,
    moments,
)

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


@cache
def _hann(n: int) -> npt.NDArray[np.float64]:
    return cosine_taper(n, HANN, periodic=False)
