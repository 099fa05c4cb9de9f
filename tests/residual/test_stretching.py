"""Public bins, and numbers moved between them."""

from dataclasses import replace

import numpy as np
import pytest
from toys.payments import KINDS, SHAPE, rows

from simgen.core import Streams
from simgen.residual.marginals import dependence, public_bins, workload
from simgen.residual.stretching import learn_stretch

SIMULATED = SHAPE.free(rows("simulated"))
BINS = public_bins(SIMULATED, SHAPE, 5)
TOLD, SHARED = dependence(SIMULATED, BINS)
PRICE, KIND = SHAPE.names.index("price"), SHAPE.names.index("kind")


def wanted(weights):
    """Shares of bins by column, the same for all columns of as many bins."""
    return tuple(np.resize(weights, n_bins).astype(float) for n_bins in BINS.n_bins)


def test_bins_come_from_vocabulary_and_simulated_rows():
    """A category has a bin for each word, a number as many as asked for and one for its absence."""
    codes = BINS.codes(SIMULATED.values)
    assert BINS.n_bins[KIND] == len(KINDS)
    np.testing.assert_array_equal(codes[:, KIND], SIMULATED.values[:, KIND])
    absent = np.isnan(SIMULATED.values)
    assert (codes[absent] == np.broadcast_to(BINS.n_bins, codes.shape)[absent] - 1).all()
    far = BINS.codes(np.tile([[-1e9], [1e9]], 6)[:, :6])
    assert (far[0] == 0).all()
    assert (far[1, [PRICE]] == BINS.n_bins[PRICE] - 2).all()


def test_stretched_rows_fill_bins_as_stated():
    """Numbers fall into each bin as often as wanted, stay in order, and whole ones stay whole."""
    shares = wanted([0.1, 0.4, 0.2, 0.1, 0.2, 0.0])
    stretch = learn_stretch(SIMULATED, SHAPE, BINS, [shares, wanted([1, 1, 1, 1, 1, 0])], SHARED)
    values = stretch.values(SIMULATED, SHAPE, Streams(1).generator("move"))
    np.testing.assert_array_equal(BINS.codes(values), stretch.codes(SIMULATED))
    age = values[:, 0]
    np.testing.assert_array_equal(age, np.rint(age))
    own = ~SIMULATED.label
    mass = np.bincount(BINS.codes(values)[own, 0], SIMULATED.weight[own], BINS.n_bins[0])
    assert mass[:5] / mass.sum() == pytest.approx(shares[0][:5], abs=0.02)  # ages weigh 1/60 each
    price = np.argsort(SIMULATED.values[own, PRICE], kind="stable")
    assert (np.diff(values[own, PRICE][price]) >= 0).all()
    np.testing.assert_array_equal(values[:, KIND], SIMULATED.values[:, KIND])


def test_the_pairs_counted_are_those_that_depend():
    """A column and its copy come first among pairs, whatever else there is."""
    copy = SIMULATED.values.copy()
    copy[:, 5] = copy[:, 2] > 1
    twin = replace(SIMULATED, values=copy)
    told, _ = dependence(twin, BINS)
    assert workload(told, BINS, 2).pairs == ((2, 4), (2, 5))  # no delay for books, and the copy


def test_counts_are_tables():
    """Each table counts every row once, and pairs add up to columns."""
    asked = workload(TOLD, BINS, 3)
    counts = asked.counts(BINS.codes(SIMULATED.values))
    tables = np.split(counts, np.cumsum(asked.sizes)[:-1])
    assert [table.sum() for table in tables] == [SIMULATED.n_rows] * len(tables)
    one, other = asked.pairs[0]
    pair = tables[1 + len(BINS.n_bins)].reshape(BINS.n_bins[one], BINS.n_bins[other])
    np.testing.assert_array_equal(pair.sum(axis=1), tables[1 + one])
    np.testing.assert_array_equal(pair.sum(axis=0), tables[1 + other])


def test_a_number_tied_to_another_column_is_not_moved_alone():
    """A copy of the price and the price stay where they are, whatever is wanted; the age moves."""
    twin = replace(SIMULATED, values=SIMULATED.values.copy())
    delay = SHAPE.names.index("delay")
    twin.values[:, delay] = twin.values[:, PRICE]
    bins = public_bins(twin, SHAPE, 5)
    shares = tuple(np.arange(1.0, n_bins + 1) for n_bins in bins.n_bins)
    stretch = learn_stretch(twin, SHAPE, bins, [shares, shares], dependence(twin, bins)[1])
    values = stretch.values(twin, SHAPE, Streams(1).generator("move"))
    np.testing.assert_allclose(values[:, [PRICE, delay]], twin.values[:, [PRICE, delay]])
    assert (values[:, 0] != twin.values[:, 0]).mean() > 0.2
