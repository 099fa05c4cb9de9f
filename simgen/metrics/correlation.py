"""How far the strength of the linear relation between two columns is off."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import ClassVar, Literal

import numpy as np

from simgen.core import parameter
from simgen.kernels.arrays import Floats
from simgen.metrics.base import Family, Indices, Metric, Sample, Score
from simgen.metrics.pair_dependence import differences
from simgen.metrics.resampling import bootstrap, each, thin
from simgen.metrics.weighted import Distance, change, pairwise, pearson, shared_codes


@dataclass(frozen=True, kw_only=True)
class Correlation(Metric):
    """Mean |r_real - r_synthetic| over the pairs of columns, by a coefficient for each pair's kind.

    Two numbers: Pearson's correlation. Number and category: the correlation ratio (Fisher, 1925).
    Two categories: Cramer's V (1946). The label, where both sides have one, is one more number.
    Unlike ranks, Pearson's correlation sees how far out a value lies.
    """

    name: ClassVar[str] = "correlation"
    title: ClassVar[str] = "Linear relations"
    doc: ClassVar[str] = (
        "Difference of correlations (Pearson for numbers, correlation ratio for a number and a "
        "category, Cramer's V for categories), the label among them; mean over the pairs."
    )
    range: ClassVar[tuple[float, float]] = (0.0, 2.0)
    ideal: ClassVar[float] = 0.0
    direction: ClassVar[Literal["higher", "lower"]] = "lower"
    close: ClassVar[float] = 0.08
    far: ClassVar[float] = 0.25
    family: ClassVar[Family] = "fidelity"

    max_rows: int = parameter(20_000, minimum=100, doc="Rows of each sample looked at.")
    n_resamples: int = parameter(50, minimum=2, doc="Resamples behind the interval.")

    def _score(self, real: Sample, synthetic: Sample) -> Score:
        generator = self._generator()
        real, synthetic = (thin(side, self.max_rows, generator) for side in (real, synthetic))
        numbers = {name: (real.numeric[name], synthetic.numeric[name]) for name in real.numeric}
        if real.label is not None and synthetic.label is not None:
            numbers["label"] = real.label.astype(np.float64), synthetic.label.astype(np.float64)
        words = {
            name: shared_codes(values, synthetic.categorical[name])[:2]
            for name, values in real.categorical.items()
        }
        if len(numbers) + len(words) < 2:
            return Score.undefined("there are fewer than two columns")
        columns = list(zip(*numbers.values(), strict=True)) or [(), ()]
        expected, found = (pairwise(side, pearson, rank=False) for side in columns)
        straight = differences(list(numbers), expected, found)
        distances: dict[str, Distance] = {}
        for name, codes in words.items():
            for number, values in numbers.items():
                distances[f"{number} x {name}"] = change(correlation_ratio, codes, values)
        for first, second in combinations(words, 2):
            distances[f"{first} x {second}"] = change(cramers_v, words[first], words[second])
        others = each(distances)
        return bootstrap(
            lambda *weights: {**straight(*weights), **others(*weights)},
            real,
            synthetic,
            n_resamples=self.n_resamples,
            generator=generator,
            highest=2.0,
        )


def correlation_ratio(codes: Indices, values: Floats, weight: Floats) -> float | None:
    """Root of the share of the variance of `values` that lies between categories."""
    present = ~np.isnan(values)
    codes, values, weight = codes[present], values[present], weight[present]
    if not weight.any() or _is_constant(values, weight):
        return None
    centred = values - np.average(values, weights=weight)
    mass, sums = np.bincount(codes, weight), np.bincount(codes, weight * centred)
    between = float((sums[mass > 0] ** 2 / mass[mass > 0]).sum())
    share = between / float(weight @ centred**2)
    return float(np.sqrt(np.clip(share, 0.0, 1.0)))


def cramers_v(first: Indices, second: Indices, weight: Floats) -> float | None:
    """Cramer's V of two columns of codes >= 0; None if one has one category."""
    if not weight.any():
        return None
    shape = int(first.max()) + 1, int(second.max()) + 1
    mass = np.bincount(first * shape[1] + second, weight, shape[0] * shape[1])
    joint: Floats = mass.reshape(shape) / weight.sum()
    joint = joint[joint.sum(axis=1) > 0][:, joint.sum(axis=0) > 0]
    if min(joint.shape) < 2:
        return None
    expected = np.outer(joint.sum(axis=1), joint.sum(axis=0))
    chi_square = float(((joint - expected) ** 2 / expected).sum())
    return float(np.sqrt(chi_square / (min(joint.shape) - 1)))


def _is_constant(values: Floats, weight: Floats) -> bool:
    held = values[weight > 0]
    return bool(held.min() == held.max())
