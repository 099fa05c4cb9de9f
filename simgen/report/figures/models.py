"""Models trained on real and on synthetic rows, tested on the same real rows."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from simgen.kernels.arrays import Floats
from simgen.report.figures.drawing import LINE, REAL, SYNTHETIC, panel
from simgen.report.figures.sides import Line
from simgen.report.page import Figure

_SOURCES = (("real", REAL, "trained on real"), ("synthetic", SYNTHETIC, "trained on synthetic"))


def curves(
    roc: Mapping[str, Line], precision_recall: Mapping[str, Line], *, prevalence: float
) -> Figure:
    """ROC and precision-recall curves, averaged over splits, with 95 % intervals.

    Args:
        roc: share of rare rows found by share of false alarms, by what trained the model.
        precision_recall: share of alarms that are right by share of rare rows found, likewise.
        prevalence: share of rare rows at which precision is measured.
    """
    with panel("ROC") as first:
        for source, colour, label in _SOURCES:
            roc[source].draw(first.axes, colour, label)
        first.axes.plot([0, 1], [0, 1], ":", color=LINE)
        first.axes.set(xlabel="share of false alarms", ylabel="share of rare rows found")
        first.axes.legend(loc="lower right")
        first.axes.grid(visible=True)
    with panel(f"precision and recall at {100 * prevalence:g} % rare rows") as second:
        for source, colour, label in _SOURCES:
            precision_recall[source].draw(second.axes, colour, label)
        second.axes.set(xlabel="share of rare rows found", ylabel="share of alarms that are right")
        second.axes.set_ylim(0, 1)
        second.axes.grid(visible=True)
    areas = [f"{_area(roc[source]):.2f}" for source, _, _ in _SOURCES]
    return Figure(
        panels=(first.svg, second.svg),
        alt=(
            "ROC and precision-recall curves on real rows: area under the ROC curve "
            f"{areas[0]} when trained on real rows, {areas[1]} when trained on synthetic rows."
        ),
        caption="Two models of one kind, one trained on real and one on synthetic rows, tested on "
        "the same real rows; mean and 95 % interval over splits",
    )


def calibration(lines: Mapping[str, Line], *, prevalence: float) -> Figure:
    """Share of rare rows by the chance predicted, by what trained the model."""
    with panel("share of rare rows by predicted chance") as drawn:
        ends = []
        for source, colour, label in _SOURCES:
            line = lines[source]
            line.draw(drawn.axes, colour, label, marker="o", ms=4)
            ends += [line.x, line.y]
        known = np.concatenate(ends)
        most = float(np.nanmax(known)) if np.isfinite(known).any() else 1.0
        drawn.axes.plot([0, most], [0, most], ":", color=LINE, label="as predicted")
        drawn.axes.set(xlabel="chance predicted", ylabel="share that is rare")
        drawn.axes.legend(loc="upper left")
        drawn.axes.grid(visible=True)
    gaps = [f"{_gap(lines[source]):.3f}" for source, _, _ in _SOURCES]
    return Figure(
        panels=(drawn.svg,),
        alt=(
            "Calibration on real rows: predicted chance and true share differ by "
            f"{gaps[0]} on average when trained on real rows, {gaps[1]} when trained on synthetic."
        ),
        caption=f"Calibration at {100 * prevalence:g} % rare rows, in tenths of the rows; 95 % "
        "interval over splits",
    )


def _area(line: Line) -> float:
    return float(np.trapezoid(line.y, line.x))


def _gap(line: Line) -> float:
    gaps: Floats = np.abs(line.y - line.x)
    return float(np.nanmean(gaps)) if np.isfinite(gaps).any() else 0.0
