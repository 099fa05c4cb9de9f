"""How far the dependence between two columns is off."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import ClassVar, Literal

import numpy as np

from simgen.core import parameter
from simgen.kernels.arrays import Floats
from simgen.metrics.base import Family, Indices, Metric, Sample, Score
from simgen.metrics.resampling import Distances, bootstrap, each, thin
from simgen.metrics.weighted import (
    Distance,
    Matrix,
    cuts,
    pairwise,
    shared_codes,
    spearman,
    total_variation,
)

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
    family: ClassVar[Family] = "fidelity"

    max_rows: int = parameter(20_000, minimum=100, doc="Rows of each sample looked at.")
    n_resamples: int = parameter(50, minimum=2, doc="Resamples behind the interval.")

    def _score(self, real: Sample, synthetic: Sample) -> Score:
        columns = [*real.numeric, *real.categorical]
        if len(columns) < 2:
            return Score.undefined("there are fewer than two columns")
        generator = self._generator()
        real, synthetic = (thin(side, self.max_rows, generator) for side in (real, synthetic))
        numbers = _rank_distances(real, synthetic)
        tables = each(_table_distances(real, synthetic))
        score = bootstrap(
            lambda *weights: {**numbers(*weights), **tables(*weights)},
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
        return score.detailed(spearman=matrices)


def _rank_distances(real: Sample, synthetic: Sample) -> Distances:
    names = list(real.numeric)
    expected, found = (
        pairwise([side.numeric[name] for name in names], spearman, rank=True)
        for side in (real, synthetic)
    )
    return differences(names, expected, found, scale=0.5)


def differences(
    names: Sequence[str],
    expected: Callable[[Floats], Matrix],
    found: Callable[[Floats], Matrix],
    *,
    scale: float = 1.0,
) -> Distances:
    """How far two matrices of correlations differ in each pair of columns, times `scale`."""

    def distances(real_weight: Floats, synthetic_weight: Floats) -> dict[str, float | None]:
        matrices = expected(real_weight), found(synthetic_weight)
        pairs = combinations(range(len(names)), 2)
        entries = {f"{names[i]} x {names[j]}": [m[i][j] for m in matrices] for i, j in pairs}
        return {
            name: None if a is None or b is None else scale * abs(a - b)
            for name, (a, b) in entries.items()
        }

    return distances


def _table_distances(real: Sample, synthetic: Sample) -> dict[str, Distance]:
    codes = binned(real, synthetic)
    distances: dict[str, Distance] = {}
    for first, second in combinations(codes, 2):
        if first in real.numeric and second in real.numeric:
            continue
        n_codes = 1 + max(int(side.max()) for side in codes[second])
        joint = [a * n_codes + b for a, b in zip(codes[first], codes[second], strict=True)]
        distances[f"{first} x {second}"] = total_variation(*joint)
    return distances


def binned(real: Sample, synthetic: Sample) -> Mapping[str, tuple[Indices, Indices]]:
    """Every column of both as codes >= 0: numbers in tenths of the real ones, NaN on its own."""
    codes: dict[str, tuple[Indices, Indices]] = {}
    for name, values in real.numeric.items():
        if np.isnan(values).all():
            continue
        edges = cuts(values, real.weight, N_BINS)
        sides = (values, synthetic.numeric[name])
        # NaN sorts after every edge: the bin after the last is theirs alone.
        real_codes, synthetic_codes = (
            np.where(np.isnan(side), len(edges) + 1, np.searchsorted(edges, side)) for side in sides
        )
        codes[name] = real_codes, synthetic_codes
    for name, words in real.categorical.items():
        codes[name] = shared_codes(words, synthetic.categorical[name])[:2]
    return codes


def _correlations(sample: Sample) -> Matrix:
    return pairwise(list(sample.numeric.values()), spearman, rank=True)(sample.weight)
