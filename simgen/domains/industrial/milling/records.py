"""From a cell's history to batches of the declared tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from simgen.core import HOUR, MINUTE, Batch, timestamps
from simgen.des import EventLog
from simgen.domains.industrial.events import Event
from simgen.domains.industrial.kernels.fleet import normals
from simgen.domains.industrial.kernels.milling import N_STEPS, TANGENTIAL, X, Y
from simgen.domains.industrial.kernels.telemetry import hall_temperatures
from simgen.domains.industrial.labels import Labels, events_batch
from simgen.domains.industrial.milling import schema
from simgen.domains.industrial.milling.cell import Cell, CutRecord, Mill
from simgen.domains.industrial.milling.lookalikes import SENSORS
from simgen.domains.industrial.milling.magazine import BREAKAGE
from simgen.domains.industrial.milling.readings import (
    FORCES,
    MEASURES,
    State,
    add_noise,
    asynchronous,
    deviations,
    measures,
    sound,
    state_of,
    tool_id,
    turn,
)
from simgen.domains.industrial.milling.shop import every_cut, products, tools
from simgen.domains.industrial.rounds import is_kept
from simgen.domains.industrial.sensing import during, spoil_samples
from simgen.domains.industrial.site.logs import components_batch, note_first_traces, site_logs
from simgen.domains.industrial.telegrams import Journeys
from simgen.domains.industrial.transmission import disturb
from simgen.kernels.arrays import Floats
from simgen.kernels.ordering import time_order

_TURNS = 8  # of a waveform
_CHATTER_ORDER = 7.3  # of its tone, in turns: near a mode and no multiple; assumption
_DECIMALS = {"power": 3, "unevenness": 4, "vibration": 3, "acoustic_emission": 2}


@dataclass(frozen=True, kw_only=True)
class MillCuts:
    """One mill's cuts, in order of time."""

    events: list[Event | None]  # that they belong to
    at: Floats  # when they were over [s]
    numbers: npt.NDArray[np.int64]  # of the cuts
    state: State
    errors: Floats  # of the means of `FORCES`, over the peak in the plane (3, n)
    columns: dict[str, Any]
    trace: Floats
    journeys: Journeys


def batches(cell: Cell) -> Iterator[Batch]:
    """Every table of the block."""
    parts = [_read_mill(cell, mill) for mill in cell.mills]
    tables = {table.name: table for table in schema.TABLES}
    cuts = _cuts(cell, parts)
    yield _machines(cell)
    yield components_batch(cell, schema.COMPONENTS)
    yield _tools(cell)
    yield cuts
    yield _waveforms(cell, parts)
    yield from site_logs(cell, tables, cell.table.words)
    ids = [mill.machine_id for mill in cell.mills]
    yield events_batch(schema.EVENTS, cell.about.start_date, cell.events, ids)


def _machines(cell: Cell) -> Batch:
    return schema.MACHINES.batch(
        {
            "machine_id": np.array([mill.machine_id for mill in cell.mills], np.int64),
            "cell_id": np.full(len(cell.mills), cell.cell_id, np.int64),
            "measures_tools": np.array([mill.made.measured for mill in cell.mills]),
        }
    )


def _tools(cell: Cell) -> Batch:
    log = EventLog(schema.TOOLS, cell.about.start_date)
    for tool in cell.tools:
        log.add(
            tool_id=tool_id(cell, tool),
            machine_id=cell.mills[tool.machine].machine_id,
            kind=tool.about.kind,
            fitted_at=tool.fitted_at,
            removed_at=tool.removed_at,
            n_cuts=tool.n_cuts,
            cutting_time=tool.time / MINUTE,
            broke=tool.removal == BREAKAGE,
            removal=tool.removal,
            wear=tool.wear,
        )
    return log.batch()


def _told(mill: Mill) -> dict[str, npt.NDArray[Any]]:
    """A column for each field of `CutRecord`."""
    names = CutRecord._fields
    columns = np.array(mill.cuts).reshape(-1, len(names)).T.copy()
    whole = {"place", "tool", "n_cuts", "piece"}
    return {
        name: column.astype(np.int64) if name in whole else column
        for name, column in zip(names, columns, strict=True)
    }


def _read_mill(cell: Cell, mill: Mill) -> MillCuts:
    """What was read of a mill's cuts."""
    told = _told(mill)
    at, hall = told["at"], np.empty(len(told["at"]))
    hall_temperatures(cell.days, len(at), at, hall)
    state = state_of(cell, told, hall, np.array(mill.warmths))
    usual = measures(mill, sound(cell, told["sound_chatter"], state))
    values, noise = measures(mill, state), deviations(state, usual)
    effects = [np.abs(values[name] - usual[name]) / noise[name] for name in values]
    true = dict(values)
    add_noise(cell, mill, state, values)
    errors = [(values[name] - true[name]) / true["force_peak"] for name in FORCES]
    sensor, fault, journeys = disturb(
        cell.about.watching.telegrams,
        [event for event in cell.events if event.machine == mill.index],
        at,
        {name: values[name] for name in SENSORS},
        confirmed=state.chip >= 1.0,
        key=cell.sensor_key,
        machine_id=mill.machine_id,
    )
    columns = (
        _programmed(state.place)
        | _truth(cell, told)
        | {name: np.round(values[name], _DECIMALS.get(name, 1)) for name in MEASURES}
    )
    return MillCuts(
        events=mill.belongings,
        at=at,
        numbers=mill.machine_id * cell.NUMBERS + 1 + np.arange(len(at)),
        state=state,
        errors=np.array(errors),
        columns=columns | {"faulty_sensor": sensor, "sensor_fault": fault},
        trace=np.max(effects, axis=0),
        journeys=journeys,
    )


def _programmed(place: npt.NDArray[np.int64]) -> dict[str, Any]:
    """What a cut was told."""
    pairs, kinds = every_cut(), list(tools())
    about: dict[str, list[Any]] = {
        "product": [products().index(product) for product, _ in pairs],
        "tool_kind": [kinds.index(cut.tool) for _, cut in pairs],
        "cutting_speed": [cut.speed for _, cut in pairs],
        "feed": [cut.feed for _, cut in pairs],
        "depth": [cut.depth for _, cut in pairs],
        "width": [cut.width for _, cut in pairs],
        "cut_time": [round(cut.time, 2) for _, cut in pairs],
    }
    return {name: np.array(values)[place] for name, values in about.items()}


def _truth(cell: Cell, told: dict[str, npt.NDArray[Any]]) -> dict[str, Any]:
    """What is known of each cut without a sensor, and what the simulator alone knows."""
    tool, never = told["tool"], (np.nan, np.nan)
    ids = np.array([tool_id(cell, one) for one in cell.tools], np.int64)
    ended = np.array([one.ended or never for one in cell.tools]).reshape(-1, 2)[tool]
    return {
        "tool_id": ids[tool],
        "piece": told["piece"],
        "n_cuts": told["n_cuts"],
        "use_time": told["use_time"] / HOUR,
        "wear": told["wear"],
        "chip": told["chip"],
        "chatter": told["chatter"],
        "severity": told["severity"],
        # Beyond the limit nothing is left.
        "remaining_cuts": np.maximum(ended[:, 0] - told["n_cuts"], 0.0),
        "remaining_time": np.round(np.maximum((ended[:, 1] - told["tool_time"]) / MINUTE, 0.0), 6),
    }


def _cuts(cell: Cell, parts: list[MillCuts]) -> Batch:
    at = np.concatenate([part.at for part in parts])
    ids = np.repeat([mill.machine_id for mill in cell.mills], [len(part.at) for part in parts])
    journeys = Journeys.joined([part.journeys for part in parts])
    order = time_order(at)
    order = order[journeys.arrived[order]]
    columns = {
        name: np.concatenate([part.columns[name] for part in parts])[order]
        for name in parts[0].columns
    }
    place = {id(event): number for number, event in enumerate(cell.events)}
    events = [place.get(id(event), -1) for part in parts for event in part.events]
    labels = Labels(
        events=cell.events,
        event=np.array(events, np.int64)[order],
        kinds=schema.KINDS,
        rare_kinds=schema.RARE_KINDS,
    )
    trace = np.concatenate([part.trace for part in parts])[order]
    note_first_traces(labels, at[order], trace, cell.about.watching.detectable_deviations)
    left = columns.pop("remaining_cuts")
    return schema.CUTS.batch(
        {
            "cut_id": np.concatenate([part.numbers for part in parts])[order],
            "at": timestamps(cell.about.start_date, at[order]),
            **journeys.in_order(order).columns(cell.about.start_date),
            "machine_id": ids[order].astype(np.int64),
            **columns,
            "remaining_cuts": pa.array(left, from_pandas=True).cast(pa.int64()),
            **labels.columns(),
        }
    )


def _waveforms(cell: Cell, parts: list[MillCuts]) -> Batch:
    """Forces of every so many of a mill's cuts."""
    share, kept = cell.about.watching.waveform_share, []
    for mill, part in zip(cell.mills, parts, strict=True):
        rows = np.array([i for i in range(len(part.at)) if is_kept(i, share)], np.int64)
        kept.append((mill, part, rows))
    turns = np.array([cut.turns for _, cut in every_cut()])
    numbers = np.concatenate([part.numbers[rows] for _, part, rows in kept])
    places = np.concatenate([part.state.place[rows] for _, part, rows in kept])
    n = _TURNS * N_STEPS
    offsets = pa.array(np.arange(len(numbers) + 1, dtype=np.int32) * n)
    every = np.concatenate([_samples(cell, *some) for some in kept], axis=1)
    channels = {
        name: pa.ListArray.from_arrays(offsets, pa.array(np.ascontiguousarray(values).ravel()))
        for name, values in zip(FORCES, every, strict=True)
    }
    return schema.WAVEFORMS.batch(
        {
            "cut_id": numbers,
            "machine_id": np.repeat(
                [mill.machine_id for mill, *_ in kept], [len(rows) for *_, rows in kept]
            ),
            "sample_rate": N_STEPS * turns[places],
            **channels,
        }
    )


def _samples(
    cell: Cell, mill: Mill, part: MillCuts, rows: npt.NDArray[np.int64]
) -> npt.NDArray[np.float32]:
    """Forces through some turns of some cuts `(3, k, n)` [N]."""
    state, numbers, n = part.state[rows], part.numbers[rows].tolist(), _TURNS * N_STEPS
    found = turn(state)
    mean, clean = found[TANGENTIAL].mean(1), mill.made.force * found[:TANGENTIAL]
    # Off by as much as the means are, and what varies by the same share.
    peak = np.hypot(clean[X], clean[Y]).max(1)[:, None]
    clean += part.errors[:, rows, None] * (clean - clean.mean(2, keepdims=True) + peak)
    # Below 0: apart from the noise of measures. The last row is for two angles.
    drawn = [normals(cell.telemetry_key, -number, 4, n) for number in numbers]
    noise = np.reshape(drawn, (len(drawn), 4, n)).swapaxes(0, 1)
    start, phase = np.arctan2(noise[3, :, :2], noise[3, :, 2:4]).T[:, :, None]
    steps = np.floor(start / (2.0 * np.pi) * N_STEPS).astype(np.int64) + np.arange(n)
    # Deviations of noise and of the tone add up to that of what does not repeat.
    quiet = float(asynchronous(np.zeros(1), np.zeros(1))[0])
    tone = np.sqrt(asynchronous(mean, state.chatter) ** 2 - quiet**2)[:, None]
    time = np.arange(n) / N_STEPS
    swing = np.sqrt(2.0) * tone * np.sin(2.0 * np.pi * _CHATTER_ORDER * time + phase)
    samples = np.take_along_axis(clean, steps[None] % N_STEPS, 2) + swing + quiet * noise[:3]
    samples = np.asarray(samples, np.float32)
    spoil_forces(cell, mill, part, rows, samples)
    return samples


def spoil_forces(
    cell: Cell,
    mill: Mill,
    part: MillCuts,
    rows: npt.NDArray[np.int64],
    samples: npt.NDArray[np.float32],
) -> None:
    """Let faults of force sensors spoil the samples of some cuts `(3, k, n)` in place."""
    at = part.at[rows]
    for event in cell.events:
        if event.machine != mill.index or event.sensor not in FORCES:
            continue
        own = samples[FORCES.index(event.sensor)]
        for place in range(len(at))[during(event, at)]:
            number = -int(part.numbers[rows[place]])
            now = float(at[place])
            spoil_samples(event, own[place], key=cell.sensor_key, window=number, now=now)
