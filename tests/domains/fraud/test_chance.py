import numpy as np
from scipy import stats

from simgen.domains.fraud.chance import Weighted, pick

RNG = np.random.Generator(np.random.PCG64DXSM(11))


def test_pick_takes_all_items_alike():
    """Each with the same probability (chi-square)."""
    counts = np.bincount([pick(RNG, range(6)) for _ in range(6_000)], minlength=6)

    assert stats.chisquare(counts).pvalue > 1e-3


def test_weighted_draws_by_weight():
    """In proportion to the weights, which need not add up to one (chi-square)."""
    weights = {"a": 2.0, "b": 0.5, "c": 1.5, "never": 0.0}
    items = Weighted(weights)
    drawn = [items.draw(RNG) for _ in range(8_000)]

    counts = [drawn.count(name) for name in "abc"]
    assert stats.chisquare(counts, [4_000, 1_000, 3_000]).pvalue > 1e-3
    assert "never" not in drawn
