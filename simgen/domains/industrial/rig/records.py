"""From a hall's history to batches of the declared tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from simgen.core import HOUR, Batch, timestamps
from simgen.des import EventLog
from simgen.domains.industrial.instants import turned_to_instants
from simgen.domains.industrial.kernels.listening import WINDOW
from simgen.domains.industrial.kernels.rig import CHANNELS
from simgen.domains.industrial.kernels.traces import first_seen
from simgen.domains.industrial.labels import Labels, events_batch, label_rows
from simgen.domains.industrial.lookalikes.sensor_fault import TRANSMITTER
from simgen.domains.industrial.rig import schema
from simgen.domains.industrial.rig.bench import Lot
from simgen.domains.industrial.rig.hall import Hall
from simgen.domains.industrial.rig.lives import Fitted, remaining
from simgen.domains.industrial.rig.lookalikes import TEMPERATURE, VIBRATION
from simgen.domains.industrial.rig.readings import Readings, read_telemetry
from simgen.domains.industrial.sensing import taken
from simgen.kernels.arrays import Floats

Integers = npt.NDArray[np.signedinteger[Any]]
Waveforms = npt.NDArray[np.float32]
Windows = npt.NDArray[np.void]  # of dtype WINDOW


def batches(hall: Hall) -> Iterator[Batch]:
    """Every table of the block."""
    readings = read_telemetry(hall)
    read_at = readings.values["at"]
    telemetry = _label(hall, read_at, readings.machine, TEMPERATURE, TRANSMITTER)
    lots, samples = hall.bench.finish()
    windows = np.concatenate([np.empty(0, WINDOW), *(lot.windows for lot in lots)])
    of_windows = _label(hall, windows["at"], windows["machine"], VIBRATION)
    _note_first_traces(hall, ((telemetry, read_at), (of_windows, windows["at"])))
    _note_traces_of_spalls(hall, windows)
    yield _machines(hall)
    yield _bearings(hall)
    yield _telemetry(hall, readings, telemetry)
    if lots:
        yield _windows(hall, windows, lots, of_windows)
    yield from _waveforms(hall, windows, samples)
    yield from _logs(hall)
    ids = [machine.machine_id for machine in hall.machines]
    yield events_batch(schema.EVENTS, hall.rig.start_date, hall.events, ids)


def _label(hall: Hall, at: Floats, machine: Integers, *sensors: str) -> Labels:
    """The event of each record, in time order."""
    return label_rows(
        hall.events,
        at,
        machine,
        sensors=("", *sensors),
        kinds=schema.KINDS,
        rare_kinds=schema.RARE_KINDS,
    )


def _note_first_traces(hall: Hall, tables: tuple[tuple[Labels, Floats], ...]) -> None:
    """A look-alike can be seen from its first record; a spall's trace is measured."""
    first = np.full(len(hall.events), np.inf)
    for labels, at in tables:
        first_seen(labels.event, at, first)
    for event, seen_at in zip(hall.events, first, strict=True):
        if event.lookalike_of and np.isfinite(seen_at):
            event.detectable_at = float(seen_at)


def _note_traces_of_spalls(hall: Hall, windows: Windows) -> None:
    """A spall can be seen from the first window on to whose energy it adds enough."""
    seen = windows[
        (windows["spall_size"] > 0.0) & (windows["spall_share"] >= hall.rig.detectable_share)
    ]
    ids, first = np.unique(seen["bearing_id"], return_index=True)
    first_at = dict(zip(ids.tolist(), seen["at"][first].tolist(), strict=True))
    for bearing in hall.bearings:
        if bearing.event is not None:
            bearing.event.detectable_at = first_at.get(bearing.bearing_id)


def _machines(hall: Hall) -> Batch:
    n, operation = len(hall.machines), hall.rig.operation
    return schema.MACHINES.batch(
        {
            "machine_id": np.array([machine.machine_id for machine in hall.machines], np.int64),
            "monitored": np.array([machine.monitored for machine in hall.machines]),
            "rated_speed": np.full(n, float(operation.rated_speed)),
            "rated_load": np.full(n, float(operation.rated_load)),
            **{
                f"{part}_order": np.full(n, order)
                for part, order in asdict(hall.orders_of_faults).items()
            },
        }
    )


def _bearings(hall: Hall) -> Batch:
    log = EventLog(schema.BEARINGS, hall.rig.start_date)
    for bearing in sorted(hall.bearings, key=lambda b: (b.fitted_at, b.machine)):
        removal = "failure" if bearing.failed else "inspection"
        log.add(
            bearing_id=bearing.bearing_id,
            machine_id=hall.machines[bearing.machine].machine_id,
            fitted_at=bearing.fitted_at,
            removed_at=bearing.removed_at,
            use_time=bearing.use_time / HOUR,
            failed=bearing.failed,
            removal="" if bearing.removed_at is None else removal,
            expected_life=bearing.spall.failure_age,
        )
    return log.batch()


def _telemetry(hall: Hall, readings: Readings, labels: Labels) -> Batch:
    values = readings.values
    ids = np.array([machine.machine_id for machine in hall.machines], np.int64)
    return schema.TELEMETRY.batch(
        {
            # Labels are known by now: nobody needs the seconds any more.
            "at": turned_to_instants(hall.rig.start_date, values["at"]),
            **readings.journeys.columns(hall.rig.start_date),
            "machine_id": taken(ids, readings.machine),
            "bearing_id": readings.bearing_id,
            **{name: values[name] for name in CHANNELS},
            "use_time": values["use_time"],
            "spall_size": readings.spall_size,
            "remaining_time": values["remaining_time"],
            "sensor_fault": readings.sensor_fault,
            **labels.columns(),
        }
    )


def _windows(hall: Hall, windows: Windows, lots: list[Lot], labels: Labels) -> Batch:
    ids = np.array([machine.machine_id for machine in hall.machines], np.int64)
    ends = {bearing.bearing_id: bearing.end for bearing in hall.bearings}
    end = np.array([ends[bearing] for bearing in windows["bearing_id"].tolist()])
    return schema.WINDOWS.batch(
        {
            "window_id": windows["window_id"],
            "at": timestamps(hall.rig.start_date, windows["at"]),
            "machine_id": ids[windows["machine"]],
            "bearing_id": windows["bearing_id"],
            "speed": np.round(windows["speed"], 1),
            "load": np.round(windows["load"], 3),
            "use_time": windows["use_time"] / HOUR,
            **{
                name: np.concatenate([lot.features[name] for lot in lots])
                for name in lots[0].features
            },
            "spall_size": windows["spall_size"],
            "remaining_time": remaining(end, windows["use_time"]),
            "sensor_fault": windows["sensor_fault"],
            "spall_share": windows["spall_share"],
            **labels.columns(),
        }
    )


def _waveforms(hall: Hall, windows: Windows, samples: list[Waveforms]) -> Iterator[Batch]:
    """Those windows that are kept, whose samples stand in few arrays."""
    every, first = windows[windows["kept"]], 0
    ids = np.array([machine.machine_id for machine in hall.machines], np.int64)
    for some in samples:
        kept = every[first : first + len(some)]
        first += len(some)
        yield schema.WAVEFORMS.batch(
            {
                "window_id": kept["window_id"],
                "machine_id": ids[kept["machine"]],
                "sample_rate": np.full(len(kept), float(hall.rig.monitoring.sample_rate)),
                "acceleration": pa.ListArray.from_arrays(
                    pa.array(np.arange(len(kept) + 1, dtype=np.int32) * some.shape[1]),
                    pa.array(some.ravel()),
                ),
            }
        )


def _ended_at(bearing: Fitted) -> float:
    return bearing.event.ended_at if bearing.event else 0.0


def _logs(hall: Hall) -> Iterator[Batch]:
    alarms, orders, failures = (
        EventLog(table, hall.rig.start_date)
        for table in (schema.ALARMS, schema.WORK_ORDERS, schema.FAILURES)
    )
    ids = [machine.machine_id for machine in hall.machines]
    for alarm in hall.alarms:
        alarms.add(
            at=alarm.at,
            machine_id=ids[alarm.machine],
            raised=alarm.raised,
            level=alarm.level,
            threshold=alarm.threshold,
        )
    for order in hall.orders:
        orders.add(
            order_id=order.order_id,
            machine_id=ids[order.machine],
            bearing_id=order.bearing_id,
            kind=order.kind,
            opened_at=order.opened_at,
            hastened_at=order.hastened_at,
            started_at=order.started_at,
            finished_at=order.finished_at,
            finding=order.finding,
        )
    for bearing in sorted(hall.bearings, key=_ended_at):
        if bearing.failed and bearing.event is not None:
            failures.add(
                at=bearing.event.ended_at,
                machine_id=ids[bearing.machine],
                bearing_id=bearing.bearing_id,
                mode=bearing.event.kind,
                use_time=bearing.use_time / HOUR,
            )
    yield alarms.batch()
    yield orders.batch()
    yield failures.batch()
