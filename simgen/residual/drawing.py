"""Rows drawn from simulated ones, so that labels and columns come as often as in reality.

Drawn without replacement: a row that came twice would break its keys. Simulated rows are cheap.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from simgen.kernels.arrays import Flags, Floats
from simgen.residual.rows import Indices
from simgen.residual.shape import Free


def prevalence(rows: Free) -> float:
    """The rare class's share of the weight, (k + 1/2) / (n + 1), so never 0 or 1."""
    share = rows.weight[rows.label].sum() / rows.weight.sum()
    return float((share * rows.n_rows + 0.5) / (rows.n_rows + 1))


def class_weights(rows: Free) -> Floats:
    """The weights `(n,)` with a mean of 1 in each class: a leaf of 8 rows is one in either.

    How often a class comes is not for a distribution given the class to know.
    """
    weights = rows.weight.copy()
    for label in np.unique(rows.label):
        weights[rows.label == label] /= weights[rows.label == label].mean()
    return weights


def draw(chance: Floats, label: Flags, generator: np.random.Generator) -> Indices:
    """The rows kept, in their order, when row i is kept with probability `chance[i]`.

    Systematic sampling in random order within each class (Madow 1949, On the theory of systematic
    sampling): the numbers kept are within one of what is expected.
    """
    order = np.lexsort((generator.permutation(len(chance)), label))
    marks = np.floor(np.cumsum(chance[order]) + generator.random())
    kept = np.diff(marks, prepend=0.0) > 0
    return np.sort(order[kept]).astype(np.int64)


def draw_classes(
    thinning: Thinning, rows: Free, generator: np.random.Generator, *, whole: bool
) -> Indices:
    """Rows drawn by their class alone, ascending; with `whole`, all rows of an entity or none."""
    first = entity = np.arange(rows.n_rows)
    if whole:
        first, entity = np.unique(rows.entity, return_index=True, return_inverse=True)[1:]
    label = rows.label[first]
    kept = draw(thinning.chance(np.ones(len(label)), label), label, generator)
    return np.flatnonzero(np.isin(entity, kept)).astype(np.int64)


def draw_enough(
    simulated: Free, real: Free, per_real: float, generator: np.random.Generator
) -> Indices:
    """At most `per_real` simulated rows of each class for each real row of the class."""
    most = [per_real * float((real.label == label).sum()) for label in (False, True)]
    return draw_at_most(simulated, most, generator)


def draw_at_most(rows: Free, most: Sequence[float], generator: np.random.Generator) -> Indices:
    """At most so many rows of each class."""
    chance = np.ones(rows.n_rows)
    for label, number in enumerate(most):
        own = rows.label == bool(label)
        chance[own] = min(1.0, number / max(1, own.sum()))
    return draw(chance, rows.label, generator)


@dataclass(frozen=True, kw_only=True, eq=False)
class Thinning:
    """Chances of being kept, from how much more often a row should come within its class.

    Attributes:
        limit: ratios above it count as it `(2,)`, by class.
        scale: the chance of a row at the limit `(2,)`, by class.

    Raises:
        ValueError: not two limits above 0, and two chances.
    """

    limit: Floats
    scale: Floats

    def __post_init__(self) -> None:
        if not (self.limit.shape == self.scale.shape == (2,) and (self.limit > 0).all()):
            raise ValueError("a thinning has a limit and a scale for each of two classes")
        if not ((self.scale >= 0) & (self.scale <= 1)).all():
            raise ValueError("chances of a thinning must be in [0, 1]")

    def chance(self, ratio: Floats, label: Flags) -> Floats:
        """The chance `(n,)` of rows whose ratio is `(n,)`."""
        code = label.astype(np.int64)
        chances: Floats = self.scale[code] * np.minimum(ratio / self.limit[code], 1.0)
        return chances

    def arrays(self) -> dict[str, Any]:
        """The thinning as arrays by name."""
        return {"limit": self.limit, "scale": self.scale}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Floats]) -> Thinning:
        """The thinning whose arrays these are; KeyError or ValueError if they are not."""
        return cls(limit=arrays["limit"], scale=arrays["scale"])


def learn_thinning(
    ratio: Floats, simulated: Free, real: Free, *, max_ratio: float
) -> tuple[Thinning, dict[str, Any]]:
    """The thinning that gives the real rows' prevalence; see `thinning_to`."""
    return thinning_to(ratio, simulated, prevalence(real), max_ratio=max_ratio)


def thinning_to(
    ratio: Floats, simulated: Free, want: float, *, max_ratio: float
) -> tuple[Thinning, dict[str, Any]]:
    """The thinning that gives a prevalence, and facts of it for the card.

    Args:
        ratio: how much more often each simulated row should come within its class `(n,)`.
        simulated: the simulated rows.
        want: the prevalence.
        max_ratio: no ratio counts for more.
    """
    limit, mean = np.ones(2), np.ones(2)
    counted = np.empty_like(ratio)
    for code in (0, 1):
        own = simulated.label == bool(code)
        if own.any():
            limit[code] = min(max_ratio, float(ratio[own].max()))
            counted[own] = np.minimum(ratio[own], limit[code])
            mean[code] = np.average(counted[own] / limit[code], weights=simulated.weight[own])
    have = prevalence(simulated)
    scale = np.array([(1 - want) / ((1 - have) * mean[0]), want / (have * mean[1])])
    if not simulated.label.any():
        scale[1] = 0.0
    thinning = Thinning(limit=limit, scale=scale / scale.max())
    kept = thinning.chance(ratio, simulated.label)
    mass = simulated.weight * counted
    return thinning, {
        "prevalence before": have,
        "prevalence after": want,
        "rows kept share": float(kept.mean()),
        "effective rows share": float(mass.sum() ** 2 / (mass**2).sum() / len(mass)),
        "ratios cut share": float(np.mean(ratio > counted)),
    }
