"""One line for each method: what its runs come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.residuals.comparing import Runs
from benchmarks.residuals.estimates import Estimate, mean, mean_score, ratio
from benchmarks.residuals.methods import METHODS, REAL, Method

TREES, LINEAR = "boosted trees", "logistic regression"
PRECISION, AREA = "average_precision", "roc_auc"

Results = Sequence[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Usefulness:
    """Models trained on the rows, tested on the final rows; None where none could be trained.

    Attributes:
        precision: average precision of boosted trees.
        precision_ratio: over that of the same trees trained on real rows.
        linear_ratio: the same of logistic regressions.
        area: ROC-AUC of boosted trees.
        area_ratio: over that of the same trees trained on real rows.
    """

    precision: Estimate
    precision_ratio: Estimate
    linear_ratio: Estimate
    area: Estimate
    area_ratio: Estimate


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What the making took, the mean over seeds; CPU times, as a machine may be shared.

    Attributes:
        fit_time: [CPU s].
        sampling_time: [CPU s].
        rows_rate: rows made for each CPU second of sampling.
        peak_memory: [MiB].
        imports_memory: of it, before there were data [MiB].
    """

    fit_time: float
    sampling_time: float
    rows_rate: float
    peak_memory: float
    imports_memory: float

    @property
    def time(self) -> float:
        """Fit and sampling [CPU s]."""
        return self.fit_time + self.sampling_time


@dataclass(frozen=True, kw_only=True)
class Line:
    """A method given all development rows.

    Attributes:
        broken_share: rows that break a rule, and those dropped because they did.
        members: area of the attack by group of rows; the share found at 1 % false alarms is theirs.
        found: that share, by group.
        members_alike: the area where members and others are of the same groups; empty where they
            are so anyway.
    """

    method: Method
    n_seeds: int
    usefulness: Usefulness | None
    c2st: Estimate | None
    broken_share: float
    prevalence: float
    members: dict[str, Estimate]
    found: dict[str, float]
    members_alike: dict[str, Estimate]
    cost: Cost


@dataclass(frozen=True, kw_only=True)
class FewLine:
    """A method given few rare rows; ratios of average precision of boosted trees, then of others.

    Attributes:
        to_same: over trees trained on the same few real rows.
        to_all: over trees trained on all development rows.
        added: made and real rows together over the real rows alone.
        added_linear: the same of logistic regressions.
        added_area: the same of ROC-AUC of boosted trees.
    """

    method: Method
    to_same: Estimate
    to_all: Estimate
    added: Estimate
    added_linear: Estimate
    added_area: Estimate


def lines(whole: Runs) -> list[Line]:
    """A line for each method that ran, in the order of methods."""
    real = whole[REAL]
    return [_line(method, whole[method.name], real) for method in METHODS if method.name in whole]


def _line(method: Method, results: Results, real: Results) -> Line:
    groups = [result["membership"] for result in results]
    alike = [result["membership_alike"] for result in results if "membership_alike" in result]
    members = _members(groups)
    return Line(
        method=method,
        n_seeds=len(results),
        usefulness=_usefulness(results, real),
        c2st=likeness(results),
        broken_share=float(
            np.mean([result["broken_share"] + result["dropped_share"] for result in results])
        ),
        prevalence=float(np.mean([result["prevalence"] for result in results])),
        members=members,
        found={
            name: float(np.mean([group[name]["found"] for group in groups])) for name in members
        },
        members_alike=_members(alike),
        cost=_cost([result["report"] for result in results]),
    )


def _members(groups: Results) -> dict[str, Estimate]:
    """Area of the attack by group of rows; empty where one is undefined, or none was made."""
    known = [] if any("undefined" in group for group in groups) else [*groups[:1]]
    return {name: _defined([group[name] for group in groups]) for one in known for name in one}


def _usefulness(results: Results, real: Results) -> Usefulness | None:
    if not all(result["utility"] for result in results):
        return None
    return Usefulness(
        precision=mean(runs(results, TREES, PRECISION)),
        precision_ratio=_over(results, real, TREES, PRECISION),
        linear_ratio=_over(results, real, LINEAR, PRECISION),
        area=mean(runs(results, TREES, AREA)),
        area_ratio=_over(results, real, TREES, AREA),
    )


def _over(results: Results, real: Results, model: str, measure: str) -> Estimate:
    return ratio(runs(results, model, measure), runs(real, model, measure))


def runs(results: Results, model: str, measure: str, key: str = "utility") -> list[list[float]]:
    """A measure of a model class `(s, 1 + r)`, by seed and resample."""
    return [result[key][model][measure] for result in results]


def likeness(results: Results) -> Estimate | None:
    """How well a classifier tells rows from the final ones; None where that is undefined."""
    scores = [result["c2st"] for result in results]
    return None if any("undefined" in score for score in scores) else _defined(scores)


def _defined(scores: Results) -> Estimate:
    return mean_score([score["value"] for score in scores], [score["error"] for score in scores])


def _cost(reports: Results) -> Cost:
    fit_time = float(np.mean([report["fit_time"]["cpu"] for report in reports]))
    sampling_time = float(np.mean([report["sampling_time"]["cpu"] for report in reports]))
    return Cost(
        fit_time=fit_time,
        sampling_time=sampling_time,
        rows_rate=float(np.mean([report["rows"] for report in reports])) / sampling_time,
        peak_memory=float(np.mean([report["peak_memory"] for report in reports])),
        imports_memory=float(np.mean([report["imports_memory"] for report in reports])),
    )


def few_lines(scarce: Runs, whole: Runs) -> list[FewLine]:
    """A line for each method that was given few rare rows."""
    same, everything = scarce[REAL], whole[REAL]
    found = []
    for method in METHODS:
        if method.name not in scarce:
            continue
        results = scarce[method.name]
        added = {
            (model, measure): ratio(
                runs(results, model, measure, "augmented"), runs(same, model, measure), paired=True
            )
            for model, measure in ((TREES, PRECISION), (LINEAR, PRECISION), (TREES, AREA))
        }
        alone = runs(results, TREES, PRECISION)
        found.append(
            FewLine(
                method=method,
                to_same=ratio(alone, runs(same, TREES, PRECISION), paired=True),
                to_all=ratio(alone, runs(everything, TREES, PRECISION)),
                added=added[TREES, PRECISION],
                added_linear=added[LINEAR, PRECISION],
                added_area=added[TREES, AREA],
            )
        )
    return found
