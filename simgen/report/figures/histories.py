"""Rows in the order of time: gaps, what a row says about later ones, rhythms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.ticker import FormatStrFormatter, LogLocator, NullFormatter

from simgen.kernels.arrays import Floats
from simgen.report.figures.columns import distribution
from simgen.report.figures.drawing import DASHES, LINE, REAL, SYNTHETIC, panel
from simgen.report.figures.sides import Line, Side
from simgen.report.page import Figure

_SIDES = (("real", REAL), ("synthetic", SYNTHETIC))


def gaps(real: Side, synthetic: Side) -> Figure:
    """The time from one row of an entity to its next, in the unit of the sample's time."""
    return distribution(
        real,
        synthetic,
        name="Time since the row before of the same entity",
        doc="time since the row before",
        unit="",
        scale="log",
    )


def lags(lines: Mapping[str, Mapping[str, Line]]) -> Figure:
    """Rank correlation of each number with the entity's number some rows later.

    Args:
        lines: correlation by lag, by column and then by side ("real", "synthetic").
    """
    panels, told = [], []
    for column, sides in lines.items():
        with panel(column) as drawn:
            for side, colour in _SIDES:
                sides[side].draw(drawn.axes, colour, side, marker="o", ms=3)
            drawn.axes.axhline(0, color=LINE, lw=0.8)
            drawn.axes.set(xlabel="rows later", ylabel="rank correlation")
            drawn.axes.legend()
            drawn.axes.grid(visible=True)
        panels.append(drawn.svg)
        first = [sides[side].y[0] for side, _ in _SIDES]
        told.append(f"{column} {first[0]:.2f} in the real, {first[1]:.2f} in the synthetic rows")
    return Figure(
        panels=tuple(panels),
        alt=f"Rank correlation with the entity's next row: {'; '.join(told)}.",
        caption="What a row says about the entity's later rows (autocorrelation), 95 % interval",
    )


def frequencies(
    places: Floats, powers: Mapping[str, Mapping[str, Floats]], *, remarks: Mapping[str, str]
) -> Figure:
    """The mean power spectrum of each number over the history of its entity.

    Args:
        places: the frequencies `(f,)`, per unit of time.
        powers: share of the power at each `(f,)`, by column and then by side.
        remarks: the score of each column with its interval, in words.
    """
    panels, told = [], []
    for column, sides in powers.items():
        with panel(column) as drawn:
            for side, colour in _SIDES:
                drawn.axes.plot(places, sides[side], DASHES[colour], color=colour, label=side)
            drawn.axes.set(xlabel="frequency [1 / unit of time]", ylabel="share of the power")
            drawn.axes.set_ylim(bottom=0)
            drawn.axes.legend()
            drawn.axes.grid(visible=True)
        panels.append(drawn.svg)
        told.append(f"{column} {remarks[column]}")
    return Figure(
        panels=tuple(panels),
        alt=f"Mean power spectra of each number over histories: {'; '.join(told)}.",
        caption=f"Share of the power that lies at other frequencies: {'; '.join(told)}",
    )


def spectra(over_time: Sequence[Line], rhythms: Sequence[Line], *, period_unit: str) -> Figure:
    """How many rows fall when, and which periods repeat.

    Args:
        over_time: share of rows by time since the first, real and synthetic.
        rhythms: share of the variance of those counts by period, real and synthetic.
        period_unit: what a period is counted in.
    """
    with panel("share of rows by time") as first:
        for line, (side, colour) in zip(over_time, _SIDES, strict=True):
            line.draw(first.axes, colour, side)
        first.axes.set(xlabel="time since the first row", ylabel="share of rows")
        first.axes.set_ylim(bottom=0)
        first.axes.legend()
        first.axes.grid(visible=True)
    with panel("spectrum of the share of rows") as second:
        for line, (side, colour) in zip(rhythms, _SIDES, strict=True):
            line.draw(second.axes, colour, side)
        second.axes.set(xlabel=f"period [{period_unit}]", ylabel="share of the variance")
        second.axes.set_xscale("log")
        second.axes.set_ylim(bottom=0)
        second.axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        second.axes.xaxis.set_major_formatter(FormatStrFormatter("%g"))
        second.axes.xaxis.set_minor_formatter(NullFormatter())
        second.axes.grid(visible=True)
    peaks = [f"{line.x[int(np.argmax(line.y))]:.3g}" for line in rhythms]
    return Figure(
        panels=(first.svg, second.svg),
        alt=(
            f"Rows over time and their spectrum: the strongest period is {peaks[0]} in the real "
            f"rows and {peaks[1]} in the synthetic ones ({period_unit})."
        ),
        caption="When rows happen, and which rhythms repeat",
    )
