"""The life of one bearing: the defect it will have, when, and how that grows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from simgen.core import HOUR, Key
from simgen.domains.industrial.bearings import FaultOrders
from simgen.domains.industrial.events import Event
from simgen.domains.industrial.kernels.vibration import DEFECT
from simgen.domains.industrial.rig.defects import Defect, Defects
from simgen.kernels.ageing import first_of_weibulls, kijima_one
from simgen.kernels.arrays import Floats
from simgen.kernels.degradation import gamma_path

_GRID = 0.25  # equivalent hours between two points of a growth path [h]
_LEVEL_SPREAD = 0.6  # deviation of the logarithm of a spall's strength; assumption
_SHARPNESS_CONCENTRATION = 4.0  # of the beta law of sharpness; assumption
# Twice that of a ball over the inner race [mm/ms], at a speed [rpm]: from entering a spall to the
# strike it goes half the length (Sawalhi and Randall 2011, Mechanical Systems and Signal Processing
# 25). A 6205 has 3.5; for all bearings an assumption.
_CROSSING_SPEED, _ITS_SPEED = 4.0, 1_797.0


@dataclass(frozen=True, kw_only=True)
class Spall:
    """One defect's whole course, drawn when the bearing is fitted or serviced."""

    defect: Defect
    onset_age: float  # equivalent hours since the bearing was fitted [h]
    defects: Defects  # between which lengths it grows, and how
    growth_key: Key  # of how it grows (2,)
    level: float  # strength relative to the defect's usual one
    sharpness: float
    phase: float  # a share of those there are

    @cached_property
    def log_sizes(self) -> Floats:
        """Every `_GRID` equivalent hours since the onset, ascending [log mm].

        Made when it is asked for: many a bearing is serviced before, and its defect drawn anew.
        """
        return _growth(self.defects, self.growth_key)

    @cached_property
    def failure_age(self) -> float:
        """When the length reaches its limit, in equivalent hours since the fitting [h]."""
        return self.onset_age + _GRID * (len(self.log_sizes) - 1)

    def size_at(self, age: float) -> float:
        """Length at an age in equivalent hours; 0 before onset [mm]."""
        place = (age - self.onset_age) / _GRID
        if place < 0.0:
            return 0.0
        last = len(self.log_sizes) - 1
        before = min(int(place), last)
        size, following = self.log_sizes[before], self.log_sizes[min(before + 1, last)]
        return float(np.exp((following - size) * (place - before) + size))

    def sizes_at(self, ages: Floats) -> Floats:
        """The same at many ages `(n,)`."""
        since = ages - self.onset_age
        return np.where(since >= 0.0, np.exp(np.interp(since, self._grid, self.log_sizes)), 0.0)

    @cached_property
    def _grid(self) -> Floats:
        """Equivalent hours since the onset, of each size [h]."""
        return _GRID * np.arange(len(self.log_sizes), dtype=np.float64)


@dataclass(kw_only=True)
class Fitted:
    """A bearing that is or was in a machine."""

    bearing_id: int
    machine: int  # within the block
    fitted_at: float  # [s]
    spall: Spall
    age: float = 0.0  # equivalent hours in use [h]
    use_time: float = 0.0  # in use [s]
    virtual_age: float = 0.0  # at the last service [h]
    serviced_age: float = 0.0  # `age` at the last service [h]
    event: Event | None = None  # of its spall, once begun
    removed_at: float | None = None  # [s]
    failed: bool = False

    @property
    def size(self) -> float:
        """Present length of the spall [mm]."""
        return self.spall.size_at(self.age)

    @property
    def end(self) -> float:
        """Time in use until it seized; NaN if it did not [s]."""
        return self.use_time if self.failed else math.nan

    def time_to_change(self, rate: float) -> float:
        """Time in use until the spall begins or, if it has, the bearing seizes [s]."""
        goal = self.spall.onset_age if self.event is None else self.spall.failure_age
        return max(0.0, goal - self.age) / rate * HOUR

    def use(self, time: float, rate: float) -> None:
        """Age by a time in use [s] at `rate` equivalent hours an hour."""
        self.use_time += time
        self.age += time / HOUR * rate


def draw_spall(
    defects: Defects, rng: np.random.Generator, *, age: float = 0.0, virtual_age: float = 0.0
) -> Spall:
    """Which of the competing defects begins first, from now on, and its course.

    Args:
        defects: what may begin.
        rng: of the machine.
        age: equivalent hours in use so far. [h]
        virtual_age: those that count for the risk, after services. [h]
    """
    every = defects.all()
    shapes = np.array([defect.shape for defect in every], np.float64)
    scales = np.array([defect.scale for defect in every], np.float64)
    mode, left = first_of_weibulls(
        rng.random(len(every)), shapes, scales, np.full(len(every), virtual_age)
    )
    defect = every[mode]
    mean = defect.mean_sharpness
    return Spall(
        defect=defect,
        onset_age=age + left,
        defects=defects,
        growth_key=rng.integers(0, 2**32, 2, np.uint32),
        level=float(np.exp(_LEVEL_SPREAD * rng.standard_normal())),
        sharpness=float(
            rng.beta(_SHARPNESS_CONCENTRATION * mean, _SHARPNESS_CONCENTRATION * (1.0 - mean))
        ),
        phase=float(rng.uniform(0.0, 1.0)),
    )


def service(bearing: Fitted, defects: Defects, rng: np.random.Generator, share: float) -> None:
    """Undo a share of the ageing since the last service, where no spall has begun yet."""
    if bearing.event is None:
        used = bearing.age - bearing.serviced_age
        bearing.virtual_age = kijima_one(bearing.virtual_age, used, share)
        bearing.serviced_age = bearing.age
        bearing.spall = draw_spall(defects, rng, age=bearing.age, virtual_age=bearing.virtual_age)


def remaining(end: Floats, use_time: Floats) -> Floats:
    """Time in use that is left until bearings seize, NaN where they do not `(n,)` [h].

    Args:
        end: `Fitted.end` of each. (n,) [s]
        use_time: so far. (n,) [s]
    """
    # To 4 ms: what rounding of sums leaves is nothing.
    left = np.round((end - use_time) / HOUR, 6)
    return np.where(np.isnan(left), left, np.maximum(left, 0.0))


def _growth(defects: Defects, key: Key) -> Floats:
    """Logarithms of the length from onset to seizure, which ends the path exactly."""
    first, last = math.log(defects.initial_size), math.log(defects.failure_size)
    shape_rate = (last - first) / (defects.growth_jump * defects.mean_growth_time)
    # Most take no longer; who does is drawn once more, and begins alike.
    n = 2 + int(1.4 * defects.mean_growth_time / _GRID)
    while True:
        path, times = np.empty(n), _GRID * np.arange(n, dtype=np.float64)
        gamma_path(key, 0, times, shape_rate, defects.growth_jump, path)
        reached = np.flatnonzero(path >= last - first)
        if len(reached):
            end = reached[0] + 1
            return np.minimum(first + path[:end], last)
        n *= 2


def strikes(
    spall: Spall,
    size: float,
    orders: FaultOrders,
    *,
    speed: float,
    rated_speed: float,
    load: float,
    zone: float,
    sway: float,
) -> Any:
    """The record of dtype DEFECT that the vibration kernel takes.

    Args:
        spall: the defect.
        size: its present length. [mm]
        orders: of the bearing.
        speed: over the rated one.
        rated_speed: of the shaft. [rpm]
        load: over the rated one.
        zone: extent of the load zone, epsilon.
        sway: share of the load that turns with the shaft.
    """
    row = np.zeros(1, DEFECT)
    how = spall.defect.kinematics(orders)
    strength = spall.level * spall.defect.strength * size * speed * math.sqrt(load)
    row["order"], row["zone_order"], row["zone"] = how.order, how.zone_order, zone
    row["every_second"], row["slip"], row["spread"] = how.every_second, how.slip, how.spread
    row["sway"], row["wander"] = sway, how.wander
    row["phase"] = how.phase[0] + spall.phase * (how.phase[1] - how.phase[0])
    row["amplitude"] = spall.sharpness * strength
    # A hiss has the energy of strikes a few milliseconds apart at a tenth of their height.
    row["roughness"] = 0.1 * (1.0 - spall.sharpness) * strength
    row["spall_time"] = size / (_CROSSING_SPEED * speed * (rated_speed / _ITS_SPEED)) * 1e-3
    return row[0]
