"""Telemetry of a hall, from the phases in which its machines ran."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simgen.core import HOUR, MINUTE
from simgen.domains.industrial.hall import Hall, Phase
from simgen.domains.industrial.kernels.sensors import FAULTS
from simgen.domains.industrial.kernels.telemetry import (
    AT,
    CHANNELS,
    COLUMNS,
    PHASE,
    REMAINING_TIME,
    STEPS_PER_UNIT,
    read_out,
)
from simgen.domains.industrial.lookalikes.sensor_fault import TRANSMITTER
from simgen.domains.industrial.sensing import Timetable, during, in_order, spoil_sent, timetable
from simgen.domains.industrial.telegrams import Journeys, send
from simgen.kernels.ordering import time_order

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]

_TEMPERATURE = CHANNELS.index("temperature")  # the one whose sensor may be at fault


@dataclass(frozen=True, kw_only=True)
class Readings:
    """What every machine of a hall sent, in order of time; one array `(n,)` a column."""

    values: dict[str, Floats]  # of `COLUMNS`
    journeys: Journeys
    machine: Integers  # within the block
    bearing_id: Integers
    spall_size: Floats  # [mm]
    sensor_fault: Codes  # in ("", *FAULTS)


def read_telemetry(hall: Hall) -> Readings:
    """Let the machines fill an array one after the other, then put it in order of time."""
    interval, operation = hall.rig.monitoring.telemetry_interval, hall.rig.operation
    phases: list[list[Phase]] = [[] for _ in hall.machines]
    for phase in hall.phases:
        phases[phase.machine].append(phase)
    runs = [_runs(some) for some in phases]
    times = timetable(runs, interval)
    columns = [np.empty(times.n) for _ in COLUMNS]
    for machine, some, mine in zip(hall.machines, runs, times.slices, strict=True):
        read_out(
            hall.telemetry_key,
            machine.machine_id,
            some,
            interval,
            hall.days,
            (operation.rated_speed, operation.rated_load),
            (operation.warming, operation.warming_time * MINUTE),
            hall.rig.defects.failure_size,
            tuple(columns),
            mine.start,
        )
    sensor_fault = _spoil(hall, times, columns[AT], columns[_TEMPERATURE])
    journeys = _send(hall, times, columns)
    order, sizes = time_order(columns[AT]), _sizes(phases, times, columns[AT])
    order = order[journeys.arrived[order]]
    counts = np.concatenate(times.counts)
    place = np.array([phase.machine for some in phases for phase in some], np.int64)
    bearing = np.array([phase.bearing.bearing_id for some in phases for phase in some], np.int64)
    return Readings(
        values=dict(zip(COLUMNS, in_order(columns, order), strict=True)),
        journeys=journeys.in_order(order),
        machine=np.repeat(place, counts)[order],
        bearing_id=np.repeat(bearing, counts)[order],
        spall_size=sizes[order],
        sensor_fault=sensor_fault[order],
    )


def _runs(phases: list[Phase]) -> npt.NDArray[np.void]:
    """Of dtype PHASE."""
    runs = np.empty(len(phases), PHASE)
    for name in ("start", "stop", "speed", "load"):
        runs[name] = [getattr(phase, name) for phase in phases]
    runs["first_size"] = [_size(phase, phase.first_age) for phase in phases]
    runs["last_size"] = [_size(phase, phase.last_age) for phase in phases]
    runs["failed"] = [phase.seized for phase in phases]
    runs["use_time"] = [phase.first_use for phase in phases]
    runs["remaining_time"] = [phase.bearing.end for phase in phases] - runs["use_time"]
    return runs


def _size(phase: Phase, age: float) -> float:
    """Length of the spall at an age [mm]."""
    spall = phase.bearing.spall
    return float(spall.size_at(age)) if age >= spall.onset_age else 0.0


def _sizes(phases: list[list[Phase]], times: Timetable, at: Floats) -> Floats:
    """Length of the spall at each reading, one machine after the other `(n,)` [mm]."""
    sizes = np.zeros(times.n)
    for some, counts, mine in zip(phases, times.counts, times.slices, strict=True):
        ends = mine.start + np.cumsum(counts)
        for phase, first, end in zip(some, ends - counts, ends, strict=True):
            if phase.last_age > phase.bearing.spall.onset_age:
                hours = (at[first:end] - phase.start) / HOUR
                ages = phase.first_age + hours * phase.rate
                sizes[first:end] = phase.bearing.spall.size_at(ages)
    return sizes


def _spoil(hall: Hall, times: Timetable, at: Floats, temperature: Floats) -> Codes:
    """Let faulty sensors spoil temperatures in place; which fault each reading has `(n,)`."""
    codes = np.zeros(times.n, np.int32)
    for event in hall.events:
        if event.sensor in {CHANNELS[_TEMPERATURE], TRANSMITTER}:
            mine = times.slices[event.machine]
            if event.sensor != TRANSMITTER:
                spoil_sent(
                    event,
                    hall.sensor_key,
                    at[mine],
                    temperature[mine],
                    steps_per_unit=STEPS_PER_UNIT[_TEMPERATURE],
                )
            codes[mine][during(event, at[mine])] = FAULTS.index(event.fault) + 1
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
