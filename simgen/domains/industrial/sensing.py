"""Readings of imperfect sensors: what faults make of them, from onset to end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from simgen.core import Key
from simgen.domains.industrial.events import Event
from simgen.domains.industrial.kernels.sensors import FAULTS, corrupt
from simgen.domains.industrial.kernels.telemetry import n_readings

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

_SPOILED_SHARE = {"spikes": 0.05, "dropout": 0.3}  # of a sensor's readings; assumption


@dataclass(frozen=True, kw_only=True)
class Timetable:
    """How many readings each machine makes, and where they stand one machine after the other."""

    counts: list[Integers]  # of each run, by machine
    slices: list[slice]  # by machine
    n: int  # in all


def timetable(runs: Sequence[npt.NDArray[Any]], interval: float) -> Timetable:
    """Plan the readings of machines.

    Args:
        runs: of each machine, as `n_readings` takes them.
        interval: between two readings. [s]
    """
    counts = [np.empty(len(some), np.int64) for some in runs]
    for some, out in zip(runs, counts, strict=True):
        n_readings(some, interval, out)
    bounds = np.cumsum([0, *(out.sum() for out in counts)]).tolist()
    slices = [slice(*pair) for pair in pairwise(bounds)]
    return Timetable(counts=counts, slices=slices, n=bounds[-1])


def in_order(columns: list[Floats], order: Integers) -> list[Floats]:
    """The columns `(n,)` in an order `(n,)`; `columns` is emptied meanwhile.

    What is let go is taken again for the next: fresh memory costs more than all that is done to it.
    """
    ordered = []
    while columns:
        column = columns.pop(0)
        bits = column.view(np.int64)  # NaN among them
        # What is the same everywhere, such as the severity of nothing, is in any order.
        ordered.append(column if (bits == bits[:1]).all() else column[order])
    return ordered


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


def spoil_sent(
    event: Event, key: Key, at: Floats, values: Floats, *, steps_per_unit: float
) -> slice:
    """Let one fault of a sensor spoil in place what it sent.

    Args:
        event: the fault.
        key: a stream's key. (2,)
        at: when each of the machine's readings was made, ascending. (n,) [s]
        values: what the sensor sent. (n,)
        steps_per_unit: steps in which it is sent.

    Returns:
        What was spoiled.
    """
    hit = slice(*np.searchsorted(at, (event.onset_at, event.ended_at)).tolist())
    spoil([event], key, event.sensor, at[hit], values[hit])
    values[hit] = np.rint(values[hit] * steps_per_unit) / steps_per_unit
    return hit
