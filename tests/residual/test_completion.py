"""Columns that the simulator does not make."""

import dataclasses

import numpy as np
import pytest
from toys.payments import SHAPE, rows

from simgen.core import RequestError, Streams
from simgen.residual import Column, Rows, find_residuals, load_residual, save_residual

LACKING = ("delay", "member")
ABLE = sorted(name for name, kind in find_residuals().items() if kind.completes)


def without(given, names=LACKING):
    """The rows as of a simulator that knows nothing of some columns."""
    columns = {name: values for name, values in given.columns.items() if name not in names}
    return Rows(columns=columns, weight=given.weight)


SHORT = dataclasses.replace(
    SHAPE,
    columns=tuple(
        dataclasses.replace(column, simulated=column.name not in LACKING)
        for column in SHAPE.columns
    ),
)


def completed(name, seed=3):
    model = find_residuals()[name]().fit(
        without(rows("simulated", 6_000)), rows("real", 6_000, real=True), SHORT, Streams(2)
    )
    return model, model.correct(without(rows("fresh", 6_000)), Streams(seed)).rows


@pytest.mark.parametrize("name", ABLE)
class TestCompletion:
    """Of every residual that completes."""

    def test_added_columns_have_the_real_conditional_distribution(self, name):
        """Hardly any but books have no delay; its mean is the real one, in each class."""
        made, real = completed(name)[1].columns, rows("real", 6_000, real=True).columns
        books = made["kind"] == "books"
        assert np.isnan(made["delay"][books]).mean() > 0.97
        assert np.isnan(made["delay"][~books]).mean() < 0.03
        for rare in (False, True):
            means = [np.nanmean(side["delay"][side["rare"] == rare]) for side in (made, real)]
            assert means[0] == pytest.approx(means[1], rel=0.1)
        assert made["member"].dtype == np.bool_
        assert made["member"].mean() == pytest.approx(0.5, abs=0.05)

    def test_the_folder_holds_the_whole_model(self, name, tmp_path):
        """A model that was written and read adds the same values."""
        model, made = completed(name)
        save_residual(model, tmp_path / "model")
        again = load_residual(tmp_path / "model", SHORT)
        same = again.apply(without(rows("fresh", 6_000)), Streams(3))
        np.testing.assert_array_equal(same.columns["delay"], made.columns["delay"])


def test_completion_leaves_what_is_simulated_as_it_is():
    """Only the columns that were lacking are new."""
    made, given = completed("completion")[1], rows("fresh", 6_000)
    own = np.isin(given.columns["payment"], made.columns["payment"])
    for name in ("age", "adult_years", "kind"):
        np.testing.assert_array_equal(made.columns[name], given.columns[name][own])


@pytest.mark.parametrize("name", sorted(set(find_residuals()) - set(ABLE)))
def test_the_others_refuse_and_name_those_that_can(name):
    """A residual that can only move values says which one makes them."""
    with pytest.raises(RequestError, match=r"delay, member.*take completion or transport"):
        find_residuals()[name]().fit(
            without(rows("simulated")), rows("real", real=True), SHORT, Streams(2)
        )


def test_what_the_simulator_lacks_comes_last():
    """A simulated column can't follow from one that no simulated row has."""
    columns = (Column(name="age", simulated=False), Column(name="price"))
    with pytest.raises(ValueError, match="come last"):
        dataclasses.replace(SHAPE, columns=columns)
