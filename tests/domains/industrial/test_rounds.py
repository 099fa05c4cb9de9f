"""Windows are taken on rounds, and each has a number of its own."""

import numpy as np
import pytest

from simgen.core import DAY, HOUR, RequestError, build
from simgen.domains.industrial import DOMAIN
from simgen.domains.industrial.rounds import most_windows, time_between

# Where windows are parameters.
POLICIES = {
    "bearing_rig": "monitoring",
    "compressor_station": "watching",
    "gearbox_line": "watching",
    "hydraulic_press": "watching",
    "motor_fleet": "watching",
}


def test_no_round_is_walked_in_less_than_a_window_takes():
    """However early each begins, there are no more windows than the most."""
    rng = np.random.Generator(np.random.PCG64DXSM(1))
    times = np.array([time_between(3.0, rng) for _ in range(10_000)])

    assert times.mean() == pytest.approx(3.0 * HOUR, rel=0.01)
    assert 1.0 + 30.0 * DAY / times.min() <= most_windows(3.0, 30.0 * DAY)


@pytest.mark.parametrize(("name", "policy"), POLICIES.items())
def test_more_windows_than_have_numbers_are_refused(name, policy):
    """Ids of windows would be those of the next machine."""
    few = {"n_days": 1_000, policy: {"window_interval": 0.027}}
    build(DOMAIN.schemas[name], few)

    with pytest.raises(RequestError) as refused:
        build(DOMAIN.schemas[name], few | {policy: {"window_interval": 0.0266}})
    assert str(refused.value) == (
        f"{policy}.window_interval = 0.0266 h makes up to 1002507 windows of a machine in "
        "n_days = 1000, not fewer than 1000000: raise it, or lower n_days"
    )
