"""The weekly clock: operational time, in which payments are a Poisson process of constant rate."""

import numpy as np
import pytest
from scipy import stats

from simgen.domains.fraud.kernels.clock import civil_time, next_arrival
from simgen.domains.fraud.market import weekly_clock, weekly_profile

HOUR, WEEK = 3_600.0, 7 * 86_400.0  # [s]
MONDAY, THURSDAY = "2024-01-01", "2024-02-29"


def hours_into_week(positions, start):
    """Civil times, in hours of the week from Monday 0:00, of positions in operational time."""
    clock = weekly_clock(start)
    weekday = int((np.datetime64(start) - np.datetime64(MONDAY)).astype(int) % 7)
    at = np.array([civil_time(position, clock) for position in positions])
    return (at / HOUR + 24 * weekday) % 168


@pytest.mark.parametrize("start", [MONDAY, THURSDAY])
def test_uniform_positions_follow_the_profile(start):
    """Mapped by the clock, uniform positions have the profile as their density (KS)."""
    rng = np.random.Generator(np.random.PCG64DXSM(4))
    hours = hours_into_week(rng.uniform(0.0, 40.0, 20_000), start)
    passed = np.concatenate([[0.0], np.cumsum(weekly_profile())]) / 168

    law = stats.kstest(hours, lambda hour: np.interp(hour, np.arange(169), passed))
    assert law.pvalue > 1e-3


def test_the_clock_goes_forward_through_every_week():
    """It starts at 0, never goes back, and a week of operational time is a week."""
    clock = weekly_clock(THURSDAY)
    at = np.array([civil_time(position, clock) for position in np.linspace(0.0, 3.0, 5_000)])

    assert at[0] == 0.0
    assert np.all(np.diff(at) >= 0.0)
    np.testing.assert_allclose([civil_time(k, clock) for k in (1.0, 2.0)], [WEEK, 2 * WEEK])


def test_arrivals_are_poisson_in_operational_time():
    """Their gaps have the exponential law of the weekly rate (KS)."""
    rng = np.random.Generator(np.random.PCG64DXSM(5))
    gaps = [next_arrival(0.0, u, 6.3) for u in rng.random(20_000)]

    assert stats.kstest(gaps, stats.expon(scale=1.0 / 6.3).cdf).pvalue > 1e-3
