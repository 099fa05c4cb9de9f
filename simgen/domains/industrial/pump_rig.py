"""The pump rig: parameters, and the order in which a block is simulated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from simgen.core import (
    Batch,
    Block,
    CausalOrder,
    Invariant,
    RequestError,
    Scenario,
    Streams,
    Table,
    first_day,
    parameter,
)
from simgen.des import run
from simgen.domains.industrial.circuit import rules
from simgen.domains.industrial.circuit.faults import Faults
from simgen.domains.industrial.circuit.records import batches
from simgen.domains.industrial.circuit.schema import TABLES
from simgen.domains.industrial.circuit.session import make_session, operate


@dataclass(frozen=True, kw_only=True)
class PumpRig(Scenario[None]):
    """Sessions on a bench with one pump, to which faults are done on purpose."""

    version: ClassVar[int] = 2
    small: ClassVar[Mapping[str, Any]] = {
        "n_sessions": 3,
        "runs_per_session": 40,
        "run_seconds": [100, 150],
        "faults": {"mean_time": 40.0},
    }
    tables: ClassVar[tuple[Table, ...]] = TABLES
    invariants: ClassVar[tuple[Invariant, ...]] = rules.RULES
    causal_order: ClassVar[CausalOrder] = CausalOrder(
        view="rig_seconds",
        table="telemetry",
        columns=(
            "voltage",
            "flow",
            "pressure",
            "current",
            "accelerometer_1",
            "accelerometer_2",
            "temperature",
            "thermocouple",
        ),
        logarithmic=("accelerometer_1", "accelerometer_2"),
    )

    n_sessions: int = parameter(
        20,
        doc="Days on the bench: simulated alone and written as one part.",
        minimum=1,
        maximum=100_000,
    )
    runs_per_session: int = parameter(8, doc="Runs in a session.", minimum=1, maximum=1_000)
    run_seconds: tuple[int, int] = parameter(
        (1_060, 1_200),
        doc="Shortest and longest run, as on the Skoltech bench.",
        unit="s",
        minimum=10,
        maximum=100_000,
        is_range=True,
    )
    calm_share: tuple[float, float] = parameter(
        (0.45, 0.55),
        doc="Share of a run before anything is done to it, from and to; on the Skoltech bench "
        "about half.",
        minimum=0.0,
        maximum=1.0,
        is_range=True,
    )
    speeds: tuple[float, float] = parameter(
        (0.25, 1.0),
        doc="Slowest and fastest session, as shares of the highest speed; flows of 32 to 126 l/min "
        "on the Skoltech bench.",
        above=0.0,
        maximum=1.0,
        is_range=True,
    )
    mean_pause_time: float = parameter(
        60.0, doc="Mean time between two runs. Assumption.", unit="s", minimum=0.0, maximum=1e6
    )
    start_date: str = parameter("2020-02-08", doc="Day of each session, as YYYY-MM-DD.")
    faults: Faults = parameter(Faults, doc="What is done to runs.")

    def check(self) -> None:
        """Refuse parameters that contradict one another."""
        first_day(self.start_date)
        if self.run_seconds[0] == self.run_seconds[1]:  # the longest itself is never drawn
            raise RequestError(
                f"run_seconds = {list(self.run_seconds)} is no range: raise the second"
            )

    def blocks(self) -> Sequence[Block]:
        """The runs of each session."""
        size = self.runs_per_session
        return [Block(start, start + size) for start in range(0, size * self.n_sessions, size)]

    def prepare(self, streams: Streams) -> None:
        """Nothing: sessions share nothing."""
        del streams

    def simulate(self, block: Block, shared: None, streams: Streams) -> Iterator[Batch]:
        """All records of a session: SimPy runs the operator, a kernel fills the readings."""
        del shared
        number = block.start // self.runs_per_session
        rng = streams.child("sessions").generator(f"session_{number}")
        session = make_session(self, number + 1, streams.key("readings"), rng)
        # No process goes on for ever, so the bound need only be beyond all runs.
        run(session.env, operate(session), until=float("inf"))
        yield from batches(session)
