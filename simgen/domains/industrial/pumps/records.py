"""From a station's history to batches of the declared tables."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simgen.core import HOUR, Batch, timestamps
from simgen.domains.industrial.instants import turned_to_instants
from simgen.domains.industrial.kernels.pumps import CHANNELS
from simgen.domains.industrial.labels import Labels, events_batch, label_rows
from simgen.domains.industrial.pumps import schema
from simgen.domains.industrial.pumps.lookalikes import SENSORS
from simgen.domains.industrial.pumps.readings import Readings, read_station
from simgen.domains.industrial.pumps.station import Station
from simgen.domains.industrial.pumps.words import WORDS
from simgen.domains.industrial.sensing import taken
from simgen.domains.industrial.site.logs import (
    components_batch,
    fails_soon,
    note_first_traces,
    note_own_traces,
    site_logs,
    use_to_come,
)

_SEEN = 2.0  # deviations of noise from which a defect's effect can be seen; assumption


def batches(station: Station) -> Iterator[Batch]:
    """Every table of the block."""
    readings = read_station(station)
    at = readings.values["at"]
    labels = label_rows(
        station.events,
        at,
        readings.machine,
        sensors=("", *SENSORS),
        kinds=schema.KINDS,
        rare_kinds=schema.RARE_KINDS,
        defect=readings.defect,
    )
    note_first_traces(labels, at, readings.values["trace"], _SEEN)
    note_own_traces(labels, readings.own, _SEEN)
    ids = [pump.machine_id for pump in station.pumps]
    yield _machines(station, ids)
    yield components_batch(station, schema.COMPONENTS)
    yield _telemetry(station, readings, labels, ids)
    yield _supply(station)
    tables = {table.name: table for table in schema.TABLES}
    yield from site_logs(station, tables, WORDS)
    yield events_batch(schema.EVENTS, station.about.start_date, station.events, ids)


def _machines(station: Station, ids: list[int]) -> Batch:
    n = len(ids)
    return schema.MACHINES.batch(
        {
            "machine_id": np.array(ids, np.int64),
            "station_id": np.full(n, station.station_id, np.int64),
            "best_flow": np.full(n, float(station.automation.plants[0]["best_flow"])),
            "rated_power": np.full(n, float(station.automation.plants[0]["rated_power"])),
        }
    )


def _telemetry(station: Station, readings: Readings, labels: Labels, ids: list[int]) -> Batch:
    values, horizon = readings.values, station.about.watching.horizon
    watched = np.array([pump.use_time for pump in station.pumps]) / HOUR
    censored = taken(watched, readings.machine)
    censored -= values["use_time"]
    to_come = use_to_come(station, readings.machine, values["at"])
    return schema.TELEMETRY.batch(
        {
            # Labels are known by now: nobody needs the seconds any more.
            **{
                name: turned_to_instants(station.about.start_date, values[name])
                for name in ("at", "stamped_at", "received_at")
            },
            "machine_id": taken(np.array(ids, np.int64), readings.machine),
            **{name: values[name] for name in CHANNELS},
            "use_time": values["use_time"],
            "severity": values["severity"],
            "remaining_time": values["remaining_time"],
            "fails_soon": fails_soon(values["remaining_time"], censored, to_come, horizon),
            "faulty_sensor": readings.faulty_sensor,
            "sensor_fault": readings.sensor_fault,
            **labels.columns(),
        }
    )


def _supply(station: Station) -> Batch:
    n_hours = station.automation.now[0]["n_hours"]
    rows = station.automation.supply[:n_hours]
    at, volume, asked, supplied, n_running, n_available = rows.T.copy()
    return schema.SUPPLY.batch(
        {
            "at": timestamps(station.about.start_date, at),
            "station_id": np.full(len(at), station.station_id, np.int64),
            "volume": volume,
            "asked": asked,
            "supplied": supplied,
            "n_running": n_running.astype(np.int64),
            "n_available": n_available.astype(np.int64),
        }
    )
