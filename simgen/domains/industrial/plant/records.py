"""From a station's history to batches of the declared tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from simgen.core import HOUR, Batch, timestamps
from simgen.des import EventLog
from simgen.domains.industrial.labels import Labels, events_batch, label_rows
from simgen.domains.industrial.plant import schema
from simgen.domains.industrial.plant.lookalikes import SENSORS
from simgen.domains.industrial.plant.notes import write_note
from simgen.domains.industrial.plant.parts import Part
from simgen.domains.industrial.plant.readings import CHANNELS, read_station
from simgen.domains.industrial.plant.station import Station

_DECIMALS = dict(zip(CHANNELS, (1, 3, 3, 2, 1, 2, 1), strict=True))  # of what is sent
_SEEN = 2.0  # deviations of noise from which a defect's effect can be seen; assumption


def batches(station: Station) -> Iterator[Batch]:
    """Every table of the block."""
    readings = read_station(station)
    at = np.ascontiguousarray(readings["at"])
    labels = label_rows(
        station.events,
        at,
        readings["machine"],
        sensors=("", *SENSORS),
        kinds=schema.KINDS,
        rare_kinds=schema.RARE_KINDS,
    )
    _note_first_traces(labels, at, readings["trace"])
    ids = [pump.machine_id for pump in station.pumps]
    yield _machines(station, ids)
    yield _components(station, ids)
    yield _telemetry(station, readings, labels, ids)
    yield _supply(station)
    yield from _logs(station, ids)
    yield events_batch(schema.EVENTS, station.about.start_date, station.events, ids)


def _note_first_traces(labels: Labels, at: Any, trace: Any) -> None:
    """A look-alike can be seen from its first record, a defect from the first that it marks."""
    likeness = np.array([bool(event.lookalike_of) for event in labels.events] + [False])
    shown = (labels.event >= 0) & (likeness[labels.event] | (trace >= _SEEN))
    first = np.full(len(labels.events), np.inf)
    np.minimum.at(first, labels.event[shown], at[shown])
    for event, seen_at in zip(labels.events, first.tolist(), strict=True):
        if np.isfinite(seen_at):
            event.detectable_at = min(seen_at, event.ended_at)


def _machines(station: Station, ids: list[int]) -> Batch:
    n = len(ids)
    return schema.MACHINES.batch(
        {
            "machine_id": np.array(ids, np.int64),
            "station_id": np.full(n, station.station_id, np.int64),
            "best_flow": np.full(n, float(station.plant["best_flow"])),
            "rated_power": np.full(n, float(station.plant["rated_power"])),
        }
    )


def _components(station: Station, ids: list[int]) -> Batch:
    log = EventLog(schema.COMPONENTS, station.about.start_date)
    for part in sorted(station.parts, key=lambda part: (part.fitted_at, part.part_id)):
        log.add(
            component_id=part.part_id,
            machine_id=ids[part.pump],
            kind=part.about.kind,
            fitted_at=part.fitted_at,
            removed_at=part.removed_at,
            entry_age=part.entry_age,
            use_time=part.use_time / HOUR,
            failed=part.failed,
            removal=part.removal,
        )
    return log.batch()


def _telemetry(
    station: Station, readings: npt.NDArray[Any], labels: Labels, ids: list[int]
) -> Batch:
    left, horizon = readings["remaining_time"], station.about.watching.horizon
    soon = left <= horizon
    unknown = ~soon & (readings["censored_time"] < horizon)
    columns = {name: np.round(readings[name], _DECIMALS[name]) for name in CHANNELS}
    return schema.TELEMETRY.batch(
        {
            "at": timestamps(station.about.start_date, readings["at"]),
            "machine_id": np.array(ids, np.int64)[readings["machine"]],
            **columns,
            "use_time": readings["use_time"] / HOUR,
            "severity": np.ascontiguousarray(readings["severity"]),
            "remaining_time": np.ascontiguousarray(left),
            "fails_soon": pa.array(soon, mask=unknown),
            "faulty_sensor": readings["faulty_sensor"],
            "sensor_fault": readings["sensor_fault"],
            **labels.columns(),
        }
    )


def _supply(station: Station) -> Batch:
    rows = np.array(station.supply, np.float64).reshape(-1, 6)
    at, volume, asked, supplied, n_running, n_available = rows.T
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


def _ended_at(part: Part) -> float:
    return part.event.ended_at if part.event else 0.0


def _logs(station: Station, ids: list[int]) -> Iterator[Batch]:
    alarms, orders, failures = (
        EventLog(table, station.about.start_date)
        for table in (schema.ALARMS, schema.WORK_ORDERS, schema.FAILURES)
    )
    for alarm in station.alarms:
        alarms.add(
            at=alarm.at,
            machine_id=ids[alarm.pump],
            quantity=alarm.quantity,
            raised=alarm.raised,
            level=alarm.level,
            threshold=alarm.threshold,
        )
    for order in station.orders:
        orders.add(
            order_id=order.order_id,
            machine_id=ids[order.pump],
            kind=order.kind,
            urgent=order.urgent,
            opened_at=order.opened_at,
            spare_at=order.spare_at,
            started_at=order.started_at,
            finished_at=order.finished_at,
            finding=order.finding,
            n_renewed=len(order.renewed),
            note=_note(station, order),
        )
    stops = [iter(pump.stops) for pump in station.pumps]
    for part in sorted((part for part in station.parts if part.failed), key=_ended_at):
        assert part.event is not None
        failures.add(
            at=part.event.ended_at,
            machine_id=ids[part.pump],
            component_id=part.part_id,
            mode=part.event.kind,
            use_time=next(stops[part.pump]) / HOUR,
        )
    yield alarms.batch()
    yield orders.batch()
    yield failures.batch()


def _note(station: Station, order: Any) -> str:
    if order.finished_at is None:
        return ""
    share = station.about.typing_error_share
    return write_note(station.rng, order.kind, order.finding, order.renewed, share)
