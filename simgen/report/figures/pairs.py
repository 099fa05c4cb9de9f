"""Two columns at a time: correlations and two-way tables as heat maps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from simgen.kernels.arrays import Floats
from simgen.report.figures.drawing import panel
from simgen.report.page import Figure

_SIDES = ("real", "synthetic", "synthetic less real")


def correlations(
    columns: Sequence[str], real: Sequence[Sequence[Any]], synthetic: Sequence[Sequence[Any]]
) -> Figure:
    """Heat maps of the rank correlations of the numbers: real, synthetic, and their difference."""
    sides = [
        np.array([[np.nan if v is None else v for v in row] for row in matrix], float)
        for matrix in (real, synthetic)
    ]
    matrices = [*sides, sides[1] - sides[0]]
    side = 1.2 + 0.5 * len(columns)
    panels = []
    for title, matrix in zip(_SIDES, matrices, strict=True):
        with panel(title, width=side + 0.8, height=side + 0.3) as drawn:
            _cells(drawn.axes, matrix, (columns, columns), colours="PuOr", span=(-1.0, 1.0))
            _numbers(drawn.axes, matrix)
        panels.append(drawn.svg)
    gap = np.abs(matrices[-1])
    told = "none is known"
    if not np.isnan(gap).all():
        i, j = divmod(int(np.nanargmax(gap)), len(columns))
        told = (
            f"the largest difference is {matrices[-1][i, j]:+.2f}, of {columns[i]} and {columns[j]}"
        )
    return Figure(
        panels=tuple(panels),
        alt=f"Rank correlations of {', '.join(columns)}, real beside synthetic: {told}.",
        caption="Rank correlation (Spearman) of each pair of numbers",
    )


def tables(
    names: tuple[str, str],
    labels: tuple[Sequence[str], Sequence[str]],
    real: Floats,
    synthetic: Floats,
    *,
    remark: str,
) -> Figure:
    """Two-way tables of two columns as heat maps: real, synthetic, and their difference.

    Args:
        names: of the columns, the second across.
        labels: of the rows and of the columns of the tables.
        real: share of the real rows in each cell `(a, b)`.
        synthetic: likewise `(a, b)`.
        remark: the score of this pair with its interval, in words.
    """
    gap = synthetic - real
    most = float(max(real.max(), synthetic.max(), 1e-9))
    furthest = float(max(np.abs(gap).max(), 1e-9))
    panels = []
    for title, matrix, colours, span in (
        (f"{_SIDES[0]}, up to {100 * most:.1f} % of rows", real, "Greys", (0.0, most)),
        (f"{_SIDES[1]}, same scale", synthetic, "Greys", (0.0, most)),
        (f"{_SIDES[2]}, ±{100 * furthest:.1f} %", gap, "PuOr", (-furthest, furthest)),
    ):
        with panel(title, height=3.1) as drawn:
            _cells(drawn.axes, matrix, labels, colours=colours, span=span)
            drawn.axes.set(ylabel=names[0], xlabel=names[1])
        panels.append(drawn.svg)
    i, j = divmod(int(np.argmax(np.abs(gap))), gap.shape[1])
    return Figure(
        panels=tuple(panels),
        alt=(
            f"Heat maps of {names[0]} against {names[1]}: the cell that differs most, "
            f"{labels[0][i]} with {labels[1][j]}, holds {100 * real[i, j]:.1f} % of the real rows "
            f"and {100 * synthetic[i, j]:.1f} % of the synthetic ones."
        ),
        caption=f"{names[0]} and {names[1]}: {remark}",
    )


def _cells(
    ax: Axes,
    matrix: Floats,
    labels: tuple[Sequence[str], Sequence[str]],
    *,
    colours: str,
    span: tuple[float, float],
) -> None:
    ax.pcolormesh(matrix, cmap=colours, vmin=span[0], vmax=span[1], edgecolors="white", lw=0.5)
    ax.invert_yaxis()
    down, across = labels
    ax.set_xticks(np.arange(len(across)) + 0.5, list(across), rotation=45, ha="right", fontsize=7)
    ax.set_yticks(np.arange(len(down)) + 0.5, list(down), fontsize=7)
    ax.tick_params(length=0)


def _numbers(ax: Axes, matrix: Floats) -> None:
    for (i, j), value in np.ndenumerate(matrix):
        if not np.isnan(value):
            ink = "#ffffff" if abs(value) > 0.6 else "#222222"
            ax.text(
                j + 0.5,
                i + 0.5,
                f"{round(value, 2) + 0.0:.2f}",
                ha="center",
                va="center",
                color=ink,
                fontsize=8,
            )
