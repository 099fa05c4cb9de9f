"""Which readings make a sample: those nearest to instants half a second apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from simgen.core import RequestError
from simgen.formats.drives import Drive, Taken, rows_apart


def key_times(taken: Sequence[Taken], rate: float) -> list[int]:
    """The times [us] of those readings that are at least 1 / rate apart."""
    times = [reading.at for reading in taken]
    return [times[row] for row in rows_apart(times, rate)]


def nearest(taken: Sequence[Taken], times: Sequence[int]) -> list[int]:
    """Places in `taken` of the readings that are nearest to some times, the earlier of two."""
    at = np.array([reading.at for reading in taken])
    found: list[int] = np.abs(at[None] - np.array(times)[:, None]).argmin(axis=1).tolist()
    return found


def key_readings(
    drive: Drive, names: Sequence[str], times: Sequence[int]
) -> Mapping[str, list[int]]:
    """For each sensor, the places of its readings that belong to samples.

    Raises:
        RequestError: a sensor reads less often than samples come.
    """
    found = {}
    for name in names:
        rows = nearest(drive.readings.get(name, ()), times) if name in drive.readings else []
        if len(set(rows)) < len(times):
            raise RequestError(
                f"episode {drive.number}: sensor {name} reads less often than there are samples: "
                "lower format.keyframe_rate"
            )
        found[name] = rows
    return found
