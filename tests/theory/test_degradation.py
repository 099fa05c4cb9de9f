"""Degradation laws against closed forms."""

import math

import numpy as np
import pytest
from scipy import integrate, special, stats

from simgen.core import Streams
from simgen.kernels.degradation import (
    archard_depth,
    exponential_health,
    exponential_health_life,
    gamma_path,
    paris_cycles,
    paris_length,
    shock_life_draw,
    wiener_passage_draw,
)

KEY = Streams(9).key("degradation")
N = 8_000


def test_first_passage_of_the_gamma_process():
    """Damage has reached the limit by t with probability Q(shape t, limit / scale)."""
    times = np.array([2.0, 5.0, 9.0, 14.0, 20.0])
    paths = np.empty((N, len(times)))
    for entity in range(N):
        gamma_path(KEY, entity, times, 0.6, 1.5, paths[entity])

    expected = special.gammaincc(0.6 * times, 8.0 / 1.5)
    error = np.sqrt(expected * (1.0 - expected) / N)
    assert np.all(np.abs((paths >= 8.0).mean(0) - expected) < 4.0 * error)


def test_the_gamma_process_never_heals():
    """However finely it is looked at."""
    path = np.empty(500)
    gamma_path(KEY, 1, np.linspace(0.0, 1.0, 500), 2.0, 1.0, path)

    assert path[0] == 0.0
    assert np.all(np.diff(path) >= 0.0)


def test_first_passage_of_the_wiener_process():
    """An inverse Gaussian of mean limit / drift and shape (limit / deviation)^2."""
    drift, deviation, limit = 0.5, 1.2, 6.0
    times = [wiener_passage_draw(KEY, entity, 0, drift, deviation, limit) for entity in range(N)]

    mean, shape = limit / drift, (limit / deviation) ** 2
    assert stats.kstest(times, stats.invgauss(mean / shape, scale=shape).cdf).pvalue > 0.01


def test_rare_wiener_paths_stay_positive():
    """Where the formula of the paper would cancel: a deviation far above the drift."""
    times = [wiener_passage_draw(KEY, entity, 1, 1e-6, 10.0, 1.0) for entity in range(2_000)]

    assert min(times) > 0.0


@pytest.mark.parametrize("exponent", [2.0, 3.0, 4.2])
def test_paris_growth_is_the_integral_of_its_law(exponent):
    """The closed form agrees with a numerical solution, and its inverse with both."""
    coefficient, stress, start = 2e-11, 60.0, 1e-3
    n_cycles = 0.8 * paris_cycles(start, 8e-3, coefficient, exponent, stress)

    def growth(_, length):
        return coefficient * (stress * np.sqrt(np.pi * length)) ** exponent

    solved = integrate.solve_ivp(growth, (0.0, n_cycles), [start], rtol=1e-9, atol=1e-15)
    length = paris_length(start, n_cycles, coefficient, exponent, stress)
    assert length == pytest.approx(solved.y[0, -1], rel=1e-5)
    assert paris_cycles(start, length, coefficient, exponent, stress) == pytest.approx(n_cycles)


def test_a_crack_runs_through_in_finite_time():
    """Above an exponent of 2 the length is infinite after finitely many cycles."""
    assert paris_length(1e-3, 1e12, 2e-11, 3.0, 60.0) == math.inf


def test_archards_law():
    """Depth goes with pressure and distance, and against hardness."""
    depth = archard_depth(1e-4, 2e6, 5_000.0, 1e9)

    assert depth == pytest.approx(1e-3)
    assert archard_depth(1e-4, 4e6, 5_000.0, 2e9) == pytest.approx(depth)


def test_exponential_health_reaches_its_limit():
    """The life is when health has fallen to the limit; it begins at 1 less the initial wear."""
    life = exponential_health_life(0.2, 0.05, 1e-3, 1.4)

    assert exponential_health(0.0, 0.05, 1e-3, 1.4) == pytest.approx(0.95)
    assert exponential_health(life, 0.05, 1e-3, 1.4) == pytest.approx(0.2)


def test_life_under_shocks():
    """P(T > t) sums, over the shocks by t, the chance that they stay below the limit."""
    rate, mean_damage, limit = 0.3, 2.0, 7.0
    lives = [shock_life_draw(KEY, entity, 10, rate, mean_damage, limit) for entity in range(N)]

    def survival(t):
        n = np.arange(1, 200)
        return stats.poisson.pmf(0, rate * t) + np.sum(
            stats.poisson.pmf(n, rate * t) * special.gammainc(n, limit / mean_damage)
        )

    assert np.mean(lives) == pytest.approx((1.0 + limit / mean_damage) / rate, rel=0.03)
    for t in (5.0, 12.0, 30.0):
        expected = survival(t)
        assert abs(np.mean(np.array(lives) > t) - expected) < 4.0 * math.sqrt(
            expected * (1.0 - expected) / N
        )
