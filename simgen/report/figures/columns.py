"""Each column by itself: distributions of numbers, shares of categories."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from simgen.kernels.arrays import Floats
from simgen.report.figures.drawing import INK, REAL, SYNTHETIC, panel
from simgen.report.figures.sides import Side, shares, shares_below
from simgen.report.page import Figure

N_BINS = 40
N_CATEGORIES = 12  # drawn by name; the rest together
OTHERS = "all others"


def distribution(
    real: Side, synthetic: Side, *, name: str, doc: str, unit: str, scale: str
) -> Figure:
    """A number's weighted histogram and distribution function, real beside synthetic.

    On the scale "log" the values are drawn by their logarithm, and those <= 0 at the left end.
    """
    sides = [real.present, synthetic.present]
    places = [_places(side.values, scale) for side in sides]
    edges = _edges(np.concatenate(places))
    label = f"{doc} [{unit}]" if unit else doc
    drawn = list(zip(places, sides, (REAL, SYNTHETIC), ("real", "synthetic"), strict=True))
    with panel("share of rows") as histogram:
        for place, side, colour, _ in drawn:
            _histogram(histogram.axes, np.clip(place, edges[0], edges[-1]), side, edges, colour)
        _name(histogram.axes, label, scale)
    with panel("share of rows up to a value, 95 % interval") as steps:
        for place, side, colour, told in drawn:
            shares_below(place, side, edges).draw(steps.axes, colour, told)
        steps.axes.set_ylim(0, 1)
        steps.axes.legend(loc="lower right")
        steps.axes.grid(visible=True)
        _name(steps.axes, label, scale)
    middle = [_median(side) for side in sides]
    return Figure(
        panels=(histogram.svg, steps.svg),
        alt=(
            f"Histogram and distribution function of {name}: median {middle[0]} {unit} in the real "
            f"rows, {middle[1]} {unit} in the synthetic rows."
        ),
        caption=name,
    )


def categories(real: Side, synthetic: Side, *, name: str, doc: str) -> Figure:
    """The share of each category, real beside synthetic, the most frequent first."""
    names, codes = _coded(real, synthetic)
    n_names = len(names)
    with panel("share of rows, 95 % interval", height=1.0 + 0.24 * n_names) as bars:
        told = []
        for side, code, colour, label, shift in (
            (real, codes[0], REAL, "real", -0.2),
            (synthetic, codes[1], SYNTHETIC, "synthetic", 0.2),
        ):
            share, error = shares(code, side, n_names)
            place = np.arange(n_names) + shift
            ends = {"ecolor": INK, "lw": 1.0}
            bars.axes.barh(
                place, share, 0.38, xerr=error, color=colour, alpha=0.75, label=label, error_kw=ends
            )
            told.append(f"{100 * share[0]:.1f} % of the {label} rows")
        bars.axes.set_yticks(np.arange(n_names), names)
        bars.axes.invert_yaxis()
        bars.axes.set_xlim(left=0)
        bars.axes.figure.legend(loc="outside lower right", ncols=2)
        bars.axes.set_xlabel(doc)
    return Figure(
        panels=(bars.svg,),
        alt=f"Shares of the categories of {name}: {names[0]} is {' and '.join(told)}.",
        caption=name,
    )


def _coded(real: Side, synthetic: Side) -> tuple[Sequence[str], list[npt.NDArray[np.int64]]]:
    """Names of the categories drawn, and which one each row has."""
    both = np.concatenate([real.values, synthetic.values])
    known, codes = np.unique(both, return_inverse=True)
    n_real = len(real.values)
    sides = zip((codes[:n_real], codes[n_real:]), (real, synthetic), strict=True)
    mean_share = sum(shares(code, side, len(known))[0] for code, side in sides)
    order = np.argsort(-np.asarray(mean_share), kind="stable")
    kept = order[:N_CATEGORIES]
    place = np.full(len(known), len(kept))
    place[kept] = np.arange(len(kept))
    names = [str(known[i]) or "(none)" for i in kept]
    names += [OTHERS] if len(order) > len(kept) else []
    return names, [place[codes[:n_real]], place[codes[n_real:]]]


def _places(values: Floats, scale: str) -> Floats:
    if scale != "log":
        return values
    positive = values[values > 0]
    least = positive.min() if len(positive) else 1.0
    return np.log10(np.maximum(values, least))


def _edges(places: Floats) -> Floats:
    if len(places) == 0:
        places = np.zeros(1)
    first, last = np.percentile(places, [0.1, 99.9])
    return np.linspace(first, max(last, first + 1e-9), N_BINS + 1)


def _histogram(ax: Axes, place: Floats, side: Side, edges: Floats, colour: str) -> None:
    bins = np.clip(np.searchsorted(edges, place, side="right") - 1, 0, N_BINS - 1)
    share, error = shares(bins, side, N_BINS)
    ax.stairs(share, edges, color=colour, fill=True, alpha=0.22)
    ax.stairs(share, edges, color=colour, lw=1.4)
    middle = (edges[:-1] + edges[1:]) / 2
    ax.vlines(middle, np.maximum(share - error, 0), share + error, colour, lw=0.6, alpha=0.6)


def _name(ax: Axes, label: str, scale: str) -> None:
    ax.set_xlabel(label)
    if scale == "log":
        first, last = ax.get_xlim()
        powers = np.arange(np.ceil(first), np.floor(last) + 1)
        ax.set_xticks(powers, [f"{10.0**power:g}" for power in powers])


def _median(side: Side) -> str:
    if not side.weight.any():
        return "(none)"
    median = np.quantile(side.values, 0.5, weights=side.weight, method="inverted_cdf")
    return f"{median:.3g}"
