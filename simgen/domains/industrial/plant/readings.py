"""Telemetry of a station, from the stretches of time in which its pumps ran."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simgen.domains.industrial.kernels.pumps import (
    AT,
    CHANNELS,
    COLUMNS,
    REMAINING_TIME,
    STEPS_PER_UNIT,
    STRETCH,
    read_pump,
)
from simgen.domains.industrial.kernels.sensors import FAULTS
from simgen.domains.industrial.lookalikes.sensor_fault import TRANSMITTER
from simgen.domains.industrial.plant.lookalikes import SENSORS
from simgen.domains.industrial.plant.station import Pump, Station
from simgen.domains.industrial.sensing import during, in_order, spoil_sent, timetable
from simgen.domains.industrial.telegrams import Journeys, send
from simgen.kernels.ordering import time_order

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]


@dataclass(frozen=True, kw_only=True)
class Readings:
    """What every pump of a station sent, in order of time; one array `(n,)` a column."""

    values: dict[str, Floats]  # of `COLUMNS`
    journeys: Journeys
    machine: Integers  # within the block
    faulty_sensor: Codes  # in ("", *SENSORS)
    sensor_fault: Codes  # in ("", *FAULTS)


def read_station(station: Station) -> Readings:
    """Let the pumps fill an array one after the other, then put it in order of time."""
    interval = station.about.watching.telemetry_interval
    stretches = [_stretches(pump) for pump in station.pumps]
    times = timetable(stretches, interval)
    columns = [np.empty(times.n) for _ in COLUMNS]
    faulty_sensor, sensor_fault = np.zeros(times.n, np.int32), np.zeros(times.n, np.int32)
    journeys = Journeys.empty(times.n)
    for pump, some, mine in zip(station.pumps, stretches, times.slices, strict=True):
        read_pump(
            station.telemetry_key,
            pump.machine_id,
            station.plants,
            some,
            interval,
            station.days,
            tuple(columns),
            mine.start,
        )
        own = tuple(column[mine] for column in columns)
        _spoil(station, pump, own, faulty_sensor[mine], sensor_fault[mine])
        _send(station, pump, own, journeys[mine])
        del own  # so that nothing holds the columns when they are put in order
    order, counts = time_order(columns[AT]), [mine.stop - mine.start for mine in times.slices]
    order = order[journeys.arrived[order]]
    machine = np.repeat(np.arange(len(counts)), counts)
    return Readings(
        values=dict(zip(COLUMNS, in_order(columns, order), strict=True)),
        journeys=journeys.in_order(order),
        machine=machine[order],
        faulty_sensor=faulty_sensor[order],
        sensor_fault=sensor_fault[order],
    )


def _spoil(
    station: Station,
    pump: Pump,
    columns: tuple[Floats, ...],
    faulty_sensor: Codes,
    sensor_fault: Codes,
) -> None:
    """Let faulty sensors spoil in place what a pump sent, and fill in which they are, and how."""
    for event in station.events:
        if event.machine == pump.index and event.sensor:
            hit = during(event, columns[AT])
            if event.sensor != TRANSMITTER:
                channel = CHANNELS.index(event.sensor)
                spoil_sent(
                    event,
                    station.sensor_key,
                    columns[AT],
                    columns[channel],
                    steps_per_unit=STEPS_PER_UNIT[channel],
                )
            faulty_sensor[hit] = SENSORS.index(event.sensor) + 1
            sensor_fault[hit] = FAULTS.index(event.fault) + 1


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


def _stretches(pump: Pump) -> npt.NDArray[np.void]:
    """Of dtype STRETCH: what happened, and how long the pump still runs until it fails."""
    stops = np.array([*pump.stops, np.nan])
    # One that ends with a failure ends at a stop, but for the rounding of sums.
    ends = np.array([*pump.uses[1:], pump.use_time])
    left = stops[np.searchsorted(stops[:-1] + 2e-3, ends)] - np.array(pump.uses)
    known = zip(pump.stretches, pump.uses, left.tolist(), strict=True)
    return np.array([(*stretch, use, more) for stretch, use, more in known], STRETCH)
