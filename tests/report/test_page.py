import re
from html.parser import HTMLParser

import numpy as np
import pytest

from simgen.core import Streams
from simgen.report import Figure, Page, ScoreRow, Section, render
from simgen.report.figures import correlations, curves, distribution


def draws(name, n_rows=500):
    chance = Streams(0).generator(name)
    return chance.lognormal(size=n_rows), chance.uniform(0.5, 1.5, n_rows)


def drawn(scale="log"):
    return distribution(
        draws("a"), draws("b"), name="amount, rare rows", doc="Amount paid", unit="EUR", scale=scale
    )


def page(**changes):
    row = ScoreRow(
        title="Numbers",
        doc="Distance.",
        value="0.100",
        interval="0.050 to 0.150",
        ceiling_value="0.010",
        direction="Lower is better.",
        level="off",
        position=0.1,
        low=0.05,
        high=0.15,
        ideal=0.0,
        ceiling=0.01,
        parts=[("amount", "0.100", "0.050 to 0.150", "off")],
        remarks=["A remark."],
    )
    section = Section(
        title="Payments",
        doc="Payments.",
        rows="5 real rows.",
        scores=[row],
        undefined=[("Categories", "there is none")],
        figures=[drawn()],
    )
    parts = {
        "title": "bank against ULB",
        "subtitle": "simgen evaluation",
        "headline": "Close.",
        "level": "close",
        "verdict": [("close", "All is well."), ("far", "Nothing is.")],
        "facts": [("records", "1,000")],
        "sections": [section],
        "difficulty": [("prevalence", "0.2 %")],
        "difficulty_text": "Hard.",
        "notes": ["Bear this in mind."],
        "provenance": {"Real data": [("source", "somebody, https://example.org/data")]},
    }
    return Page(**{**parts, **changes})


class Elements(HTMLParser):
    """Every start tag with its attributes."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        """Keep the tag."""
        self.found.append((tag, dict(attrs)))


def test_page_loads_nothing():
    """The page opens offline: no element and no style points anywhere outside of it."""
    html = render(page())
    for tag, attributes in Elements(html).found:
        assert tag not in {"script", "link", "iframe", "object", "embed", "img"}
        for name, value in attributes.items():
            if not name.startswith("xmlns"):
                assert "//" not in (value or ""), (tag, name, value)
    assert not re.search(r"url\((?!#)|@import", html)


def test_every_figure_says_in_words_what_it_shows():
    """Someone who can't see a drawing gets a sentence with its numbers."""
    elements = Elements(render(page())).found
    drawings = [attributes for tag, attributes in elements if attributes.get("role") == "img"]
    assert len(drawings) == [tag for tag, _ in elements].count("svg") == 1
    assert all(len(attributes["aria-label"]) > 30 for attributes in drawings)


def test_names_are_escaped():
    """A name that looks like HTML is shown, not obeyed."""
    html = render(page(title="<script>alert(1)</script>"))
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_levels_are_told_in_words():
    """A verdict never rests on colour alone."""
    html = render(page())
    assert "far off" in html
    assert "somewhat off" in html


def test_page_says_all_it_was_given():
    """Scores, parts, remarks, reasons, notes and provenance stand in the page."""
    html = render(page())
    for text in ("0.050 to 0.150", "A remark.", "there is none", "Bear this in mind.", "somebody"):
        assert text in html


@pytest.mark.parametrize("scale", ["log", "linear"])
def test_same_data_same_drawing(scale):
    """A drawing is a function of its data, to the byte."""
    assert drawn(scale) == drawn(scale)


def test_drawings_follow_the_colours_of_the_page():
    """Light or dark, the page decides: no colour of ours is left in a drawing of data."""
    svg = drawn().svg
    assert "var(--real)" in svg
    assert "var(--synthetic)" in svg
    assert "currentColor" in svg
    assert not re.search(r"#(0072b2|d55e00|333333)", svg)


@pytest.mark.parametrize(
    "values", [np.zeros(20), np.full(20, np.nan), np.array([0.0] * 19 + [1e9]), -np.ones(20)]
)
@pytest.mark.parametrize("scale", ["log", "linear"])
def test_odd_columns_can_be_drawn(values, scale):
    """Constant, absent, extreme and negative values still give a drawing."""
    sides = (values, np.ones(20)), draws("b")
    figure = distribution(*sides, name="x", doc="x", unit="", scale=scale)
    assert figure.svg.startswith("<svg")


def test_curves_and_correlations_tell_their_numbers():
    """Their texts hold the areas, and undefined correlations leave a cell empty."""
    grid = [0.0, 0.5, 1.0]
    source = {
        "recall_at_false_alarms": grid,
        "precision_at_recall": [1.0, 0.5, 0.1],
        "roc_auc": 0.8,
    }
    figure = curves(source, {**source, "roc_auc": 0.6}, grid)
    assert isinstance(figure, Figure)
    assert "0.80" in figure.alt
    assert "0.60" in figure.alt
    matrix = [[1.0, None], [None, 1.0]]
    assert "a, b" in correlations(["a", "b"], matrix, matrix).alt
