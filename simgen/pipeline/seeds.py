"""What a seed may be: said once for every verb."""

from __future__ import annotations

from simgen.core import RequestError

# scikit-learn takes seeds below 2^32, and metrics add the number of a split to theirs.
HIGHEST_OF_METRICS = 4_000_000_000


def check_seed(seed: int, *, highest: int | None = None) -> None:
    """Refuse a seed that chance can't begin with.

    Raises:
        RequestError: it is negative, or above `highest`.
    """
    if seed < 0 or (highest is not None and seed > highest):
        above = "" if highest is None else f" and <= {highest:,}"
        raise RequestError(f"seed = {seed} is out of bounds: must be >= 0{above}")
