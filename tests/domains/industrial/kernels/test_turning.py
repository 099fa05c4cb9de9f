"""A shaft's multiples are those of its angle."""

import numpy as np
import pytest

from simgen.core import Streams
from simgen.domains.industrial.kernels.turning import STEADY, add_multiples, cosine_and_sine


@pytest.mark.parametrize("n_multiples", [0, 1, 2, 6, 12])
def test_multiples_are_those_of_the_angle(n_multiples):
    """Within each stretch the angle rises evenly; the last stretch may be cut off."""
    rng, n = Streams(4).generator("turning"), 1_000
    harmonics = rng.normal(0.0, 0.02, (n_multiples, 2))
    angles = 2.0 + np.cumsum(rng.uniform(0.4, 0.6, n // STEADY + 2))
    out = np.full(n, 0.3)
    add_multiples(harmonics, angles, out)

    angle = np.interp(np.arange(n) / STEADY, np.arange(len(angles)), angles)
    expected = np.full(n, 0.3)
    for order, (in_phase, across) in enumerate(harmonics, 1):
        expected += in_phase * np.cos(order * angle) + across * np.sin(order * angle)
    np.testing.assert_allclose(out, expected, atol=1e-11)


def test_cosine_and_sine_are_those_of_the_library():
    """Near a turn's quarters and halves, and many turns away."""
    angles = np.concatenate([np.linspace(-7.0, 7.0, 2_000), np.linspace(900.0, 910.0, 500)])
    found = np.array([cosine_and_sine(angle) for angle in angles])

    np.testing.assert_allclose(found, np.stack([np.cos(angles), np.sin(angles)], 1), atol=1e-12)
