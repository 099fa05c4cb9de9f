"""What an analyst measures on a gearbox's vibration: levels, the mesh, its sidebands, the turns."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy import fft

from simgen.core import Field
from simgen.domains.industrial.spectra import (
    HANN,
    cosine_taper,
    envelope_lines,
    envelope_spectrum,
    moments,
)

Floats = npt.NDArray[np.float64]

_VELOCITY_BAND = (10.0, 1_000.0)  # [Hz], of ISO 20816-1
GRAVITY = 9.80665  # [m/s2]
_REACH = 2  # bins on either side of a line's place where it is looked for
_N_SIDEBANDS = 3  # on either side of the mesh
N_MESH = 3  # multiples of the mesh that are looked at


def _feature(name: str, unit: str, doc: str) -> Field:
    return Field(name, pa.float64(), unit, doc)


FEATURES = (
    _feature("speed", "rpm", "Of the input shaft, from a tachometer."),
    _feature("rms", "g", "Root mean square of acceleration, less its mean."),
    _feature("peak", "g", "Largest deviation from the mean."),
    _feature("kurtosis", "1", "Fourth moment over the squared second; 3 if Gaussian."),
    _feature("crest_factor", "1", "Peak over root mean square."),
    _feature("velocity", "mm/s", "Root mean square of velocity between 10 Hz and 1 kHz."),
    *(
        _feature(f"line_mesh_{k}", "g", f"Line at {k} times the mesh.")
        for k in range(1, N_MESH + 1)
    ),
    _feature(
        "pinion_sidebands", "1", "Mean of the mesh's three sidebands a side, at turns, over it."
    ),
    _feature("wheel_sidebands", "1", "The same at turns of the wheel."),
    _feature("line_half", "g", "Line at half a turn."),
    _feature("line_turn", "g", "Line at one turn."),
    _feature("line_double", "g", "Line at two turns."),
    _feature("line_multiples", "g", "Largest of the lines at three to six turns."),
    _feature("residual_kurtosis", "1", "Kurtosis without the mesh, its sidebands, and the turns."),
    _feature("envelope_turn", "1", "The envelope's line at one turn over its surroundings."),
    _feature("envelope_outer_race", "1", "The same at the outer race's order."),
    _feature("envelope_inner_race", "1", "The same at the inner race's order."),
)


@cache
def _taper(n: int) -> Floats:
    """Hann's window `(n,)`, of mean 1."""
    values = cosine_taper(n, HANN)
    return np.asarray(values / values.mean())


def line_spectrum(samples: Floats) -> Floats:
    """Amplitudes of lines, of a tapered window `(n // 2 + 1,)` [g].

    Args:
        samples: (n,) [g]
    """
    centred = samples - samples.mean()
    return np.asarray(np.abs(fft.rfft(centred * _taper(len(samples)))) * (2.0 / len(samples)))


def velocity(samples: Floats, rate: float) -> float:
    """Root mean square of velocity within the band of ISO 20816-1 [mm/s].

    Args:
        samples: acceleration. (n,) [g]
        rate: samples per second. [Hz]
    """
    n = len(samples)
    frequency = fft.rfftfreq(n, 1.0 / rate)
    kept = (frequency >= _VELOCITY_BAND[0]) & (frequency <= _VELOCITY_BAND[1])
    size = np.abs(fft.rfft(samples - samples.mean()))[kept] * (2.0 / n) * GRAVITY * 1e3
    return float(np.sqrt(0.5 * np.square(size / (2.0 * np.pi * frequency[kept])).sum()))


def measure_gears(
    samples: npt.NDArray[np.float32],
    rate: float,
    *,
    speed: float,
    teeth: tuple[int, int],
    races: tuple[float, float],
) -> Mapping[str, float]:
    """The features of a window.

    Args:
        samples: acceleration. (n,) [g]
        rate: samples per second. [Hz]
        speed: of the input shaft. [rpm]
        teeth: of pinion and wheel.
        races: strikes of the bearing's outer and inner race a turn.
    """
    wide, turn = samples.astype(np.float64), speed / 60.0
    levels = {name: float(value[0]) for name, value in moments(wide[None, :]).items()}
    orders = {"turn": 1.0, "outer_race": races[0], "inner_race": races[1]}
    spectrum = envelope_spectrum(wide[None, :], rate)
    envelope = envelope_lines(*spectrum, np.array([turn]), orders)
    n_turns = turn * len(samples) / rate
    return {
        "speed": speed,
        **levels,
        "velocity": velocity(wide, rate),
        **_lines(line_spectrum(wide), n_turns, teeth),
        "residual_kurtosis": _residual_kurtosis(wide, n_turns, teeth),
        **{f"envelope_{name}": float(value[0]) for name, value in envelope.items()},
    }


def _lines(size: Floats, n_turns: float, teeth: tuple[int, int]) -> Mapping[str, float]:
    """Lines of the mesh, its sidebands and the turns.

    Args:
        size: amplitudes of lines. (m,) [g]
        n_turns: of the input shaft in the window: the bin of order 1.
        teeth: of pinion and wheel.
    """

    def line(order: float) -> float:
        """The highest bin near an order [g]."""
        middle = round(order * n_turns)
        return float(size[max(middle - _REACH, 1) : middle + _REACH + 1].max(initial=0.0))

    def beside(order: float) -> float:
        steps = order * np.arange(1, _N_SIDEBANDS + 1)
        return float(np.mean([line(teeth[0] + step) for step in (*steps, *-steps)]))

    mesh = max(line(teeth[0]), 1e-9)
    return {
        **{f"line_mesh_{k}": line(k * teeth[0]) for k in range(1, N_MESH + 1)},
        "pinion_sidebands": beside(1.0) / mesh,
        "wheel_sidebands": beside(teeth[0] / teeth[1]) / mesh,
        "line_half": line(0.5),
        "line_turn": line(1.0),
        "line_double": line(2.0),
        "line_multiples": max(line(float(order)) for order in range(3, 7)),
    }


def _residual_kurtosis(samples: Floats, n_turns: float, teeth: tuple[int, int]) -> float:
    """Kurtosis of what is left without the regular lines: what a cracked tooth adds is not one.

    Near to the figure of merit FM4 of Stewart (1977), but without averaging over turns.

    Args:
        samples: (n,) [g]
        n_turns: of the input shaft in the window.
        teeth: of pinion and wheel.
    """
    spectrum = fft.rfft((samples - samples.mean()) * _taper(len(samples)))
    wheel = teeth[0] / teeth[1]
    orders = [1.0, 2.0] + [
        k * teeth[0] + step for k in range(1, 5) for step in (0.0, 1.0, -1.0, wheel, -wheel)
    ]
    for order in orders:
        middle = round(order * n_turns)
        spectrum[max(middle - 2 * _REACH, 0) : middle + 2 * _REACH + 1] = 0.0
    # The middle half, where the taper is well above 0, which is then divided out.
    n = len(samples)
    middle_half = slice(n // 4, n - n // 4)
    rest = fft.irfft(spectrum, n)[middle_half] / _taper(n)[middle_half]
    square = rest * rest
    return float((square * square).mean() / max(square.mean(), 1e-20) ** 2)
