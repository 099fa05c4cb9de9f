"""How far the dependence between two columns is off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any, ClassVar, Literal

import numpy as np

from simgen.core import parameter
from simgen.metrics.base import Floats, Indices, Metric, Sample, Score
from simgen.metrics.resampling import bootstrap, thin
from simgen.metrics.weighted import Distance, quantiles, shared_codes, spearman, total_variation

N_BINS = 10  # tenths of the real rows, for a number paired with a category


@dataclass(frozen=True, kw_only=True)
class PairDependence(Metric):
    """Difference of dependence for each pair of columns, averaged.

    For two numbers |rho_real - rho_synthetic| / 2 with Spearman's rho; where a category takes part,
    the total variation distance between the two-way tables, numbers cut into tenths of the real.
    """

    name: ClassVar[str] = "pair_dependence"
    title: ClassVar[str] = "Columns, two at a time"
    doc: ClassVar[str] = (
        "Half the difference of rank correlations for two numbers, total variation of the two-way "
        "table where a category takes part; mean over the pairs."
    )
    range: ClassVar[tuple[float, float]] = (0.0, 1.0)
    ideal: ClassVar[float] = 0.0
    direction: ClassVar[Literal["higher", "lower"]] = "lower"
    close: ClassVar[float] = 0.05
    far: ClassVar[float] = 0.20

    max_rows: int = parameter(20_000, minimum=100, doc="Rows of each sample looked at.")
    n_resamples: int = parameter(50, minimum=2, doc="Resamples behind the interval.")

    def _score(self, real: Sample, synthetic: Sample) -> Score:
        columns = [*real.numeric, *real.categorical]
        if len(columns) < 2:
            return Score.undefined("there are fewer than two columns")
        generator = self._generator()
        real, synthetic = (thin(side, self.max_rows, generator) for side in (real, synthetic))
        distances = _rank_distances(real, synthetic) | _table_distances(real, synthetic)
        score = bootstrap(
            lambda *weights: {name: distance(*weights) for name, distance in distances.items()},
            real,
            synthetic,
            n_resamples=self.n_resamples,
            generator=generator,
        )
        if score.value is None:
            return score
        matrices = {
            "columns": list(real.numeric),
            "real": _correlations(real),
            "synthetic": _correlations(synthetic),
        }
        return Score(
            value=score.value,
            low=score.low,
            high=score.high,
            details={**score.details, "spearman": matrices},
        )


def _rank_distances(real: Sample, synthetic: Sample) -> dict[str, Distance]:
    return {
        f"{first} x {second}": _rank_distance(
            (real.numeric[first], real.numeric[second]),
            (synthetic.numeric[first], synthetic.numeric[second]),
        )
        for first, second in combinations(real.numeric, 2)
    }


def _rank_distance(real: tuple[Floats, Floats], synthetic: tuple[Floats, Floats]) -> Distance:
    def distance(real_weight: Floats, synthetic_weight: Floats) -> float | None:
        expected, found = spearman(*real, real_weight), spearman(*synthetic, synthetic_weight)
        return None if expected is None or found is None else abs(expected - found) / 2

    return distance


def _table_distances(real: Sample, synthetic: Sample) -> dict[str, Distance]:
    codes = _codes(real, synthetic)
    distances: dict[str, Distance] = {}
    for first, second in combinations(codes, 2):
        if first in real.numeric and second in real.numeric:
            continue
        n_codes = 1 + max(int(side.max()) for side in codes[second])
        joint = [a * n_codes + b for a, b in zip(codes[first], codes[second], strict=True)]
        distances[f"{first} x {second}"] = total_variation(*joint)
    return distances


def _codes(real: Sample, synthetic: Sample) -> Mapping[str, tuple[Indices, Indices]]:
    codes: dict[str, tuple[Indices, Indices]] = {}
    for name, values in real.numeric.items():
        if np.isnan(values).all():
            continue
        edges = np.unique(quantiles(values, real.weight, np.arange(1, N_BINS) / N_BINS))
        sides = (values, synthetic.numeric[name])
        # NaN sorts after every edge: the bin after the last is theirs alone.
        real_codes, synthetic_codes = (
            np.where(np.isnan(side), len(edges) + 1, np.searchsorted(edges, side)) for side in sides
        )
        codes[name] = real_codes, synthetic_codes
    for name, words in real.categorical.items():
        codes[name] = shared_codes(words, synthetic.categorical[name])[:2]
    return codes


def _correlations(sample: Sample) -> list[list[float | None]]:
    columns: list[Any] = list(sample.numeric.values())
    return [[spearman(x, y, sample.weight) for y in columns] for x in columns]
