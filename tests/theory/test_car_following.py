"""Car following against closed forms of the Intelligent Driver Model."""

import math

import numpy as np
import pytest
from scipy.optimize import brentq
from toys.towns import ring_traffic

LENGTH = 4.63  # of a car [m]
LIMIT = 33.0  # [m/s]


def alike(n, circumference, *, headway=1.5, acceleration=1.4, brake=2.0, **fields):
    """A ring of drivers who are all alike, at equal distances, at their equilibrium speed."""
    traffic = ring_traffic(circumference, limit=LIMIT)
    about = {
        "desired": 1.0, "headway": headway, "max_acceleration": acceleration,
        "comfortable_brake": brake, "min_gap": 2.0, "reaction_time": 0.0, **fields,
    }  # fmt: skip
    speed = equilibrium_speed(circumference / n - LENGTH, headway)
    for k in range(n):
        traffic.add("car", 0, k * circumference / n, speed, **about)
    return traffic


def equilibrium_gap(speed, headway):
    """Where the IDM neither accelerates nor brakes behind somebody as fast [m]."""
    return (2.0 + speed * headway) / math.sqrt(1.0 - (speed / LIMIT) ** 4)


def equilibrium_speed(gap, headway):
    if gap <= 2.0:
        return 0.0
    return brentq(lambda v: equilibrium_gap(v, headway) - gap, 0.0, LIMIT - 1e-9)


def run(traffic, time):
    for _ in range(round(time / traffic.rules.step_time)):
        traffic.step()
    return traffic.cars


@pytest.mark.parametrize("n", [10, 35, 80])
def test_flow_on_a_ring_is_the_fundamental_diagram(n):
    """From standing, flow settles at density times the equilibrium speed of the density's gap."""
    traffic = alike(n, 1_500.0)
    traffic.cars["speed"] = 0.0
    speeds = run(traffic, 450.0)["speed"]

    expected = equilibrium_speed(1_500.0 / n - LENGTH, 1.5)
    assert speeds.mean() == pytest.approx(expected, rel=2e-3)
    assert np.ptp(speeds) < 0.02 * expected


def test_equilibrium_is_kept():
    """Who begins at the equilibrium gap keeps it."""
    traffic = alike(30, 1_500.0)
    before = traffic.cars["speed"].copy()
    cars = run(traffic, 30.0)

    np.testing.assert_allclose(cars["speed"], before, rtol=1e-6)
    np.testing.assert_allclose(cars["gap"], 50.0 - LENGTH, rtol=1e-6)


def stability(gap, headway, acceleration, brake):
    """Positive where platoons are stable: (f_v^2 - f_l^2) / 2 - f_s of the IDM's acceleration f.

    By the linear response to who is ahead, whose gain at low frequency is then at most 1.
    """
    speed = equilibrium_speed(gap, headway)

    def f(s, v, lead):
        wanted = 2.0 + v * headway + v * (v - lead) / (2.0 * math.sqrt(acceleration * brake))
        return acceleration * (1.0 - (v / LIMIT) ** 4 - (wanted / s) ** 2)

    h = 1e-5
    f_s = (f(gap + h, speed, speed) - f(gap - h, speed, speed)) / (2.0 * h)
    f_v = (f(gap, speed + h, speed) - f(gap, speed - h, speed)) / (2.0 * h)
    f_l = (f(gap, speed, speed + h) - f(gap, speed, speed - h)) / (2.0 * h)
    return 0.5 * (f_v**2 - f_l**2) - f_s


@pytest.mark.parametrize(("headway", "acceleration", "stable"), [
    (1.5, 2.0, True), (2.0, 1.5, True), (1.0, 0.5, False), (0.8, 0.6, False),
])  # fmt: skip
def test_platoons_are_stable_where_theory_says(headway, acceleration, stable):
    """A push to one of 60 dies out, or becomes a wave of stop and go."""
    gap = 15.0
    assert (stability(gap, headway, acceleration, 2.0) > 0.0) is stable
    traffic = alike(60, 60 * (gap + LENGTH), headway=headway, acceleration=acceleration)
    traffic.cars["speed"][7] *= 0.8
    pushed = np.std(traffic.cars["speed"])

    grown = np.std(run(traffic, 300.0)["speed"]) / pushed
    assert grown < 0.3 if stable else grown > 1.5


def test_alone_one_reaches_the_desired_speed():
    """The speed is that of v' = a (1 - (v / v0)^4), integrated by itself."""
    traffic = alike(1, 5_000.0, acceleration=1.0)
    traffic.cars["speed"] = 0.0
    speed = 0.0
    for _ in range(20_000):
        speed += 1e-3 * (1.0 - (speed / LIMIT) ** 4)

    assert run(traffic, 20.0)["speed"][0] == pytest.approx(speed, rel=2e-3)


def test_emergency_braking_needs_its_closed_form():
    """From 20 m/s at 8 m/s2 one stands after v^2 / 2b = 25 m."""
    traffic = alike(1, 5_000.0)
    car = traffic.cars[0]
    car["speed"], car["max_brake"] = 20.0, 8.0
    begin = float(car["at"])
    traffic.startle(0, brake=8.0, time=10.0)

    assert run(traffic, 6.0)["at"][0] - begin == pytest.approx(25.0, abs=0.01)
