"""From a hall's history to batches of the declared tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from simgen.core import HOUR, Batch, Table, timestamps
from simgen.domains.industrial.fleet.hall import Hall
from simgen.domains.industrial.fleet.readings import (
    Readings,
    read_hall,
    remaining_times,
    telemetry_sensors,
)
from simgen.domains.industrial.fleet.watching import Window
from simgen.domains.industrial.instants import instants
from simgen.domains.industrial.labels import Labels, Marks, OwnTraces, events_batch, label_rows
from simgen.domains.industrial.site.logs import (
    components_batch,
    fails_soon,
    note_first_traces,
    note_own_traces,
    site_logs,
    use_to_come,
)
from simgen.kernels.arrays import Floats, Integers


def batches(hall: Hall) -> Iterator[Batch]:
    """Every table of the block."""
    tables, policy = {table.name: table for table in hall.about.tables}, hall.about.watching
    readings = read_hall(hall)
    slow = telemetry_sensors(hall.signals.channels)
    telemetry = _label(hall, readings.at, readings.machine, slow, readings.defect)
    note_first_traces(telemetry, readings.at, readings.trace, policy.detectable_deviations)
    note_own_traces(telemetry, readings.own, policy.detectable_deviations)
    windows = sorted(hall.windows, key=lambda window: (window.at, window.machine))
    at = np.array([window.at for window in windows], np.float64)
    machine = np.array([window.machine for window in windows], np.int64)
    marks = _marks(hall.table.defects, windows)
    of_windows = _label(hall, at, machine, tuple(hall.signals.window_faults), marks.defect)
    note_first_traces(of_windows, at, marks.trace, policy.detectable_ratio)
    for one in hall.fleet:
        own = OwnTraces.of(at, one.index, marks.traces, machine == one.index)
        note_own_traces(of_windows, own, policy.detectable_ratio)
    ids = [one.machine_id for one in hall.fleet]
    yield _machines(hall, tables["machines"], ids)
    yield components_batch(hall, tables["components"])
    yield _telemetry(hall, tables["telemetry"], readings, telemetry, ids)
    yield _windows(hall, tables["windows"], windows, marks, of_windows)
    yield _waveforms(hall, tables["waveforms"], windows, ids)
    yield from site_logs(hall, tables, hall.table.words)
    yield events_batch(tables["events"], hall.about.start_date, hall.events, ids)


def _marks(defects: tuple[str, ...], windows: list[Window]) -> Marks:
    """How some defects mark windows."""

    def of_each(found: list[Mapping[str, float]]) -> Floats:
        return np.array([[one.get(name, 0.0) for one in found] for name in defects], np.float64)

    return Marks(
        severities=of_each([window.severity for window in windows]),
        traces=of_each([window.trace for window in windows]),
    )


def _label(
    hall: Hall, at: Floats, machine: Integers, sensors: tuple[str, ...], defect: Integers
) -> Labels:
    """The event of each record, in time order."""
    rare = hall.table.defects
    return label_rows(
        hall.events,
        at,
        machine,
        sensors=("", *sensors),
        kinds=rare + hall.about.lookalikes.kinds,
        rare_kinds=rare,
        defect=defect,
    )


def _machines(hall: Hall, table: Table, ids: list[int]) -> Batch:
    plates = [hall.signals.plate(one.made) for one in hall.fleet]
    return table.batch(
        {
            "machine_id": np.array(ids, np.int64),
            "hall_id": np.full(len(ids), hall.hall_id, np.int64),
            **{name: np.array([float(one[name]) for one in plates]) for name in plates[0]},
        }
    )


def _telemetry(
    hall: Hall, table: Table, readings: Readings, labels: Labels, ids: list[int]
) -> Batch:
    left, horizon = readings.remaining_time, hall.about.watching.horizon
    to_come = use_to_come(hall, readings.machine, readings.at)
    return table.batch(
        {
            "at": instants(hall.about.start_date, readings.at),
            **readings.journeys.columns(hall.about.start_date),
            "machine_id": np.array(ids, np.int64)[readings.machine],
            **{
                channel.name: np.round(readings.channels[channel.name], channel.decimals)
                for channel in hall.signals.channels
            },
            "use_time": readings.use_time / HOUR,
            "severity": readings.severity,
            "remaining_time": left,
            "fails_soon": fails_soon(left, readings.censored_time, to_come, horizon),
            "faulty_sensor": readings.faulty_sensor,
            "sensor_fault": readings.sensor_fault,
            **labels.columns(),
        }
    )


def _windows(
    hall: Hall, table: Table, windows: list[Window], marks: Marks, labels: Labels
) -> Batch:
    use = np.array([window.use_time for window in windows], np.float64)
    machine = np.array([window.machine for window in windows], np.int64)
    to_come = use_to_come(hall, machine, np.array([window.at for window in windows], np.float64))
    left, end = np.empty(len(windows)), np.empty(len(windows))
    for one in hall.fleet:
        mine = machine == one.index
        left[mine] = remaining_times(one.stops, use[mine])
        end[mine] = (one.use_time - use[mine]) / HOUR
    fault = np.array([window.sensor_fault for window in windows], np.int64)
    features: dict[str, Any] = {
        field.name: np.array([window.features[field.name] for window in windows], np.float64)
        for field in hall.signals.features
    }
    return table.batch(
        {
            "window_id": np.array([window.window_id for window in windows], np.int64),
            "at": timestamps(hall.about.start_date, [window.at for window in windows]),
            "machine_id": np.array([one.machine_id for one in hall.fleet], np.int64)[machine],
            "use_time": use / HOUR,
            **features,
            "severity": marks.severity,
            "remaining_time": left,
            "fails_soon": fails_soon(left, end, to_come, hall.about.watching.horizon),
            "faulty_sensor": (fault > 0).astype(np.int64),
            "sensor_fault": fault,
            "trace": marks.trace,
            **labels.columns(),
        }
    )


def _waveforms(hall: Hall, table: Table, windows: list[Window], ids: list[int]) -> Batch:
    kept = [(window, window.samples) for window in windows if window.samples is not None]
    n = hall.about.watching.n_samples
    offsets = pa.array(np.arange(len(kept) + 1, dtype=np.int32) * n)
    channels = {}
    for row, field in enumerate(hall.signals.waveforms):
        samples = [samples[row] for _, samples in kept]
        values = np.concatenate(samples) if samples else np.empty(0, np.float32)
        channels[field.name] = pa.ListArray.from_arrays(offsets, pa.array(values))
    return table.batch(
        {
            "window_id": np.array([window.window_id for window, _ in kept], np.int64),
            "machine_id": np.array([ids[window.machine] for window, _ in kept], np.int64),
            "sample_rate": np.full(len(kept), float(hall.about.watching.sample_rate)),
            **channels,
        }
    )
