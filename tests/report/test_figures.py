import re

import numpy as np
import pytest

from simgen.core import Streams
from simgen.report.figures import (
    Line,
    Side,
    calibration,
    categories,
    correlations,
    curves,
    distribution,
    gaps,
    lags,
    spectra,
    tables,
)
from simgen.report.figures.sides import shares, shares_below


def side(name, n_rows=500, n_entities=None):
    chance = Streams(0).generator(name)
    entity = np.arange(n_rows) if n_entities is None else chance.integers(0, n_entities, n_rows)
    return Side(
        values=chance.lognormal(size=n_rows), weight=chance.uniform(0.5, 1.5, n_rows), entity=entity
    )


def drawn(scale="log", first="a"):
    return distribution(
        side(first), side("b"), name="amount, rare rows", doc="Amount", unit="EUR", scale=scale
    )


def line(*y):
    y = np.array(y)
    return Line(x=np.linspace(0.0, 1.0, len(y)), y=y, low=y - 0.1, high=y + 0.1)


@pytest.mark.parametrize("scale", ["log", "linear"])
def test_same_data_same_drawing(scale):
    """A drawing is a function of its data, to the byte."""
    assert drawn(scale) == drawn(scale)
    assert drawn(scale) != drawn(scale, "c")


def test_drawings_follow_the_colours_of_the_page():
    """Light or dark, the page decides: no colour of ours is left in a drawing of data."""
    for svg in drawn().panels:
        assert "var(--real)" in svg
        assert "var(--synthetic)" in svg
        assert "currentColor" in svg
        assert not re.search(r"#(0072b2|d55e00|333333)", svg)


def test_two_drawings_share_no_id_but_those_of_equal_things():
    """Ids that name no definition would repeat in a page."""
    assert not re.search(r'<g id="', drawn().panels[0])


@pytest.mark.parametrize(
    "values", [np.zeros(20), np.full(20, np.nan), np.array([0.0] * 19 + [1e9]), -np.ones(20)]
)
@pytest.mark.parametrize("scale", ["log", "linear"])
def test_odd_columns_can_be_drawn(values, scale):
    """Constant, absent, extreme and negative values still give a drawing."""
    odd = Side(values=values, weight=np.ones(20), entity=np.arange(20))
    figure = distribution(odd, side("b"), name="x", doc="x", unit="", scale=scale)
    assert all(svg.startswith("<svg") for svg in figure.panels)


def test_the_interval_of_a_share_is_the_binomial_one():
    """For rows that stand alone: 1.96 sqrt(p (1 - p) / n)."""
    rows = Side(values=np.zeros(400), weight=np.full(400, 3.0), entity=np.arange(400))
    share, error = shares((np.arange(400) < 100).astype(int), rows, 2)
    assert share == pytest.approx([0.75, 0.25])
    assert error == pytest.approx(1.96 * np.sqrt(0.75 * 0.25 / 400))


def test_rows_of_one_entity_count_once():
    """Four rows each that always agree: half as much is known, the interval twice as wide."""
    codes = (np.arange(400) < 100).astype(int)
    alone = Side(values=np.zeros(400), weight=np.ones(400), entity=np.arange(400))
    together = Side(values=np.zeros(400), weight=np.ones(400), entity=np.arange(400) // 4)
    assert shares(codes, together, 2)[1] == pytest.approx(2 * shares(codes, alone, 2)[1])


def test_a_distribution_function_holds_the_shares():
    """At each edge, the weight up to it."""
    rows = Side(values=np.array([1.0, 2, 3]), weight=np.array([1.0, 1, 2]), entity=np.arange(3))
    found = shares_below(rows.values, rows, np.array([0.5, 1.0, 2.5, 3.0]))
    assert found.y == pytest.approx([0.0, 0.25, 0.5, 1.0])
    assert np.all((found.low <= found.y) & (found.y <= found.high))
    assert found.low[2] < found.y[2]


def test_a_distribution_tells_its_medians():
    """The text has the weighted median of both sides."""
    rows = Side(values=np.array([1.0, 2, 30]), weight=np.array([1.0, 1, 9]), entity=np.arange(3))
    figure = distribution(
        rows, rows.take(np.arange(3) < 2), name="x", doc="x", unit="", scale="log"
    )
    assert "median 30  in the real rows, 1  in the synthetic rows" in figure.alt


def test_categories_are_drawn_by_frequency_and_the_rest_together():
    """Fifteen categories: the twelve most frequent, then all others."""
    words = np.repeat([f"kind {i:02d}" for i in range(15)], np.arange(20, 5, -1))
    rows = Side(values=words, weight=np.ones(len(words)), entity=np.arange(len(words)))
    figure = categories(rows, rows, name="kind", doc="Kind")
    assert "kind 00 is 10.3 % of the real rows and 10.3 %" in figure.alt
    (svg,) = figure.panels
    assert "kind 11" in svg
    assert "all others" in svg
    assert "kind 12" not in svg


def test_curves_tell_the_areas_under_them():
    """The text has the area under both ROC curves."""
    roc = {"real": line(0.0, 1.0, 1.0), "synthetic": line(0.0, 0.5, 1.0)}
    figure = curves(roc, roc, prevalence=0.05)
    assert "0.75 when trained on real rows, 0.50 when trained on synthetic rows" in figure.alt
    assert "at 5 % rare rows" in figure.panels[1]


def test_calibration_tells_the_mean_gap():
    """The text has the mean distance from the diagonal."""
    found = {"real": line(0.0, 0.5, 1.0), "synthetic": line(0.3, 0.8, 1.3)}
    figure = calibration(found, prevalence=0.05)
    assert "0.000 on average when trained on real rows, 0.300" in figure.alt


def test_correlations_tell_the_largest_difference():
    """Undefined correlations leave a cell empty; the text names the worst pair."""
    real = [[1.0, 0.5, None], [0.5, 1.0, 0.1], [None, 0.1, 1.0]]
    synthetic = [[1.0, 0.1, None], [0.1, 1.0, 0.2], [None, 0.2, 1.0]]
    figure = correlations(["a", "b", "c"], real, synthetic)
    assert "the largest difference is -0.40, of a and b" in figure.alt
    assert len(figure.panels) == 3


def test_tables_tell_the_worst_cell():
    """The text names the cell that differs most, with both shares."""
    real, synthetic = np.array([[0.5, 0.1], [0.2, 0.2]]), np.array([[0.4, 0.1], [0.2, 0.3]])
    labels = ["low", "high"], ["day", "night"]
    figure = tables(("amount", "hour"), labels, real, synthetic, remark="0.1")
    assert "low with day, holds 50.0 % of the real rows and 40.0 %" in figure.alt
    assert "±10.0 %" in figure.panels[2]


def test_histories_are_drawn():
    """Gaps, later rows and rhythms tell their numbers."""
    assert "Time since the row before" in gaps(side("a"), side("b")).alt
    figure = lags({"amount": {"real": line(0.4, 0.2), "synthetic": line(0.1, 0.0)}})
    assert "amount 0.40 in the real, 0.10 in the synthetic rows" in figure.alt
    rhythms = [
        Line(x=np.array([7.0, 2.0]), y=np.array(y), low=np.zeros(2), high=np.ones(2))
        for y in ([0.9, 0.1], [0.2, 0.8])
    ]
    figure = spectra([line(0.5, 0.5)] * 2, rhythms, period_unit="d")
    assert "strongest period is 7 in the real rows and 2 in the synthetic ones (d)" in figure.alt
