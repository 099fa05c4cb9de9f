"""Watching a line: what is judged once a shift, and the inspections that follow."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import simpy

from simgen.core import HOUR
from simgen.domains.industrial.packaging.machine import COUNTED
from simgen.domains.industrial.packaging.stations import shows
from simgen.domains.industrial.sensing import corrupt_by
from simgen.domains.industrial.site.watching import judge

if TYPE_CHECKING:
    from simgen.domains.industrial.packaging.line import Line
    from simgen.domains.industrial.packaging.machine import Station

QUANTITIES: Mapping[str, str] = MappingProxyType(
    {
        "jam_ratio": "1/1000",
        "reject_ratio": "1/1000",
        "current_ratio": "1",
        "shaking_ratio": "1",
    }
)
_FEW = 2_000.0  # products, fewer than which are not judged; assumption
_NOISE = 0.01  # of a shift's mean, relative; assumption


def watch(line: Line) -> Generator[simpy.Event, Any, None]:
    """The SimPy process of the line's alarms."""
    policy = line.about.watching
    ticks = max(1, round(policy.judging_interval * HOUR / policy.telemetry_interval))
    # A moment after the last row of the shift.
    yield line.env.timeout(1.0)
    while True:
        yield line.env.timeout(ticks * policy.telemetry_interval)
        line.advance()
        for station, seen in zip(line.stations, line.count(), strict=True):
            counted = dict(zip(COUNTED, seen.tolist(), strict=True))
            if counted["products"] >= _FEW:
                for quantity, level in _levels(line, station, counted):
                    judge(line, station, quantity, level)


def _levels(line: Line, station: Station, counted: Mapping[str, float]) -> Iterator[Any]:
    """Each quantity with what a shift says of it; left out where its sensor is stuck."""
    thousands = counted["products"] / 1e3
    # A jam and a reject more, so that a lucky baseline is not nothing.
    yield "jam_ratio", (counted["n_jams"] + 1.0) / thousands
    if station.about.reject_share > 0.0:
        yield "reject_ratio", (counted["rejects"] + 1.0) / thousands
    looks = [(shows()[part.mode.defect], part.severity) for part in station.parts if part.event]
    extra = sum(one.current * size for one, size in looks)
    shake = sum(one.vibration * size for one, size in looks) / station.about.vibration
    for quantity, sensor, usual, level in (
        ("current_ratio", "current", station.about.current, 1.0 + extra),
        ("shaking_ratio", "vibration", station.about.vibration, float(np.hypot(1.0, shake))),
    ):
        read = _read(line, station, sensor, level * usual)
        if read is not None:
            yield quantity, read / usual * (1.0 + _NOISE * float(station.rng.standard_normal()))


def _read(line: Line, station: Station, sensor: str, value: float) -> float | None:
    """A shift's mean of a sensor; None if it is stuck, so that nothing new is known."""
    event = station.sensor_fault
    if event is None or not event.active or event.sensor != sensor:
        return value
    if event.fault == "stuck":
        return None
    values, age = np.array([value]), np.array([line.env.now - event.onset_at])
    # Spikes and dropouts hit single readings, and hardly their mean.
    corrupt_by(event, line.sensor_key, event.event_id, age, values, share=0.0)
    return float(values[0])
