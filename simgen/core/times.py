"""Simulated seconds and the calendar."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

MINUTE = 60.0  # [s]
HOUR = 3_600.0  # [s]
DAY = 86_400.0  # [s]
WEEK = 7 * DAY  # [s]


def timestamps(start_date: str, seconds: npt.ArrayLike) -> npt.NDArray[np.datetime64]:
    """The nearest microseconds `(n,)` to seconds since the start of `start_date`; NaN gives NaT.

    >>> timestamps("2024-01-01", [0.0, 1.5])
    array(['2024-01-01T00:00:00.000000', '2024-01-01T00:00:01.500000'],
          dtype='datetime64[us]')
    """
    values = np.asarray(seconds, np.float64)
    absent = np.isnan(values)
    some_absent = bool(absent.any())
    known = np.where(absent, 0.0, values) if some_absent else values
    instants = np.datetime64(start_date, "us") + np.rint(known * 1e6).astype("timedelta64[us]")
    if some_absent:
        instants[absent] = np.datetime64("NaT", "us")
    return instants
