"""Tables of rows that stand owner by owner."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt


def offsets_of(counts: Iterable[int]) -> npt.NDArray[np.int64]:
    """From how many rows each owner has to where they begin, and how many there are `(n + 1,)`.

    >>> offsets_of([2, 0, 3]).tolist()
    [0, 2, 2, 5]
    """
    return np.concatenate([[0], np.cumsum(np.fromiter(counts, np.int64))])
