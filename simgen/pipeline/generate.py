"""generate: from a scenario and a seed to a data set on disk."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import takewhile
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from simgen.core import RequestError, RunError, Scenario, Streams, Table, first_line
from simgen.formats.croissant import croissant_text
from simgen.pipeline.blocks import BlockJob, Task
from simgen.pipeline.catalogue import load_scenario
from simgen.pipeline.defects import named
from simgen.pipeline.executors import Executor, executor_or_serial
from simgen.pipeline.interrupts import Interrupted, interruptible
from simgen.pipeline.progress import progress
from simgen.pipeline.saying import tell
from simgen.pipeline.seeds import HIGHEST_OF_METRICS, check_seed
from simgen.storage.card import card
from simgen.storage.folders import Folder, open_folder
from simgen.storage.journal import Entry, append_entry
from simgen.storage.layout import CARD, CROISSANT
from simgen.storage.manifest import configuration, manifest, read_manifest
from simgen.storage.raw import RawNames
from simgen.storage.reader import Dataset, read_parts
from simgen.storage.run import claim, finish, is_finished

if TYPE_CHECKING:
    from simgen.pipeline.calibrated import Calibration

_ROWS_TO_JUDGE = 300_000  # enough for a stable average precision at a prevalence of 0.1 %


def generate(
    scenario: Scenario[Any] | str,
    *,
    out: str | Path,
    seed: int = 0,
    executor: Executor | None = None,
    residual: str | Path | None = None,
    difficulty: bool = True,
    quiet: bool = False,
    name: str = "",
    command: Sequence[str] = (),
    **parameters: Any,
) -> Dataset:
    """Simulate a scenario and write its records, with all that is needed to make them again.

    The same call resumes a run that was stopped, and leaves a finished data set as it is, but for
    a difficulty that was not measured yet.

    Args:
        scenario: a scenario, or the name of one of the catalogue.
        out: a folder, or a `pyarrow.fs` URI such as `s3://bucket/prefix`.
        seed: the bytes depend on it and on the scenario, never on the executor.
        executor: who does the work; this process unless told.
        residual: the folder of a fitted model: its sample, corrected, becomes one more table.
        difficulty: whether to measure how hard the labels are to learn.
        quiet: whether to show no progress.
        name: what a ready `scenario` is called in the manifest; as its class unless told.
        command: the words of a command line that asks for a ready `scenario`, for the data card.
        parameters: those of the named scenario that are to differ.

    Raises:
        RequestError: the scenario, a parameter, the seed, the model or the folder can't be used.
        RunError: the storage is full, a worker died, or the scenario breaks its own rules.
        Interrupted: SIGINT or SIGTERM came; the same call resumes.
    """
    asked = None if isinstance(scenario, str) else command
    name, base, scenario = _resolve(scenario, name, parameters)
    seed, executor = check_seed(seed), executor_or_serial(executor)
    folder = open_folder(out)
    calibration = _calibration(residual, scenario)
    if calibration is not None and calibration.warning and not quiet:
        tell(calibration.warning)
    settings = configuration(
        scenario,
        name=name,
        seed=seed,
        residual=None if calibration is None else calibration.settings,
    )
    if is_finished(folder, settings):
        if difficulty and Dataset(out).manifest.get("difficulty") is None:
            _judge(folder, scenario, asked, quiet=quiet)
        elif not quiet:
            tell(f"{folder.label} already holds this data set: nothing to do")
        return Dataset(out)
    began_at = time.perf_counter()
    with ExitStack() as held:
        with interruptible() as stop:
            # Before the folder is claimed: a scenario may find here that it can't be.
            tasks, job = _job(scenario, name, Streams(seed), folder, calibration)
            made = [table.name for table in job.tables]
            entries = held.enter_context(claim(folder, settings, tables=made, n_blocks=len(tasks)))
            n_resumed = len(entries)
            _simulate(job, tasks, entries, stop, executor, quiet=quiet)
        ordered = [entries[number] for number in sorted(entries)]
        content = manifest(
            settings,
            scenario,
            ordered,
            tables=job.tables,
            base=base,
            timings=_timings(ordered, began_at, n_resumed),
        )
        _finish(folder, scenario, content, asked, difficulty=difficulty)
    return Dataset(out)


def _resolve(
    scenario: Scenario[Any] | str, name: str, parameters: Mapping[str, Any]
) -> tuple[str, Scenario[Any], Scenario[Any]]:
    """The scenario's name, what it is when nothing is changed, and what it is here."""
    if isinstance(scenario, str):
        if name:
            raise RequestError(f"name = {name!r} can't be given beside scenario = {scenario!r}")
        base = load_scenario(scenario)
        return scenario, base, load_scenario(scenario, **parameters) if parameters else base
    if parameters:
        raise RequestError(
            f"{', '.join(parameters)} can't be given beside a ready {type(scenario).__name__}: "
            "set it there, or name the scenario"
        )
    return name or type(scenario).__name__, type(scenario)(), scenario


def _calibration(folder: str | Path | None, scenario: Scenario[Any]) -> Calibration | None:
    if folder is None:
        return None
    from simgen.pipeline.calibrated import load_calibration  # noqa: PLC0415 - imports scikit-learn

    return load_calibration(folder, scenario)


def _job(
    scenario: Scenario[Any],
    name: str,
    streams: Streams,
    folder: Folder,
    calibration: Calibration | None,
) -> tuple[list[Task], BlockJob]:
    """A task for each block, and what does them; RequestError if there is none."""
    with named(scenario, name):
        tasks = [Task(number, block) for number, block in enumerate(scenario.blocks())]
        if not tasks:
            raise RequestError(f"{name} has no blocks with these parameters: nothing to simulate")
        shared = scenario.prepare(streams.child("shared"))
    return tasks, BlockJob(
        scenario=scenario,
        name=name,
        shared=shared,
        streams=streams.child("blocks"),
        folder=folder,
        calibration=calibration,
    )


def _simulate(
    job: BlockJob,
    tasks: Sequence[Task],
    entries: dict[int, Entry],
    stop: Event,
    executor: Executor,
    *,
    quiet: bool,
) -> None:
    """Do the tasks that `entries` lacks, and add to it what they give, until told to stop."""
    folder, names = job.folder, RawNames(job.folder)
    for entry in entries.values():
        names.add(entry)
    missing = [task for task in tasks if task.number not in entries]
    with progress(
        job.name,
        n_blocks=len(tasks),
        n_done=len(entries),
        n_rows=sum(entry.n_rows for entry in entries.values()),
        quiet=quiet,
    ) as advance:
        try:
            for entry in executor.run(job, takewhile(lambda _task: not stop.is_set(), missing)):
                names.add(entry)
                append_entry(folder, entry)
                entries[entry.block] = entry
                advance(entry.n_rows)
        except RunError as error:
            # Who stops every process of ours takes the workers down with it.
            if stop.is_set():
                raise _interrupted(folder, len(entries), len(tasks)) from error
            raise
    if len(entries) < len(tasks):
        raise _interrupted(folder, len(entries), len(tasks))


def _timings(entries: Sequence[Entry], began_at: float, n_resumed: int) -> dict[str, Any]:
    return {
        "simulate_time": sum(entry.simulate_time for entry in entries),  # [s], over all workers
        "write_time": sum(entry.write_time for entry in entries),  # [s], over all workers
        "wall_time": time.perf_counter() - began_at,  # [s], of the attempt that finished
        "resumed_blocks": n_resumed,
        "finished_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _interrupted(folder: Folder, n_done: int, n_blocks: int) -> Interrupted:
    return Interrupted(
        f"stopped after {n_done} of {n_blocks} blocks in {folder.label}: the same command resumes"
    )


def _judge(
    folder: Folder, scenario: Scenario[Any], asked: Sequence[str] | None, *, quiet: bool
) -> None:
    """Measure the difficulty of a finished data set, if its folder can be written."""
    if not quiet:
        tell(f"{folder.label} already holds this data set: only its difficulty is measured")
    try:
        with folder.claim():
            content = read_manifest(folder)  # another call may have measured it since
            if content is not None and content.get("difficulty") is None:
                _finish(folder, scenario, content, asked, difficulty=True)
    # The folder is another run's, or can't be read or written: the data are what they were.
    except (RequestError, RunError, OSError, pa.ArrowException) as error:
        reason = first_line(error)
        if not quiet:
            tell(f"its difficulty is not measured: {reason}")


def _finish(
    folder: Folder,
    scenario: Scenario[Any],
    content: Mapping[str, Any],
    asked: Sequence[str] | None,
    *,
    difficulty: bool,
) -> None:
    """Measure how hard each record table is to learn, if asked; write the texts and the manifest.

    Args:
        folder: the data set's.
        scenario: what was simulated.
        content: the manifest.
        asked: the command's words, for the card.
        difficulty: whether it is measured.
    """
    if difficulty:
        judged = {
            table.name: _difficulty(
                folder, table, content["tables"][table.name]["parts"], content["seed"]
            )
            for table in scenario.tables
            if table.is_record
        }
        content = {**content, "difficulty": judged}
    finish(folder, {CARD: card(content, asked), CROISSANT: croissant_text(content)}, content)


def _difficulty(
    folder: Folder, table: Table, parts: Sequence[Mapping[str, Any]], seed: int
) -> dict[str, Any]:
    """Judged on whole blocks, evenly chosen, so that the entities' histories are whole."""
    from simgen.metrics.difficulty import difficulty  # noqa: PLC0415 - imports scikit-learn

    n_rows = sum(part["rows"] for part in parts)
    n_chosen = max(1, min(len(parts), len(parts) * _ROWS_TO_JUDGE // max(n_rows, 1)))
    places = np.linspace(0, len(parts) - 1, n_chosen).round().astype(int)
    rows = read_parts(folder, table, [parts[place]["path"] for place in places])
    return difficulty(rows, table, seed=seed % (HIGHEST_OF_METRICS + 1)).plain()
