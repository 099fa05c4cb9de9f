"""The smallest scenario that has everything: flips of coins, some of which are loaded."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa

from simgen.core import (
    Batch,
    Block,
    Field,
    Invariant,
    RawFile,
    Role,
    Scenario,
    Streams,
    Table,
    events_table,
    parameter,
    record_labels,
    timestamps,
)
from simgen.core.schema import CATEGORY, TIMESTAMP

KINDS, TARGETS = ("loaded", "worn"), ("loaded",)

FLIPS = Table(
    "flips",
    "One row for each flip of a coin.",
    (
        Field("flip_id", pa.int64(), "", "Identifies the flip.", Role.KEY),
        Field("coin_id", pa.int64(), "", "Which coin.", Role.REFERENCE),
        Field("flipped_at", TIMESTAMP, "", "When it was flipped.", Role.TIME),
        Field("height", pa.float64(), "m", "How high it flew."),
        Field("side", CATEGORY, "", "Which side was up.", categories=("heads", "tails")),
        *record_labels(KINDS, TARGETS),
    ),
    entity="coin_id",
)
EVENTS = events_table(KINDS, TARGETS, ("weighing",))


def coins_fly_up(tables: Mapping[str, pa.Table]) -> Any:
    """No coin flies downward."""
    return tables["flips"]["height"].to_numpy() >= 0.0


@dataclass(frozen=True, kw_only=True)
class Coin(Scenario[dict[str, float]]):
    """Coins are flipped; one in ten is loaded, one in ten worn."""

    version: ClassVar[int] = 1
    tables: ClassVar[tuple[Table, ...]] = (FLIPS, EVENTS)
    invariants: ClassVar[tuple[Invariant, ...]] = (coins_fly_up,)

    n_blocks: int = parameter(8, doc="How many blocks there are.", minimum=0)
    n_flips: int = parameter(100, doc="Flips of each coin.", minimum=1)
    n_coins: int = parameter(10, doc="Coins in a block.", minimum=1)
    n_rounds: int = parameter(1, doc="How often each flip is thought over: costs time.", minimum=1)
    mean_height: float = parameter(0.5, unit="m", doc="How high coins fly.", above=0.0)
    lowest: float = parameter(0.0, unit="m", doc="Below 0 the rule about heights is broken.")

    def blocks(self) -> Sequence[Block]:
        """A block for every `n_coins` coins."""
        return [Block(i * self.n_coins, (i + 1) * self.n_coins) for i in range(self.n_blocks)]

    def prepare(self, streams: Streams) -> dict[str, float]:
        """The table that all coins land on."""
        return {"table_height": float(streams.generator("table").random())}

    def simulate(self, block: Block, shared: dict[str, float], streams: Streams) -> Iterator[Batch]:
        """Flip one coin after the other."""
        for coin in range(block.start, block.stop):
            kind = {1: 1, 2: 2}.get(coin % 10, 0)  # a code of event_kind
            yield FLIPS.batch(self._flips(coin, kind, shared, streams))
            if kind:
                yield EVENTS.batch(_event(coin, kind))

    def _flips(
        self, coin: int, kind: int, shared: dict[str, float], streams: Streams
    ) -> dict[str, Any]:
        n = self.n_flips
        draw = streams.child(f"coin_{coin}").generator("flips")
        for _ in range(self.n_rounds):
            height = self.lowest + draw.exponential(self.mean_height, n)
        return {
            "flip_id": coin * n + np.arange(n),
            "coin_id": np.full(n, coin),
            "flipped_at": timestamps("2024-01-01", np.sort(draw.random(n)) * 86_400.0),
            "height": height + shared["table_height"] * (self.lowest >= 0.0),
            "side": (draw.random(n) < 0.5 + 0.4 * (kind == 1)).astype(int),
            "label": np.full(n, kind == 1),
            "event_kind": np.full(n, kind),
            "event_id": np.full(n, coin + 1 if kind else 0),
            "lookalike_of": np.full(n, int(kind == 2)),
            "weight": np.full(n, 0.25 if kind == 1 else 1.0),
        }


def _event(coin: int, kind: int) -> dict[str, Any]:
    day = timestamps("2024-01-01", [0.0, 86_400.0])
    seen = kind == 1
    return {
        "event_id": [coin + 1],
        "kind": [kind - 1],
        "lookalike_of": [int(kind == 2)],
        "entity_id": [coin],
        "onset_at": day[:1],
        "detectable_at": day[:1],
        "ended_at": day[1:],
        "severity": [1.0 if seen else 0.0],
        "caused_by": [0],
        "weight": [0.25 if seen else 1.0],
        "observed_at": day[1:] if seen else np.array(["NaT"], "datetime64[us]"),
        "observed_label": pa.array([True if seen else None], pa.bool_()),
        "observed_reason": [int(seen)],
    }


@dataclass(frozen=True, kw_only=True)
class Sliced(Coin):
    """The same coins, told of in smaller batches."""

    def simulate(self, block: Block, shared: dict[str, float], streams: Streams) -> Iterator[Batch]:
        """Flip, and cut each batch in two."""
        for name, rows in super().simulate(block, shared, streams):
            yield Batch(name, rows.slice(0, 37))
            yield Batch(name, rows.slice(37))


class Album(Coin):
    """Coins whose blocks bring two pictures each beside their rows."""

    def simulate(
        self, block: Block, shared: dict[str, float], streams: Streams
    ) -> Iterator[Batch | RawFile]:
        """Rows as ever, and pictures named by their block."""
        for name in ("heads", "tails"):
            yield RawFile(f"raw/{name}/{block.start}.txt", f"{name} {block.start}".encode())
        yield from super().simulate(block, shared, streams)


class Overwriting(Coin):
    """Coins of all blocks in a picture of one name."""

    def simulate(
        self, block: Block, shared: dict[str, float], streams: Streams
    ) -> Iterator[Batch | RawFile]:
        """Rows as ever, and the picture of all."""
        yield RawFile("raw/heads/all.txt", f"heads {block.start}".encode())
        yield from super().simulate(block, shared, streams)


@dataclass(frozen=True, kw_only=True)
class Failing(Coin):
    """Coins of the third block are simulated by code that has a defect."""

    exits: bool = parameter(False, doc="Whether it ends the program.")

    def simulate(self, block: Block, shared: dict[str, float], streams: Streams) -> Iterator[Batch]:
        """Flip, and fail at the third block."""
        if block.start == 2 * self.n_coins:
            if self.exits:
                sys.exit("no licence for coins")
            raise ZeroDivisionError("boom")
        yield from super().simulate(block, shared, streams)


@dataclass(frozen=True, kw_only=True)
class Crashing(Coin):
    """Coins one of which kills whoever simulates it, as the kernel does for want of memory."""

    def simulate(self, block: Block, shared: dict[str, float], streams: Streams) -> Iterator[Batch]:
        """Flip, and die at the third block."""
        if block.start == 2 * self.n_coins:
            os.kill(os.getpid(), signal.SIGKILL)
        yield from super().simulate(block, shared, streams)


@dataclass(frozen=True, kw_only=True)
class Interrupting(Coin):
    """Coins at the third block of which somebody sends this process a signal, or two."""

    n_signals: int = parameter(1, doc="How many signals are sent.", minimum=0)

    def simulate(self, block: Block, shared: dict[str, float], streams: Streams) -> Iterator[Batch]:
        """Flip, and be interrupted at the third block."""
        if block.start == 2 * self.n_coins:
            for _ in range(self.n_signals):
                signal.raise_signal(signal.SIGINT)
        yield from super().simulate(block, shared, streams)
