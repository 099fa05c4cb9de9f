"""Readings of imperfect sensors: what faults make of them, from onset to end."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from simgen.core import Key
from simgen.domains.industrial.events import Event
from simgen.domains.industrial.kernels.rows import gather
from simgen.domains.industrial.kernels.sensors import FAULTS, corrupt
from simgen.domains.industrial.kernels.telemetry import n_readings
from simgen.kernels.arrays import Floats, Integers

_SPOILED_SHARE = {"spikes": 0.05, "dropout": 0.3}  # of a sensor's readings; assumption
_SPOILED_SAMPLES = {"spikes": 0.002, "dropout": 0.2}  # of a window's; assumption


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


def in_order(columns: Iterable[Floats], order: npt.NDArray[np.signedinteger[Any]]) -> list[Floats]:
    """The columns `(n,)` in an order `(m,)` without repetition; what they held is gone then.

    Each takes the memory of the one before: fresh memory costs more than all that is done to it.
    """
    ordered, free = [], np.empty(len(order))
    for column in columns:
        gather(column, order, free)
        ordered.append(free)
        free = column[: len(order)]
    return ordered


def taken(values: npt.NDArray[Any], places: npt.NDArray[np.signedinteger[Any]]) -> Any:
    """The values at some places `(n,)`, as those of machines for each of many rows."""
    out = np.empty(len(places), values.dtype)
    gather(values, places, out)
    return out


def spoil(event: Event, key: Key, at: Floats, values: Floats) -> slice:
    """Let a fault of a sensor spoil its readings in place.

    Args:
        event: the fault.
        key: a stream's key. (2,)
        at: when each of the machine's readings was made, ascending. (n,) [s]
        values: what would have been read; NaN where it is lost. (n,)

    Returns:
        What was spoiled.
    """
    hit, share = during(event, at), _SPOILED_SHARE.get(event.fault, 0.0)
    corrupt_by(event, key, event.event_id, at[hit] - event.onset_at, values[hit], share=share)
    return hit


def spoil_sent(
    event: Event, key: Key, at: Floats, values: Floats, *, steps_per_unit: float
) -> None:
    """The same in the steps in which it is sent."""
    hit = spoil(event, key, at, values)
    values[hit] = np.rint(values[hit] * steps_per_unit) / steps_per_unit


def spoil_window(
    event: Event | None,
    sensors: Container[str],
    samples: npt.NDArray[np.float32],
    *,
    key: Key,
    window: int,
    now: float,
) -> int:
    """Let a fault that goes on spoil a window's samples in place; its code in ("", *FAULTS).

    Args:
        event: the last fault of the machine's sensors, if there was one.
        sensors: those that take windows.
        samples: (n,)
        key: a stream's key. (2,)
        window: identifies the window.
        now: [s]
    """
    if event is None or not event.active or event.sensor not in sensors:
        return 0
    return spoil_samples(event, samples, key=key, window=window, now=now)


def spoil_samples(
    event: Event, samples: npt.NDArray[np.float32], *, key: Key, window: int, now: float
) -> int:
    """The same by a fault of which it is known that it goes on."""
    age = np.full(len(samples), now - event.onset_at)
    share = _SPOILED_SAMPLES.get(event.fault, 0.0)
    return corrupt_by(event, key, window, age, samples, share=share, missing=np.float32(0.0))


def corrupt_by(
    event: Event,
    key: Key,
    entity: int,
    age: Floats,
    values: npt.NDArray[Any],
    *,
    share: float,
    missing: Any = np.nan,
) -> int:
    """Spoil values in place as a sensor's fault does, see `corrupt`; its code in ("", *FAULTS)."""
    code = FAULTS.index(event.fault)
    corrupt(key, entity, code, event.size, event.offset, age, share, missing, values)
    return code + 1


def during(event: Event, at: Floats) -> slice:
    """Those of some ascending instants `(n,)` [s] at which an event goes on."""
    return slice(*np.searchsorted(at, (event.onset_at, event.ended_at)).tolist())
