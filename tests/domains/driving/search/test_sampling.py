import numpy as np
import pytest
from scipy.stats import norm

from simgen.core import Streams
from simgen.domains.driving.search.sampling import (
    DEFENSIVE_SHARE,
    Proposal,
    fit_proposal,
    nature,
    resample,
    share_of,
)


def rng(name="draws"):
    return Streams(4).generator(name)


def corner(normals):
    """A sum of two numbers above 6.2: one in 150,000."""
    return -normals[:, :2].sum(axis=1)


RARE = float(norm.sf(6.2 / np.sqrt(2.0)))


def test_a_proposal_finds_what_is_rare():
    """A tail of 6e-6 is estimated within its interval, by 20,000 draws in all."""
    source = rng()
    proposal = fit_proposal(corner, -6.2, 3, 2_000, source)
    normals, weights = proposal.draw(20_000, source)
    share = share_of([(1.0, weights, corner(normals) <= -6.2)])

    low, high = share.interval
    assert low < RARE < high
    assert high - low < 0.15 * RARE
    assert share.n_alike > 1_000 * share.n_draws
    assert weights.max() <= 1.0 / DEFENSIVE_SHARE


def test_a_proposal_never_becomes_too_narrow():
    """All that is looked for has nearly the same first number; the proposal looks beside it too."""
    proposal = fit_proposal(lambda normals: abs(normals[:, 0] - 2.0), 0.01, 2, 2_000, rng())

    assert proposal.mean[0] == pytest.approx(2.0, abs=0.1)
    assert proposal.spread[0] == 0.3
    assert proposal.spread[1] == pytest.approx(1.0, abs=0.2)


def test_intervals_cover_as_often_as_they_say():
    """Of 300 estimates with fitted proposals some 95 % hold the truth."""
    source = rng()
    truth, held = float(norm.sf(2.5 / np.sqrt(2.0))), 0
    for _ in range(300):
        proposal = fit_proposal(corner, -2.5, 2, 1_000, source)
        normals, weights = proposal.draw(5_000, source)
        low, high = share_of([(1.0, weights, corner(normals) <= -2.5)]).interval
        held += low < truth < high
    assert 0.92 <= held / 300 <= 0.98


def test_weights_lead_back_to_nature():
    """Whatever the proposal, weighted draws have nature's mean and spread."""
    proposal = Proposal(mean=np.array([1.5, -0.5]), spread=np.array([0.6, 1.4]))
    normals, weights = proposal.draw(200_000, rng())

    assert weights.mean() == pytest.approx(1.0, abs=0.02)
    assert weights @ normals / len(normals) == pytest.approx([0.0, 0.0], abs=0.03)
    assert weights @ normals**2 / len(normals) == pytest.approx([1.0, 1.0], abs=0.06)


def test_plain_draws_weigh_one():
    """Nature's own proposal changes nothing."""
    normals, weights = nature(4).draw(1_000, rng())

    assert normals.shape == (1_000, 4)
    np.testing.assert_array_equal(weights, 1.0)


def test_strata_add_up_by_their_natural_shares():
    """Half of a stratum of 0.1 and a quarter of one of 0.4 make 0.15 of all."""
    half, quarter = np.arange(1_000) % 2 == 0, np.arange(1_000) % 4 == 0
    share = share_of([(0.1, np.ones(1_000), half), (0.4, np.ones(1_000), quarter)])

    assert share.value == pytest.approx(0.15)
    variance = (0.1**2 * 0.25 + 0.4**2 * 0.1875) / 1_000
    assert share.error == pytest.approx(np.sqrt(variance))
    assert (share.n_draws, share.n_found) == (2_000, 750)


def test_nothing_found_is_no_proof():
    """The interval then ends where three would have been expected."""
    share = share_of([(1.0, np.ones(600), np.zeros(600, np.bool_))])

    assert share.interval == (0.0, 0.005)


def test_rows_are_drawn_as_often_as_they_weigh():
    """To within one; all others would be chance without use."""
    weights = np.array([0.1, 0.0, 0.5, 0.4])
    counts = np.bincount(resample(weights, 50, rng()), minlength=4)

    assert np.abs(counts - 50 * weights).max() <= 1.0
    assert counts[1] == 0
