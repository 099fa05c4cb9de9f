"""What is held for likely of the parameters before any data is seen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simgen.core import Free
from simgen.kernels.arrays import Floats


@dataclass(frozen=True, kw_only=True, eq=False)
class Prior:
    """Each parameter by itself, uniform over its plausible range on its own scale.

    A place in the unit cube `(d,)` stands for one value of each parameter: 0 is the lower end of
    its range, 1 the upper one.
    """

    names: tuple[str, ...]
    low: Floats  # (d,)
    high: Floats  # (d,)
    is_log: npt.NDArray[np.bool_]  # (d,)

    @classmethod
    def of(cls, parameters: Iterable[Free]) -> Prior:
        """The prior that plausible ranges state."""
        chosen = list(parameters)
        return cls(
            names=tuple(about.name for about in chosen),
            low=np.array([about.low for about in chosen], np.float64),
            high=np.array([about.high for about in chosen], np.float64),
            is_log=np.array([about.scale == "log" for about in chosen], np.bool_),
        )

    def values(self, units: Floats) -> Floats:
        """The parameters' values `(n, d)` at places `(n, d)` in the unit cube."""
        low, high = self._ends()
        places: Floats = low + units * (high - low)
        values: Floats = np.where(self.is_log, np.exp(np.where(self.is_log, places, 0.0)), places)
        return np.clip(values, self.low, self.high)

    def units(self, values: Floats) -> Floats:
        """Where values `(n, d)` lie; below 0 or above 1 where they are not plausible."""
        low, high = self._ends()
        logs = np.log(np.where(self.is_log, np.maximum(values, np.finfo(float).tiny), 1.0))
        places: Floats = (np.where(self.is_log, logs, values) - low) / (high - low)
        return places

    def _ends(self) -> tuple[Floats, Floats]:
        """The ends of the ranges on the parameters' own scales."""
        low, high = (
            np.where(self.is_log, np.log(np.where(self.is_log, end, 1.0)), end)
            for end in (self.low, self.high)
        )
        return low, high


def spread_evenly(n: int, low: Floats, high: Floats, generator: np.random.Generator) -> Floats:
    """`n` places in the box from `low` `(d,)` to `high` `(d,)`, one in each nth of every side.

    A Latin hypercube: McKay, Beckman, Conover (1979), A comparison of three methods for selecting
    values of input variables, Technometrics 21. A random draw would leave gaps.
    """
    strata = np.stack([generator.permutation(n) for _ in low], axis=1)
    places: Floats = low + (strata + generator.random(strata.shape)) / n * (high - low)
    return places
