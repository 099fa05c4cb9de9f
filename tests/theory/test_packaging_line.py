"""A line of machines and buffers against closed forms of its production rate."""

import numpy as np
import pytest

from simgen.core import Streams
from simgen.domains.industrial.kernels.lines import (
    CHANGE,
    COUNTERS,
    RUNNING,
    STANDING,
    STATION,
    run_line,
)

KEY = Streams(11).key("line")


def run(
    n_stations, *, capacity, jam_share, clearing_time, hours, speed=1.0, n_operators=99, **more
):
    """Counters over the whole time, the buffers at its end, and every change of state."""
    stations = np.zeros(n_stations, STATION)
    about = {"able": 1, "speed": speed, "state": -1, "jam_share": jam_share}
    for name, value in (about | {"clearing_time": clearing_time} | more).items():
        stations[name] = value
    until = hours * 3_600.0
    level, clock = np.zeros(n_stations - 1), np.zeros(2)
    rows = np.zeros((2, n_stations, len(COUNTERS)))
    changes, found = np.zeros(100_000, CHANGE), []
    while clock[0] < until:
        n = run_line(
            KEY, 1, clock, until, until, n_operators, stations,
            np.full(n_stations - 1, float(capacity)), level, rows, changes,
        )  # fmt: skip
        found.append(changes[:n].copy())
    return dict(zip(COUNTERS, rows[1].T, strict=True)), level, np.concatenate(found)


def two_alike(jam_share, clearing_time, capacity):
    """Production rate of two like machines of speed 1 with a buffer between them.

    With p jams and r clearings a second, and f the density of states over the buffer's level:
    f10 = f01 = b, f11 = b r / p and f00 = b p / r inside; at either end the mass of both up is
    b / p, and of the one that waits 2 b / r. All add up to 1, and the rate is the share of time
    in which the second works (Gershwin 1994, continuous two-machine line, equal speeds).
    """
    p, r = jam_share, 1.0 / clearing_time
    b = 1.0 / (capacity * (r / p + 2.0 + p / r) + 2.0 / p + 4.0 / r)
    return b * (capacity * (r / p + 1.0) + 2.0 / p)


@pytest.mark.parametrize("capacity", [0.0, 5.0, 40.0, 400.0])
def test_two_machines_make_what_gershwin_says(capacity):
    """From no buffer, 1 / (1 + 2 p / r), nearly to that of one machine alone, 1 / (1 + p / r)."""
    found, _, _ = run(2, capacity=capacity, jam_share=0.02, clearing_time=20.0, hours=8_000.0)

    rate = found["made"][1] / (8_000.0 * 3_600.0)
    assert rate == pytest.approx(two_alike(0.02, 20.0, capacity), rel=0.006)


def test_a_line_without_buffers_stops_as_one():
    """1 / (1 + sum of p / r), as in Buzacott (1968): whoever jams stops everybody."""
    share = np.array([0.01, 0.002, 0.02, 0.004])
    time = np.array([10.0, 60.0, 5.0, 30.0])
    found, _, _ = run(4, capacity=0.0, jam_share=share, clearing_time=time, hours=4_000.0)

    rate = found["made"] / (4_000.0 * 3_600.0)
    np.testing.assert_allclose(rate, 1.0 / (1.0 + (share * time).sum()), rtol=0.01)


def test_the_slowest_machine_sets_the_pace_of_a_long_line():
    """With room for all stops, its share of time up times its speed."""
    speed = np.array([1.3, 0.9, 1.2])
    found, _, _ = run(
        3, capacity=1e5, jam_share=0.01, clearing_time=20.0, speed=speed, hours=3_000.0
    )

    # p of the slowest is a jam each hundred products, and so many fewer a second.
    expected = 0.9 / (1.0 + 0.9 * 0.01 * 20.0)
    assert found["made"][1] / (3_000.0 * 3_600.0) == pytest.approx(expected, rel=0.01)


def test_who_waits_for_an_operator_waits_as_in_a_queue():
    """One operator for two machines that never touch: the machine repair model."""
    found, _, _ = run(
        3, capacity=1e9, jam_share=np.array([0.02, 0.0, 0.02]), clearing_time=40.0, hours=6_000.0,
        speed=np.array([1.0, 1.0, 0.5]), n_operators=1,
    )  # fmt: skip

    # The last makes half as much, so it jams half as often.
    up = repair_by_balance(0.02, 0.01, 1.0 / 40.0)
    np.testing.assert_allclose(found["run_time"][[0, 2]] / (6_000.0 * 3_600.0), up, rtol=0.012)


def repair_by_balance(p_first, p_second, r):
    """Shares of time up of two machines with one repairman, first come first served."""
    # States: both up; first down; second down; first served, second waits; second served.
    rate = np.zeros((5, 5))
    rate[0, 1], rate[0, 2] = p_first, p_second
    rate[1, 0], rate[1, 3] = r, p_second
    rate[2, 0], rate[2, 4] = r, p_first
    rate[3, 2], rate[4, 1] = r, r
    balance = (rate - np.diag(rate.sum(1))).T
    balance[0] = 1.0
    share = np.linalg.solve(balance, np.array([1.0, 0, 0, 0, 0]))
    return [share[0] + share[2], share[0] + share[1]]


def test_products_are_neither_made_nor_lost():
    """What a station sent on lies in the buffer or went on; rejects leave."""
    found, level, _ = run(
        4, capacity=30.0, jam_share=0.01, clearing_time=30.0, hours=50.0, reject_share=0.03
    )

    good = found["made"] - found["rejected"]
    np.testing.assert_allclose(good[:-1] - found["made"][1:], level, atol=1e-5)
    np.testing.assert_allclose(found["rejected"], 0.03 * found["made"])


def test_every_second_is_spent_in_one_state():
    """Running, jammed, starved and blocked times add up to all of it."""
    found, _, changes = run(3, capacity=8.0, jam_share=0.02, clearing_time=25.0, hours=200.0)
    spent = sum(found[name] for name in ("run_time", "jam_time", "starved_time", "blocked_time"))

    np.testing.assert_allclose(spent, 200.0 * 3_600.0)
    assert not (changes["state"] >= STANDING).any()
    for place in range(3):
        mine = changes[changes["station"] == place]
        assert (np.diff(mine["at"]) > 0.0).all()
        assert (np.diff(mine["state"]) != 0).all()


def test_a_stop_spreads_up_and_down_the_line():
    """Who starves or is blocked names the machine that stands, however far away."""
    jam_share = np.array([0.0, 0.0, 0.002, 0.0, 0.0])
    _, _, changes = run(5, capacity=10.0, jam_share=jam_share, clearing_time=200.0, hours=20.0)
    idle = changes[changes["state"] > 1]

    assert {tuple(pair) for pair in idle[["station", "root"]].tolist()} >= {(0, 2), (4, 2)}
    # At the very start the first products have not come yet.
    assert set(idle["root"][idle["at"] > 100.0]) == {2}
    running = changes[(changes["state"] == RUNNING) & (changes["station"] == 4)]
    assert len(running) > 5
