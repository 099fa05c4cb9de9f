"""A page of pictures tells what was given to it, and needs nothing beside it."""

import re
from dataclasses import replace

import numpy as np

from simgen.core import Bars, Curve, Plot
from simgen.report.figures.plots import plotted
from simgen.report.portrait import Portrait, PortraitChapter, render_portrait

X = np.arange(5.0)
LINES = Plot(
    title="Two lines",
    x="time [s]",
    y="level [m]",
    alt="One rises to 4 m.",
    curves=[
        Curve(name="rising", x=X, y=X, low=X - 1.0, high=X + 1.0, steps=True),
        Curve(name="falling", x=X, y=-X),
    ],
    spans=[("storm", 1.0, 2.0), ("storm", 3.0, 4.0)],
    marks=[("noon", 2.5)],
    y_range=(-5.0, 5.0),
)
CHART = Plot(
    title="Work",
    x="day",
    y="",
    alt="Two jobs.",
    rows=["pump A", "pump B"],
    bars=[Bars(name="repair", row=np.array([0, 1]), start=np.array([1.0, 2.0]), stop=X[3:])],
    is_wide=False,
)


def test_names_axes_spans_and_marks_are_told():
    """Each name once, however often it is marked."""
    figure = plotted(LINES)

    for text in ("Two lines", "time [s]", "level [m]", "rising", "falling", "noon"):
        assert f">{text}<" in figure.panels[0]
    assert figure.panels[0].count(">storm<") == 1
    assert figure.alt == "One rises to 4 m."
    assert figure == plotted(LINES)


def test_a_number_between_gaps_is_a_dot():
    """No line goes there, and it must be seen."""
    broken = Curve(name="", x=X, y=np.array([1.0, 2.0, np.nan, 3.0, np.nan]))
    dots = [
        len(re.findall(r"<use [^>]*var\(--real\)", plotted(replace(LINES, curves=[one])).panels[0]))
        for one in (broken, replace(broken, y=X))
    ]

    assert dots == [1, 0]


def test_a_long_title_goes_on_below():
    """A line that ran beyond the drawing's edge would not be seen."""
    title = "HMS5C4040ALE640: share alive, 95 % interval"
    svg = plotted(replace(CHART, title=title)).panels[0]
    lines = [line for line in re.findall(r">([^<>]+)</text>", svg) if line in title]

    assert " ".join(lines) == title
    assert len(lines) > 1


def test_a_long_axis_label_goes_on_beside():
    """Room is scarce where many names stand below; a label that fits stays in one line."""
    label = "share of machines still alive [1]"
    crowd = [Curve(name=f"machine {number}", x=X, y=X + number) for number in range(8)]
    svg = plotted(replace(LINES, y=label, curves=crowd)).panels[0]
    lines = [line for line in re.findall(r">([^<>]+)</text>", svg) if line in label]

    assert " ".join(lines) == label
    assert len(lines) > 1
    assert f">{label[:14]}<" in plotted(replace(LINES, y=label[:14], curves=crowd)).panels[0]


def test_a_chart_names_its_rows():
    """From the top, and what the bars are."""
    svg = plotted(CHART).panels[0]

    places = [float(re.search(rf'y="([\d.]+)"[^>]*>{row}<', svg)[1]) for row in CHART.rows]
    assert places == sorted(places)
    assert ">repair<" in svg


def test_the_page_needs_nothing_beside_it():
    """Drawings stand in it, described in words; nothing is fetched, and text is escaped."""
    chapter = PortraitChapter(
        title="Work & rest", doc="Look.", wide=[plotted(LINES)], narrow=[plotted(CHART)]
    )
    page = render_portrait(
        Portrait(title="T", facts=[("rows", "5")], chapters=[chapter], provenance={"a": "b"})
    )

    assert "Work &amp; rest" in page
    assert page.count("<svg") == 2
    assert 'aria-label="Two jobs."' in page
    assert not re.search(r'(src|href)="(?!data:|#)', page.replace("xlink:href", "href"))
