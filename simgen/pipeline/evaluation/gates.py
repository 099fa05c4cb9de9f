"""Gates: bounds on scores, so that a pipeline stops where data is not good enough."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simgen.core import RequestError, suggest
from simgen.metrics import Score, find_metrics

# Metric -> the least or the largest value that passes, as its direction says.
Thresholds = Mapping[str, float]


def check_thresholds(content: Mapping[str, Any]) -> Thresholds:
    """The thresholds that the content of a gate states.

    Raises:
        RequestError: there is none, a metric is unknown or a bound lies outside of its range.
    """
    known = find_metrics()
    if not content:
        raise RequestError("the gate is empty: bound at least 1 metric")
    for name, bound in content.items():
        if name not in known:
            remedy = suggest(name, known)
            raise RequestError(f"the gate bounds an unknown metric {name!r}: {remedy}")
        low, high = known[name].range
        if type(bound) not in {int, float} or not low <= bound <= high:
            raise RequestError(
                f"the gate bounds {name} by {bound!r}: must be a number >= {low:g} and <= {high:g}"
            )
    return {name: float(bound) for name, bound in content.items()}


def failures(scores: Mapping[str, Mapping[str, Score]], thresholds: Thresholds) -> list[str]:
    """What does not pass, one line for each sample and metric; nothing if everything passes.

    A metric that is undefined for a sample passes; one that was not computed does not, and neither
    does a data set of which no bounded metric is defined.

    Args:
        scores: by sample and metric.
        thresholds: metric -> bound.
    """
    known = find_metrics()
    lines, n_checked = [], 0
    for sample, found in scores.items():
        for name, bound in thresholds.items():
            if name not in found:
                lines.append(f"{sample}: {name} was not computed")
                continue
            value = found[name].value
            if value is None:
                continue
            n_checked += 1
            sign, word = (1, ">=") if known[name].direction == "higher" else (-1, "<=")
            if sign * value < sign * bound:
                lines.append(f"{sample}: {name} = {value:.3f}, must be {word} {bound:g}")
    if not n_checked and not lines:
        lines.append(f"none of {', '.join(thresholds)} is defined for this data")
    return lines
