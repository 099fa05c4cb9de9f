"""Simulations of a fit: each a small world with its own parameters, reduced to summaries.

Every finished one is a line of the journal in the fit's folder, so that the same fit goes on where
it stopped. Who does the work changes nothing: a simulation's chance comes from its number.
"""

from __future__ import annotations

import json
import operator
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np

from simgen.calibration import Prior
from simgen.core import RequestError, RunError, Scenario, Streams, changed
from simgen.kernels.arrays import Floats
from simgen.metrics import Sample
from simgen.pipeline.executors import Executor
from simgen.pipeline.interrupts import Interrupted, interruptible
from simgen.pipeline.memory import MemoryDataset, simulate_in_memory
from simgen.pipeline.parameter_fit.summaries import Plan
from simgen.pipeline.progress import Advance
from simgen.pipeline.references import Reference
from simgen.pipeline.samples import keep_sample, run_view
from simgen.pipeline.values import sample_of

JOURNAL = "simulations.jsonl"


class Draw(NamedTuple):
    """A simulation to be done."""

    number: int
    units: tuple[float, ...]  # where its parameters lie in the prior's unit cube


class Done(NamedTuple):
    """A simulation that was done."""

    number: int
    units: tuple[float, ...]
    summaries: tuple[float, ...]  # NaN where there is none
    n_rows: int


@dataclass(frozen=True, kw_only=True)
class SimulationJob:
    """Simulates worlds and summarises them; travels once to each worker."""

    scenario: Scenario[Any]
    reference: Reference
    values: Mapping[str, Any]  # for `$name` in the reference's SQL
    prior: Prior
    plans: Sequence[Plan]
    streams: Streams

    def make(self, draw: Draw) -> Done:
        """Simulate one world and summarise it; the world itself is forgotten.

        Raises:
            RequestError: the scenario refuses the parameters, or lacks a table of the reference.
        """
        values = self.prior.values(np.array([draw.units]))[0]
        scenario = changed(self.scenario, dict(zip(self.prior.names, values.tolist(), strict=True)))
        world = simulate_in_memory(scenario, self.streams.child(f"simulation_{draw.number}"))
        samples = simulated_samples(self.reference, world, self.values)
        found = summarise(self.plans, samples)
        n_rows = sum(sample.n_rows for sample in samples)
        return Done(draw.number, draw.units, tuple(found.values()), n_rows)

    def store(self, made: Done) -> Done:
        """Nothing: a simulation's summaries are booked by who asked for them."""
        return made


def simulated_samples(
    reference: Reference, world: MemoryDataset, values: Mapping[str, Any]
) -> list[Sample]:
    """The reference's samples of a simulated world, in its order."""
    wrong, samples = f"the scenario does not fit reference {reference.name}", []
    with world.connect() as connection:
        for view in reference.samples:
            rows = run_view(connection, view.derived or reference.view(view), values, wrong)
            keep_sample(connection, view.name, rows)
            samples.append(sample_of(view, rows))
    return samples


def summarise(plans: Sequence[Plan], samples: Sequence[Sample]) -> dict[str, float]:
    """All summaries of the samples by name."""
    found: dict[str, float] = {}
    for plan, sample in zip(plans, samples, strict=True):
        found |= plan.summaries(sample)
    return found


@dataclass(frozen=True, kw_only=True)
class Simulator:
    """What a fit calls for its simulations: takes them from the journal, or has them done."""

    job: SimulationJob
    executor: Executor
    journal: Path
    known: dict[int, Done]
    advance: Advance
    used: Sequence[int]  # places of the summaries that the fit compares

    def __call__(self, units: Floats, first: int) -> Floats:
        """Summaries `(n, k)` of the simulations at `units` `(n, d)`, numbered from `first`.

        Raises:
            Interrupted: SIGINT or SIGTERM came; the same fit goes on from the journal.
            RunError: a worker died, or the journal can't be written.
        """
        draws = [
            Draw(first + row, tuple(float(value) for value in place))
            for row, place in enumerate(units)
        ]
        missing = [draw for draw in draws if draw.number not in self.known]
        with interruptible() as stop:
            tasks = takewhile(lambda _draw: not stop.is_set(), missing)
            for done in self.executor.run(self.job, tasks):
                _book(self.journal, done)
                self.known[done.number] = done
                self.advance(done.n_rows)
            if stop.is_set():
                raise Interrupted(
                    f"stopped after {len(self.known)} simulations: the same command resumes"
                )
        rows = [self.known[draw.number].summaries for draw in draws]
        return np.array(rows, np.float64)[:, self.used]


def open_journal(path: Path, settings: Mapping[str, Any]) -> dict[int, Done]:
    """The simulations that a journal holds; begins one with `settings` if there is none.

    Raises:
        RequestError: the journal belongs to a fit with other settings.
    """
    head = json.dumps({"settings": settings}, sort_keys=True).encode()
    content = path.read_bytes() if path.exists() else b""
    # None, or a run was killed while it began one; a crash of the machine leaves NULs.
    if b"\n" not in content and head.startswith(content.rstrip(b"\0")):
        _write(path, "wb", head)
        return {}
    first, *lines, half = content.split(b"\n")
    if first != head:
        raise RequestError(f"{path.parent} holds another fit: name another out")
    if half:  # a run that was killed left it
        os.truncate(path, len(content) - len(half))
    known = (_read(line, len(settings["observed"])) for line in lines)
    return {done.number: done for done in known if done is not None}


def _read(line: bytes, n_summaries: int) -> Done | None:
    """The simulation that a line holds; None if a crash of the machine left something else."""
    try:
        number, units, summaries, n_rows = json.loads(line)
        values = tuple(np.nan if value is None else float(value) for value in summaries)
        done = Done(operator.index(number), tuple(map(float, units)), values, int(n_rows))
    except (TypeError, ValueError):
        return None
    return done if len(values) == n_summaries else None


def _book(path: Path, done: Done) -> None:
    plain = done._replace(
        summaries=tuple(value if np.isfinite(value) else None for value in done.summaries)  # type: ignore[misc]
    )
    _write(path, "ab", json.dumps(plain, allow_nan=False).encode())


def _write(path: Path, mode: Literal["ab", "wb"], line: bytes) -> None:
    """Write a line that a crash of the machine leaves as it is."""
    try:
        with path.open(mode) as journal:
            journal.write(line + b"\n")
            journal.flush()
            os.fsync(journal.fileno())
    except OSError as error:
        raise RunError(
            f"can't write the journal: {error.strerror}: make room and run it again"
        ) from None
