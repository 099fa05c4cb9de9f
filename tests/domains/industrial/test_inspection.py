"""What inspections see."""

import numpy as np
import pytest

from simgen.domains.industrial.inspection import is_seen


def test_who_looks_finds_the_more_the_larger_a_defect_is():
    """One in two at the visible size; log-odds rise with the logarithm (MIL-HDBK-1823A)."""
    rng = np.random.Generator(np.random.PCG64DXSM(1))
    shares = [
        np.mean([is_seen(rng, size, 0.15, 0.4) for _ in range(4_000)])
        for size in (0.05, 0.15, 0.15 * 9.0**0.4, 1.0)
    ]

    assert shares == pytest.approx([0.060, 0.5, 0.9, 0.991], abs=0.02)


@pytest.mark.parametrize(("size", "seen"), [(0.0, False), (0.29, False), (0.3, True)])
def test_without_spread_the_visible_size_is_a_limit(size, seen):
    """All from there on are found, and none below."""
    rng = np.random.Generator(np.random.PCG64DXSM(1))

    assert is_seen(rng, size, 0.3, 0.0) is seen
