"""Thinning, splitting and resampling of rows that belong to entities."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from simgen.kernels.arrays import Flags, Floats
from simgen.metrics.base import Indices, Sample, Score
from simgen.metrics.weighted import Distance

# From the weights of the real and of the synthetic rows to one distance per name.
Distances = Callable[[Floats, Floats], Mapping[str, float | None]]

# From the values of all parts to the score.
Combine = Callable[[Sequence[float]], float | np.floating[Any]]

NORMAL_95 = 1.96  # standard errors on each side of a 95 % interval


def thin(sample: Sample, max_rows: int, generator: np.random.Generator) -> Sample:
    """At most `max_rows` of the rows, reweighted so that each class still weighs the same.

    The rare class gives up rows only where it alone has more than half of `max_rows`.
    """
    if sample.n_rows <= max_rows:
        return sample
    classes = np.zeros(sample.n_rows, bool) if sample.label is None else sample.label
    n_rare = min(int(classes.sum()), max_rows // 2)
    kept, factors = [], []
    for rare, n_kept in ((True, n_rare), (False, max_rows - n_rare)):
        rows = np.flatnonzero(classes == rare)
        chosen = np.sort(generator.permutation(rows)[:n_kept])
        before, after = sample.weight[rows].sum(), sample.weight[chosen].sum()
        kept.append(chosen)
        factors.append(np.full(len(chosen), before / after if after > 0 else 1.0))
    rows, factor = np.concatenate(kept), np.concatenate(factors)
    order = np.argsort(rows)
    part = sample.take(rows[order])
    return replace(part, weight=part.weight * factor[order])


def even(
    real: Sample, synthetic: Sample, max_rows: int, generator: np.random.Generator
) -> tuple[Sample, Sample]:
    """Equally many rows of both, at most `max_rows`, drawn by weight.

    Distances to neighbours depend on how many rows there are and how often each was drawn: after
    this, both samples are as dense as nature. A row too heavy for its share keeps what it weighs
    beyond that.
    """
    n_rows = float(min(max_rows, real.n_rows, synthetic.n_rows))
    n_rows = min(float(_chances(side.weight, n_rows).sum()) for side in (real, synthetic))
    parts = [drawn(side, n_rows, generator) for side in (real, synthetic)]
    n_kept = min(part.n_rows for part in parts)
    first, second = (
        part.take(np.sort(generator.permutation(part.n_rows)[:n_kept])) for part in parts
    )
    return first, second


def drawn(sample: Sample, n_rows: float, generator: np.random.Generator) -> Sample:
    """About `n_rows` rows, drawn by weight; a row weighs what it weighed over its chance."""
    chance = _chances(sample.weight, n_rows)
    rows = np.flatnonzero(generator.random(sample.n_rows) < chance)
    part = sample.take(rows)
    return replace(part, weight=part.weight / chance[rows])


def _chances(weight: Floats, n_rows: float) -> Floats:
    chances: Floats = np.minimum(1.0, n_rows * weight / weight.sum())
    return chances


def entity_codes(entity: npt.NDArray[Any] | None, n_rows: int) -> Indices:
    """Each row's entity as a number from 0; each row its own entity where they have none."""
    if entity is None:
        return np.arange(n_rows)
    return np.unique(entity, return_inverse=True)[1].astype(np.int64)


def half(codes: Indices, generator: np.random.Generator) -> Flags:
    """A mask `(n,)` of the rows of a random half of the entities."""
    n_entities = int(codes.max(initial=-1)) + 1
    chosen = np.zeros(n_entities, bool)
    chosen[generator.permutation(n_entities)[: n_entities // 2]] = True
    return chosen[codes]


def error_over_splits(values: Sequence[float]) -> float:
    """Half a 95 % interval of a mean over random splits in halves, one model trained on each.

    The splits share their rows, so their spread alone is too small an error: corrected as in Nadeau
    and Bengio (2003), Inference for the generalization error. Needs two values.
    """
    spread = float(np.std(values, ddof=1))
    return NORMAL_95 * spread * float(np.sqrt(1 / len(values) + 1))


def bootstrap(
    distances: Distances,
    real: Sample,
    synthetic: Sample,
    *,
    n_resamples: int,
    generator: np.random.Generator,
    combine: Combine = np.mean,
    highest: float = 1.0,
) -> Score:
    """The mean of some distances, or another combination, with intervals from resampled entities.

    Every entity counts Poisson(1) times in a resample (Chamandy et al., 2012, Estimating
    uncertainty for massive data streams). Distances cannot be negative, so resampling biases them
    upward: the interval is the value and 1.96 standard errors, not the quantiles, within 0 and
    `highest`.
    """
    point = distances(real.weight, synthetic.weight)
    defined = {name: value for name, value in point.items() if value is not None}
    if not defined:
        return Score.undefined(f"no value of {', '.join(sorted(point))} is present on both sides")
    sides = [(sample, entity_codes(sample.entity, sample.n_rows)) for sample in (real, synthetic)]
    draws: dict[str, list[float]] = {name: [] for name in (*defined, "")}
    for _ in range(n_resamples):
        weights = [
            sample.weight * generator.poisson(1.0, int(codes.max()) + 1)[codes]
            for sample, codes in sides
        ]
        again = distances(*weights)
        values = {name: again[name] for name in defined}
        if None in values.values():
            continue
        for name, value in values.items():
            draws[name].append(float(value or 0.0))
        draws[""].append(float(combine([value or 0.0 for value in values.values()])))
    parts = {name: _interval(value, draws[name], highest) for name, value in defined.items()}
    about: dict[str, Any] = {"parts": parts, "rows": [real.n_rows, synthetic.n_rows]}
    if absent := [name for name in point if name not in defined]:
        about["undefined"] = absent
    whole = _interval(float(combine(list(defined.values()))), draws[""], highest)
    return Score(value=whole["value"], low=whole["low"], high=whole["high"], details=about)


def each(distances: Mapping[str, Distance]) -> Distances:
    """Some distances by name, as one function of the weights."""
    return lambda *weights: {name: distance(*weights) for name, distance in distances.items()}


def some_entities(codes: Indices, max_rows: int, generator: np.random.Generator) -> Flags:
    """A mask `(n,)` of all rows of as many entities as have at most `max_rows`, drawn at random."""
    order = generator.permutation(int(codes.max()) + 1)
    kept = np.zeros(len(order), bool)
    kept[order[np.cumsum(np.bincount(codes)[order]) <= max_rows]] = True
    return kept[codes]


def _interval(value: float, draws: list[float], highest: float) -> dict[str, float]:
    error = NORMAL_95 * float(np.std(draws, ddof=1)) if len(draws) > 1 else highest
    return {"value": value, "low": max(0.0, value - error), "high": min(highest, value + error)}
