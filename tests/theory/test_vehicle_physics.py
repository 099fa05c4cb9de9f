"""How vehicles move, against closed forms."""

import math

import numpy as np
import pytest
from scipy.optimize import brentq
from toys.tracks import launch, run, track

from simgen.worlds.base import Force, Impulse, Pose, VehicleControl

G = 9.80665  # [m/s2]
MASS = 1392.0  # [kg]
AIR = 1.2041  # [kg/m3]


def stopping_distance(world, speed, control):
    """Where a car comes to rest [m]."""
    car = launch(world, "car", 100.0, speed)
    world.apply(car, control)
    last = run(world, 30.0)
    assert np.abs(last.velocities).max() < 1e-9
    return last.positions[0, 0] - 100.0


@pytest.mark.parametrize(("max_brake", "grip", "deceleration"), [
    (6.0, 1.0, 6.0),
    (50.0, 1.0, 0.85 * G),
    (50.0, 0.3, 0.3 * 0.85 * G),
])  # fmt: skip
def test_braking_distance_is_that_of_brakes_or_tyres(max_brake, grip, deceleration):
    """It is v^2 / 2a, where a is what the brakes give or what the tyres can hold."""
    world = track(kinds={"car": {"max_brake": max_brake}}, grip=grip)

    distance = stopping_distance(world, 30.0, VehicleControl(brake=1.0))
    assert distance == pytest.approx(30.0**2 / (2.0 * deceleration), rel=5e-3)


def test_air_shortens_braking():
    """With drag k v^2, the distance is m / 2k ln(1 + k v^2 / F)."""
    world = track(kinds={"car": {"max_brake": 2.0, "drag_area": 4.0}})
    k, force = 0.5 * AIR * 4.0, 2.0 * MASS

    distance = stopping_distance(world, 40.0, VehicleControl(brake=1.0))
    assert distance == pytest.approx(MASS / (2 * k) * math.log1p(k * 1600.0 / force), rel=5e-3)


def test_hand_brake_holds_the_rear_axle_alone():
    """However strong it is, it gives no more than the grip under the rear axle."""
    world = track(kinds={"car": {"max_hand_brake": 50.0, "axles": (1.0, 2.0)}})

    distance = stopping_distance(world, 20.0, VehicleControl(hand_brake=True))
    assert distance == pytest.approx(400.0 / (2.0 * 0.85 * G / 3.0), rel=5e-3)


@pytest.mark.parametrize("speed", [1.0, 10.0, 20.0])
def test_curvature_in_a_steady_bend(speed):
    """It is steer / (L + K v^2), K = (1 / c_front - 1 / c_rear) / g: understeer."""
    world = track()
    steer = 0.012  # [rad]
    car = launch(world, "car", 100.0, speed)
    world.apply(car, VehicleControl(steer=steer / 0.6))

    last = run(world, 4.0)
    there = np.hypot(*last.velocities[0, :2])
    factor = (1 / 14.0 - 1 / 20.0) / G
    assert last.yaw_rates[0] / there == pytest.approx(steer / (2.7 + factor * there**2), rel=0.01)
    assert there == pytest.approx(speed, rel=0.02)


def test_friction_bounds_a_bend():
    """Steered too far, a car goes wide: its acceleration is friction's, and no more."""
    world = track()
    car = launch(world, "car", 100.0, 30.0)
    world.apply(car, VehicleControl(steer=0.3))

    pulls = []
    for _ in range(30):
        world.step()
        pulls.append(np.hypot(*world.sense().accelerations[0, :2]))
    assert 0.9 * 0.85 * G < max(pulls) <= 0.85 * G * (1 + 1e-9)


def test_a_locked_rear_axle_spins_the_car_round():
    """A hand brake in a bend takes the rear wheels' grip across, and the tail comes out."""
    turned = []
    for held in (False, True):
        world = track(kinds={"car": {"max_hand_brake": 50.0}})
        car = launch(world, "car", 100.0, 20.0)
        world.apply(car, VehicleControl(steer=0.2, hand_brake=held))
        last = run(world, 1.5)
        turned.append(
            last.rotations[0, 0] - math.atan2(last.velocities[0, 1], last.velocities[0, 0])
        )
    assert abs(turned[0]) < 0.2
    assert turned[1] > 0.5


def test_free_fall_onto_the_road():
    """From 4.95 m: h - g t^2 / 2 in the air, and on the road after sqrt(2 h / g)."""
    world = track(step_time=0.01)
    world.spawn("car", Pose(x=100.0, y=-200.0, z=4.95))

    heights = [run(world, 0.01).positions[0, 2] for _ in range(150)]
    times = 0.01 * np.arange(1, 151)
    flight = math.sqrt(2 * 4.95 / G)
    np.testing.assert_allclose(heights, np.where(times < flight, 4.95 - 0.5 * G * times**2, 0.0))
    assert world.sense().velocities[0, 2] == 0.0


def test_power_limits_the_top_speed():
    """Where P = (k v^2 + c m g) v, it gains no more."""
    about = {"drag_area": 0.65, "rolling_resistance": 0.013, "gears": (100.0,)}
    world = track(kinds={"car": about}, step_time=0.1)
    car = launch(world, "car", 100.0, 50.0)
    world.apply(car, VehicleControl(throttle=1.0))
    top = brentq(lambda v: (0.5 * AIR * 0.65 * v * v + 0.013 * MASS * G) * v - 95e3, 1.0, 200.0)

    assert run(world, 120.0).velocities[0, 0] == pytest.approx(top, rel=1e-3)


def test_a_held_gear_limits_the_speed():
    """In the second gear the engine gives out at 22 m/s; reverse reaches the first's speed."""
    reached = []
    for gear in (2, -1):
        world = track()
        car = launch(world, "car", 1000.0)
        world.apply(car, VehicleControl(throttle=1.0, gear=gear))
        reached.append(run(world, 30.0).velocities[0, 0])
    np.testing.assert_allclose(reached, [22.0, -12.0], atol=0.05)


def test_constant_power_gives_the_square_root_of_time():
    """Without resistance v = sqrt(2 P t / m)."""
    world = track(kinds={"car": {"max_drive": 100.0, "gears": (100.0,), "friction": 3.0}})
    car = launch(world, "car", 100.0, 5.0)
    world.apply(car, VehicleControl(throttle=1.0))

    speed = run(world, 5.0).velocities[0, 0]
    assert speed == pytest.approx(math.sqrt(25.0 + 2 * 95e3 * 5.0 / MASS), rel=5e-3)


@pytest.mark.parametrize("yaw", [0.0, 2.0])
def test_rolling_downhill(yaw):
    """A car rolls down a slope at g sin(angle) times the cosine of its heading."""
    world = track(slope=0.1)
    launch(world, "car", 2000.0, yaw=yaw)

    last = run(world, 1.0)
    direction = last.velocities[0] / np.linalg.norm(last.velocities[0])
    down = np.array([-1.0, 0.0, -0.1]) / math.hypot(1.0, 0.1)
    assert np.linalg.norm(last.velocities[0]) == pytest.approx(
        G * 0.1 / math.hypot(1.0, 0.1) * abs(math.cos(yaw)), rel=0.01
    )
    assert direction @ down == pytest.approx(abs(math.cos(yaw)), abs=0.01)


def test_a_slope_steeper_than_friction_slides_a_parked_car():
    """With brakes on it stays below tan(angle) = friction, and slides at the difference above."""
    moved = []
    for grip in (0.2 / 0.85, 0.08 / 0.85):
        world = track(slope=0.1, grip=grip)
        car = launch(world, "car", 2000.0)
        world.apply(car, VehicleControl(brake=1.0))
        moved.append(run(world, 2.0).velocities[0, 0])
    cosine = 1.0 / math.hypot(1.0, 0.1)
    assert moved[0] == 0.0
    assert moved[1] == pytest.approx(-G * (0.1 - 0.08) * cosine * cosine * 2.0, rel=1e-3)


def test_a_bank_pulls_what_nothing_holds():
    """On ice, across a road with its left side higher, a car gains g sin(angle) and leans."""
    world = track(bank=0.08, grip=0.0)
    launch(world, "car", 2000.0)

    last = run(world, 1.0)
    assert last.rotations[0, 2] == pytest.approx(0.08)
    assert last.velocities[0, 1] == pytest.approx(-G * math.sin(0.08) * math.cos(0.08), rel=1e-6)
    assert last.velocities[0, 0] == 0.0


def test_cars_stand_still_on_a_banked_road():
    """The side slip that holds a braked car across a slope is below a millimetre a minute."""
    world = track(bank=0.08, step_time=0.1)
    world.apply(launch(world, "car", 2000.0), VehicleControl(brake=0.1))

    before = world.sense().positions
    after = run(world, 60.0).positions
    assert np.abs(after - before).max() < 1e-3


def test_impulse_and_force_act_on_the_mass():
    """An impulse gives J / m at once, a force F t / m; off the ground nothing else does."""
    world = track(grip=0.0)
    car = launch(world, "car", 1000.0)
    world.apply(car, Impulse(x=MASS, about_z=MASS * (4.63**2 + 1.97**2) / 12.0))
    world.apply(car, Force(y=MASS))

    last = run(world, 0.05)
    np.testing.assert_allclose(last.velocities[0], [1.0, 0.05, 0.0], atol=1e-12)
    assert last.yaw_rates[0] == pytest.approx(1.0)
    np.testing.assert_allclose(run(world, 0.05).velocities[0], [1.0, 0.05, 0.0], atol=1e-12)
