"""What an analyst measures on a gearbox's vibration: levels, the mesh, its sidebands, the turns."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from simgen.core import Field
from simgen.domains.industrial.kernels.gears import clear_near
from simgen.domains.industrial.kernels.transforms import fade
from simgen.domains.industrial.kernels.windows import highest_near, kurtosis
from simgen.domains.industrial.spectra import (
    HANN,
    cosine_taper,
    envelope_lines,
    envelope_of,
    moments,
)
from simgen.domains.industrial.transforms import (
    Samples,
    Spectra,
    real_samples,
    real_spectra,
)
from simgen.kernels.arrays import Floats

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


def line_spectrum(samples: Samples) -> Samples:
    """Amplitudes of lines, of a window tapered as Hann's `(n // 2 + 1,)` [g].

    Args:
        samples: (n,) [g]
    """
    n = len(samples)
    return _sizes(_tapered(real_spectra(samples[None])[0], n), n)


def _sizes(tapered: Spectra, n: int) -> Samples:
    """The same from the spectrum of a tapered window of `n` samples."""
    sizes = np.abs(tapered)
    sizes *= sizes.dtype.type(2.0 / n)
    return sizes


def _tapered(spectrum: Spectra, n: int) -> Spectra:
    """Spectrum of a window less its mean, tapered as Hann's, from that of the window.

    Args:
        spectrum: first half. (n // 2 + 1,)
        n: samples of the window.
    """
    out = np.empty_like(spectrum)
    fade(spectrum, n % 2 == 0, out)
    return out


def velocity(samples: Samples, rate: float) -> float:
    """Root mean square of velocity within the band of ISO 20816-1 [mm/s].

    Args:
        samples: acceleration. (n,) [g]
        rate: samples per second. [Hz]
    """
    return _velocity(real_spectra(samples[None])[0], len(samples), rate)


def _velocity(spectrum: Spectra, n: int, rate: float) -> float:
    """The same from the spectrum of a window of `n` samples."""
    lines, weights = _integration(n, rate)
    kept = spectrum[lines] * weights
    return math.sqrt(0.5 * float(np.vdot(kept, kept).real))


@cache
def _integration(n: int, rate: float) -> tuple[slice, npt.NDArray[np.float32]]:
    """Lines of that band, and the amplitude of velocity over each line of a spectrum [mm/s / g]."""
    frequency = np.fft.rfftfreq(n, 1.0 / rate)
    kept = np.flatnonzero((frequency >= _VELOCITY_BAND[0]) & (frequency <= _VELOCITY_BAND[1]))
    lines = slice(int(kept[0]), int(kept[-1]) + 1)
    weights = 2.0 / n * GRAVITY * 1e3 / (2.0 * np.pi * frequency[lines])
    return lines, np.asarray(weights, np.float32)


def velocities(frequency: Floats) -> Floats:
    """Root mean square of velocity of a tone of 1 g `(n,)` [mm/s]; 0 beyond that band.

    Args:
        frequency: (n,) [Hz]
    """
    low, high = _VELOCITY_BAND
    size = GRAVITY * 1e3 / (2.0 * np.pi * np.maximum(frequency, low)) / np.sqrt(2.0)
    return np.where((frequency >= low) & (frequency <= high), size, 0.0)


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
    n, turn = len(samples), speed / 60.0
    spectrum = real_spectra(samples[None])
    orders = {"turn": 1.0, "outer_race": races[0], "inner_race": races[1]}
    envelope = envelope_lines(*envelope_of(spectrum, n, rate), np.array([turn]), orders)
    n_turns, tapered = turn * n / rate, _tapered(spectrum[0], n)
    return {
        "speed": speed,
        **{name: float(value[0]) for name, value in moments(samples[None]).items()},
        "velocity": _velocity(spectrum[0], n, rate),
        **_lines(_sizes(tapered, n), n_turns, teeth),
        "residual_kurtosis": _residual_kurtosis(tapered, n, n_turns, teeth),
        **{f"envelope_{name}": float(value[0]) for name, value in envelope.items()},
    }


def least_rate(teeth: tuple[int, int], speed: float) -> float:
    """Samples per second [Hz] that tell of the mesh and its sidebands.

    Args:
        teeth: of pinion and wheel.
        speed: of the input shaft, the highest. [rpm]
    """
    places = _places(teeth)
    orders = (*places["pinion_sidebands"], *places["wheel_sidebands"])
    return 2.0 * max(orders) * speed / 60.0


@cache
def _places(teeth: tuple[int, int]) -> Mapping[str, tuple[float, ...]]:
    """Orders of the lines that each feature is made of.

    Args:
        teeth: of pinion and wheel.
    """

    def beside(order: float) -> tuple[float, ...]:
        steps = [k * order for k in range(1, _N_SIDEBANDS + 1)]
        return tuple(teeth[0] + step for step in (*steps, *(-step for step in steps)))

    return {
        **{f"line_mesh_{k}": (float(k * teeth[0]),) for k in range(1, N_MESH + 1)},
        "pinion_sidebands": beside(1.0),
        "wheel_sidebands": beside(teeth[0] / teeth[1]),
        "line_half": (0.5,),
        "line_turn": (1.0,),
        "line_double": (2.0,),
        "line_multiples": (3.0, 4.0, 5.0, 6.0),
    }


@cache
def _orders(teeth: tuple[int, int]) -> Floats:
    """All orders of `_places`, in one row."""
    return np.array([order for some in _places(teeth).values() for order in some])


def _lines(size: Samples, n_turns: float, teeth: tuple[int, int]) -> Mapping[str, float]:
    """Lines of the mesh, its sidebands and the turns.

    Args:
        size: amplitudes of lines. (m,) [g]
        n_turns: of the input shaft in the window: the bin of order 1.
        teeth: of pinion and wheel.
    """
    bins = _orders(teeth) * n_turns
    found = np.empty(len(bins))
    highest_near(size, bins, _REACH, False, found)
    each = iter(found.tolist())
    lines = {name: [next(each) for _ in some] for name, some in _places(teeth).items()}
    # A mesh beyond half the rate, or of a dead sensor, has no sidebands.
    mesh = max(lines["line_mesh_1"]) or math.inf
    return {
        name: sum(some) / len(some) / mesh if name.endswith("sidebands") else max(some)
        for name, some in lines.items()
    }


def _residual_kurtosis(tapered: Spectra, n: int, n_turns: float, teeth: tuple[int, int]) -> float:
    """Kurtosis of what is left without the regular lines: what a cracked tooth adds is not one.

    Near to the figure of merit FM4 of Stewart (1977), but without averaging over turns.

    Args:
        tapered: spectrum of the tapered window, of which the regular lines are taken. (m,)
        n: samples of the window.
        n_turns: of the input shaft in the window.
        teeth: of pinion and wheel.
    """
    clear_near(_regular(teeth) * n_turns, 2 * _REACH, tapered)
    # The middle half, where the taper is well above 0, which is then divided out.
    return float(kurtosis(real_samples(tapered, n)[n // 4 : n - n // 4], _untaper(n)))


@cache
def _regular(teeth: tuple[int, int]) -> Floats:
    """Orders of the regular lines."""
    steps = (0.0, 1.0, -1.0, teeth[0] / teeth[1], -teeth[0] / teeth[1])
    return np.array([1.0, 2.0, *(k * teeth[0] + step for k in range(1, 5) for step in steps)])


@cache
def _untaper(n: int) -> npt.NDArray[np.float32]:
    """What takes the taper off the middle half of a window."""
    taper = cosine_taper(n, HANN)[n // 4 : n - n // 4]
    return np.asarray(0.5 / taper, np.float32)
