"""Instants of records, as their columns hold them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from simgen.core import TIMESTAMP
from simgen.domains.industrial.kernels.rows import stored_instants, stored_instants_at
from simgen.kernels.arrays import Floats


def instants(
    start_date: str,
    seconds: Floats,
    places: npt.NDArray[np.signedinteger[Any]] | None = None,
) -> pa.Array:
    """The same as `simgen.core.timestamps`, for millions of instants that are all known.

    One pass and no copy: six passes over fresh memory cost more than it does to simulate a row.

    Args:
        start_date: first day, as YYYY-MM-DD.
        seconds: since its start, none of them NaN. (n,) [s]
        places: which of them are wanted, in which order; all as they are unless told. (m,)
    """
    out = np.empty(len(seconds) if places is None else len(places), np.int64)
    if places is None:
        stored_instants(seconds, _epoch_time(start_date), out)
    else:
        stored_instants_at(seconds, places, _epoch_time(start_date), out)
    return _column(out)


def turned_to_instants(start_date: str, seconds: Floats) -> pa.Array:
    """The same in the memory of the seconds, which are gone then."""
    out = seconds.view(np.int64)
    stored_instants(seconds, _epoch_time(start_date), out)
    return _column(out)


def _epoch_time(start_date: str) -> np.int64:
    """From the epoch to a day's start [us]."""
    return np.datetime64(start_date, "us").astype(np.int64)


def _column(stored: npt.NDArray[np.int64]) -> pa.Array:
    return pa.Array.from_buffers(TIMESTAMP, len(stored), [None, pa.py_buffer(stored)], 0)
