"""The scenario contract: a pure function from parameters and a seed to records."""

from __future__ import annotations

import dataclasses
import math
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

import pyarrow as pa

from simgen.core.batch import Batch, RawFile
from simgen.core.causal_order import CausalOrder
from simgen.core.errors import RequestError
from simgen.core.labels import check_records
from simgen.core.parameters import Parameters, describe
from simgen.core.schema import Table
from simgen.core.streams import Streams

Shared = TypeVar("Shared")

# Given one block's tables by name: True for each row (or once for all) that obeys the rule.
Invariant = Callable[[Mapping[str, pa.Table]], Any]

# What scenario files, `load_scenario` and `generate` say beside parameters, by the same syntax.
TAKEN_NAMES = (
    "command",
    "defaults",
    "difficulty",
    "executor",
    "name",
    "out",
    "quiet",
    "residual",
    "scenario",
    "seed",
)


class Block(NamedTuple):
    """Entities `start` to `stop` (exclusive): the unit of parallel work.

    Cut by entity, never by worker, so the rows do not depend on who works.
    """

    start: int
    stop: int


class Scenario(Parameters, ABC, Generic[Shared]):
    """A world that can be simulated.

    Subclass as a frozen, keyword-only dataclass whose fields are made by `parameter`: what is
    simulated depends on nothing but them and the streams. `version` goes up whenever the same
    parameters and seed give other rows. `small` holds the parameters that make a world of about
    a second with several blocks and an event of every kind, for tests: nested as in a file.
    `causal_order` says what may be corrected toward a user's own records; None if nothing.

    Such a class is refused where it is defined: with ValueError if two of its tables have one name
    or one has a `label` without the rest of the label contract, with TypeError if a parameter is
    called like an argument of `generate`.
    """

    version: ClassVar[int]
    tables: ClassVar[tuple[Table, ...]]
    invariants: ClassVar[tuple[Invariant, ...]] = ()
    small: ClassVar[Mapping[str, Any]] = {}
    causal_order: ClassVar[CausalOrder | None] = None

    def __post_init__(self) -> None:
        super().__post_init__()
        # What is infinite is no JSON, and so can't stand in a manifest.
        for name, _, value, *_ in describe(self):
            entries = value if isinstance(value, tuple) else (value,)
            if math.inf in entries or -math.inf in entries:
                raise RequestError(f"{name} = {value!r} is not finite: give a number")

    def __init_subclass__(cls, **about: Any) -> None:
        super().__init_subclass__(**about)
        for name in TAKEN_NAMES:
            # A field is an attribute of the class until the dataclass is made.
            if isinstance(getattr(cls, name, None), dataclasses.Field):
                raise TypeError(
                    f"{cls.__name__}.{name}: generate and scenario files take {name} themselves: "
                    f"call the parameter otherwise, and not {', '.join(TAKEN_NAMES)}"
                )
        tables = getattr(cls, "tables", ())
        if not isinstance(tables, tuple | list):  # a property: they follow from the parameters
            return
        n_times = Counter(table.name for table in tables)
        if twice := [name for name, n in n_times.items() if n > 1]:
            raise ValueError(f"{cls.__name__}: tables are declared twice: {twice}")
        for table in tables:
            check_records(table)

    @abstractmethod
    def blocks(self) -> Sequence[Block]:
        """The independent parts of the population, in order."""

    @abstractmethod
    def prepare(self, streams: Streams) -> Shared:
        """What all blocks read and none changes. Small: it travels to every worker."""

    @abstractmethod
    def simulate(self, block: Block, shared: Shared, streams: Streams) -> Iterator[Batch | RawFile]:
        """Yield the block's records, in time order within a table, and its raw files if any."""
