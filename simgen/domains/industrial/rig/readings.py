"""Telemetry of a hall, from the phases in which its machines ran."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simgen.core import HOUR, MINUTE
from simgen.domains.industrial.kernels.rig import (
    AT,
    CHANNELS,
    COLUMNS,
    PHASE,
    REMAINING_TIME,
    STEPS_PER_UNIT,
    read_out,
)
from simgen.domains.industrial.kernels.rows import gather, merge
from simgen.domains.industrial.kernels.sensors import FAULTS
from simgen.domains.industrial.lookalikes.sensor_fault import TRANSMITTER
from simgen.domains.industrial.rig.hall import Hall, Phase
from simgen.domains.industrial.sensing import Timetable, during, in_order, spoil_sent, timetable
from simgen.domains.industrial.telegrams import Journeys, send
from simgen.kernels.arrays import Floats, Integers

Codes = npt.NDArray[np.int32]

_TEMPERATURE = CHANNELS.index("temperature")  # the one whose sensor may be at fault


@dataclass(frozen=True, kw_only=True)
class Readings:
    """What every machine of a hall sent, in order of time; one array `(n,)` a column."""

    values: dict[str, Floats]  # of `COLUMNS`
    journeys: Journeys
    machine: Codes  # within the block
    bearing_id: Integers
    spall_size: Floats  # [mm]
    sensor_fault: Codes  # in ("", *FAULTS)


def read_telemetry(hall: Hall) -> Readings:
    """Let the machines fill an array one after the other, then put it in order of time."""
    phases: list[list[Phase]] = [[] for _ in hall.machines]
    for phase in hall.phases:
        phases[phase.machine].append(phase)
    runs = [_runs(some) for some in phases]
    times = timetable(runs, hall.rig.monitoring.telemetry_interval)
    columns = _read_out(hall, runs, times)
    _spoil(hall, times, columns[AT], columns[_TEMPERATURE])
    journeys = _send(hall, times, columns)
    order, machine = np.empty(times.n, np.int32), np.empty(times.n, np.int32)
    bounds = np.array([0, *(mine.stop for mine in times.slices)])
    n = merge(columns[AT], journeys.arrived, bounds, order, machine)
    order, machine = order[:n], machine[:n]
    *every, sizes = in_order((*columns, _sizes(phases, times, columns[AT])), order)
    values = dict(zip(COLUMNS, every, strict=True))
    fitted = np.array([phase.bearing.bearing_id for some in phases for phase in some], np.int64)
    bearing_id = np.empty(n, np.int64)
    gather(np.repeat(fitted, np.concatenate(times.counts)), order, bearing_id)
    return Readings(
        values=values,
        journeys=journeys.in_order(order),
        machine=machine,
        bearing_id=bearing_id,
        spall_size=sizes,
        sensor_fault=_faults(hall, values["at"], machine),
    )


def _read_out(hall: Hall, runs: list[npt.NDArray[np.void]], times: Timetable) -> list[Floats]:
    """`COLUMNS`, one machine after the other, each `(n,)`."""
    operation, columns = hall.rig.operation, [np.empty(times.n) for _ in COLUMNS]
    for machine, some, mine in zip(hall.machines, runs, times.slices, strict=True):
        read_out(
            hall.telemetry_key,
            machine.machine_id,
            some,
            hall.rig.monitoring.telemetry_interval,
            hall.days,
            (operation.rated_speed, operation.rated_load),
            (operation.warming, operation.warming_time * MINUTE),
            hall.rig.defects.failure_size,
            tuple(columns),
            mine.start,
        )
    return columns


def _runs(phases: list[Phase]) -> npt.NDArray[np.void]:
    """Of dtype PHASE."""
    runs = np.empty(len(phases), PHASE)
    for name in ("start", "stop", "speed", "load"):
        runs[name] = [getattr(phase, name) for phase in phases]
    runs["first_size"] = [phase.bearing.spall.size_at(phase.first_age) for phase in phases]
    runs["last_size"] = [phase.bearing.spall.size_at(phase.last_age) for phase in phases]
    runs["failed"] = [phase.seized for phase in phases]
    runs["use_time"] = [phase.first_use for phase in phases]
    runs["remaining_time"] = [phase.bearing.end for phase in phases] - runs["use_time"]
    return runs


def _sizes(phases: list[list[Phase]], times: Timetable, at: Floats) -> Floats:
    """Length of the spall at each reading, one machine after the other `(n,)` [mm]."""
    sizes = np.zeros(times.n)
    for some, counts, mine in zip(phases, times.counts, times.slices, strict=True):
        ends = mine.start + np.cumsum(counts)
        for phase, first, end in zip(some, ends - counts, ends, strict=True):
            if phase.last_age > phase.bearing.spall.onset_age:
                hours = (at[first:end] - phase.start) / HOUR
                ages = phase.first_age + hours * phase.rate
                sizes[first:end] = phase.bearing.spall.sizes_at(ages)
    return sizes


def _spoil(hall: Hall, times: Timetable, at: Floats, temperature: Floats) -> None:
    """Let faulty sensors spoil temperatures in place."""
    for event in hall.events:
        if event.sensor == CHANNELS[_TEMPERATURE]:
            mine = times.slices[event.machine]
            spoil_sent(
                event,
                hall.sensor_key,
                at[mine],
                temperature[mine],
                steps_per_unit=STEPS_PER_UNIT[_TEMPERATURE],
            )


def _faults(hall: Hall, at: Floats, machine: Codes) -> Codes:
    """Which fault of a sensor each reading has, in order of time `(n,)`."""
    codes = np.zeros(len(at), np.int32)
    for event in hall.events:
        if event.sensor in {CHANNELS[_TEMPERATURE], TRANSMITTER}:
            hit = during(event, at)
            codes[hit][machine[hit] == event.machine] = FAULTS.index(event.fault) + 1
    return codes


def _send(hall: Hall, times: Timetable, columns: list[Floats]) -> Journeys:
    """Send what was read."""
    journeys = Journeys.empty(times.n)
    for machine, mine in zip(hall.machines, times.slices, strict=True):
        send(
            hall.rig.monitoring.telegrams,
            [event for event in hall.events if event.machine == machine.index],
            columns[AT][mine],
            journeys[mine],
            confirmed=columns[REMAINING_TIME][mine] == 0.0,
            key=hall.sensor_key,
            machine_id=machine.machine_id,
        )
    return journeys
