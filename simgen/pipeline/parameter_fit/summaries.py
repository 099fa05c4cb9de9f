"""Summaries: samples shaped like a reference, reduced to the numbers that a fit compares.

For each sample: of each scored number, by class where there are two, quantiles, mean and deviation
on its scale and the share of rows without it; the shares of each category; the odds of a rare row;
the rank correlation of each pair of numbers. What matters of an entity, a reference says by a
sample with a row for each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from simgen.kernels.arrays import Flags, Floats
from simgen.metrics import Sample
from simgen.metrics.class_marginals import CLASSES
from simgen.metrics.resampling import entity_codes
from simgen.metrics.weighted import mid_shares, spearman
from simgen.pipeline.references import SampleView

LEVELS = np.array([0.05, 0.25, 0.5, 0.75, 0.95])  # of the quantiles
RAREST_CATEGORY = 0.01  # share of real rows below which a category is not counted by itself
FEWEST_ROWS = 5  # of a class, below which it has no summaries; assumption
N_RESAMPLES = 80  # behind a covariance


@dataclass(frozen=True, kw_only=True, eq=False)
class Plan:
    """Which summaries a sample has; learned from the real rows and the same for every simulation.

    Attributes:
        view: how the sample is taken.
        least: the smallest positive real value of each number on a log scale; what is below it
            counts as this.
        categories: of each categorical column, those that are counted.
        incomplete: the numbers that some real rows are without.
        classes: names of the classes and the value of their label; one without label if the rows
            have none.
    """

    view: SampleView
    least: Mapping[str, float]
    categories: Mapping[str, Sequence[str]]
    incomplete: frozenset[str]
    classes: Mapping[str, bool | None]

    @classmethod
    def of(cls, view: SampleView, real: Sample) -> Plan:
        """The summaries that real rows call for."""
        logs = [c.name for c in view.columns if c.name in real.numeric and c.scale == "log"]
        positive = {name: real.numeric[name][real.numeric[name] > 0] for name in logs}
        return cls(
            view=view,
            least={name: float(values.min(initial=1.0)) for name, values in positive.items()},
            categories={
                name: _frequent(values, real.weight) for name, values in real.categorical.items()
            },
            incomplete=frozenset(
                name for name, values in real.numeric.items() if np.isnan(values).any()
            ),
            classes=CLASSES if real.label is not None else {"all": None},
        )

    def summaries(self, sample: Sample) -> dict[str, float]:
        """The sample's summaries by name; NaN where the sample can't tell."""
        return dict(self._summaries(sample))

    def covariance(self, sample: Sample, generator: np.random.Generator) -> Floats:
        """Of the summaries `(k, k)`, by resampling entities as `metrics.resampling` does."""
        codes = entity_codes(sample.entity, sample.n_rows)
        n_entities = int(codes.max()) + 1
        draws = []
        for _ in range(N_RESAMPLES):
            counts = generator.poisson(1.0, n_entities)[codes]
            again = replace(sample, weight=sample.weight * counts)
            draws.append(list(self.summaries(again).values()))
        return np.cov(np.nan_to_num(np.array(draws)), rowvar=False)

    def _summaries(self, sample: Sample) -> Iterator[tuple[str, float]]:
        for name, value in self.classes.items():
            rows = np.ones(sample.n_rows, np.bool_)
            if value is not None and sample.label is not None:
                rows = sample.label == value
            rows &= sample.weight > 0
            prefix = f"{self.view.name}: " + ("" if value is None else f"{name} rows, ")
            for column, text, number in self._of_class(sample, rows):
                yield f"{prefix}{column} {text}", number
        if sample.label is not None:
            rare, rest = (sample.weight[sample.label == value].sum() for value in (True, False))
            odds = np.log(rare / rest) if rare > 0 and rest > 0 else np.nan
            yield f"{self.view.name}: log odds of a rare row", float(odds)

    def _of_class(self, sample: Sample, rows: Flags) -> Iterator[tuple[str, str, float]]:
        weight, numbers = sample.weight[rows], dict[str, Floats]()
        for name, values in sample.numeric.items():
            numbers[name] = self._on_scale(name, values[rows])
            yield from ((name, *rest) for rest in _of_number(numbers[name], weight))
            if name in self.incomplete:
                yield name, "share without", _share(np.isnan(values[rows]), weight)
        for name, kinds in self.categories.items():
            for kind in kinds:
                share = _share(sample.categorical[name][rows] == kind, weight)
                yield name, f"share of {kind or '(none)'}", share
        for first, second in combinations(numbers, 2):
            value = spearman(numbers[first], numbers[second], weight)
            yield f"{first} and {second}", "rank correlation", np.nan if value is None else value

    def _on_scale(self, name: str, values: Floats) -> Floats:
        if name not in self.least:
            return values
        positive = np.where(values > self.least[name], values, self.least[name])
        return np.where(np.isnan(values), np.nan, np.log(positive))


def _of_number(values: Floats, weight: Floats) -> Iterator[tuple[str, float]]:
    """Summaries of one column `(n,)` on its scale."""
    present = ~np.isnan(values)
    enough = present.sum() >= FEWEST_ROWS
    for level, value in zip(LEVELS, _quantiles(values[present], weight[present]), strict=True):
        yield f"at {100 * level:g} %", float(value) if enough else np.nan
    mean = deviation = np.nan
    if enough:
        mean = np.average(values[present], weights=weight[present])
        square = np.average((values[present] - mean) ** 2, weights=weight[present])
        deviation = np.log(np.sqrt(square)) if square > 0 else np.nan
    yield "mean", float(mean)
    yield "log deviation", float(deviation)


def _quantiles(values: Floats, weight: Floats) -> Floats:
    """Weighted quantiles at LEVELS, by mid-distribution.

    Ma, Genton, Parzen (2011), Asymptotic properties of sample quantiles of discrete distributions,
    Annals of the Institute of Statistical Mathematics 63: where many rows share a price, the
    quantile moves smoothly with their share and does not jump from price to price.
    """
    if len(values) == 0:
        return np.full(len(LEVELS), np.nan)
    distinct, codes = np.unique(values, return_inverse=True)
    quantiles: Floats = np.interp(LEVELS, mid_shares(codes, weight), distinct)
    return quantiles


def _share(rows: Flags, weight: Floats) -> float:
    mass = weight.sum()
    return float(weight[rows].sum() / mass) if mass > 0 else np.nan


def _frequent(values: np.typing.NDArray[np.str_], weight: Floats) -> Sequence[str]:
    kinds, codes = np.unique(values, return_inverse=True)
    share = np.bincount(codes, weight) / weight.sum()
    return tuple(str(kind) for kind in kinds[share >= RAREST_CATEGORY])
