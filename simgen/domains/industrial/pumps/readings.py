"""Telemetry of a station, from the stretches of time in which its pumps ran."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simgen.domains.industrial.kernels.pump_readings import (
    AT,
    COLUMNS,
    DEFECT,
    OF_DEFECTS,
    OWN_TRACES,
    REMAINING_TIME,
    STEPS_PER_UNIT,
    read_pump,
)
from simgen.domains.industrial.kernels.pumps import CHANNELS, note_remaining
from simgen.domains.industrial.kernels.rows import merge
from simgen.domains.industrial.kernels.sensors import FAULTS
from simgen.domains.industrial.labels import OwnTraces
from simgen.domains.industrial.lookalikes.sensor_fault import TRANSMITTER
from simgen.domains.industrial.pumps.lookalikes import SENSORS
from simgen.domains.industrial.pumps.station import Pump, Station
from simgen.domains.industrial.sensing import during, in_order, spoil_sent, timetable
from simgen.domains.industrial.telegrams import Journeys, send
from simgen.kernels.arrays import Floats

Codes = npt.NDArray[np.int32]


@dataclass(frozen=True, kw_only=True)
class Readings:
    """What every pump of a station sent, in order of time; one array `(n,)` a column."""

    # Of `COLUMNS` up to the trace, and when they were stamped and received [s].
    values: dict[str, Floats]
    machine: Codes  # within the block
    defect: Codes | None  # of `COLUMNS`; None if no pump had two at once
    own: OwnTraces  # of defects that share readings
    faulty_sensor: Codes  # in ("", *SENSORS)
    sensor_fault: Codes  # in ("", *FAULTS)


def read_station(station: Station) -> Readings:
    """Let the pumps fill an array one after the other, then put it in order of time."""
    interval = station.about.watching.telemetry_interval
    stretches = [_stretches(station, pump) for pump in station.pumps]
    times = timetable(stretches, interval)
    columns = [np.empty(times.n) for _ in COLUMNS]
    # Where nothing is written no memory is touched.
    for place in OF_DEFECTS:
        columns[place] = np.zeros(times.n)
    journeys = Journeys.empty(times.n)
    for pump, some, mine in zip(station.pumps, stretches, times.slices, strict=True):
        read_pump(
            station.telemetry_key,
            pump.machine_id,
            station.automation.plants,
            some,
            interval,
            station.days,
            tuple(columns),
            mine.start,
        )
        own = tuple(column[mine] for column in columns)
        _spoil(station, pump, own)
        _send(station, pump, own, journeys[mine])
    order, machine = np.empty(times.n, np.int32), np.empty(times.n, np.int32)
    bounds = np.array([0, *(mine.stop for mine in times.slices)])
    n = merge(columns[AT], journeys.arrived, bounds, order, machine)
    shared = _own_traces(stretches, times.slices, columns, journeys)
    defect = columns[DEFECT][order[:n]].astype(np.int32) if len(shared.at) else None
    sent = COLUMNS[:DEFECT]
    every = in_order((*columns[:DEFECT], journeys.stamped, journeys.received), order[:n])
    values = dict(zip((*sent, "stamped_at", "received_at"), every, strict=True))
    faulty_sensor, sensor_fault = _faults(station, values["at"], machine[:n])
    return Readings(
        values=values,
        machine=machine[:n],
        defect=defect,
        own=shared,
        faulty_sensor=faulty_sensor,
        sensor_fault=sensor_fault,
    )


def _own_traces(
    stretches: list[npt.NDArray[np.void]],
    slices: list[slice],
    columns: list[Floats],
    journeys: Journeys,
) -> OwnTraces:
    """Of readings of those pumps that had several defects at once."""
    found = [OwnTraces.none()]
    for pump, (some, mine) in enumerate(zip(stretches, slices, strict=True)):
        if ((some["last"] > 0.0).sum(1) > 1).any():
            traces = np.stack([column[mine] for column in columns[OWN_TRACES]])
            found.append(OwnTraces.of(columns[AT][mine], pump, traces, journeys.arrived[mine]))
    return OwnTraces.joined(found)


def _spoil(station: Station, pump: Pump, columns: tuple[Floats, ...]) -> None:
    """Let faulty sensors spoil in place what a pump sent."""
    for event in station.events:
        if event.machine == pump.index and event.sensor not in {"", TRANSMITTER}:
            channel = CHANNELS.index(event.sensor)
            spoil_sent(
                event,
                station.sensor_key,
                columns[AT],
                columns[channel],
                steps_per_unit=STEPS_PER_UNIT[channel],
            )


def _faults(station: Station, at: Floats, machine: Codes) -> tuple[Codes, Codes]:
    """Which sensor was at fault at readings in order of time `(n,)`, and how."""
    faulty_sensor, sensor_fault = np.zeros(len(at), np.int32), np.zeros(len(at), np.int32)
    for event in station.events:
        if event.sensor:
            hit = during(event, at)
            mine = machine[hit] == event.machine
            faulty_sensor[hit][mine] = SENSORS.index(event.sensor) + 1
            sensor_fault[hit][mine] = FAULTS.index(event.fault) + 1
    return faulty_sensor, sensor_fault


def _send(station: Station, pump: Pump, columns: tuple[Floats, ...], out: Journeys) -> None:
    """Send a pump's readings."""
    send(
        station.about.watching.telegrams,
        [event for event in station.events if event.machine == pump.index],
        columns[AT],
        out,
        confirmed=columns[REMAINING_TIME] == 0.0,
        key=station.sensor_key,
        machine_id=pump.machine_id,
    )


def _stretches(station: Station, pump: Pump) -> npt.NDArray[np.void]:
    """Of dtype STRETCH: what happened, and now also how long the pump still runs until it fails."""
    some = station.stretches(pump)
    note_remaining(some, np.array(pump.stops, np.float64), pump.use_time)
    return some
