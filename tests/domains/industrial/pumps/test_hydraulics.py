"""What a station is made of, and what its consumer asks for."""

import numpy as np
import pytest

from simgen.domains.industrial.pumps.hydraulics import Demand, Hydraulics


def test_demand_is_less_on_the_days_off():
    """From a Thursday on, the third and the fourth day are Saturday and Sunday."""
    hours = Demand(mean_demand=100.0).hours(24 * 700, 3, np.random.default_rng(1))
    days = hours.reshape(-1, 24).mean(1)

    weekdays = [days[k::7].mean() / 100.0 for k in range(7)]
    assert weekdays == pytest.approx([1.0, 1.0, 0.85, 0.85, 1.0, 1.0, 1.0], rel=0.05)


def test_a_pump_draws_what_it_gives_over_its_efficiency():
    """Weight of the water times head times flow: 200 m3/h by 40 m at 72 %."""
    assert Hydraulics().plants()["rated_power"][0] == pytest.approx(
        998.0 * 9.81 * 200.0 / 3600.0 * 40.0 / 1000.0 / 0.72
    )
