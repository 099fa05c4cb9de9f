"""What a seed may be: said once for every verb."""

from __future__ import annotations

from numbers import Integral
from typing import Any

from simgen.core import RequestError

# scikit-learn takes seeds below 2^32, and metrics add the number of a split to theirs.
HIGHEST_OF_METRICS = 4_000_000_000


def check_seed(seed: Any, *, highest: int | None = None) -> int:
    """The seed as Python's own number, whatever kind of whole number it is.

    Raises:
        RequestError: chance can't begin with it: it is none, is negative, or is above `highest`.
    """
    if isinstance(seed, bool) or not isinstance(seed, Integral):
        raise RequestError(f"seed = {seed!r} is no whole number: give one, such as 7")
    number = int(seed)
    if number < 0 or (highest is not None and number > highest):
        above = "" if highest is None else f" and <= {highest:,}"
        raise RequestError(f"seed = {seed} is out of bounds: must be >= 0{above}")
    return number
