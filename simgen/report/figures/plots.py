"""Plain plots as drawings: lines with bands, marked stretches, and charts of bars in rows."""

from __future__ import annotations

import textwrap

import numpy as np
import numpy.typing as npt
from markupsafe import Markup
from matplotlib.axes import Axes

from simgen.core import Image, Plot
from simgen.core.illustration import Floats
from simgen.report.figures.drawing import INK, LINE, REAL, SYNTHETIC, panel
from simgen.report.page import Figure

# Okabe and Ito's colours, told apart with any colour vision; the first two are the page's own.
COLOURS = (REAL, SYNTHETIC, "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c6d1f", "#7f7f7f")
_DASHES = ("-", "--", "-.", ":")
_HATCHES = ("", "///", "...", "xxx", "\\\\\\", "+++", "ooo", "|||")
_WIDTH, _HEIGHT, _HEIGHT_OF_ROW = 7.4, 2.1, 0.17  # [inch]
_NARROW = 3.6
_THINNEST = 0.003  # of the width: a bar of an hour in a year must be seen


def plotted(plot: Plot) -> Figure:
    """The plot, drawn."""
    width = _WIDTH if plot.is_wide else _NARROW
    height = _HEIGHT + _HEIGHT_OF_ROW * len(plot.rows) + (0.0 if plot.is_wide else 0.5)
    with panel(plot.title, width=width, height=height) as it:
        ax = it.axes
        _bars(ax, plot)
        _curves(ax, plot)
        _spans(ax, plot)
        for name, place in plot.marks:
            ax.axvline(place, color=INK, lw=1.0, ls=":", label=name)
        ax.set(xlabel=plot.x, ylabel=plot.y)
        if plot.x_range:
            ax.set_xlim(*plot.x_range)
        if plot.y_range:
            ax.set_ylim(*plot.y_range)
        # Each name once, below the drawing, where it hides nothing.
        known = dict(zip(*reversed(ax.get_legend_handles_labels()), strict=True))
        if known:
            columns = min(len(known), 5 if plot.is_wide else 1)
            ax.figure.legend(
                list(known.values()),
                list(known),
                loc="outside lower center",
                ncols=columns,
                fontsize=8,
            )
        _keep_within(ax)
    return Figure(panels=(it.svg,), alt=plot.alt, caption=plot.title)


def _keep_within(ax: Axes) -> None:
    """Break the vertical axis's label into lines if it is higher than the drawing has room for."""
    drawing = ax.get_figure(root=True)
    assert drawing is not None
    drawing.draw_without_rendering()
    label, frame = ax.yaxis.label, ax.get_window_extent()
    below, above = frame.y0, drawing.bbox.height - frame.y1
    room, height = frame.height + 2.0 * min(below, above), label.get_window_extent().height
    if height > room:
        text = label.get_text()
        width = max(int(len(text) * room / height), 1)
        label.set_text(textwrap.fill(text, width, break_long_words=False))


def pictured(image: Image) -> Figure:
    """The image, which lies beside the page, with its title."""
    shown = Markup('<img src="{}" alt=""><p>{}</p>').format(image.name, image.title)
    return Figure(panels=(str(shown),), alt=image.alt, caption=image.title)


def _curves(ax: Axes, plot: Plot) -> None:
    for number, curve in enumerate(plot.curves):
        colour, dash = COLOURS[number % len(COLOURS)], _DASHES[number % len(_DASHES)]
        how = "steps-post" if curve.steps else "default"
        label = curve.name or None
        ax.plot(curve.x, curve.y, color=colour, ls=dash, lw=1.1, drawstyle=how, label=label)
        if not curve.steps and (alone := _alone(curve.y)).any():
            ax.plot(curve.x[alone], curve.y[alone], color=colour, ls="", marker=".", ms=2.5)
        if curve.low is not None and curve.high is not None:
            ax.fill_between(
                curve.x,
                curve.low,
                curve.high,
                step="post" if curve.steps else None,
                color=colour,
                alpha=0.18,
                lw=0,
            )


def _alone(y: Floats) -> npt.NDArray[np.bool_]:
    """Numbers between gaps, of which no line is drawn `(n,)`."""
    there = np.isfinite(np.concatenate([[np.nan], y, [np.nan]]))
    return np.asarray(there[1:-1] & ~there[:-2] & ~there[2:])


def _bars(ax: Axes, plot: Plot) -> None:
    if not plot.rows:
        return
    ends = [stop for kind in plot.bars for stop in kind.stop]
    thinnest = _THINNEST * max(ends, default=1.0)
    for number, kind in enumerate(plot.bars):
        ax.barh(
            kind.row,
            np.maximum(kind.stop - kind.start, thinnest),
            0.7,
            left=kind.start,
            color=COLOURS[number % len(COLOURS)],
            hatch=_HATCHES[number % len(_HATCHES)],
            edgecolor=INK,
            lw=0.3,
            label=kind.name,
        )
    ax.set_yticks(np.arange(len(plot.rows)), list(plot.rows), fontsize=7)
    ax.set_ylim(len(plot.rows) - 0.5, -0.5)
    ax.grid(visible=True, axis="x", color=LINE)
    ax.set_axisbelow(True)


def _spans(ax: Axes, plot: Plot) -> None:
    names = list(dict.fromkeys(name for name, _, _ in plot.spans))
    for name, start, stop in plot.spans:
        number = names.index(name) + 1
        colour, hatch = COLOURS[number % len(COLOURS)], _HATCHES[number % len(_HATCHES)]
        ax.axvspan(start, stop, color=colour, alpha=0.25, hatch=hatch, lw=0, label=name)
