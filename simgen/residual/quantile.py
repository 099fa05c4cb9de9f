"""Marginals corrected one by one within each class: the simplest correction that moves records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from simgen.core import Streams, parameter
from simgen.kernels.arrays import Floats
from simgen.residual.base import Arrays, FittedResidual, Learned, Residual
from simgen.residual.drawing import Thinning, draw, learn_thinning
from simgen.residual.groups import Groups
from simgen.residual.rows import Indices
from simgen.residual.shape import Free, Shape

N_ROUNDS = 30  # of raking; shares settle to a thousandth in about ten


@dataclass(frozen=True, kw_only=True)
class Quantile(Residual):
    """Maps numbers to the real quantile at their rank, and draws rows by their categories.

    Quantile mapping within each class; categories by raking (Deming and Stephan 1940, On a least
    squares adjustment of a sampled frequency table). How columns hang together stays as simulated.
    """

    name: ClassVar[str] = "quantile"
    title: ClassVar[str] = "Quantile mapping"
    doc: ClassVar[str] = (
        "Within each class, numbers move to the real quantile at their rank and rows are drawn so "
        "that each category comes as often as in reality."
    )
    privacy: ClassVar[str] = (
        "Values of every real row, column by column: as confidential as the rows themselves."
    )

    max_ratio: float = parameter(
        5.0, minimum=1, doc="A row is drawn at most so many times as often as the average row."
    )

    def _learn(self, simulated: Free, real: Free, shape: Shape, streams: Streams) -> Learned:
        del streams
        factors = _rake(simulated, real, shape)
        ratio = _ratio(simulated, factors)
        thinning, details = learn_thinning(ratio, simulated, real, max_ratio=self.max_ratio)
        arrays: dict[str, Any] = thinning.arrays()
        arrays |= {f"{place}.factor": factor for place, factor in factors.items()}
        for place, column in enumerate(shape.columns):
            if column.categories:
                continue
            for side, rows, weight in (
                ("simulated", simulated, simulated.weight * ratio),
                ("real", real, real.weight),
            ):
                groups = Groups.of(
                    rows.label.astype(np.int64),
                    rows.values[:, place],
                    weight,
                    rows.entity,
                    n_groups=2 if shape.label else 1,
                    discrete=column.discrete,
                )
                arrays |= groups.arrays(f"{place}.{side}.")
        return Learned(arrays=arrays, details=details)

    def revive(self, shape: Shape, card: Mapping[str, Any], arrays: Arrays) -> FittedResidual:
        """See `Residual.revive`."""
        maps, factors = {}, {}
        for place, column in enumerate(shape.columns):
            if column.categories:
                factors[place] = arrays[f"{place}.factor"]
                if factors[place].shape != (2, len(column.categories)):
                    raise ValueError(f"the factors of {column.name} have another shape")
            else:
                maps[place] = tuple(
                    Groups.from_arrays(arrays, f"{place}.{side}.", discrete=column.discrete)
                    for side in ("simulated", "real")
                )
        return FittedQuantile(
            residual=self,
            shape=shape,
            card=card,
            arrays=arrays,
            thinning=Thinning.from_arrays(arrays),
            factors=factors,
            maps=maps,
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class FittedQuantile(FittedResidual):
    """By the place of a column: factors of its categories, or its values on both sides."""

    thinning: Thinning
    factors: Mapping[int, Floats]
    maps: Mapping[int, tuple[Groups, ...]]

    def _draw(self, free: Free, streams: Streams) -> Indices:
        chance = self.thinning.chance(_ratio(free, self.factors), free.label)
        return draw(chance, free.label, streams.generator("draw"))

    def _move(self, free: Free, streams: Streams) -> Floats | None:
        generator, group = streams.generator("move"), free.label.astype(np.int64)[:, None]
        moved = free.values.copy()
        for place, (simulated, real) in self.maps.items():
            ranks = simulated.ranks(group, free.values[:, place], generator)
            moved[:, place] = real.quantiles(group, ranks)
        return moved


def _rake(simulated: Free, real: Free, shape: Shape) -> dict[int, Floats]:
    """By the place of a column, a factor for each class and category `(2, k)`.

    With their product as weight, every category has its real share of each class. A category that
    no simulated row has can't be drawn.
    """
    places = [place for place, column in enumerate(shape.columns) if column.categories]
    factors = {place: np.ones((2, len(shape.columns[place].categories))) for place in places}
    for _ in range(N_ROUNDS):
        for place, factor in factors.items():
            have = _shares(simulated, place, simulated.weight * _ratio(simulated, factors), factor)
            want = _shares(real, place, real.weight, factor)
            np.multiply(factor, _quotient(want, have), out=factor)
    return factors


def _ratio(rows: Free, factors: Mapping[int, Floats]) -> Floats:
    ratio = np.ones(rows.n_rows)
    code = rows.label.astype(np.int64)
    for place, factor in factors.items():
        ratio *= factor[code, rows.values[:, place].astype(np.int64)]
    return ratio


def _shares(rows: Free, place: int, weight: Floats, like: Floats) -> Floats:
    """The share of each category in each class `(2, k)`; 0 in a class that has no rows."""
    cell = rows.label * like.shape[1] + rows.values[:, place].astype(np.int64)
    mass: Floats = np.bincount(cell, weight, like.size).astype(np.float64).reshape(like.shape)
    total = mass.sum(axis=1, keepdims=True)
    return _quotient(mass, total)


def _quotient(above: Floats, below: Floats) -> Floats:
    """`above / below`; 0 where there is nothing below."""
    out = np.zeros_like(above)
    np.divide(above, below, out=out, where=below > 0)
    return out
