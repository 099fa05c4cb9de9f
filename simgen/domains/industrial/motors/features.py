"""What an analyst measures on three currents: symmetrical components and lines beside the mains."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy import fft

from simgen.core import Field
from simgen.domains.industrial.spectra import BLACKMAN_HARRIS, cosine_taper

Floats = npt.NDArray[np.float64]
Complexes = npt.NDArray[np.complex128]

_LOBE = 5  # bins on either side of a line that the taper spreads it over
_REACH = 2  # bins on either side of a line's place where it is looked for


def _feature(name: str, unit: str, doc: str) -> Field:
    return Field(name, pa.float64(), unit, doc)


def _line(name: str, doc: str) -> Field:
    return _feature(f"line_{name}", "1", f"{doc}, over the mains' line.")


FEATURES = (
    _feature("speed", "rpm", "Of the shaft, from a tachometer."),
    _feature("frequency", "Hz", "Of the mains."),
    *(_feature(f"rms_{phase}", "A", f"Root mean square of phase {phase}.") for phase in "abc"),
    _feature("unbalance", "1", "Negative over positive sequence at the mains' frequency."),
    _line("lower_sideband", "Line at (1 - 2 s) f, s the slip"),
    _line("upper_sideband", "Line at (1 + 2 s) f"),
    _line("eccentricity", "Largest line a turn of the shaft away from f"),
    _line("third", "Largest line at 3 f, forward or backward"),
    _line("fifth", "Largest line at 5 f, forward or backward"),
    _line("outer_race", "Largest line a strike of the outer race away from f"),
    _line("inner_race", "Largest line a strike of the inner race away from f"),
    _line("races", "Largest of the lines of either race"),
    _feature("distortion", "1", "All but the mains' two lines, over these."),
)


@cache
def _taper(n: int) -> Floats:
    """Blackman and Harris' window, whose side lobes lie 92 dB below: (n,), of mean 1."""
    values = cosine_taper(n, BLACKMAN_HARRIS)
    return np.asarray(values / values.mean())


def space_vector_spectrum(currents: npt.NDArray[np.float32]) -> Complexes:
    """Spectrum of 2/3 (a + b e^(2 pi i / 3) + c e^(-2 pi i / 3)), tapered `(n,)` [A].

    A balanced forward current of peak I makes a line of height I at its frequency, a backward one
    at the negative frequency: the symmetrical components, for every line at once.

    Args:
        currents: of the three phases. (3, n) [A]

    References:
        Park (1929); Cardoso, Saraiva (1993), Computer-aided detection of airgap eccentricity in
        operating three-phase induction motors by Park's vector approach. IEEE Trans. Industry
        Applications 29.
    """
    turn = np.exp(2j * np.pi / 3.0 * np.arange(3))
    vector = 2.0 / 3.0 * (turn[:, None] * currents).sum(0)
    n = len(vector)
    return np.asarray(fft.fft(vector * _taper(n)) / n)


def measure_currents(
    currents: npt.NDArray[np.float32],
    rate: float,
    *,
    speed: float,
    n_pole_pairs: int,
    races: tuple[float, float],
) -> Mapping[str, float]:
    """The features of a window.

    Args:
        currents: of the three phases. (3, n) [A]
        rate: samples per second. [Hz]
        speed: of the shaft. [rpm]
        n_pole_pairs: of the motor.
        races: strikes of the bearing's outer and inner race a turn.
    """
    size = np.abs(space_vector_spectrum(currents))
    width = rate / len(size)
    mains, turn = _peak(size, width, len(size) // 2), speed / 60.0
    forward = max(_height(size, mains / width), 1e-9)
    slip = 1.0 - n_pole_pairs * turn / mains if mains else 0.0
    heights = {
        name: max(_height(size, place / width) for place in places)
        for name, places in _places(mains, turn, slip, races).items()
    }
    heights["races"] = max(heights["outer_race"], heights["inner_race"])
    square = np.square(currents, dtype=np.float64).mean(1)
    return {
        "speed": speed,
        "frequency": mains,
        **{f"rms_{p}": float(np.sqrt(value)) for p, value in zip("abc", square, strict=True)},
        "unbalance": _height(size, -mains / width) / forward,
        **{f"line_{name}": height / forward for name, height in heights.items()},
        "distortion": _distortion(size, round(mains / width)),
    }


def _places(
    mains: float, turn: float, slip: float, races: tuple[float, float]
) -> Mapping[str, tuple[float, ...]]:
    """Where the lines are [Hz]; negative: turning backward."""
    outer, inner = races[0] * turn, races[1] * turn
    return {
        "lower_sideband": ((1.0 - 2.0 * slip) * mains,),
        "upper_sideband": ((1.0 + 2.0 * slip) * mains,),
        "eccentricity": (mains - turn, mains + turn),
        "third": (3.0 * mains, -3.0 * mains),
        "fifth": (5.0 * mains, -5.0 * mains),
        "outer_race": (mains - outer, mains + outer),
        "inner_race": (mains - inner, mains + inner),
    }


def _height(size: Floats, place: float) -> float:
    """The highest bin near a place, which is negative if it turns backward [A]."""
    middle = round(place)
    return float(size[np.arange(middle - _REACH, middle + _REACH + 1) % len(size)].max())


def _distortion(size: Floats, place: int) -> float:
    """Root mean square of all but the lobes of the mains' two lines, over that of these."""
    offsets = np.arange(-_LOBE, _LOBE + 1)
    lobes = (np.concatenate([place + offsets, -place + offsets])) % len(size)
    square = size * size
    inside = max(float(square[lobes].sum()), 1e-18)
    return math.sqrt(max(float(square.sum()) - inside, 0.0) / inside)


def _peak(size: Floats, width: float, last: int) -> float:
    """The frequency of the highest line, between bins by a parabola through its logarithm [Hz]."""
    place = int(np.argmax(size[1 : last - 1])) + 1
    left, middle, right = np.log(np.maximum(size[place - 1 : place + 2], 1e-12))
    bend = left - 2.0 * middle + right
    return float((place + (0.5 * (left - right) / bend if bend else 0.0)) * width)
