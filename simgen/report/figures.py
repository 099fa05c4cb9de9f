"""Drawings of real beside synthetic data: SVG that takes its colours from the page."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing

from simgen.report.page import Figure

Floats = npt.NDArray[np.float64]
Weighted = tuple[Floats, Floats]  # values (n,), weights (n,)

# Okabe and Ito's blue and vermilion, told apart with any colour vision; the page may replace them.
REAL, SYNTHETIC, INK, LINE = "#0072b2", "#d55e00", "#333333", "#cccccc"
_VARIABLES = {
    REAL: "var(--real)",
    SYNTHETIC: "var(--synthetic)",
    INK: "currentColor",
    LINE: "var(--line)",
}
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",  # text stays text: small, searchable, in the page's font
    "svg.hashsalt": "simgen",  # same data, same bytes
    "font.size": 9.0,
    "font.family": "sans-serif",
    "axes.edgecolor": LINE,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "axes.titlesize": 10.0,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "grid.color": LINE,
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "lines.linewidth": 1.8,
}
N_BINS = 40
N_STEPS = 200  # points of a distribution function


def distribution(
    real: Weighted, synthetic: Weighted, *, name: str, doc: str, unit: str, scale: str
) -> Figure:
    """A column's weighted histogram and distribution function, real beside synthetic.

    On the scale "log" the values are drawn by their logarithm, and those <= 0 at the left end.
    """
    with _drawing(7.2, 2.5, 2) as (drawing, axes):
        places = [_places(side[0], scale) for side in (real, synthetic)]
        everything = np.concatenate([place[np.isfinite(place)] for place in places])
        if len(everything) == 0:
            everything = np.zeros(1)
        first, last = np.percentile(everything, [0.1, 99.9])
        edges = np.linspace(first, max(last, first + 1e-9), N_BINS + 1)
        sides = zip(
            places, (real, synthetic), (REAL, SYNTHETIC), ("real", "synthetic"), strict=True
        )
        for place, (_, weight), colour, label in sides:
            present = np.isfinite(place)
            _histogram(
                axes[0], np.clip(place[present], first, last), weight[present], edges, colour
            )
            _steps(axes[1], place[present], weight[present], edges, colour=colour, label=label)
        axes[0].set_title("share of rows")
        axes[1].set_title("share of rows up to a value")
        axes[1].set_ylim(0, 1)
        axes[1].legend(loc="lower right")
        for ax in axes:
            ax.set_xlabel(f"{doc} [{unit}]" if unit else doc)
            _ticks(ax, scale)
        svg = _svg(drawing)
    middle = [_median(*side) for side in (real, synthetic)]
    return Figure(
        svg=svg,
        alt=(
            f"Histogram and distribution function of {name}: median {middle[0]} {unit} in the real "
            f"rows, {middle[1]} {unit} in the synthetic rows."
        ),
        caption=name,
    )


def curves(real: Mapping[str, Any], synthetic: Mapping[str, Any], grid: Sequence[float]) -> Figure:
    """ROC and precision-recall curves, averaged over splits, on the same real rows.

    Args:
        real: the measures of the model trained on real rows.
        synthetic: those of the model trained on synthetic rows.
        grid: where the curves were averaged.
    """
    with _drawing(7.2, 3.1, 2) as (drawing, axes):
        for source, colour, label, style in (
            (real, REAL, "trained on real", "-"),
            (synthetic, SYNTHETIC, "trained on synthetic", "--"),
        ):
            axes[0].plot(grid, source["recall_at_false_alarms"], style, color=colour, label=label)
            axes[1].plot(grid, source["precision_at_recall"], style, color=colour, label=label)
        axes[0].plot([0, 1], [0, 1], ":", color=LINE)
        axes[0].set(title="ROC", xlabel="share of false alarms", ylabel="share of rare rows found")
        axes[1].set(title="precision and recall", xlabel="share of rare rows found")
        axes[1].set_ylabel("share of alarms that are right")
        axes[1].set_yscale("log")
        axes[0].legend(loc="lower right")
        for ax in axes:
            ax.grid(visible=True)
        svg = _svg(drawing)
    areas = [f"{source['roc_auc']:.2f}" for source in (real, synthetic)]
    return Figure(
        svg=svg,
        alt=(
            "ROC and precision-recall curves on real rows: area under the ROC curve "
            f"{areas[0]} when trained on real rows, {areas[1]} when trained on synthetic rows."
        ),
        caption="Two models of one kind, one trained on real and one on synthetic rows, tested on "
        "the same real rows",
    )


def correlations(
    columns: Sequence[str], real: Sequence[Sequence[Any]], synthetic: Sequence[Sequence[Any]]
) -> Figure:
    """Heat maps of the rank correlations of the numeric columns, real beside synthetic."""
    with _drawing(7.2, 1.6 + 0.45 * len(columns), 2) as (drawing, axes):
        for ax, matrix, title in zip(axes, (real, synthetic), ("real", "synthetic"), strict=True):
            values = np.array([[np.nan if v is None else v for v in row] for row in matrix], float)
            ax.pcolormesh(values[::-1], cmap="PuOr", vmin=-1, vmax=1, edgecolors="white", lw=1)
            n = len(columns)
            for (i, j), value in np.ndenumerate(values):
                text = "" if np.isnan(value) else f"{value:.2f}"
                dark = abs(value) > 0.6
                ax.text(
                    j + 0.5,
                    n - i - 0.5,
                    text,
                    ha="center",
                    va="center",
                    color="#ffffff" if dark else "#222222",
                    fontsize=8,
                )
            ax.set_xticks(np.arange(n) + 0.5, columns, rotation=25, ha="right")
            ax.set_yticks(np.arange(n) + 0.5, list(columns)[::-1] if ax is axes[0] else [""] * n)
            ax.set_title(title)
        svg = _svg(drawing)
    return Figure(
        svg=svg,
        alt="Rank correlations of " + ", ".join(columns) + ", real beside synthetic.",
        caption="Rank correlation (Spearman) of each pair of numbers",
    )


@contextmanager
def _drawing(
    width: float, height: float, n_panels: int
) -> Iterator[tuple[Drawing, Sequence[Axes]]]:
    """An empty drawing of some panels side by side [inch], in our style."""
    with mpl.rc_context(_STYLE):
        drawing = Drawing(figsize=(width, height), layout="constrained")
        drawing.patch.set_alpha(0.0)
        axes = drawing.subplots(1, n_panels)
        for ax in axes:
            ax.patch.set_alpha(0.0)
        yield drawing, axes


def _svg(drawing: Drawing) -> str:
    """The drawing as an SVG element; the same data gives the same bytes."""
    text = io.StringIO()
    nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    drawing.savefig(text, format="svg", metadata=nothing)
    svg = text.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r'(<svg[^>]*?) width="[^"]*"', r"\1", svg, count=1)
    svg = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", svg, count=1)
    for colour, variable in _VARIABLES.items():
        svg = svg.replace(colour, variable)
    return svg


def _places(values: Floats, scale: str) -> Floats:
    if scale != "log":
        return values
    positive = values[values > 0]
    least = positive.min() if len(positive) else 1.0
    return np.where(np.isnan(values), np.nan, np.log10(np.maximum(values, least)))


def _histogram(ax: Axes, place: Floats, weight: Floats, edges: Floats, colour: str) -> None:
    mass, _ = np.histogram(place, edges, weights=weight)
    share = mass / mass.sum() if mass.sum() > 0 else mass
    ax.stairs(share, edges, color=colour, fill=True, alpha=0.25)
    ax.stairs(share, edges, color=colour, lw=1.4)


def _steps(
    ax: Axes, place: Floats, weight: Floats, edges: Floats, *, colour: str, label: str
) -> None:
    order = np.argsort(place, kind="stable")
    below = np.concatenate([[0.0], np.cumsum(weight[order])])
    grid = np.linspace(edges[0], edges[-1], N_STEPS)
    share = below[np.searchsorted(place[order], grid, side="right")] / max(below[-1], 1e-300)
    ax.plot(grid, share, color=colour, label=label, ls="-" if colour == REAL else "--")
    ax.grid(visible=True)


def _ticks(ax: Axes, scale: str) -> None:
    if scale == "log":
        first, last = ax.get_xlim()
        powers = np.arange(np.ceil(first), np.floor(last) + 1)
        ax.set_xticks(powers, [f"{10.0**power:g}" for power in powers])


def _median(values: Floats, weight: Floats) -> str:
    present = ~np.isnan(values)
    order = np.argsort(values[present])
    mass = np.cumsum(weight[present][order])
    if len(mass) == 0 or mass[-1] == 0:
        return "(none)"
    return f"{values[present][order][np.searchsorted(mass, mass[-1] / 2)]:.3g}"
