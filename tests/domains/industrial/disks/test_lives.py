"""How disks fail: three risks whose sum is the published rate."""

import numpy as np
import pytest

from simgen.domains.industrial.disks.catalogue import catalogue
from simgen.domains.industrial.disks.lives import ELECTRONICS, YEAR, Lives


def hazard(law, age):
    """The hazard of a Weibull law `(shape, scale)` at an age [1/s]."""
    shape, scale = law
    return shape / scale * (age / scale) ** (shape - 1.0)


@pytest.mark.parametrize("model", catalogue(), ids=lambda model: model.name)
def test_risks_add_up_to_the_published_rate(model):
    """At the age at which failures were counted, in the catalogue's share of electronics."""
    laws, age = Lives().scales(model, 1.0), model.mean_age * YEAR
    rates = [hazard(law, age) * YEAR for law in laws]

    assert sum(rates) == pytest.approx(model.failure_rate)
    assert rates[2] == pytest.approx(model.sudden * model.failure_rate)


def test_the_sum_is_a_bathtub():
    """The rate of a usual model falls at first and rises at last."""
    laws = Lives().scales(catalogue()[0], 1.0)
    young, middle, old = (sum(hazard(law, age * YEAR) for law in laws) for age in (0.005, 0.1, 5.0))

    assert young > middle < old


def test_a_life_is_longer_than_the_age_that_was_reached():
    """A disk that works at the start of the fleet has not failed before."""
    about, rng = Lives(), np.random.default_rng(1)
    laws, age = about.scales(catalogue()[1], 1.0), 3.0 * YEAR
    lives = [about.draw(laws, 1.0, age, rng) for _ in range(200)]

    assert all(life.ends_at > age for life in lives)
    assert all(
        0.0 < onset < life.limits[i] for life in lives for i, onset in enumerate(life.onsets)
    )


def test_modes_fail_in_the_shares_of_their_rates():
    """Of a model whose risks are all constant, electronics take the catalogue's share."""
    about = Lives(infant_shape=1.0, ageing_level=1.0 / catalogue()[0].ageing)
    laws, rng = about.scales(catalogue()[0], 1.0), np.random.default_rng(2)
    modes = [about.draw(laws, 1.0, 0.0, rng).mode for _ in range(4_000)]

    assert modes.count(ELECTRONICS) / 4_000 == pytest.approx(catalogue()[0].sudden, abs=0.03)


def test_heat_ages():
    """Ten degrees more at 0.2 eV make a quarter to a third, after Arrhenius."""
    about = Lives()

    assert about.acceleration(30.0) == pytest.approx(1.0)
    assert 1.25 < about.acceleration(40.0) < 1.33
