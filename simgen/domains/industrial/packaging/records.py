"""From a line's history to batches of the declared tables."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simgen.core import HOUR, Batch, timestamps
from simgen.domains.industrial.labels import OwnTraces, events_batch, label_rows
from simgen.domains.industrial.packaging import schema
from simgen.domains.industrial.packaging.line import Line
from simgen.domains.industrial.packaging.machine import COUNTED
from simgen.domains.industrial.packaging.readings import Readings, read_station
from simgen.domains.industrial.site.logs import (
    components_batch,
    fails_soon,
    note_first_traces,
    note_own_traces,
    site_logs,
    use_to_come,
)
from simgen.domains.industrial.telegrams import Journeys
from simgen.kernels.ordering import time_order


def batches(line: Line) -> Iterator[Batch]:
    """Every table of the block."""
    ids = [station.machine_id for station in line.stations]
    tables = {table.name: table for table in schema.TABLES}
    telemetry = _telemetry(line, [read_station(line, one) for one in line.stations], ids)
    yield _machines(line, ids)
    yield components_batch(line, schema.COMPONENTS)
    yield telemetry
    yield _messages(line, ids)
    yield _production(line)
    yield from site_logs(line, tables, line.table.words)
    yield events_batch(schema.EVENTS, line.about.start_date, line.events, ids)


def _machines(line: Line, ids: list[int]) -> Batch:
    about = line.about.line
    return schema.MACHINES.batch(
        {
            "machine_id": np.array(ids, np.int64),
            "line_id": np.full(len(ids), line.line_id, np.int64),
            "place": np.arange(len(ids)),
            "kind": np.arange(len(ids)),
            "rated_speed": np.array([about.rated_speed * s.about.speed for s in line.stations]),
            "room": np.append(line.capacity, 0.0),
        }
    )


def _telemetry(line: Line, parts: list[Readings], ids: list[int]) -> Batch:
    at = np.concatenate([part.at for part in parts])
    machine = np.repeat(np.arange(len(parts)), [len(part.at) for part in parts])
    journeys = Journeys.joined([part.journeys for part in parts])
    order = time_order(at)
    order = order[journeys.arrived[order]]
    columns = {
        name: np.concatenate([part.columns[name] for part in parts])[order]
        for name in parts[0].columns
    }
    at, machine = at[order], machine[order]
    labels = label_rows(
        line.events,
        at,
        machine,
        sensors=("", *schema.FAULTY),
        kinds=schema.KINDS,
        rare_kinds=schema.RARE_KINDS,
        defect=np.concatenate([part.defect for part in parts])[order],
    )
    trace = np.concatenate([part.trace for part in parts])[order]
    seen = line.about.watching.detectable_deviations
    note_first_traces(labels, at, trace, seen)
    note_own_traces(labels, OwnTraces.joined([part.own for part in parts]), seen)
    censored = np.concatenate([part.censored_time for part in parts])[order]
    left, horizon = columns["remaining_time"], line.about.watching.horizon
    to_come = use_to_come(line, machine, at)
    return schema.TELEMETRY.batch(
        {
            "at": timestamps(line.about.start_date, at),
            **journeys.in_order(order).columns(line.about.start_date),
            "machine_id": np.array(ids, np.int64)[machine],
            **columns,
            "fails_soon": fails_soon(left, censored, to_come, horizon),
            **labels.columns(),
        }
    )


def _messages(line: Line, ids: list[int]) -> Batch:
    changes, numbers = line.changes[: line.n_changes], np.array(ids, np.int64)
    return schema.MESSAGES.batch(
        {
            "at": timestamps(line.about.start_date, changes["at"]),
            "machine_id": numbers[changes["station"]],
            "state": changes["state"],
            "root_machine_id": numbers[changes["root"]],
        }
    )


def _production(line: Line) -> Batch:
    """Rows of telemetry are counted to the hour in which they were read."""
    n_hours = line.about.n_days * 24
    shown = [COUNTED.index(name) for name in ("products", "rejects", "n_jams")]
    counts = np.zeros((n_hours, len(line.stations), len(shown)), np.int64)
    for station in line.stations:
        at, rows = station.history()
        hour = np.clip(np.ceil(at / HOUR).astype(np.int64) - 1, 0, n_hours - 1)
        np.add.at(counts[:, station.index], hour, rows[:, shown].astype(np.int64))
    since, speeds = np.array(line.settings).T
    ends = np.arange(1, n_hours + 1) * HOUR
    made, rejects, jams = np.moveaxis(counts, -1, 0)
    return schema.PRODUCTION.batch(
        {
            "at": timestamps(line.about.start_date, ends),
            "line_id": np.full(n_hours, line.line_id, np.int64),
            "format_speed": speeds[np.searchsorted(since, ends, "right") - 1],
            "made": made[:, -1],
            "rejects": rejects.sum(1),
            "n_jams": jams.sum(1),
        }
    )
