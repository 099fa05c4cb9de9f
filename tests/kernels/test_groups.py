"""Ranks and quantiles within groups, against closed forms."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy import stats

from simgen.core import Streams
from simgen.kernels.groups import (
    group_codes,
    group_quantiles,
    group_ranks,
    group_shares,
    newcomer_ranks,
)

WIDE = np.array([-1e9, 1e9])


def one_group(values, weight=None):
    """Starts, values and shares of a single group."""
    values = np.asarray(values, float)
    weight = np.ones(len(values)) if weight is None else np.asarray(weight, float)
    return group_shares(np.zeros(len(values), np.int64), values, weight, 1)


def quantiles(group, ranks, bounds=WIDE):
    which = np.zeros((len(ranks), 1), np.int64)
    return group_quantiles(which, np.asarray(ranks, float), *group, bounds)


def ranks(group, values, chance=0.5, *, discrete=False):
    which, chances = np.zeros((len(values), 1), np.int64), np.full(len(values), chance)
    return group_ranks(which, np.asarray(values, float), chances, *group, discrete)


@given(
    values=st.lists(st.integers(-1_000, 1_000), min_size=2, max_size=30, unique=True),
    rank=st.floats(0.001, 0.999),
)
def test_a_quantile_has_the_rank_it_was_asked_for(values, rank):
    """Between the outermost values, the rank of a quantile is the rank."""
    group = one_group(values)
    inside = 1e-9 < rank - 0.5 / len(values) < 1 - 1 / len(values) - 1e-9
    found = ranks(group, quantiles(group, [rank]))[0]
    assert not inside or found == pytest.approx(rank, abs=1e-9)


def test_quantiles_of_many_values_are_those_of_their_law():
    """Ranks of weighted normal values give normal quantiles."""
    grid = np.linspace(-6, 6, 4_001)
    group = one_group(grid, stats.norm.pdf(grid))
    asked = np.array([0.01, 0.2, 0.5, 0.9, 0.99])
    np.testing.assert_allclose(quantiles(group, asked), stats.norm.ppf(asked), atol=0.005)


def test_an_atom_keeps_its_mass_and_its_value():
    """Equal values come back exactly, as often as they weigh; a rank falls anywhere in the step."""
    group = one_group([0, 0, 0, 0, 5, 6, 7, 8])
    found = quantiles(group, np.linspace(0.1, 0.9, 801))
    assert np.mean(found == 0) == pytest.approx((0.5 - 0.0625 - 0.1) / 0.8, abs=0.01)
    assert ranks(group, [0], 0.0)[0] == 0.0
    assert ranks(group, [0], 1.0)[0] == 0.5


def test_discrete_values_are_never_between():
    """A quantile of codes is a code."""
    group = one_group([0, 1, 1, 3], [1, 1, 1, 5])
    asked = np.linspace(0, 1, 101)
    found = group_codes(np.zeros((101, 1), np.int64), asked, *group, np.array([0.0, 1.0, 3.0]))
    assert set(found) == {0.0, 1.0, 3.0}
    assert np.mean(found == 3) == pytest.approx(5 / 8, abs=0.01)


def test_absent_values_stay_absent_as_often():
    """-inf is the lowest of all and mixes with nothing."""
    group = one_group([-np.inf, -np.inf, 4, 5, 6, 7, 8, 9])
    found = quantiles(group, np.linspace(0.001, 0.999, 999))
    assert np.mean(np.isneginf(found)) == pytest.approx(0.25, abs=0.002)
    assert found[np.isfinite(found)].min() >= 3.5
    assert 0 <= ranks(group, [-np.inf])[0] <= 0.25


def test_values_stay_within_bounds_and_off_them():
    """Nothing falls beyond a bound, nor onto the value that is there."""
    group = one_group([0.5, 2.0, 3.5])
    found = quantiles(group, np.linspace(0.001, 0.999, 500), bounds=np.array([0.5, 3.5]))
    assert found.min() > 0.5
    assert found.max() < 3.5


def test_groups_do_not_mix():
    """A rank asks its own group alone."""
    which = np.array([0, 0, 1, 1])
    group = group_shares(which, np.array([1.0, 2.0, 11.0, 12.0]), np.ones(4), 2)
    found = group_quantiles(np.array([[1], [0]]), np.array([0.5, 0.5]), *group, WIDE)
    np.testing.assert_allclose(found, [11.5, 1.5])


def test_a_mixture_has_the_ranks_of_both():
    """Between two groups that do not overlap lies the median; below, only the lower one counts."""
    which = np.repeat([0, 1], 100)
    values = np.concatenate([np.linspace(0, 1, 100), np.linspace(2, 3, 100)])
    group = group_shares(which, values, np.ones(200), 2)
    both = np.array([[0, 1]])
    assert group_quantiles(both, np.array([0.25]), *group, WIDE)[0] == pytest.approx(0.5, abs=0.01)
    found = group_ranks(both, np.array([2.5]), np.array([0.5]), *group, False)
    assert found[0] == pytest.approx(0.75, abs=0.01)


def test_values_drawn_back_from_ranks_have_the_same_law():
    """Ranks of a law's own draws are uniform."""
    chance = Streams(4).generator("law")
    group = one_group(chance.gamma(2.0, size=5_000))
    found = ranks(group, chance.gamma(2.0, size=5_000))
    assert stats.kstest(found, "uniform").pvalue > 0.001


def test_a_weightless_group_is_an_error():
    """A group of which nothing is known has no quantiles."""
    with pytest.raises(ValueError, match="weigh nothing"):
        group_shares(np.array([0, 1]), np.zeros(2), np.array([1.0, 0.0]), 2)


def test_one_value_beside_absent_ones_is_found():
    """A single number is a law of its own."""
    group = one_group([-np.inf, -np.inf, 4.0])
    found = quantiles(group, [0.1, 0.9], bounds=np.array([4.0, 4.0]))
    assert found.tolist() == [-np.inf, 4.0]


@pytest.mark.parametrize("discrete", [True, False])
@pytest.mark.parametrize("n_members", [1, 3, 20])
def test_newcomers_have_uniform_ranks_however_few_they_meet(n_members, discrete):
    """Values like those of a group fall before, between and after them with equal chances."""
    n_groups = 4_000
    chance = Streams(n_members).generator("draws")
    draws = chance.normal(size=(n_groups, n_members + 1))
    values = np.round(draws) if discrete else draws
    group = np.repeat(np.arange(n_groups), n_members)
    parts = group_shares(group, values[:, 1:].ravel(), np.ones(len(group)), n_groups)
    ranks = newcomer_ranks(
        np.arange(n_groups)[:, None], values[:, 0], chance.random(n_groups), *parts, discrete
    )
    assert stats.kstest(ranks, "uniform").pvalue > 1e-3


def test_a_newcomer_alone_has_any_rank():
    """Where nobody is, the rank is drawn."""
    starts, none = np.zeros(2, np.int64), np.zeros(0)
    groups, chance = np.zeros((3, 1), np.int64), np.array([0.1, 0.5, 0.9])
    ranks = newcomer_ranks(groups, np.zeros(3), chance, starts, none, none, True)
    np.testing.assert_array_equal(ranks, chance)
