"""What an inertial unit feels in traffic, whose lanes bend at once."""

import math

import numpy as np
import pytest
from toys.towns import network, traffic_in

from simgen.core import Streams
from simgen.worlds.road.sensors import Frame, Motion, Observer, Stage, make_rig
from simgen.worlds.road.sensors.motion import Steering

EXACT = dict.fromkeys(
    ("force_noise", "force_walk", "force_bias", "rate_noise", "rate_walk", "rate_bias"), 0.0
)
ARM = -1.35  # of a unit over the rear axle [m]
WHEELBASE = 2.7  # of a car in assets/driving/actors.yaml [m]
STEP = 0.05


@pytest.fixture(scope="module")
def turn():
    """From within a right turn at 5 m/s onto the straight street behind it.

    Speeds, turning, sideways force at the middle and over the rear axle, by reading.
    """
    traffic = traffic_in("urban_grid", step_time=STEP)
    records = traffic.town.tracks.records
    sharp = records["junction"] & (records["turn"] < -1.2)
    track = int(np.flatnonzero(sharp)[0])
    row = traffic.add("car", track, 3.0, 5.0)
    traffic.step()
    rig = make_rig({
        "middle": {"imu": EXACT, "position": [0.0, 0.0, 0.5]},
        "rear": {"imu": EXACT, "position": [ARM, 0.0, 0.5]},
    })  # fmt: skip
    stage = Stage(network=network("urban_grid"))
    observer = Observer(rig, stage, carrier=row + 1, streams=Streams(1))
    told = []
    for _ in range(120):
        middle, rear = (r.content for r in observer.observe(traffic.sense()).readings)
        turning = middle.angular_rate[2]
        forces = middle.specific_force[1], rear.specific_force[1]
        told.append((traffic.cars["speed"][row], turning, *forces))
        traffic.step()
    told = np.array(told).T
    assert told[1, 0] < -0.3, "it does not begin within the bend"
    assert abs(told[1, -1]) < 1e-6, "it does not end on a straight lane"
    return told


def test_the_first_reading_is_like_the_second(turn):
    """Within a bend a unit feels v times the yaw rate from its first reading on."""
    speed, turning, middle, rear = turn
    for force in (middle, rear):
        assert force[0] == pytest.approx(speed[0] * turning[0], abs=0.1)
        assert force[0] == pytest.approx(force[1], abs=0.1)


def test_no_shock_where_a_bend_ends(turn):
    """Over the rear axle it feels no more than in the bend, for as long as a wheelbase takes."""
    speed, turning, middle, rear = turn
    np.testing.assert_allclose(middle, speed * turning, atol=0.1)
    jump = np.abs(np.diff(turning)).max() / STEP * abs(ARM)
    assert jump > 5.0, "the lane does not end its bend at once"
    assert np.abs(rear).max() < 1.1 * np.abs(middle).max()
    assert np.abs(rear[-10:]).max() < 0.01


def test_nothing_of_the_turn_is_lost(turn):
    """In sum the arm's part is the change of the yaw rate times the arm, as where it jumps."""
    _, turning, middle, rear = turn
    felt = (rear - middle)[1:].sum() * STEP
    assert felt == pytest.approx((turning[-1] - turning[0]) * ARM, rel=0.05)


def along(speed, bend):
    return Motion(
        time=0.0,
        frame=Frame.turned(np.zeros(3)),
        velocity=np.array([speed, 0.0, 0.0]),
        turning=np.array([0.0, 0.0, speed * bend]),
    )


def test_a_bend_is_followed_over_the_wheelbase():
    """After a wheelbase in a bend 1 - 1/e of it is steered; who stands does not turn."""
    steering = Steering(WHEELBASE)
    assert steering.follow(along(5.0, 0.0))[2] == 0.0
    for _ in range(10):
        turning = steering.follow(along(5.0, 0.1), WHEELBASE / 50.0)
    assert turning[2] == pytest.approx(0.5 * (1.0 - math.exp(-1.0)))
    assert steering.follow(along(0.0, 0.0), 1.0)[2] == 0.0
    assert steering.follow(along(2.0, 0.1), 0.0)[2] == pytest.approx(0.4 * turning[2])


def test_a_bend_that_it_begins_in_is_steered_already():
    """The first turning is the line's."""
    assert Steering(WHEELBASE).follow(along(5.0, 0.1))[2] == pytest.approx(0.5)
