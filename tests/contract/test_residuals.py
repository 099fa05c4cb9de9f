"""What every residual must satisfy. New modules under simgen/residual are found by themselves."""

import dataclasses
import inspect
import json

import numpy as np
import pytest
from toys.payments import SHAPE, rows

from simgen.core import RequestError, Streams
from simgen.residual import Residual, find_residuals, load_residual, save_residual

RESIDUALS = [pytest.param(kind, id=name) for name, kind in find_residuals().items()]
FITTED = {}


def fit(kind, real=None, shape=SHAPE):
    """The residual as fitted on simulated and real payments.

    A private one has a budget with which three thousand rows show above the noise, so that what
    the tests ask does not hang on noise that no seed repeats.
    """
    residual = kind(epsilon=10.0, rows_per_entity=8) if kind.is_private else kind()
    return residual.fit(rows("simulated"), real or rows("real", real=True), shape, Streams(2))


def fitted(kind):
    """The same, once for all tests."""
    if kind not in FITTED:
        FITTED[kind] = fit(kind)
    return FITTED[kind]


def corrected(kind, seed=3, of="fresh"):
    return fitted(kind).correct(rows(of), Streams(seed))


def assert_same(one, two):
    """Both have the same rows."""
    assert list(one.columns) == list(two.columns)
    for name, values in one.columns.items():
        np.testing.assert_array_equal(values, two.columns[name], err_msg=name)
    np.testing.assert_array_equal(one.weight, two.weight)


def mid_ranks(values, among):
    """Where values fall in the distribution of others, in [0, 1]."""
    ascending = np.sort(among)
    sides = (np.searchsorted(ascending, values, side) for side in ("left", "right"))
    return sum(sides) / 2 / len(among)


@pytest.mark.parametrize("kind", RESIDUALS)
class TestResidual:
    """The contract."""

    def test_is_frozen_and_keyword_only(self, kind):
        """Parameters can't change under a run, nor be given by position."""
        assert issubclass(kind, Residual)
        assert kind.__dataclass_params__.frozen
        assert all(field.kw_only for field in dataclasses.fields(kind))

    def test_says_what_it_does(self, kind):
        """Title, meaning, and what a fitted model holds of the real rows."""
        assert kind.title
        assert kind.doc
        assert kind.privacy
        assert inspect.getdoc(kind)

    def test_gives_the_columns_it_was_given(self, kind):
        """Names, order and types stay."""
        given, made = rows("fresh"), fitted(kind).apply(rows("fresh"), Streams(3))
        assert list(made.columns) == list(given.columns)
        for name, values in given.columns.items():
            assert made.columns[name].dtype == values.dtype, name

    def test_labels_and_what_belongs_to_the_row_stay(self, kind):
        """Every row is one of those given, once, with its label, key, entity and weight."""
        given, made = rows("fresh"), corrected(kind)
        assert (np.diff(made.source) > 0).all()
        for name in ("rare", "payment", "customer"):
            np.testing.assert_array_equal(made.rows.columns[name], given.columns[name][made.source])
        np.testing.assert_array_equal(made.rows.weight, given.weight[made.source])

    def test_prevalence_is_that_of_real_rows(self, kind):
        """Labels come as often as in reality, though none is changed."""
        if kind.name == "identity":
            expected = np.average(rows("fresh").columns["rare"], weights=rows("fresh").weight)
        else:
            real = rows("real", real=True)
            expected = np.average(real.columns["rare"], weights=real.weight)
        made = corrected(kind).rows
        share = np.average(made.columns["rare"], weights=made.weight)
        assert share == pytest.approx(expected, abs=0.02)

    def test_rules_hold(self, kind):
        """No corrected row breaks a rule, and none had to be dropped."""
        made = corrected(kind)
        assert all(obeys.all() for obeys in SHAPE.obeys(made.rows).values())
        assert set(made.n_broken.values()) == {0}

    def test_same_seed_same_rows(self, kind):
        """What is corrected follows from model, rows and seed; a model too, unless private."""
        again = fitted(kind) if kind.is_private else fit(kind)
        assert_same(corrected(kind).rows, again.apply(rows("fresh"), Streams(3)))

    def test_leaves_what_it_is_given_alone(self, kind):
        """The given rows are as they were."""
        given = rows("fresh")
        fitted(kind).apply(given, Streams(3))
        assert_same(given, rows("fresh"))

    def test_a_folder_holds_the_whole_model(self, kind, tmp_path):
        """A model that was written and read gives the same rows; its card is JSON."""
        save_residual(fitted(kind), tmp_path / "model")
        again = load_residual(tmp_path / "model", SHAPE)
        assert_same(corrected(kind).rows, again.apply(rows("fresh"), Streams(3)))
        card = json.loads((tmp_path / "model" / "card.json").read_text())
        assert card["rows"]["simulated"]["rows"] == 3_000
        assert card["seed"] == 2
        assert card["parameters"] == fitted(kind).card["parameters"]

    def test_nothing_to_learn_changes_little(self, kind):
        """Fitted on the simulator's own rows, it leaves them near where they were.

        A number drawn afresh would land a third of all ranks away, a category elsewhere in two of
        three rows.
        """
        itself = fit(kind, rows("simulated"))
        made = itself.correct(rows("simulated"), Streams(3))
        given = rows("simulated")
        assert len(made.source) > given.n_rows / 5
        for name in ("age", "price"):
            values = given.columns[name]
            after = mid_ranks(made.rows.columns[name], values)
            assert np.abs(after - mid_ranks(values[made.source], values)).mean() < 0.2, name
            assert after.mean() == pytest.approx(0.5, abs=0.03), name
        assert np.mean(made.rows.columns["kind"] == given.columns["kind"][made.source]) > 0.65

    def test_rows_without_a_label_are_corrected(self, kind):
        """A table of one class is a table."""
        shape = dataclasses.replace(SHAPE, label="")
        model = fit(kind, shape=shape)
        assert model.apply(rows("fresh"), Streams(3)).n_rows > 300

    def test_other_rows_are_refused(self, kind):
        """A column that is missing, or a word that is not in its vocabulary, is named."""
        given = rows("fresh")
        lacking = {name: values for name, values in given.columns.items() if name != "price"}
        with pytest.raises(RequestError, match=r"the simulated rows lack .'price'."):
            fitted(kind).apply(dataclasses.replace(given, columns=lacking), Streams(3))
        odd = dict(given.columns, kind=np.full(given.n_rows, "cars"))
        with pytest.raises(
            RequestError, match=r"column kind holds .'cars'., not in its vocabulary"
        ):
            fitted(kind).apply(dataclasses.replace(given, columns=odd), Streams(3))

    def test_too_few_rows_are_refused(self, kind):
        """Nothing is learned from next to nothing; a private model does not tell how many."""
        few = rows("real", n_rows=60, real=True)
        if kind.is_private:
            fit(kind, few)
            return
        with pytest.raises(RequestError, match=r"the real side has 60 rows .* 100 are needed"):
            fit(kind, few)

    def test_real_rows_are_counted_in_the_card_unless_it_is_private(self, kind):
        """How many there were, and how many of them were rare, is itself about them."""
        counted = fitted(kind).card["rows"]
        assert ("real" in counted) != kind.is_private
        assert kind.is_private or counted["real"]["rows"] == 3_000

    def test_no_rows_give_no_rows(self, kind):
        """An empty block of a simulation stays empty."""
        assert fitted(kind).apply(rows("fresh").take(np.arange(0)), Streams(3)).n_rows == 0

    def test_leaves_global_randomness_alone(self, kind):
        """No hidden use of NumPy's global state."""
        np.random.seed(0)  # noqa: NPY002 - the global state is what is watched
        before = np.random.get_state()[1].copy()  # noqa: NPY002
        fit(kind)
        fitted(kind).apply(rows("fresh"), Streams(3))
        np.testing.assert_array_equal(before, np.random.get_state()[1])  # noqa: NPY002


def test_transport_copies_no_real_number():
    """Continuous values fall between real ones, atoms aside; whole rows never come back."""
    kind = find_residuals()["transport"]
    made, real = corrected(kind).rows, rows("real", real=True)
    price = made.columns["price"]
    assert np.mean(price == 0) == pytest.approx(0.2, abs=0.03)
    assert not np.isin(price[price > 0], real.columns["price"]).any()
    delay = made.columns["delay"]
    assert not np.isin(delay[~np.isnan(delay)], real.columns["delay"]).any()
