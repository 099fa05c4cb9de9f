"""What privacy costs, by several accountants; what one entity can change; the noise itself."""

import math
import sys

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy.optimize import brentq
from scipy.stats import norm

from simgen.core import RequestError
from simgen.residual import privacy
from simgen.residual.marginals import Workload

opendp = pytest.importorskip("opendp.prelude", reason="needs the extra dp")
accounting = pytest.importorskip("dp_accounting", reason="needs the extra dp")

MOVES = (2, 2, 2, 1, 1, 1, 1, 1)
BUDGETS = [(0.1, 1e-6), (1.0, 1e-5), (3.0, 1e-5), (6.0, 1e-7)]


def gaussian_epsilon(ratio, delta):
    """The least epsilon of Gaussian noise of `ratio` sensitivities: Balle and Wang 2018, thm. 8."""

    def beyond(epsilon):
        near, far = 1 / (2 * ratio) - epsilon * ratio, -1 / (2 * ratio) - epsilon * ratio
        return norm.cdf(near) - math.exp(epsilon + norm.logcdf(far)) - delta

    return brentq(beyond, 1e-6, 100)


def concentrated_epsilon(rho, delta):
    """What rho costs at most: Bun and Steinke 2016, proposition 1.3."""
    return rho + 2 * math.sqrt(rho * math.log(1 / delta))


@pytest.mark.parametrize(("epsilon", "delta"), BUDGETS)
def test_accountants_agree_on_what_the_noise_costs(epsilon, delta):
    """Exact Gaussian <= ours (rounded up, of the discrete noise) <= Renyi <= concentrated."""
    scale = privacy.noise_scale(epsilon, delta, MOVES)
    ratio = scale / privacy.sensitivity(MOVES)
    ours = privacy.spent(scale, MOVES, delta, epsilon)
    exact = gaussian_epsilon(ratio, delta)
    renyi = accounting.rdp.RdpAccountant()
    renyi.compose(accounting.GaussianDpEvent(ratio))
    rho = 1 / (2 * ratio**2)
    assert ours <= epsilon
    assert exact == pytest.approx(ours, rel=0.005)
    assert exact < renyi.get_epsilon(delta) < concentrated_epsilon(rho, delta)
    assert ours < renyi.get_epsilon(delta)


@pytest.mark.parametrize(("epsilon", "delta"), BUDGETS)
def test_opendp_reports_the_same_cost(epsilon, delta):
    """Its own map of the measurement gives rho = sensitivity^2 / 2 scale^2, and no less epsilon."""
    scale = privacy.noise_scale(epsilon, delta, MOVES)
    released = privacy.release(np.zeros(3, np.int64), scale, MOVES)
    assert released.rho == pytest.approx((privacy.sensitivity(MOVES) / scale) ** 2 / 2, rel=1e-12)
    space = opendp.vector_domain(opendp.atom_domain(T="i64")), opendp.l2_distance(T="f64")
    measured = opendp.c.make_zCDP_to_approxDP(opendp.m.make_gaussian(*space, scale=scale))
    reported = measured.map(privacy.sensitivity(MOVES)).epsilon(delta)
    assert epsilon <= reported <= concentrated_epsilon(released.rho, delta)


def test_half_the_budget_takes_more_noise():
    """Noise grows as the budget shrinks, as more tables are asked, and as more rows count."""
    whole = privacy.noise_scale(1.0, 1e-6, MOVES)
    assert 1.8 * whole < privacy.noise_scale(0.5, 1e-6, MOVES) < 2.2 * whole
    assert privacy.noise_scale(1.0, 1e-7, MOVES) > whole
    assert privacy.noise_scale(1.0, 1e-6, (*MOVES, 1)) > whole
    twice = tuple(2 * move for move in MOVES)
    assert privacy.noise_scale(1.0, 1e-6, twice) == pytest.approx(2 * whole, rel=1e-3)


def test_all_rows_in_one_cell_is_the_worst_case():
    """Two rows of an entity that fall into one cell cost more than in two cells."""
    assert privacy.spent(10.0, (2,), 1e-6, 1.0) > privacy.spent(10.0, (1, 1), 1e-6, 1.0)


def test_noise_is_whole_and_discrete_gaussian():
    """Counts stay integers, around the true ones, with the stated scale."""
    released = privacy.release(np.full(20_000, 7, np.int64), 3.0, MOVES)
    assert released.counts.dtype == np.int64
    # Six standard errors: one run in a thousand million fails.
    assert released.counts.mean() == pytest.approx(7, abs=6 * 3 / math.sqrt(20_000))
    assert released.counts.std() == pytest.approx(3, rel=6 / math.sqrt(2 * 20_000))


@given(
    table=st.lists(
        st.tuples(st.integers(0, 5), st.booleans(), st.integers(0, 2), st.integers(0, 3)),
        min_size=1,
        max_size=40,
    ),
    n_each=st.integers(1, 4),
    seed=st.integers(0, 99),
)
def test_one_entity_moves_the_tables_no_further_than_stated(table, n_each, seed):
    """With or without all rows of an entity: no table moves further than by its share."""
    entity, label, *codes = (np.array(part) for part in zip(*table, strict=True))
    codes = np.column_stack(codes)
    asked = Workload(n_bins=(3, 4), pairs=((0, 1),))
    order = np.random.default_rng(seed).permutation(len(entity))

    def tables(rows):
        kept = rows[privacy.at_most_each(entity[rows], n_each, order[rows])]
        return np.concatenate([asked.counts(codes[kept[label[kept] == k]]) for k in (False, True)])

    everybody = np.arange(len(entity))
    gone = everybody[entity != entity[0]]
    moved = (tables(everybody) - tables(gone)).reshape(2, -1)
    ends = np.cumsum(asked.sizes)[:-1]
    for part in np.split(moved, ends, axis=1):
        assert (part >= 0).all()
        assert part.sum() <= n_each
    moves = (n_each,) * len(asked.queries)
    assert np.linalg.norm(moved) <= privacy.sensitivity(moves)


def test_the_rows_that_count_are_chosen_afresh():
    """No two choices are alike, and each row of an entity is chosen as often as the others."""
    entity = np.repeat(np.arange(2_000), 3)
    kept = [privacy.at_most_each(entity, 1, privacy.secure_order(6_000)) for _ in range(2)]
    assert (np.diff(entity[kept[0]]) == 1).all()
    assert not np.array_equal(*kept)
    share = np.bincount(kept[0] % 3) / 2_000
    assert share == pytest.approx(1 / 3, abs=0.07)  # more than six standard errors


def test_without_the_extra_the_remedy_is_named(monkeypatch):
    """An installation without OpenDP says what to install."""
    monkeypatch.setitem(sys.modules, "opendp.prelude", None)
    with pytest.raises(RequestError, match=r"needs opendp: pip install simgen\[dp\]"):
        privacy.release(np.zeros(1, np.int64), 1.0, (1,))
