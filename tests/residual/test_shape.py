"""What a table declares, and what happens when it is not as declared."""

import dataclasses

import numpy as np
import pytest
from toys.payments import SHAPE, is_dear, rows

from simgen.core import RequestError, RunError, Streams
from simgen.residual import Column, Rows, Shape
from simgen.residual.identity import Identity


def test_free_and_back_is_where_it_was():
    """Restoring the free numbers gives the same table, codes and absent numbers included."""
    given = rows("any")
    back = SHAPE.restore(SHAPE.free(given).values, given)
    for name, values in given.columns.items():
        np.testing.assert_array_equal(back.columns[name], values, err_msg=name)


def test_derived_columns_follow():
    """A column that follows from another is computed again."""
    given = rows("any")
    values = SHAPE.free(given).values.copy()
    values[:, SHAPE.names.index("price")] = 99.0
    assert SHAPE.restore(values, given).columns["dear"].all()


def test_a_longer_word_is_not_cut():
    """A category may become one that no given row had."""
    given = Rows.of({"kind": np.array(["a"] * 3)})
    shape = Shape(columns=(Column(name="kind", categories=("a", "longer")),))
    assert shape.restore(np.ones((3, 1)), given).columns["kind"].tolist() == ["longer"] * 3


def test_codes_of_a_vocabulary_in_any_order():
    """Codes are places in the declared vocabulary, not in the alphabet."""
    column = Column(name="size", categories=("small", "large", "huge"))
    codes = column.free({"size": np.array(["huge", "small", "large"])})
    assert codes.tolist() == [2, 0, 1]


def test_rows_that_are_no_rows_are_refused():
    """Columns of another length and impossible weights make no rows."""
    for weight in ([1.0, -1.0], [1.0, np.nan], [1.0]):
        with pytest.raises(ValueError, match="rows"):
            Rows(columns={"x": np.zeros(2)}, weight=np.array(weight))


def test_a_column_has_one_part_to_play():
    """The label is no column to correct, and a forward needs its inverse."""
    with pytest.raises(ValueError, match="one part to play"):
        Shape(columns=(Column(name="rare"),), label="rare")
    with pytest.raises(ValueError, match="come together"):
        Column(name="x", forward=is_dear)


def test_columns_of_another_type_are_named():
    """Words where numbers are declared, and a label that is no flag."""
    given = rows("any")
    words = dataclasses.replace(given, columns=dict(given.columns, price=given.columns["kind"]))
    with pytest.raises(RequestError, match="column price of the real rows has type <U5"):
        SHAPE.check(words, "real")
    number = dataclasses.replace(given, columns=dict(given.columns, rare=np.zeros(given.n_rows)))
    with pytest.raises(RequestError, match="label rare of the real rows is no column of flags"):
        SHAPE.check(number, "real")


def broken(share):
    """Payments of which some break a rule."""
    given = rows("broken")
    years = given.columns["adult_years"].copy()
    years[: int(share * given.n_rows)] = 99
    return dataclasses.replace(given, columns=dict(given.columns, adult_years=years))


def test_rows_that_break_a_rule_are_dropped_and_counted():
    """A few broken rows go, and the correction says how many by rule."""
    fitted = Identity().fit(broken(0.005), rows("real", real=True), SHAPE, Streams(1))
    assert fitted.card["rows"]["simulated"]["left out"] == {"years_fit_age": 15, "dear_agrees": 0}
    made = fitted.correct(broken(0.005), Streams(1))
    assert made.rows.n_rows == 2_985
    assert made.n_broken == {"years_fit_age": 15, "dear_agrees": 0}


def test_many_broken_rows_are_an_error():
    """More than max_broken_share is no correction."""
    fitted = Identity().fit(broken(0.0), rows("real", real=True), SHAPE, Streams(1))
    with pytest.raises(RunError, match=r"90 of 3000 corrected rows break a rule .*years_fit_age"):
        fitted.apply(broken(0.03), Streams(1))
