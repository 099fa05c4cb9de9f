"""Ageing and repair against published vectors and closed forms."""

import math

import numpy as np
import pytest
from scipy import stats

from simgen.core import Streams
from simgen.kernels.ageing import (
    arrhenius_acceleration,
    first_of_weibulls,
    hazard_scale,
    kijima_one,
    kijima_two,
    power_law_acceleration,
    remaining_weibull_from,
)

N = 20_000


def uniforms(*shape):
    return Streams(5).generator("uniforms").random(shape)


def test_kijimas_published_example():
    """ReliaWiki, Imperfect Repairs: 500 h, then age 375 h, then 126.024 h to 501.024 h."""
    first = remaining_weibull_from(1.0 - 0.7021885, 1.5, 1_000.0, 0.0)
    age = kijima_one(0.0, first, 0.25)
    second = remaining_weibull_from(1.0 - 0.8824969, 1.5, 1_000.0, age)

    assert first == pytest.approx(500.0, abs=5e-4)
    assert age == pytest.approx(375.0, abs=5e-4)
    assert second == pytest.approx(126.024, abs=5e-4)
    assert age + second == pytest.approx(501.024, abs=5e-4)


def test_repairs_at_their_limits():
    """Type I can't undo what came before the last repair; type II can."""
    assert kijima_one(300.0, 200.0, 1.0) == 300.0
    assert kijima_two(300.0, 200.0, 1.0) == 0.0
    assert kijima_one(300.0, 200.0, 0.0) == kijima_two(300.0, 200.0, 0.0) == 500.0


def test_what_is_left_is_the_conditional_law():
    """Times left to an item of age v follow P(X > v + t | X > v)."""
    shape, scale, age = 1.5, 1_000.0, 800.0
    left = [remaining_weibull_from(u, shape, scale, age) for u in uniforms(N)]

    def cumulative(t):
        return 1.0 - np.exp((age / scale) ** shape - ((age + t) / scale) ** shape)

    assert stats.kstest(left, cumulative).pvalue > 0.01


def test_proportional_hazards():
    """Three times the hazard: the cumulative hazard at any time is three times as large."""
    shape, scale = 2.2, 400.0
    worse = hazard_scale(shape, scale, 3.0)

    for time in (10.0, 300.0, 900.0):
        assert (time / worse) ** shape == pytest.approx(3.0 * (time / scale) ** shape)


def test_stress_accelerates():
    """Twice the load costs a ball bearing 7/8 of its life; heat follows Arrhenius."""
    assert power_law_acceleration(2.0, 1.0, 3.0) == pytest.approx(8.0)
    # 0.7 eV, 25 to 55 degree Celsius: ln(AF) = 0.7 / k * (1 / 298.15 - 1 / 328.15)
    expected = math.exp(0.7 / 8.617333262e-5 * (1 / 298.15 - 1 / 328.15))
    assert arrhenius_acceleration(328.15, 298.15, 0.7) == pytest.approx(expected)
    assert arrhenius_acceleration(298.15, 298.15, 0.7) == pytest.approx(1.0)


def test_cumulative_incidence_of_competing_risks():
    """With one shape, risk j is the cause by t with (l_j / l) (1 - exp(-l t^shape))."""
    shape, scales = 1.4, np.array([900.0, 1_200.0, 2_500.0])
    drawn = [first_of_weibulls(u, np.full(3, shape), scales, np.zeros(3)) for u in uniforms(N, 3)]
    cause, time = np.array(drawn).T

    rates = scales**-shape
    for risk, rate in enumerate(rates):
        for t in (200.0, 600.0, 1_500.0):
            expected = rate / rates.sum() * (1.0 - math.exp(-rates.sum() * t**shape))
            error = math.sqrt(expected * (1.0 - expected) / N)
            assert abs(np.mean((cause == risk) & (time <= t)) - expected) < 4.0 * error
