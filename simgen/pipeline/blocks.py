"""The work on one block: simulate it, check it, write it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa

from simgen.core import Block, Invariant, RawFile, RunError, Scenario, Streams, Table, first_line
from simgen.pipeline.defects import named
from simgen.storage.folders import Folder
from simgen.storage.journal import Entry
from simgen.storage.parts import write_parts
from simgen.storage.raw import RawWriter

if TYPE_CHECKING:
    from simgen.pipeline.calibrated import Calibration


class Task(NamedTuple):
    """A block and its place in the scenario's `blocks()`."""

    number: int
    block: Block


class Rows(NamedTuple):
    """A simulated block."""

    number: int
    tables: dict[str, pa.Table]
    raw: RawWriter
    simulate_time: float  # [s]


@dataclass(frozen=True, kw_only=True)
class BlockJob:
    """Makes and stores the parts of blocks; travels once to each worker, which does both."""

    scenario: Scenario[Any]
    name: str  # the scenario's
    shared: Any  # what the scenario's `prepare` made
    streams: Streams
    folder: Folder
    calibration: Calibration | None = None

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables that a block makes."""
        added = (self.calibration.table,) if self.calibration else ()
        return self.scenario.tables + added

    def make(self, task: Task) -> Rows:
        """Simulate; raw files go to the folder, tables stay in memory.

        Raises:
            TypeError: the scenario yields rows that are not as its tables declare.
            ValueError: it yields a raw file elsewhere than in the folder for those.
            RunError: what a residual corrected breaks too many rules, or a third party's scenario
                raises an error.
        """
        began_at = time.perf_counter()
        raw = RawWriter(self.folder, task.number)
        with named(self.scenario, self._where(task.number)):
            tables = self._simulate(task.block, raw)
        if self.calibration:
            streams = self.streams.child("calibration").child(f"block{task.number}")
            rows = self.calibration.rows(tables, streams)
            self.calibration.table.validate(rows)
            tables[self.calibration.table.name] = rows
        return Rows(task.number, tables, raw, time.perf_counter() - began_at)

    def store(self, made: Rows) -> Entry:
        """Check the rules, write the parts, and make raw files durable.

        Raises:
            RunError: a rule of the scenario is broken, or the folder can't take the parts.
        """
        began_at = time.perf_counter()
        with named(self.scenario, self._where(made.number)):
            for rule in self.scenario.invariants:
                _check(rule, made.tables, made.number)
        raw = made.raw.close()
        parts = write_parts(self.folder, self.tables, made.number, made.tables)
        return Entry(
            block=made.number,
            parts=parts,
            raw=raw,
            simulate_time=made.simulate_time,
            write_time=time.perf_counter() - began_at,
        )

    def _where(self, number: int) -> str:
        return f"block {number} of {self.name}"

    def _simulate(self, block: Block, raw: RawWriter) -> dict[str, pa.Table]:
        batches: dict[str, list[pa.RecordBatch]] = {
            table.name: [] for table in self.scenario.tables
        }
        for made in self.scenario.simulate(block, self.shared, self.streams):
            if isinstance(made, RawFile):
                # Written at once: pictures of a block would fill the memory.
                raw.write(made)
                continue
            if made.table not in batches:
                raise TypeError(
                    f"the scenario yields rows of {made.table!r}, which it does not declare"
                )
            batches[made.table].append(made.rows)
        tables = {
            # One chunk per column: rules need not know how the rows were cut in batches.
            table.name: pa.Table.from_batches(batches[table.name], table.schema).combine_chunks()
            for table in self.scenario.tables
        }
        for table in self.scenario.tables:
            table.validate(tables[table.name])
        return tables


def _check(rule: Invariant, tables: Mapping[str, pa.Table], number: int) -> None:
    given = rule(tables)
    if isinstance(given, pa.Scalar):  # of pyarrow.compute's
        given = given.as_py()
    obeyed = np.asarray(given)
    name = getattr(rule, "__name__", type(rule).__name__)
    # A list that is made row by row is empty, and so of no type, where a table is.
    says_nothing = obeyed.size == 0 and 0 in (rows.num_rows for rows in tables.values())
    if obeyed.dtype != np.bool_ and not says_nothing:
        raise RunError(
            f"block {number}: the rule {name} gives {type(given).__name__} of {obeyed.dtype}, not "
            "True or False for each row or all: this is a defect of the scenario, please report it"
        )
    if not obeyed.all():
        said = first_line((rule.__doc__ or name).strip())
        raise RunError(
            f"block {number} breaks the rule {name} in {np.count_nonzero(~obeyed):,} of "
            f"{obeyed.size:,} rows ({said}): this is a defect of the scenario, please report it"
        )
