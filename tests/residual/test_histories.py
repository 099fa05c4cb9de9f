"""Rows of one entity in their order: what a closed form says of corrected histories."""

import numpy as np
import pytest

from simgen.core import RequestError, Streams
from simgen.residual import Column, Rows, Shape
from simgen.residual.histories import History
from simgen.residual.quantile import Quantile
from simgen.residual.transport import Transport

WALK = Shape(columns=(Column(name="x", lags=1),), entity="who", order="step")
N_STEPS = 6


def walk(name, rho, *, scale=1.0, n_entities=800, label=None):
    """AR(1) from its stationary law, whose standard deviation is `scale` at every step."""
    chance = Streams(3).generator(name)
    x = np.empty((n_entities, N_STEPS))
    x[:, 0] = chance.normal(size=n_entities)
    for step in range(1, N_STEPS):
        noise = chance.normal(size=n_entities)
        x[:, step] = rho * x[:, step - 1] + np.sqrt(1 - rho**2) * noise
    columns = {
        "x": scale * x.ravel(),
        "who": np.repeat(np.arange(n_entities), N_STEPS),
        "step": np.tile(np.arange(N_STEPS), n_entities),
    }
    if label is not None:
        columns["rare"] = np.repeat(chance.random(n_entities) < label, N_STEPS)
    return Rows.of(columns)


def by_entity(rows):
    """The numbers `(entities, steps)`."""
    order = np.lexsort((rows.columns["step"], rows.columns["who"]))
    return rows.columns["x"][order].reshape(-1, N_STEPS)


def correlation(rows, lag=1):
    x = by_entity(rows)
    return np.corrcoef(x[:, :-lag].ravel(), x[:, lag:].ravel())[0, 1]


@pytest.fixture(scope="module")
def fitted():
    """Learned from real walks that remember more, and go farther, than simulated ones."""
    residual = Transport(prior_rows=20.0)
    return residual.fit(walk("simulated", 0.1), walk("real", 0.8, scale=3.0), WALK, Streams(5))


def test_memory_and_spread_become_those_of_real_walks(fitted):
    """AR(1) at 0.1 becomes AR(1) at 0.8: lag 2 has its square, each step the real spread."""
    made = fitted.apply(walk("new", 0.1), Streams(6))
    assert correlation(made) == pytest.approx(0.8, abs=0.06)
    assert correlation(made, lag=2) == pytest.approx(0.64, abs=0.08)
    assert by_entity(made).std(axis=0) == pytest.approx(np.full(N_STEPS, 3.0), rel=0.12)


def test_without_lags_a_walk_forgets():
    """A lag is what carries memory: with none declared, rows answer to their position alone."""
    shape = Shape(columns=(Column(name="x"),), entity="who", order="step")
    residual = Transport(prior_rows=20.0)
    fitted = residual.fit(walk("simulated", 0.1), walk("real", 0.8), shape, Streams(5))
    assert correlation(fitted.apply(walk("new", 0.1), Streams(6))) < 0.3


def test_the_order_of_rows_does_not_matter(fitted):
    """Steps are told by the order column, wherever rows stand."""
    rows = walk("new", 0.1, n_entities=300)
    mixed = rows.take(Streams(9).generator("mix").permutation(rows.n_rows))
    made = fitted.apply(mixed, Streams(6))
    assert made.columns["step"].tolist() == mixed.columns["step"].tolist()
    assert correlation(made) == pytest.approx(0.8, abs=0.06)


def test_histories_stay_whole():
    """Where one class is drawn less often, whole histories go."""
    shape = Shape(columns=WALK.columns, entity="who", order="step", label="rare")
    residual = Transport(prior_rows=20.0, n_trees=2)
    simulated = walk("simulated", 0.1, label=0.5)
    fitted = residual.fit(simulated, walk("real", 0.8, label=0.1), shape, Streams(5))
    made = fitted.apply(simulated, Streams(6))
    assert set(np.unique(made.columns["who"], return_counts=True)[1]) == {N_STEPS}
    assert made.columns["rare"].mean() == pytest.approx(0.1, abs=0.04)


def test_a_history_goes_whole_when_one_row_breaks_a_rule():
    """No history is left with a gap."""

    def stays_near(columns):
        """A bound of each entity's own, which no column tells: some corrected rows break it."""
        return np.abs(columns["x"]) < 1.0 + columns["who"] % 3

    shape = Shape(columns=WALK.columns, entity="who", order="step", rules=(stays_near,))
    residual = Transport(prior_rows=20.0, n_trees=2, max_broken_share=1.0)
    fitted = residual.fit(walk("simulated", 0.1), walk("real", 0.8), shape, Streams(5))
    made = fitted.correct(walk("new", 0.1), Streams(6))
    assert made.n_broken["stays_near"] > 0
    assert set(np.unique(made.rows.columns["who"], return_counts=True)[1]) == {N_STEPS}


def test_positions_and_the_past_are_those_of_the_entity():
    """Two entities, told apart; nothing comes before a first row."""
    entity, order = np.array([1, 0, 1, 0, 1]), np.array([2.0, 5.0, 1.0, 4.0, 3.0])
    history = History.of(entity, order, (2,))
    assert history.position.tolist() == [1, 1, 0, 0, 2]
    assert [rows.tolist() for rows in history.steps()] == [[2, 3], [0, 1], [4]]
    past = history.past(np.array([[20.0], [50.0], [10.0], [40.0], [30.0]]), np.arange(5))
    expected = [[1, 10, None], [1, 40, None], [0, None, None], [0, None, None], [2, 20, 10]]
    assert np.array_equal(past, np.array(expected, np.float64), equal_nan=True)


def test_a_label_that_changes_within_a_history_is_refused():
    """A history is drawn whole, so it has one label."""
    shape = Shape(columns=WALK.columns, entity="who", order="step", label="rare")
    rows = walk("real", 0.8, label=0.1)
    rows.columns["rare"][0] ^= True
    with pytest.raises(RequestError, match="the label rare of the real rows differs within"):
        shape.check(rows, "real")


def test_residuals_that_tear_histories_apart_refuse_them():
    """Quantile mapping draws rows one by one."""
    with pytest.raises(RequestError, match="would tear histories apart: take transport"):
        Quantile().fit(walk("simulated", 0.1), walk("real", 0.8), WALK, Streams(5))


def test_an_order_that_orders_nothing_is_refused():
    """Words have no order, and lags need one."""
    rows = walk("real", 0.8)
    words = Rows.of(dict(rows.columns, step=rows.columns["step"].astype(str)))
    with pytest.raises(RequestError, match="the order step of the real rows has no order"):
        WALK.check(words, "real")
    with pytest.raises(ValueError, match="an order where a column has lags"):
        Shape(columns=(Column(name="x", lags=1),), entity="who")
