"""A part's life is drawn from what it has been through."""

import numpy as np
import pytest

from simgen.domains.industrial.plant.parts import BearingPart, first_part


def parts(n, age=0.0, **law):
    """So many that have reached an age [h]."""
    rng, about = np.random.default_rng(3), BearingPart(**law)
    return [first_part(about, number, 0, age, rng) for number in range(n)]


def test_no_defect_begins_before_its_part_is_watched():
    """However slowly it grows, and however little is left."""
    for part in parts(50, age=30.0, shape=2.0, scale=20.0, mean_growth_time=1e5):
        assert part.life > part.age
        assert part.next_age >= part.age - 1e-9


def test_what_is_old_has_less_left():
    """The Weibull law given the age: at shape 2, the squares of ages grow by exponential steps."""
    squares = [part.life**2 - 300.0**2 for part in parts(2_000, age=300.0, shape=2.0, scale=100.0)]

    assert np.mean(squares) == pytest.approx(100.0**2, rel=0.08)
