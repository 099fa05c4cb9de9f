"""The scenario contract: a pure function from parameters and a seed to records."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

import pyarrow as pa

from simgen.core.batch import Batch, RawFile
from simgen.core.causal_order import CausalOrder
from simgen.core.parameters import Parameters
from simgen.core.schema import Table
from simgen.core.streams import Streams

Shared = TypeVar("Shared")

# Given one block's tables by name: True for each row (or once for all) that obeys the rule.
Invariant = Callable[[Mapping[str, pa.Table]], Any]


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
    """

    version: ClassVar[int]
    tables: ClassVar[tuple[Table, ...]]
    invariants: ClassVar[tuple[Invariant, ...]] = ()
    small: ClassVar[Mapping[str, Any]] = {}
    causal_order: ClassVar[CausalOrder | None] = None

    @abstractmethod
    def blocks(self) -> Sequence[Block]:
        """The independent parts of the population, in order."""

    @abstractmethod
    def prepare(self, streams: Streams) -> Shared:
        """What all blocks read and none changes. Small: it travels to every worker."""

    @abstractmethod
    def simulate(self, block: Block, shared: Shared, streams: Streams) -> Iterator[Batch | RawFile]:
        """Yield the block's records, in time order within a table, and its raw files if any."""
