"""Telemetry of a station, from the stretches of time in which its pumps ran."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from simgen.core import HOUR
from simgen.domains.industrial.kernels.pumps import ROW, STRETCH, read_pump
from simgen.domains.industrial.plant.lookalikes import SENSORS
from simgen.domains.industrial.plant.station import Pump, Station
from simgen.domains.industrial.sensing import spoil

CHANNELS = (
    "flow",
    "suction_pressure",
    "discharge_pressure",
    "power",
    "temperature",
    "vibration",
    "speed",
)
READING = np.dtype(
    [
        ("at", np.float64),  # [s]
        *((name, np.float64) for name in CHANNELS),  # in the units of `ROW`
        ("use_time", np.float64),  # of the pump [s]
        ("severity", np.float64),  # of its worst defect
        ("remaining_time", np.float64),  # [h], NaN if it does not fail any more
        ("censored_time", np.float64),  # time in use until the end [h]
        ("trace", np.float64),  # largest effect of its defects, in deviations of noise
        ("machine", np.int32),  # within the block
        ("faulty_sensor", np.int32),  # code in ("", *SENSORS)
        ("sensor_fault", np.int32),  # code in ("", *FAULTS)
    ]
)


def read_station(station: Station) -> npt.NDArray[Any]:
    """What every pump of the station sent, of dtype READING, in order of time."""
    readings = np.concatenate([_of_pump(station, pump) for pump in station.pumps])
    return readings[np.argsort(readings["at"], kind="stable")]


def _of_pump(station: Station, pump: Pump) -> npt.NDArray[Any]:
    stretches = np.array(pump.stretches, STRETCH)
    interval = station.about.watching.telemetry_interval
    running = float((stretches["stop"] - stretches["start"]).sum())
    rows = np.empty(int(running / interval) + 2 * len(stretches) + 1, ROW)
    n = read_pump(
        station.telemetry_key,
        pump.machine_id,
        station.plant,
        stretches,
        interval,
        station.days,
        rows,
    )
    rows = rows[:n]
    out = np.empty(n, READING)
    for name in ("at", "severity", "trace", *CHANNELS):
        out[name] = rows[name]
    starts, uses = stretches["start"][rows["stretch"]], np.array(pump.uses)[rows["stretch"]]
    out["machine"], out["use_time"] = pump.index, uses + rows["at"] - starts
    _foresee(pump, out)
    _spoil(station, pump, out)
    return out


def _foresee(pump: Pump, out: npt.NDArray[Any]) -> None:
    """Fill in how long the pump still runs until it fails, or until nobody looks any more."""
    stops = np.append(pump.stops, np.nan)
    use = out["use_time"]
    # To 4 ms: what rounding of sums leaves is nothing.
    following = np.searchsorted(stops[:-1] + 2e-3, use, "left")
    left = np.round((stops[following] - use) / HOUR, 6)
    out["remaining_time"] = np.where(np.isnan(left), left, np.maximum(left, 0.0))
    out["censored_time"] = (pump.use_time - use) / HOUR


def _spoil(station: Station, pump: Pump, out: npt.NDArray[Any]) -> None:
    """Let faulty sensors spoil their readings."""
    out["faulty_sensor"] = out["sensor_fault"] = 0
    faults = [event for event in station.events if event.machine == pump.index]
    for code, sensor in enumerate(SENSORS, 1):
        values, at = np.ascontiguousarray(out[sensor]), np.ascontiguousarray(out["at"])
        hit = spoil(faults, station.sensor_key, sensor, at, values)
        out[sensor] = values
        out["sensor_fault"] += hit.astype(np.int32)
        out["faulty_sensor"][hit > 0] = code
