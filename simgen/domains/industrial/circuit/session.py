"""A session on the bench: runs one after the other, and what is done to them (SimPy)."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt
import simpy

from simgen.domains.industrial.circuit.faults import KINDS, LIKENESS
from simgen.domains.industrial.circuit.kernels import BODY_RISE, FLUID_RISE, RIG, warmed
from simgen.domains.industrial.circuit.schema import OPERATOR
from simgen.domains.industrial.events import Event

if TYPE_CHECKING:
    from simgen.domains.industrial.pump_rig import PumpRig

# Of one day to the next and one run to the next; assumptions.
_HALL, _HALL_SPREAD = 22.0, 1.5  # [degree Celsius]
_LEVEL_SPREAD = 0.05  # logarithm of vibration
_BODY_SPREAD = 3.0  # of the motor in the morning, from where it comes to rest [K]
_FLUID_SPREAD = 0.2  # of what a pause does to the water [K]
_LEAST_SHAKE = 0.2  # of either place where the floor shakes, over the most
_RAMP_SHARE = 0.15  # of the time that something lasts, until it is done whole


@dataclass(kw_only=True)
class Run:
    """One run of the rig."""

    run_id: int
    index: int  # within the block
    started_at: float  # [s]
    rig: Any  # of dtype RIG
    kind: str = ""
    size: float = 0.0  # severity at most
    event: Event | None = None
    stopped_at: float = 0.0  # [s]


@dataclass(kw_only=True)
class Session:
    """The block as it is simulated."""

    NUMBERS: ClassVar[int] = 1_000_000  # free for a session's runs and events

    about: PumpRig
    env: simpy.Environment
    session_id: int
    key: npt.NDArray[np.uint32]
    rng: np.random.Generator
    speed: float  # share of the highest
    hall: float  # [degree Celsius]
    body: float  # of the motor at the start of the next run [degree Celsius]
    fluid: float  # the same of the water
    runs: list[Run] = field(default_factory=list)

    @property
    def events(self) -> list[Event]:
        """Of all runs."""
        return [run.event for run in self.runs if run.event is not None]

    def number(self, place: int) -> int:
        """The id of a run or an event by its place among those of the session."""
        return self.session_id * self.NUMBERS + 1 + place


def operate(session: Session) -> Generator[simpy.Event, Any, None]:
    """The SimPy process of the operator: run, wait, do something, undo it, stop, rest."""
    env, about, rng = session.env, session.about, session.rng
    for index in range(about.runs_per_session):
        run = Run(run_id=session.number(index), index=index, started_at=env.now, rig=_rig(session))
        session.runs.append(run)
        ends_at = env.now + float(rng.integers(*about.run_seconds))
        chosen = about.faults.draw(rng)
        yield env.timeout(float(rng.uniform(*about.calm_share)) * (ends_at - env.now))
        if chosen is not None:
            yield from _do(session, run, chosen, ends_at)
        yield env.timeout(ends_at - env.now)
        run.stopped_at = env.now
        yield env.timeout(float(np.ceil(rng.exponential(about.mean_pause_time))))
        # In a pause the motor runs on: on the Skoltech bench, runs begin as warm as others ended.
        session.body, session.fluid = warmed(run.rig, env.now - run.started_at)
        session.fluid += rng.normal(0.0, _FLUID_SPREAD)


def _rig(session: Session) -> Any:
    rig, rng = np.zeros(1, RIG)[0], session.rng
    rig["speed"], rig["hall"] = session.speed, session.hall
    rig["level"] = np.exp(_LEVEL_SPREAD * rng.standard_normal())
    rig["body"], rig["fluid"], rig["kind"] = session.body, session.fluid, -1
    rig["step"], rig["floor"] = rng.choice((-1.0, 1.0)), rng.uniform(_LEAST_SHAKE, 1.0, 2)
    return rig


def _do(
    session: Session, run: Run, chosen: tuple[str, float], ends_at: float
) -> Generator[simpy.Event, Any, None]:
    env, rng = session.env, session.rng
    run.kind, run.size = chosen
    run.rig["kind"] = KINDS.index(run.kind)
    event = Event(
        event_id=session.number(len(session.events)),
        machine=run.index,
        kind=run.kind,
        lookalike_of=LIKENESS.get(run.kind, ""),
        onset_at=env.now,
        severity=0.0 if run.kind in LIKENESS else run.size,
    )
    run.event = event
    time = rng.gamma(16.0, session.about.faults.mean_time / 16.0)
    yield env.timeout(min(time, max(0.0, ends_at - env.now)))
    event.ended_at = env.now
    # Whoever turned the valve knows it, and writes it down when done.
    event.observe(env.now, OPERATOR, label=not event.lookalike_of)


def severity(run: Run, at: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """How far what is done to a run has gone at instants `(n,)`: up a ramp, and undone at once."""
    if run.event is None:
        return np.zeros(len(at))
    onset, end = run.event.onset_at, run.event.ended_at
    ramp = np.clip((at - onset) / max(_RAMP_SHARE * (end - onset), 1.0), 0.0, 1.0)
    return np.asarray(run.size * ramp * ((at >= onset) & (at <= end)))


def make_session(
    about: PumpRig,
    session_id: int,
    key: npt.NDArray[np.uint32],
    rng: np.random.Generator,
) -> Session:
    """A bench in the morning, its motor at the speed of the day."""
    hall = _HALL + _HALL_SPREAD * rng.standard_normal()
    speed = rng.uniform(*about.speeds)
    rest = hall + BODY_RISE[0] + BODY_RISE[1] * speed
    return Session(
        about=about,
        env=simpy.Environment(),
        session_id=session_id,
        key=key,
        rng=rng,
        speed=speed,
        hall=hall,
        body=rest + rng.normal(0.0, _BODY_SPREAD),
        fluid=hall + rng.uniform(0.0, FLUID_RISE),
    )
