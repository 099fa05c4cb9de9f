"""Readings of imperfect sensors: what faults make of them, from onset to end."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from simgen.core import Key
from simgen.domains.industrial.events import Event
from simgen.domains.industrial.kernels.sensors import FAULTS, corrupt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

_SPOILED_SHARE = {"spikes": 0.05, "dropout": 0.3}  # of a sensor's readings; assumption


def spoil(events: Iterable[Event], key: Key, sensor: str, at: Floats, values: Floats) -> Integers:
    """Let faults of a sensor spoil its readings in place; which fault each suffers from `(n,)`.

    Args:
        events: of the machine; those of other sensors are passed over.
        key: a stream's key. (2,)
        sensor: whose readings these are.
        at: when each was made, ascending. (n,) [s]
        values: what would have been read; NaN where it is lost. (n,)

    Returns:
        Codes in ("", *FAULTS).
    """
    codes = np.zeros(len(at), np.int64)
    for event in events:
        if event.sensor == sensor:
            first, last = np.searchsorted(at, (event.onset_at, event.ended_at))
            code = FAULTS.index(event.fault)
            corrupt(
                key,
                event.event_id,
                code,
                event.size,
                at[first:last] - event.onset_at,
                _SPOILED_SHARE.get(event.fault, 0.0),
                np.nan,
                values[first:last],
            )
            codes[first:last] = code + 1
    return codes
