"""Drawings of a fit of parameters: what was plausible before and after, and what it reproduces."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simgen.kernels.arrays import Floats
from simgen.report.figures.drawing import INK, LINE, REAL, SYNTHETIC, panel
from simgen.report.page import Figure

N_BINS = 24
FARTHEST_MISS = 8.0  # deviations; what lies beyond is drawn there
_HEIGHT_PER_ROW = 0.2  # [inch]

# Beside the page's colours, so that a drawing can be looked at by itself.
_ALONE = (
    f"<style>svg{{--real:{REAL};--synthetic:{SYNTHETIC};--line:{LINE};color:{INK};"
    "background:#fff}</style>"
)


def posterior(
    units: Floats, weight: Floats, *, name: str, ends: tuple[str, str], start: float, value: float
) -> Figure:
    """A parameter's posterior as a histogram over its plausible range, with the prior as a line.

    Args:
        units: draws, in the plausible range from 0 to 1. (m,)
        weight: of the draws; they sum to 1. (m,)
        name: of the parameter.
        ends: of the plausible range, in words.
        start: where the scenario has it.
        value: where it is to be used.
    """
    with panel(name) as drawn:
        ax = drawn.axes
        mass, edges = np.histogram(units, N_BINS, (0.0, 1.0), weights=weight)
        ax.stairs(mass * N_BINS, edges, color=SYNTHETIC, fill=True, alpha=0.35, label="after")
        ax.plot([0, 1], [1, 1], color=INK, lw=1.0, ls=":", label="before")
        ax.axvline(start, color=INK, lw=1.2, ls="--", label="scenario")
        ax.axvline(value, color=REAL, lw=2.0, label="fitted")
        ax.set_xlim(0, 1)
        ax.set_xticks([0, 1], list(ends))
        ax.set_yticks([])
        ax.set_xlabel("plausible range")
        ax.legend(loc="best", fontsize=7)
    low, high = np.interp([0.025, 0.975], *_mass(units, weight))
    return Figure(
        panels=(drawn.svg,),
        alt=(
            f"Posterior of {name}: 95 % of it lies from {100 * low:.0f} % to {100 * high:.0f} % "
            "of the plausible range."
        ),
        caption=name,
    )


def misses(names: Sequence[str], before: Floats, after: Floats, bound: float) -> Figure:
    """How far each real summary lies from runs before and after the fit, in deviations `(k,)`.

    The band is within `bound`, where chance alone may put any of them.
    """
    rows = np.arange(len(names))[::-1]
    with panel("real summary less runs", width=7.2, height=1.2 + _HEIGHT_PER_ROW * len(rows)) as it:
        ax = it.axes
        ax.axvspan(-bound, bound, color=LINE, alpha=0.4, lw=0)
        ax.axvline(0.0, color=LINE)
        for values, colour, marker, label in (
            (before, INK, "x", "scenario as it is"),
            (after, SYNTHETIC, "o", "fitted"),
        ):
            places = np.clip(values, -FARTHEST_MISS, FARTHEST_MISS)
            ax.plot(places, rows, marker, color=colour, ms=4, ls="none", label=label)
        ax.set_yticks(rows, list(names), fontsize=7)
        ax.set_xlim(-FARTHEST_MISS - 0.5, FARTHEST_MISS + 0.5)
        ax.set_ylim(-1, len(rows))
        ax.set_xlabel("standard deviations of the runs")
        ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.06), ncols=2)
    counts = [int((np.abs(values) <= bound).sum()) for values in (before, after)]
    return Figure(
        panels=(it.svg,),
        alt=(
            f"Of {len(names)} real summaries, {counts[0]} lie where runs of the scenario as it is "
            f"put them, and {counts[1]} where runs of the fitted one do."
        ),
        caption="Real summaries beside simulated ones",
    )


def standalone(svg: str) -> str:
    """A drawing as an SVG file of its own."""
    opening = svg.index(">") + 1
    head = svg[:opening]
    if "xmlns=" not in head:
        head = head.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    return f"{head}{_ALONE}{svg[opening:]}\n"


def _mass(units: Floats, weight: Floats) -> tuple[Floats, Floats]:
    order = np.argsort(units)
    return np.cumsum(weight[order]), units[order]
