"""The drawings of a report: which of them a sample allows, and the numbers they are made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from simgen.kernels.arrays import Flags
from simgen.metrics import Sample, Score
from simgen.metrics.class_marginals import CLASSES
from simgen.metrics.pair_dependence import N_BINS
from simgen.metrics.resampling import entity_codes
from simgen.metrics.weighted import cuts, shared_codes
from simgen.pipeline.references import Column
from simgen.pipeline.samples import Pair
from simgen.report import Figure
from simgen.report.figures import (
    Line,
    Side,
    calibration,
    categories,
    correlations,
    curves,
    distribution,
    tables,
)

FEWEST_TO_DRAW = 10  # rows
MOST_PAIRS = 4  # of columns drawn as two-way tables, the worst first
MOST_CATEGORIES = 10  # along one side of a two-way table
_SOURCES = ("real", "synthetic")  # of the rows that train a model


def side_of(sample: Sample, values: Any) -> Side:
    """Some values of the sample's rows `(n,)`, ready to be drawn."""
    return Side(
        values=values, weight=sample.weight, entity=entity_codes(sample.entity, sample.n_rows)
    )


def column_figures(pair: Pair) -> Iterator[Figure]:
    """Every column, real beside synthetic; by class where both sides have labels."""
    for column in pair.view.columns:
        values = pair.columns(column.name)
        sides = [
            side_of(sample, held)
            for sample, held in zip((pair.real, pair.synthetic), values, strict=True)
        ]
        for name, masks in _classes(pair).items():
            chosen = [side.take(mask) for side, mask in zip(sides, masks, strict=True)]
            if min(len(side.weight) for side in chosen) >= FEWEST_TO_DRAW:
                yield _column(column, chosen, name)


def model_figures(score: Score | None) -> Iterator[Figure]:
    """ROC, precision-recall and calibration; nothing where no model could be trained.

    Args:
        score: that of the models, `tstr`, which has the curves.
    """
    if score is None or score.value is None:
        return
    lines = {
        curve: {source: _line(score.details[source]["curves"][curve]) for source in _SOURCES}
        for curve in ("roc", "precision_recall", "calibration")
    }
    prevalence = score.details["prevalence"]
    yield curves(lines["roc"], lines["precision_recall"], prevalence=prevalence)
    yield calibration(lines["calibration"], prevalence=prevalence)


def pair_figures(pair: Pair, score: Score | None) -> Iterator[Figure]:
    """Heat maps of the pairs of columns; the two-way tables of the worst ones.

    Args:
        pair: the sample.
        score: its score `pair_dependence`, which has the matrices and ranks the pairs.
    """
    if score is None or score.value is None:
        return
    matrices = score.details["spearman"]
    if len(matrices["columns"]) > 2:  # two are told by their table
        yield correlations(matrices["columns"], matrices["real"], matrices["synthetic"])
    parts: Mapping[str, Mapping[str, float]] = score.details["parts"]
    worst = sorted(parts, key=lambda name: -parts[name]["value"])[:MOST_PAIRS]
    for name in worst:
        first, _, second = name.partition(" x ")
        yield _two_way(pair, (first, second), parts[name])


def _classes(pair: Pair) -> dict[str, tuple[Flags, Flags]]:
    real, synthetic = pair.real.label, pair.synthetic.label
    if real is None or synthetic is None:
        return {"": (np.ones(pair.real.n_rows, bool), np.ones(pair.synthetic.n_rows, bool))}
    return {
        f", {name} rows": (real == value, synthetic == value) for name, value in CLASSES.items()
    }


def _column(column: Column, sides: list[Side], which: str) -> Figure:
    name = f"{column.doc}{which}" + ("" if column.scored else " (shown, not scored)")
    if column.kind == "categorical":
        return categories(*sides, name=name, doc=column.doc)
    return distribution(*sides, name=name, doc=column.doc, unit=column.unit, scale=column.scale)


def _line(curve: Mapping[str, Any]) -> Line:
    return Line(**{name: np.asarray(values) for name, values in curve.items()})


def _two_way(pair: Pair, names: tuple[str, str], part: Mapping[str, Any]) -> Figure:
    binned = [_binned(pair, name) for name in names]
    labels = binned[0][0], binned[1][0]
    shape = len(labels[0]), len(labels[1])
    shares = []
    for side, sample in enumerate((pair.real, pair.synthetic)):
        cells = binned[0][1][side] * shape[1] + binned[1][1][side]
        mass = np.bincount(cells, sample.weight, shape[0] * shape[1]).reshape(shape)
        shares.append(mass / max(float(mass.sum()), 1e-300))
    docs = tuple(_doc(pair, name) for name in names)
    return tables(
        (docs[0], docs[1]),
        labels,
        shares[0],
        shares[1],
        remark=f"differ by {part['value']:.3f} ({span(part['low'], part['high'])})",
    )


def span(low: float | None, high: float | None) -> str:
    """An interval in words."""
    return "interval unknown" if low is None or high is None else f"{low:.3f} to {high:.3f}"


def _binned(pair: Pair, name: str) -> tuple[list[str], tuple[Any, Any]]:
    """Labels of the bins of a column, and the bin of each row of both sides."""
    real, synthetic = pair.columns(name)
    if name in pair.real.categorical:
        first, second, known = shared_codes(real, synthetic)
        return _most_frequent(known, first, second)
    edges = cuts(real, pair.real.weight, N_BINS)
    ends = [f"{edge:.3g}" for edge in edges]
    labels = [f"≤ {ends[0]}", *(f"≤ {end}" for end in ends[1:]), f"> {ends[-1]}"]
    absent = len(labels)
    codes = [
        np.where(np.isnan(side), absent, np.searchsorted(edges, side)) for side in (real, synthetic)
    ]
    if any((code == absent).any() for code in codes):
        labels.append("none")
    return labels, (codes[0], codes[1])


def _most_frequent(
    known: list[str], real: Any, synthetic: Any
) -> tuple[list[str], tuple[Any, Any]]:
    order = np.argsort(-np.bincount(np.concatenate([real, synthetic])), kind="stable")
    kept = order[:MOST_CATEGORIES]
    place = np.full(len(known), len(kept))
    place[kept] = np.arange(len(kept))
    labels = [known[i] or "(none)" for i in kept] + ["others"] * (len(order) > len(kept))
    return labels, (place[real], place[synthetic])


def _doc(pair: Pair, name: str) -> str:
    column = next(entry for entry in pair.view.columns if entry.name == name)
    return f"{column.doc} [{column.unit}]" if column.unit else column.doc
