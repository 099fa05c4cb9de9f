"""Simulated seconds and the calendar."""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt

from simgen.core.errors import RequestError

MINUTE = 60.0  # [s]
HOUR = 3_600.0  # [s]
DAY = 86_400.0  # [s]
WEEK = 7 * DAY  # [s]

# So that data of decades are instants to readers that count in nanoseconds from 1970, as pandas
# may: those reach from 1677 to 2262.
FIRST_YEAR, LAST_YEAR = 1700, 2199


def first_day(start_date: str) -> date:
    """The day that a parameter `start_date` names.

    Other spellings of a date that Python reads, such as 20240131, mean years to NumPy.

    Raises:
        RequestError: it names none, not as YYYY-MM-DD, or one that is centuries away.
    """
    try:
        day = date.fromisoformat(start_date)
    except ValueError:
        day = None
    if day is None or day.isoformat() != start_date:
        raise RequestError(f"start_date = {start_date!r} is no date: write it as 2024-01-31")
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise RequestError(
            f"start_date = {start_date!r} is in the year {day.year}: choose one from {FIRST_YEAR} "
            f"to {LAST_YEAR}"
        )
    return day


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
