"""What is drawn: weighted values of one side, and lines with their intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from simgen.kernels.arrays import Floats
from simgen.kernels.shares import shares_by_code
from simgen.report.figures.drawing import DASHES

NORMAL_95 = 1.96  # standard errors on each side of a 95 % interval


@dataclass(frozen=True, kw_only=True, eq=False)
class Side:
    """One column of the real or of the synthetic rows.

    Attributes:
        values: numbers or strings `(n,)`.
        weight: how many rows of nature each stands for `(n,)`.
        entity: whom each row is about, as codes from 0 `(n,)`: intervals count entities, not rows.
    """

    values: npt.NDArray[Any]
    weight: Floats
    entity: npt.NDArray[np.int64]

    def take(self, rows: npt.NDArray[np.bool_]) -> Side:
        """The rows of a mask `(n,)`."""
        return Side(values=self.values[rows], weight=self.weight[rows], entity=self.entity[rows])

    @property
    def present(self) -> Side:
        """The rows that have a number."""
        return self.take(~np.isnan(self.values))


@dataclass(frozen=True, kw_only=True, eq=False)
class Line:
    """A curve `y` over `x` with the ends of its 95 % interval, each `(p,)`; NaN where unknown."""

    x: Floats
    y: Floats
    low: Floats
    high: Floats

    def draw(self, axes: Axes, colour: str, label: str, **style: Any) -> None:
        """Draw the curve over its interval."""
        axes.fill_between(self.x, self.low, self.high, color=colour, alpha=0.18, lw=0)
        axes.plot(self.x, self.y, color=colour, label=label, **{"ls": DASHES[colour]} | style)


def shares(codes: npt.NDArray[np.int64], side: Side, n_codes: int) -> tuple[Floats, Floats]:
    """Share of the weight of each code, and half its 95 % interval, both `(n_codes,)`."""
    weight = side.weight / max(float(side.weight.sum()), 1e-300)
    _, entity = np.unique(side.entity, return_inverse=True)
    masses = np.bincount(entity, weight).astype(np.float64)
    share, variance = shares_by_code(codes, n_codes, weight, masses, entity)
    return share, NORMAL_95 * np.sqrt(variance)


def shares_below(values: Floats, side: Side, edges: Floats) -> Line:
    """The distribution function at `edges` `(p,)` with its 95 % interval."""
    low, share, high = [], [], []
    for edge in edges:
        both, error = shares((values <= edge).astype(np.int64), side, 2)
        share.append(both[1])
        low.append(both[1] - error[1])
        high.append(both[1] + error[1])
    return Line(
        x=edges,
        y=np.array(share),
        low=np.clip(low, 0.0, 1.0),
        high=np.clip(high, 0.0, 1.0),
    )
