"""What says how far a fit can be trusted."""

import numpy as np
import pytest

from simgen.calibration import oddness, reproduction

N = 30  # runs


def test_of_many_summaries_chance_seldom_misses_one():
    """A simulator that is right has a miss among its summaries in one fit of a hundred."""
    chance = np.random.default_rng(1)
    found = [
        reproduction(chance.standard_normal((N, 60)), chance.standard_normal(60))
        for _ in range(100)
    ]

    assert np.mean([one.is_missed.any() for one in found]) < 0.06


@pytest.mark.parametrize(("observed", "share"), [(-1.0, 0.02), (4.0, 0.12), (49.0, 1.0)])
def test_both_tails_count(observed, share):
    """Twice the share of 99 runs, and of the observation, that lie on its farther side."""
    runs = np.arange(99.0)[:, None]

    assert reproduction(runs, np.array([observed])).tail_share[0] == pytest.approx(share)


def test_a_little_beyond_all_simulations_is_within_reach():
    """Beyond by a third of the simulations' spread may be chance; by a whole one it is not."""
    reached = np.linspace(-1.0, 1.0, 101)[:, None] * [1.0, 1.0]  # spread 0.68

    odd = oddness(reached, np.array([1.2, 1.7]))

    assert odd.is_out_of_reach.tolist() == [False, True]
