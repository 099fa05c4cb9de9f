"""Components: how long each lasts, and how a defect grows until it fails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simgen.core import HOUR
from simgen.domains.industrial.events import Event
from simgen.domains.industrial.kernels.stations import N_POINTS
from simgen.domains.industrial.site.modes import Kind, Mode
from simgen.kernels.ageing import first_of_weibulls, kijima_one, kijima_two
from simgen.kernels.arrays import Floats

if TYPE_CHECKING:
    from simgen.domains.industrial.site.orders import WorkOrder


_GROWTH_SHAPE = 4.0  # of the gamma law of the time from defect to failure; assumption
_N_TRIES = 100  # of a life that a sound part may have; numerical
_SHARES = np.linspace(0.0, 1.0, N_POINTS)  # of the growth time, at the points of a course


@dataclass(kw_only=True)
class Part:
    """A component that is or was in a machine."""

    part_id: int
    machine: int  # within the block
    about: Kind
    fitted_at: float  # [s]
    entry_age: float  # when it came under observation: equivalent hours [h]
    age: float  # equivalent hours in use [h]
    virtual_age: float  # that counted for the risk at the last repair [h]
    repaired_age: float  # `age` at that repair [h]
    use_time: float = 0.0  # under observation [s]
    mode: Mode  # how it will fail
    life: float = 0.0  # age at failure [h]
    growth_time: float = 1.0  # from defect to failure [h]
    course: Floats  # severities over that time, rising from 0 to 1. (N_POINTS,)
    event: Event | None = None  # of its defect, once begun
    order: WorkOrder | None = None  # for its replacement
    removed_at: float | None = None  # [s]
    removal: str = ""
    failed: bool = False

    def severity_at(self, age: float) -> float:
        """Severity of the defect at an age [h]: 0 sound, 1 failed."""
        share = (age - self.life) / self.growth_time + 1.0
        return float(np.interp(share, _SHARES, self.course))

    @property
    def severity(self) -> float:
        """At present."""
        return self.severity_at(self.age) if self.event is not None else 0.0

    @property
    def is_defect_older(self) -> bool:
        """Whether its defect began before it came under observation."""
        return self.next_age < self.entry_age

    @property
    def next_age(self) -> float:
        """Age at which the defect begins or, if it has, the part fails [h]."""
        return self.life if self.event is not None else self.life - self.growth_time

    def time_to_change(self, rate: float) -> float:
        """Time in use until the defect begins or, if it has, the part fails [s]."""
        return max(0.0, self.next_age - self.age) / rate * HOUR

    def use(self, time: float, rate: float) -> None:
        """Age by a time in use [s] at `rate` equivalent hours an hour."""
        self.use_time += time
        self.age += time / HOUR * rate

    def draw_life(self, rng: np.random.Generator) -> None:
        """Draw when it fails, given what it has been through, and how that announces itself.

        A defect may have begun before now, though not before the part was new: it is then seen
        as grown as it is, from when the part is in use next.
        """
        every = self.about.modes
        laws = np.array([(mode.shape, mode.scale, self.virtual_age) for mode in every])
        first, left = first_of_weibulls(rng.random(len(every)), *laws.T.copy())
        self.mode = every[first]
        mean = self.mode.mean_growth_time
        growth = rng.gamma(_GROWTH_SHAPE, mean / _GROWTH_SHAPE)
        self.life = self.age + left
        self.growth_time = max(min(growth, self.life), 1e-6)
        self.course = self.mode.course(rng)

    def restore(self, rng: np.random.Generator, share: float) -> None:
        """Undo a share of the ageing since the last repair (Kijima I), unless a defect began.

        What is left is drawn given that the part is sound now: with a share of 0 its law is that
        of parts which nobody touched.
        """
        if self.event is not None or self.next_age <= self.age:
            return
        used = self.age - self.repaired_age
        self.virtual_age = kijima_one(self.virtual_age, used, share)
        self.repaired_age = self.age
        for _ in range(_N_TRIES):
            self.draw_life(rng)
            if self.next_age > self.age:
                return
        self.hold_back()

    def hold_back(self) -> None:
        """No defect begins before now: one that had grows within what is left."""
        self.growth_time = max(min(self.growth_time, self.life - self.age), 1e-6)


def first_part(
    about: Kind, part_id: int, machine: int, age: float, rng: np.random.Generator
) -> Part:
    """A component that has reached an age [h] when observation begins: its life is truncated."""
    part = Part(
        part_id=part_id,
        machine=machine,
        about=about,
        mode=about.modes[0],
        fitted_at=0.0,
        entry_age=age,
        age=age,
        virtual_age=age,
        repaired_age=age,
        course=_SHARES,
    )
    part.draw_life(rng)
    return part


def successor(
    old: Part, part_id: int, now: float, restoration: float, rng: np.random.Generator
) -> Part:
    """What is in the machine after a repair of `old`: Kijima II, new if `restoration` is 1."""
    used = old.age - old.repaired_age
    part = first_part(
        old.about, part_id, old.machine, kijima_two(old.virtual_age, used, restoration), rng
    )
    part.hold_back()
    part.fitted_at = now
    return part
