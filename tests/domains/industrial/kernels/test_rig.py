"""A rig's telemetry follows its machines' running and the physics of warming."""

import numpy as np
import pytest

from simgen.core import DAY, HOUR, MINUTE, Streams
from simgen.domains.industrial.kernels.rig import COLUMNS, PHASE, read_out
from simgen.domains.industrial.kernels.telemetry import HALL_SWING, hall_temperature, n_readings

HEATING = (30.0, 45.0 * MINUTE)  # rise [K], time constant [s]
RATED = (1_800.0, 2.0)


def rows(*phases, interval=60.0):
    """Columns of phases (start, stop, speed, load, first size, last size, failed)."""
    runs = np.array([(*phase, 0.0, np.nan) for phase in phases], PHASE)
    counts = np.empty(len(runs), np.int64)
    n_readings(runs, interval, counts)
    out = tuple(np.full(counts.sum(), np.inf) for _ in COLUMNS)
    days, key = np.full(10, 20.0), Streams(2).key("telemetry")
    read_out(key, 1, runs, interval, days, RATED, HEATING, 3.0, out, 0)
    assert all(not np.isinf(column).any() for column in out)
    return dict(zip(COLUMNS, out, strict=True))


def test_rows_come_on_the_clock_while_it_runs():
    """At whole minutes from start to stop, and never while the machine stands."""
    found = rows((90.0, 600.0, 1_800.0, 2.0, 0, 0, 0), (7_200.0, 7_500.0, 1_800.0, 2.0, 0, 0, 0))

    expected = np.r_[np.arange(120.0, 600.0, 60.0), np.arange(7_200.0, 7_500.0, 60.0)]
    np.testing.assert_array_equal(found["at"], expected)


def test_a_seizure_has_a_row_of_its_own():
    """At its instant, wherever between two others that is."""
    found = rows((0.0, 330.5, 1_800.0, 2.0, 1.0, 3.0, 1))

    assert found["at"][-1] == 330.5
    assert found["at"][-2] == 300.0


def test_warming_is_exponential():
    """63 % of the rise after one time constant, all of it after many."""
    found = rows((0.0, 2.0 * DAY, 1_800.0, 2.0, 0, 0, 0))
    rise = found["temperature"] - [hall_temperature(np.full(10, 20.0), at) for at in found["at"]]

    # The hall itself swings while the bearing warms.
    assert rise[45] == pytest.approx(30.0 * (1.0 - np.exp(-1.0)), abs=1.5)
    assert rise[600:].mean() == pytest.approx(30.0, abs=1.0)


def test_a_standing_machine_cools():
    """After a night it starts from the hall's temperature; after minutes it is still warm."""
    run = (0.0, 5.0 * HOUR, 1_800.0, 2.0, 0, 0, 0)

    def restarted(after):
        start = 5.0 * HOUR + after
        found = rows(run, (start, start + 600.0, 1_800.0, 2.0, 0, 0, 0))
        return found["temperature"][found["at"] >= start][0]

    assert restarted(300.0) > 40.0
    assert restarted(12.0 * HOUR) < 20.0 + HALL_SWING + 4.0


def test_load_draws_current_and_a_spall_makes_heat():
    """Twice the load, more current; a seizing bearing is far warmer."""
    usual = rows((0.0, DAY, 1_800.0, 2.0, 0, 0, 0))
    loaded = rows((0.0, DAY, 1_800.0, 4.0, 0, 0, 0))
    seizing = rows((0.0, DAY, 1_800.0, 2.0, 2.9, 3.0, 0))

    assert loaded["current"].mean() > 1.3 * usual["current"].mean()
    assert seizing["temperature"][-500:].mean() > usual["temperature"][-500:].mean() + 15.0
