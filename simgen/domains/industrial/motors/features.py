"""What an analyst measures on three currents: symmetrical components and lines beside the mains."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from simgen.core import Field
from simgen.domains.industrial.kernels.windows import highest_near, mean_squares, turn_together
from simgen.domains.industrial.spectra import BLACKMAN_HARRIS, cosine_taper
from simgen.domains.industrial.transforms import Spectra, complex_spectrum

Sizes = npt.NDArray[np.float32]

_LOBE = 5  # bins on either side of a line that the taper spreads it over
_REACH = 2  # bins on either side of a line's place where it is looked for, at the least
TACHOMETER_STEP = 0.5  # to which a tachometer reads [rpm]; assumption


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
def _taper(n: int) -> npt.NDArray[np.float32]:
    """Blackman and Harris' window, whose side lobes lie 92 dB below: (n,), of mean 2 / 3 n."""
    values = cosine_taper(n, BLACKMAN_HARRIS)
    return np.asarray(values * (2.0 / 3.0) / values.sum(), np.float32)


def space_vector_spectrum(currents: npt.NDArray[np.float32]) -> Spectra:
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
    n = currents.shape[1]
    vector = np.empty(n, np.complex64)
    turn_together(currents, _taper(n), vector)
    return complex_spectrum(vector)


def measure_currents(
    currents: npt.NDArray[np.float32],
    rate: float,
    *,
    tachometer: Callable[[float], float],
    n_pole_pairs: int,
    races: tuple[float, float],
) -> Mapping[str, float]:
    """The features of a window.

    Args:
        currents: of the three phases. (3, n) [A]
        rate: samples per second. [Hz]
        tachometer: what it reads [rpm] when the mains have such a frequency [Hz].
        n_pole_pairs: of the motor.
        races: strikes of the bearing's outer and inner race a turn.
    """
    size = np.abs(space_vector_spectrum(currents))
    width = rate / len(size)
    mains = _peak(size, width, len(size) // 2)
    speed = tachometer(mains)
    turn = speed / 60.0
    slip = 1.0 - n_pole_pairs * turn / mains if mains else 0.0
    places = _places(mains, turn, slip, races)
    bins = np.array([place / width for some in places.values() for place in some])
    found = np.empty(len(bins))
    # By so much [Hz] the tachometer's step may put a line beside its place.
    off = 0.5 * TACHOMETER_STEP / 60.0 * max(2.0 * n_pole_pairs, *races)
    highest_near(size, bins, _REACH + int(off / width), True, found)
    each = iter(found.tolist())
    heights = {name: max(next(each) for _ in some) for name, some in places.items()}
    forward, backward = max(heights.pop("forward"), 1e-9), heights.pop("backward")
    heights["races"] = max(heights["outer_race"], heights["inner_race"])
    square = np.empty(len(currents))
    mean_squares(currents, square)
    return {
        "speed": speed,
        "frequency": mains,
        **{f"rms_{p}": math.sqrt(value) for p, value in zip("abc", square.tolist(), strict=True)},
        "unbalance": backward / forward,
        **{f"line_{name}": height / forward for name, height in heights.items()},
        "distortion": _distortion(size, round(mains / width)),
    }


def _places(
    mains: float, turn: float, slip: float, races: tuple[float, float]
) -> Mapping[str, tuple[float, ...]]:
    """Where the lines are [Hz]; negative: turning backward."""
    outer, inner = races[0] * turn, races[1] * turn
    return {
        "forward": (mains,),
        "backward": (-mains,),
        "lower_sideband": ((1.0 - 2.0 * slip) * mains,),
        "upper_sideband": ((1.0 + 2.0 * slip) * mains,),
        "eccentricity": (mains - turn, mains + turn),
        "third": (3.0 * mains, -3.0 * mains),
        "fifth": (5.0 * mains, -5.0 * mains),
        "outer_race": (mains - outer, mains + outer),
        "inner_race": (mains - inner, mains + inner),
    }


def _distortion(size: Sizes, place: int) -> float:
    """Root mean square of all but the lobes of the mains' two lines, over that of these."""
    offsets = np.arange(-_LOBE, _LOBE + 1)
    lobes = np.concatenate([place + offsets, -place + offsets]) % len(size)
    mains, others = size[lobes], size.copy()
    others[lobes] = 0.0
    return math.sqrt(float(np.dot(others, others)) / max(float(np.dot(mains, mains)), 1e-18))


def _peak(size: Sizes, width: float, last: int) -> float:
    """The frequency of the highest line, between bins by a parabola through its logarithm [Hz]."""
    place = int(np.argmax(size[1 : last - 1])) + 1
    left, middle, right = (
        math.log(max(one, 1e-12)) for one in size[place - 1 : place + 2].tolist()
    )
    bend = left - 2.0 * middle + right
    return (place + (0.5 * (left - right) / bend if bend else 0.0)) * width
