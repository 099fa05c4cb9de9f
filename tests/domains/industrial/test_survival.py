"""Kaplan and Meier's estimate against what is known without it."""

import numpy as np
import pytest

from simgen.core import Streams
from simgen.domains.industrial.survival import kaplan_meier


def test_without_censoring_it_is_the_share_alive():
    """And its variance, by Greenwood, that of a share of n."""
    ages = np.arange(1.0, 11.0)
    found = kaplan_meier(ages, np.ones(10, bool), np.zeros(10))

    np.testing.assert_allclose(found.share, np.r_[1.0, 1.0 - ages / 10.0], atol=1e-12)
    # Half alive of ten: the deviation of a share is sqrt(0.5 * 0.5 / 10), over S log S here.
    deviation = 1.959964 * np.sqrt(0.025) / (0.5 * np.log(0.5))
    assert found.low[5] == pytest.approx(0.5 ** np.exp(-deviation))
    assert found.high[5] == pytest.approx(0.5 ** np.exp(deviation))


def test_a_worked_example():
    """Freireich's leukaemia patients under 6-mercaptopurine, as textbooks print them."""
    weeks = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
    failed = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
    found = kaplan_meier(np.array(weeks, float), np.array(failed, bool), np.zeros(21))

    np.testing.assert_array_equal(found.age, [0, 6, 7, 10, 13, 16, 22, 23])
    expected = [1.0, 0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]
    np.testing.assert_allclose(found.share, expected, atol=5e-4)


def test_who_comes_late_is_at_risk_only_from_then_on():
    """Exponential lives, seen from a random age on and not for ever, have the share they have."""
    chance = Streams(4).generator("lives")
    life, entry = chance.exponential(100.0, 20_000), chance.uniform(0.0, 150.0, 20_000)
    seen = life > entry
    life, entry = life[seen], entry[seen]
    end = entry + chance.exponential(80.0, len(life))
    found = kaplan_meier(np.minimum(life, end), life <= end, entry)

    at = np.searchsorted(found.age, [50.0, 100.0, 200.0], "right") - 1
    np.testing.assert_allclose(found.share[at], np.exp([-0.5, -1.0, -2.0]), atol=0.03)
    assert (found.low <= found.share).all()
    assert (found.share <= found.high).all()


def test_who_comes_when_another_fails_was_not_at_risk_of_it():
    """Two were, and one of them failed; of the two that are left then, the next."""
    found = kaplan_meier(np.array([2.0, 5.0, 6.0]), np.array([True, True, False]), np.r_[0, 0, 2.0])

    assert found.share.tolist() == [1.0, 0.5, 0.25]


def test_nobody_failed():
    """Then all are alive, for all one knows."""
    found = kaplan_meier(np.array([3.0, 4.0]), np.zeros(2, bool), np.zeros(2))

    assert found.share.tolist() == found.low.tolist() == found.high.tolist() == [1.0]
