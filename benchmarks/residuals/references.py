"""The real references and their simulators, and which real rows nobody fits or tunes on."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Protocol, cast
from zlib import crc32

import numpy as np

from simgen.core import RequestError, Streams
from simgen.kernels.arrays import Flags
from simgen.metrics import Sample
from simgen.residual import Rows, Shape
from simgen.residual.rows import Indices

ROOT = Path(__file__).parents[2]


class Example(Protocol):
    """What a script in examples/ defines: a user's own simulator, and what it is compared with."""

    FILE: Path
    SHAPE: Shape
    simulate: Callable[[int, Streams], Rows]
    read_reference: Callable[[Path], Rows]
    sample: Callable[[Rows], Sample]


@dataclass(frozen=True, kw_only=True)
class Reference:
    """A real table and the simulator that somebody wrote for it.

    Attributes:
        name: the example's script.
        title: what the table is.
        words: whom its rows are about.
        apart: how the final rows are kept apart.
        sealed: whether nobody saw the final rows before methods and simulator were what they are.
        group: what an entity belongs to, if whole groups are kept apart and not only entities.
        differ: what sets the halves apart as well, if groups are few: attacks tell that, too.
        caution: what else to bear in mind where its numbers are read; whole sentences.
    """

    name: str
    title: str
    words: str
    apart: str
    sealed: bool = False
    group: Callable[[str], str] = str
    differ: str = ""
    caution: str = ""

    @property
    def script(self) -> Path:
        """Where the simulator stands."""
        return ROOT / "examples" / f"{self.name}.py"

    @property
    def example(self) -> Example:
        """What the script defines."""
        return cast("Example", _load(self.script))

    @property
    def shape(self) -> Shape:
        """The table's shape."""
        return self.example.SHAPE

    @property
    def path(self) -> Path:
        """Where the real rows are looked for."""
        folder = os.environ.get("SIMGEN_REFERENCE") or ROOT.parent / "shared" / "reference"
        return Path(folder) / self.example.FILE

    def halves(self) -> tuple[Rows, Rows]:
        """The real rows to develop on, and those of the final test."""
        rows = self.example.read_reference(self.path)
        known, code = np.unique(entities(rows, self.shape), return_inverse=True)
        groups = np.array([self.group(str(entity)) for entity in known.tolist()])
        final = is_final(groups)[code]
        return rows.take(~final), rows.take(final)

    def categorical(self, rows: Rows) -> tuple[str, ...]:
        """The columns that are no numbers, among them the label."""
        declared = {column.name for column in self.shape.columns if column.categories}
        kinds = {name: values.dtype.kind for name, values in rows.columns.items()}
        kinds.pop(self.shape.entity, None)
        return tuple(name for name in kinds if name in declared or kinds[name] in "Ub")


def drive_of(track: str) -> str:
    """The drive that a track belongs to: what stands before the stroke."""
    return track.partition("/")[0]


REFERENCES = {
    reference.name: reference
    for reference in (
        Reference(
            name="crash_occupants",
            title="Occupants of crashed cars: NASS-CDS, United States, 1997-2002",
            words="crash occupants",
            apart="all occupants of one accident on the same side",
        ),
        Reference(
            name="card_default",
            title="Credit-card customers: UCI, Taiwan, 2005",
            words="card customers",
            apart="every row a customer of its own",
        ),
        Reference(
            name="account_fraud",
            title="Accounts reported as frauds: Ethereum, until 2019",
            words="chain accounts",
            apart="every row an account of its own",
            sealed=True,
        ),
        Reference(
            name="loan_default",
            title="Loans that went bad: a Czech bank, 1993-1998",
            words="bank loans",
            apart="every row a loan of an account of its own",
            sealed=True,
        ),
        Reference(
            name="hidden_cars",
            title="Cars that others hide: KITTI's drives through Karlsruhe, 2011",
            words="hidden cars",
            # Drives, as cars of one street are alike; C2ST and attacks need ten entities and more.
            apart="all cars of one drive on the same side: 5 drives and 9",
            sealed=True,
            group=drive_of,
            differ="streets",
            caution="One drive has 64 % of the rows to learn from, and 533 of the 631 rare ones. "
            "Intervals resample cars, as nine drives are too few to resample: they are too narrow.",
        ),
    )
}


def entities(rows: Rows, shape: Shape) -> Indices:
    """Whom each row is about `(n,)`: its own place where every row stands alone."""
    return rows.columns[shape.entity] if shape.entity else np.arange(rows.n_rows)


def is_final(entity: Indices) -> Flags:
    """Which rows `(n,)` belong to the final test: entities whose CRC-32 is odd, about half.

    A hash needs no list of its own, and stays when rows are added or ordered anew.
    """
    known, code = np.unique(entity, return_inverse=True)
    odd = np.array([crc32(str(whom).encode()) % 2 == 1 for whom in known.tolist()])
    return odd[code]


def with_few_rare(rows: Rows, shape: Shape, n_rare: int, generator: np.random.Generator) -> Rows:
    """Random entities until `n_rare` of their rows are rare: what an institution may have.

    Raises:
        RequestError: there are not so many rare rows.
    """
    label, entity = rows.columns[shape.label], entities(rows, shape)
    known, code = np.unique(entity, return_inverse=True)
    place = generator.permutation(len(known))[code]
    order = np.argsort(place, kind="stable")
    n_found = np.cumsum(label[order])
    if n_found[-1] < n_rare:
        raise RequestError(f"there are {n_found[-1]} rare rows: ask for at most so many")
    last = place[order][np.searchsorted(n_found, n_rare)]
    return rows.take(place <= last)


@cache
def _load(script: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(script.stem, script)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[script.stem] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module
