"""Lives: how a disk fails, when, and how long before that something in it begins to go."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from simgen.core import DAY, Parameters, parameter
from simgen.domains.industrial.disks.catalogue import DiskModel
from simgen.kernels.ageing import arrhenius_acceleration, remaining_weibull_from

YEAR = 365.25 * DAY  # [s]
MEDIA, MECHANICS, ELECTRONICS = "media_degradation", "mechanical_wear", "electronics_failure"
MODES = (MEDIA, MECHANICS, ELECTRONICS)
_KELVIN = 273.15
_REFERENCE = 30.0  # at which published rates were counted [degree Celsius]; assumption
_SHORTEST = 1e-3  # share of a life that a disk is sound at least; keeps onsets after fitting


@dataclass(frozen=True, kw_only=True)
class Lives(Parameters):
    """Three competing risks, whose sum is the bathtub.

    Electronics fail early and without warning, mechanics with little of it, and media wear out
    slowly. Each model's failure rate at the age at which it was counted is shared among them.

    References:
        Pinheiro, Weber, Barroso (2007), Failure trends in a large disk drive population. FAST 07:
        more than 56 % of the failed disks had none of the four strong signals.
        Schroeder, Gibson (2007), Disk failures in the real world. FAST 07: rates grow with age
        early on, and infant mortality is slight.
    """

    failure_level: float = parameter(
        1.0,
        doc="All failure rates over those published.",
        unit="1",
        above=0.0,
        maximum=100.0,
        plausible=(0.5, 2.0),
        scale="log",
    )
    sudden_level: float = parameter(
        1.0,
        doc="Share of electronics in a model's failure rate, of which no attribute warns, over "
        "the catalogue's.",
        unit="1",
        minimum=0.0,
        maximum=10.0,
        plausible=(0.4, 1.6),
    )
    media_share: float = parameter(
        0.8,
        doc="Share of media in what is left, the rest being mechanics. Assumption.",
        minimum=0.0,
        maximum=1.0,
        plausible=(0.4, 0.95),
    )
    infant_shape: float = parameter(
        0.8,
        doc="Weibull shape of electronics: below 1, infant mortality. Assumption.",
        minimum=0.2,
        maximum=1.0,
        plausible=(0.4, 1.0),
    )
    ageing_level: float = parameter(
        1.0,
        doc="Weibull shapes of media and mechanics over the catalogue's.",
        minimum=0.2,
        maximum=3.0,
    )
    batch_spread: float = parameter(
        0.4,
        doc="Deviation of the logarithm of the rate between racks, each bought as one batch. "
        "Assumption.",
        minimum=0.0,
        maximum=3.0,
    )
    activation_energy: float = parameter(
        0.2,
        doc="How much heat ages a disk, after Arrhenius: between none (Pinheiro 2007) and 0.46 "
        "(Sankar et al. 2013, Datacenter scale evaluation of the impact of temperature on hard "
        "disk drive failures, ACM TOS 9).",
        unit="eV",
        minimum=0.0,
        maximum=1.0,
    )
    media_growth_time: float = parameter(
        60.0,
        doc="Median time from the first bad sectors to failure. Pinheiro 2007: after a first "
        "scan error a disk is 39 times as likely to fail within 60 days.",
        unit="day",
        above=0.0,
        maximum=3_650.0,
        plausible=(15.0, 365.0),
        scale="log",
    )
    mechanical_growth_time: float = parameter(
        14.0,
        doc="The same for mechanics. Assumption.",
        unit="day",
        above=0.0,
        maximum=3_650.0,
    )
    growth_spread: float = parameter(
        1.7,
        doc="Deviation of the logarithm of both times. Assumption.",
        minimum=0.0,
        maximum=3.0,
    )

    def scales(self, model: DiskModel, ratio: float) -> tuple[tuple[float, float], ...]:
        """Weibull shape and scale [s] of each of `MODES`, at a rate times `ratio`."""
        sudden = min(self.sudden_level * model.sudden, 1.0)
        rest = 1.0 - sudden
        shares = (rest * self.media_share, rest * (1.0 - self.media_share), sudden)
        wear = self.ageing_level * model.ageing
        # Mechanics wear less steeply than media: half of the way to a constant rate; assumption.
        shapes = (wear, 0.5 * (1.0 + wear), self.infant_shape)
        age = model.mean_age * YEAR
        laws = []
        for share, shape in zip(shares, shapes, strict=True):
            # A risk without a share strikes after longer than anybody waits.
            rate = max(share * self.failure_level * ratio * model.failure_rate / YEAR, 1e-30)
            laws.append((shape, age * (shape / (rate * age)) ** (1.0 / shape)))
        return tuple(laws)

    def acceleration(self, temperature: float) -> float:
        """How many times faster a disk ages at a temperature [degree Celsius]."""
        kelvin, reference = temperature + _KELVIN, _REFERENCE + _KELVIN
        return float(arrhenius_acceleration(kelvin, reference, self.activation_energy))

    def draw(
        self,
        laws: tuple[tuple[float, float], ...],
        speed: float,
        age: float,
        rng: np.random.Generator,
    ) -> Life:
        """A disk's life, given that it has reached an age [s] and ages `speed` times as fast."""
        lives = [
            age + remaining_weibull_from(u, shape, scale / speed, age)
            for u, (shape, scale) in zip(rng.random(len(laws)), laws, strict=True)
        ]
        medians = (self.media_growth_time, self.mechanical_growth_time)
        growths = [
            median * DAY * math.exp(self.growth_spread * x)
            for median, x in zip(medians, rng.standard_normal(2), strict=True)
        ]
        onsets = [
            max(life - growth, _SHORTEST * life)
            for life, growth in zip(lives, growths, strict=False)
        ]
        first = int(np.argmin(lives))
        return Life(
            mode=MODES[first],
            ends_at=lives[first],
            onsets=(onsets[0], onsets[1]),
            limits=(lives[0], lives[1]),
        )


@dataclass(frozen=True, kw_only=True)
class Life:
    """When a disk would fail, and of what; in time since it was switched on [s].

    Attributes:
        mode: the first of the risks.
        ends_at: its time.
        onsets: when media and mechanics begin to go.
        limits: when each of them would fail, whatever fails first.
    """

    mode: str
    ends_at: float
    onsets: tuple[float, float]
    limits: tuple[float, float]
