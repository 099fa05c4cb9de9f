"""Telegrams: what becomes of readings between the sensor and whoever keeps the records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from simgen.core import TIMESTAMP, Field, Key, Parameters, Role, parameter
from simgen.domains.industrial.events import Event
from simgen.domains.industrial.instants import instants
from simgen.domains.industrial.kernels.telegrams import STEPS_PER_SECOND, travel
from simgen.domains.industrial.lookalikes.sensor_fault import TRANSMITTER
from simgen.domains.industrial.sensing import during
from simgen.kernels.arrays import Flags, Floats

Integers = npt.NDArray[np.signedinteger[Any]]

_LOST_SHARE = 0.4  # of the telegrams of a bad link, at least; assumption
_CLOCK_DRIFT = 50e-6  # of a clock that is no longer set, in its own direction; assumption


@dataclass(frozen=True, kw_only=True)
class Telegrams(Parameters):
    """How readings travel. Defaults are assumptions."""

    mean_delay: float = parameter(
        2.0,
        doc="Mean time from a reading to its arrival; delays are exponential.",
        unit="s",
        minimum=0.0,
        maximum=86_400.0,
    )
    lost_share: float = parameter(
        0.001, doc="Share that never arrives over a sound link.", minimum=0.0, maximum=1.0
    )


TELEGRAM_FIELDS = (
    Field(
        "stamped_at",
        TIMESTAMP,
        "",
        "The same by the machine's own clock, which may be wrong.",
        Role.TIME,
    ),
    Field("received_at", TIMESTAMP, "", "When it arrived; not always in the order of reading."),
)


@dataclass(frozen=True, kw_only=True)
class Journeys:
    """What became of readings, one array `(n,)` each."""

    stamped: Floats  # [s]
    received: Floats  # [s]
    arrived: Flags
    order: Integers | None = None  # in which columns are wanted, (m,); None: as they are

    @classmethod
    def empty(cls, n: int) -> Journeys:
        """Of `n` readings, to be filled in by `send`."""
        return cls(stamped=np.empty(n), received=np.empty(n), arrived=np.empty(n, np.bool_))

    @classmethod
    def joined(cls, some: Sequence[Journeys]) -> Journeys:
        """One after the other."""
        return cls(
            stamped=np.concatenate([one.stamped for one in some]),
            received=np.concatenate([one.received for one in some]),
            arrived=np.concatenate([one.arrived for one in some]),
        )

    def __getitem__(self, rows: slice) -> Journeys:
        """Those of some readings, in the same memory."""
        return Journeys(
            stamped=self.stamped[rows], received=self.received[rows], arrived=self.arrived[rows]
        )

    def in_order(self, order: Integers) -> Journeys:
        """The same, whose columns hold those at some places `(m,)`."""
        return replace(self, order=order)

    def columns(self, start_date: str) -> dict[str, pa.Array]:
        """The columns of `TELEGRAM_FIELDS`."""
        return {
            "stamped_at": instants(start_date, self.stamped, self.order),
            "received_at": instants(start_date, self.received, self.order),
        }


def send(
    policy: Telegrams,
    events: Iterable[Event],
    at: Floats,
    out: Journeys,
    *,
    confirmed: Flags,
    key: Key,
    machine_id: int,
) -> None:
    """Send a machine's readings.

    Args:
        policy: how they travel.
        events: of the machine; those of its transmitter's faults count.
        at: when each was made, ascending. (n,) [s]
        out: filled in. (n,)
        confirmed: those that are sent until they arrive, as a trip's message is. (n,)
        key: a stream's key. (2,)
        machine_id: identifies the machine.
    """
    chance = np.empty(len(at))
    # Below 0: apart from the events and windows that draw from the same key.
    travel(key, -machine_id, policy.mean_delay, at, out.received, chance)
    out.stamped[:] = at
    np.greater_equal(chance, policy.lost_share, out=out.arrived)
    for event in events:
        if event.sensor == TRANSMITTER:
            hit = during(event, at)
            _disturb(event, at[hit], chance[hit], out[hit])
    out.arrived[:] |= confirmed


def _disturb(event: Event, at: Floats, chance: Floats, out: Journeys) -> None:
    """What a fault of the transmitter does to what it sends meanwhile."""
    age = at - event.onset_at
    if event.fault == "clock_skew":
        out.stamped[:] += event.size + np.sign(event.size) * _CLOCK_DRIFT * age
    elif event.fault == "late":
        # The link is there for a moment now and then, and all that has waited comes at once.
        waited = np.ceil(age / event.size) * event.size - age
        out.received[:] += np.rint(waited * STEPS_PER_SECOND) / STEPS_PER_SECOND
    else:
        # Among those that a sound link would lose, too, where it loses many.
        out.arrived[:] &= chance >= _LOST_SHARE
