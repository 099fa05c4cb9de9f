import math

import numpy as np
import pytest

from simgen.worlds.road.sensors import Frame, Imu, Motion
from simgen.worlds.road.sensors.imu import RunningImu

EXACT = dict.fromkeys(
    ("force_noise", "force_walk", "force_bias", "rate_noise", "rate_walk", "rate_bias"), 0.0
)
REST = np.zeros(3)


def chance():
    return np.random.Generator(np.random.PCG64DXSM(1))


def test_at_rest_it_feels_the_ground():
    """A unit at rest, however tilted, reports 1 g away from the earth's middle and no turning."""
    frame = Frame.turned([1.0, 2.0, 3.0], yaw=1.0, pitch=math.radians(30.0))
    imu = RunningImu(Imu(**EXACT), chance())

    for time in (0.0, 0.05, 0.1):
        report = imu.read(Motion(time=time, frame=frame, velocity=REST, turning=REST), REST)

    expected = 9.80665 * np.array([math.sin(math.radians(30.0)), 0.0, math.cos(math.radians(30.0))])
    np.testing.assert_allclose(report.specific_force, expected, atol=1e-12)
    np.testing.assert_allclose(report.angular_rate, 0.0)


def test_in_a_constant_turn():
    """On a circle of radius r at speed v it feels v2 / r to the left, and turns at v / r."""
    radius, speed, step = 20.0, 10.0, 1e-3
    imu = RunningImu(Imu(**EXACT), chance())

    for k in range(3):
        angle = speed / radius * step * k
        frame = Frame.turned(
            [radius * math.sin(angle), radius * (1.0 - math.cos(angle)), 0.0], yaw=angle
        )
        motion = Motion(
            time=step * k,
            frame=frame,
            velocity=speed * frame.axes[:, 0],
            turning=np.array([0.0, 0.0, speed / radius]),
        )
        report = imu.read(motion, np.array([0.0, speed**2 / radius, 0.0]))

    np.testing.assert_allclose(report.specific_force, [0.0, 5.0, 9.80665], atol=3e-3)
    np.testing.assert_allclose(report.angular_rate, [0.0, 0.0, 0.5])


def test_noise_and_walk_have_their_densities():
    """Readings at rate f scatter by density x sqrt(f); a bias gains walk2 of variance a second."""
    frame, rate, n = Frame.turned(REST), 100.0, 4000
    noise = RunningImu(Imu(**EXACT | {"force_noise": 0.01, "rate_noise": 0.002}), chance())
    walk = RunningImu(Imu(**EXACT | {"force_walk": 0.03, "rate_walk": 0.001}), chance())

    reports = {"noise": [], "walk": []}
    for k in range(n):
        motion = Motion(time=k / rate, frame=frame, velocity=REST, turning=REST)
        for name, imu in (("noise", noise), ("walk", walk)):
            report = imu.read(motion, REST)
            reports[name].append(np.append(report.specific_force, report.angular_rate))

    scatter = np.std(reports["noise"][1:], axis=0)
    np.testing.assert_allclose(scatter, np.repeat([0.1, 0.02], 3), rtol=0.05)
    steps = np.std(np.diff(reports["walk"], axis=0), axis=0)
    np.testing.assert_allclose(steps, np.repeat([0.03, 0.001], 3) / math.sqrt(rate), rtol=0.05)


def test_biases_at_the_start():
    """Over many units the first reading scatters by the bias' standard deviation."""
    motion = Motion(time=0.0, frame=Frame.turned(REST), velocity=REST, turning=REST)
    unit, source = Imu(**EXACT | {"force_bias": 0.05, "rate_bias": 0.01}), chance()

    reports = [RunningImu(unit, source).read(motion, REST) for _ in range(2000)]

    forces = np.std([report.specific_force for report in reports], axis=0)
    rates = np.std([report.angular_rate for report in reports], axis=0)
    assert forces == pytest.approx([0.05] * 3, rel=0.08)
    assert rates == pytest.approx([0.01] * 3, rel=0.08)
