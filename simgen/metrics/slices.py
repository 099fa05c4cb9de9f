"""Where two samples differ most: conditions on one or two columns, worst first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

import numpy as np
from scipy.stats import norm

from simgen.core import Streams
from simgen.kernels.arrays import Floats
from simgen.kernels.shares import shares_by_code
from simgen.metrics.base import FEWEST_ROWS, Indices, Sample
from simgen.metrics.resampling import entity_codes, thin
from simgen.metrics.weighted import cuts

N_BINS = 8  # of a number: eighths of the real rows
N_CATEGORIES = 12  # with a condition of their own; rarer ones share one
MAX_ROWS = 20_000  # of each sample looked at
MOST = 10  # slices told
LEAST_SHARE = 0.01  # of one side at least, the class alone apart; smaller ones move no model
CONFIDENCE = 0.95  # that all intervals hold together
OTHERS = "other values"
ABSENT = "no value"


@dataclass(frozen=True, kw_only=True)
class Slice:
    """Rows that meet one or two conditions, and how much more often they were simulated.

    Conditions that begin with `among rare rows` have shares of the rare rows.

    Attributes:
        conditions: what the rows have in common, in words.
        real_share: the share of the real rows that meet the conditions.
        synthetic_share: the share of the synthetic rows that do.
        ratio: synthetic over real share, each with half a row added, so that it is finite.
        low: the lower end of the ratio's interval.
        high: the upper end.
    """

    conditions: str
    real_share: float
    synthetic_share: float
    ratio: float
    low: float
    high: float

    @property
    def distance(self) -> float:
        """How far the interval lies from a ratio of 1, as a logarithm; 0 if it holds 1."""
        return max(float(np.log(self.low)), float(-np.log(self.high)), 0.0)


def worst_slices(real: Sample, synthetic: Sample, *, seed: int = 0) -> tuple[Slice, ...]:
    """The slices whose share of the rows differs most for certain, worst first.

    Slices are the values of each category, eighths of each number and the classes, alone and in
    pairs, of all rows and among the rare ones (Chung et al., 2019, Slice finder, who look for where
    a model fails; here it is where the density ratio of the samples is far from 1). Intervals are
    Wilson's of either share, carried over to the ratio (Zou and Donner, 2008, MOVER). They count
    entities, not rows, and are widened for the number of slices tried (Bonferroni), so that with
    95 % confidence all hold at once. A slice is listed if its interval excludes 1 and, for a pair,
    the ratio of either condition alone. Real rows that a generator was fitted on are left out.

    Args:
        real: real rows.
        synthetic: simulated rows with the same columns.
        seed: of the draw of rows from larger samples.
    """
    if real.fitted is not None:
        real = real.take(~real.fitted)
    generator = Streams(seed).child("metrics").generator("slices")
    real, synthetic = (thin(side, MAX_ROWS, generator) for side in (real, synthetic))
    groups = [_Group(real, synthetic)]
    if real.label is not None and synthetic.label is not None:
        rare = real.take(real.label), synthetic.take(synthetic.label)
        unlabelled = (replace(side, label=None) for side in rare)
        groups.append(_Group(*unlabelled, prefix="among rare rows: "))
    n_tried = sum(group.n_slices for group in groups)
    errors = float(norm.isf((1 - CONFIDENCE) / 2 / max(n_tried, 1)))
    found = (entry for group in groups for entry in group.slices(errors) if entry.distance > 0)
    return tuple(sorted(found, key=lambda entry: (-entry.distance, entry.conditions))[:MOST])


@dataclass(frozen=True, kw_only=True)
class _Column:
    """Conditions on one column: their names, and which one each row meets `(n,)`, `(m,)`."""

    names: list[str]
    codes: tuple[Indices, Indices]
    least_share: float = LEAST_SHARE


class _Group:
    """Rows of both sides, cut by one column and by two; no slices if there are too few rows."""

    def __init__(self, real: Sample, synthetic: Sample, *, prefix: str = "") -> None:
        sides = real, synthetic
        enough = all(side.n_rows >= FEWEST_ROWS and side.weight.any() for side in sides)
        self._columns = list(_columns(real, synthetic)) if enough else []
        self._tallies = [_Tally(side) for side in sides] if enough else []
        self._prefix = prefix
        sizes = [len(column.names) for column in self._columns]
        self.n_slices = sum(sizes) + sum(a * b for a, b in combinations(sizes, 2))

    def slices(self, errors: float) -> Iterator[Slice]:
        """The slices with intervals of so many standard errors that say something of their own."""
        alone = [self._cut(column, errors) for column in self._columns]
        for column, entries in zip(self._columns, alone, strict=True):
            yield from _large(entries, column.least_share)
        for i, j in combinations(range(len(alone)), 2):
            first, second = self._columns[i], self._columns[j]
            codes = [
                a * len(second.names) + b for a, b in zip(first.codes, second.codes, strict=True)
            ]
            names = [f"{a} and {b}" for a in first.names for b in second.names]
            pairs = self._cut(_Column(names=names, codes=(codes[0], codes[1])), errors)
            parents = [(a, b) for a in alone[i] for b in alone[j]]
            new = [
                entry
                for entry, both in zip(pairs, parents, strict=True)
                if not any(entry.low <= parent.ratio <= entry.high for parent in both)
            ]
            yield from _large(new, LEAST_SHARE)

    def _cut(self, column: _Column, errors: float) -> list[Slice]:
        shares, logs = [], []
        for tally, codes in zip(self._tallies, column.codes, strict=True):
            share, variance = tally.shares(codes, len(column.names))
            finite = share + tally.half_row
            # An empty slice varies too: as if it held that half row.
            n_rows = finite * (1 - share) / np.maximum(variance, 2 * tally.half_row * finite)
            shares.append(share)
            logs.append(np.log([finite, *_wilson(finite, n_rows, errors)]))
        (real, real_low, real_high), (made, made_low, made_high) = logs
        below = np.hypot(made - made_low, real_high - real)
        above = np.hypot(made_high - made, real - real_low)
        ratios = np.exp([made - real, made - real - below, made - real + above])
        return [
            Slice(
                conditions=f"{self._prefix}{name}",
                real_share=float(shares[0][place]),
                synthetic_share=float(shares[1][place]),
                ratio=float(ratios[0, place]),
                low=float(ratios[1, place]),
                high=float(ratios[2, place]),
            )
            for place, name in enumerate(column.names)
        ]


def _wilson(share: Floats, n_rows: Floats, errors: float) -> tuple[Floats, Floats]:
    """Wilson's (1927) interval of shares `(k,)` of as many independent rows `(k,)`."""
    pull = errors**2 / np.maximum(n_rows, 1.0)
    centre = (share + pull / 2) / (1 + pull)
    reach = np.sqrt(pull * np.maximum(share * (1 - share), 0.0) + pull**2 / 4) / (1 + pull)
    # Rounding must not push the lower end below 0: the product of both ends is known.
    high = centre + reach
    return share**2 / (1 + pull) / high, np.minimum(high, 1.0)


def _large(entries: Iterable[Slice], least_share: float) -> Iterator[Slice]:
    return (e for e in entries if max(e.real_share, e.synthetic_share) >= least_share)


class _Tally:
    """One sample, ready to have the share of each of some disjoint slices counted."""

    def __init__(self, sample: Sample) -> None:
        self._weight = sample.weight / sample.weight.sum()
        entity = entity_codes(sample.entity, sample.n_rows)
        self._masses = np.bincount(entity, self._weight).astype(np.float64)
        self._entity = entity if len(self._masses) < len(entity) else None
        self.half_row = 0.5 * float(self._weight @ self._weight)  # of as many as they count for

    def shares(self, codes: Indices, n_codes: int) -> tuple[Floats, Floats]:
        """The share of the weight `(n_codes,)` of each code and its variance."""
        return shares_by_code(codes, n_codes, self._weight, self._masses, self._entity)


def _columns(real: Sample, synthetic: Sample) -> Iterator[_Column]:
    for name, values in real.numeric.items():
        yield _numeric(name, values, synthetic.numeric[name], real.weight)
    for name, words in real.categorical.items():
        both = np.concatenate([words, synthetic.categorical[name]])
        known, codes, counts = np.unique(both, return_inverse=True, return_counts=True)
        order = np.argsort(-counts, kind="stable")
        kept = order[: N_CATEGORIES if len(order) > N_CATEGORIES + 1 else len(order)]
        place = np.full(len(known), len(kept))
        place[kept] = np.arange(len(kept))
        names = [f"{name} = {known[i]}" if known[i] else f"{name}: {ABSENT}" for i in kept]
        yield _column([*names, f"{name}: {OTHERS}"], place[codes], len(words))
    if real.label is not None and synthetic.label is not None:
        rare = np.concatenate([real.label, synthetic.label]).astype(np.int64)
        classes = _column(["ordinary rows", "rare rows"], rare, real.n_rows)
        yield replace(classes, least_share=0.0)


def _numeric(name: str, real: Floats, synthetic: Floats, weight: Floats) -> _Column:
    both = np.concatenate([real, synthetic])
    edges = np.zeros(0)
    if not np.isnan(real[weight > 0]).all():
        edges = cuts(real, weight, N_BINS)
    codes = np.where(np.isnan(both), len(edges) + 1, np.searchsorted(edges, both))
    ends = [f"{edge:.4g}" for edge in edges]
    names = [f"{low} < {name} <= {high}" for low, high in pairwise(ends)]
    bounds = [f"{name} <= {ends[0]}", *names, f"{name} > {ends[-1]}"] if ends else [f"any {name}"]
    return _column([*bounds, f"{name}: {ABSENT}"], codes, len(real))


def _column(names: list[str], codes: Indices, n_real: int) -> _Column:
    return _Column(names=names, codes=(codes[:n_real], codes[n_real:]))
