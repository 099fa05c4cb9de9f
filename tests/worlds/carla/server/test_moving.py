"""What sets bodies going, by calls as a client makes them."""

import math

import pytest
from toys.carla_calls import Client

from simgen.worlds.carla.protocol.types import ActorDescription, Vector
from simgen.worlds.carla.protocol.vehicles import AckermannControl, VehicleControl


@pytest.fixture
def client():
    return Client()


def test_steering_right_turns_clockwise(client):
    """In CARLA positive steer is to the right, and yaw grows clockwise."""
    car = client.spawn()
    control = VehicleControl(throttle=0.5, steer=0.5)
    before = client.state(car)["rotation"][1]

    client("apply_control_to_vehicle", car.id, control)
    for _ in range(40):
        client("tick_cue")

    state = client.state(car)
    assert (state["rotation"][1] - before + 180.0) % 360.0 - 180.0 > 5.0
    assert state["angular_velocity"][2] > 0.0


def test_without_physics_nothing_moves(client):
    """A held car stays although its driver wants to go; then it goes."""
    car = client.spawn()
    client("tick_cue")
    client("set_actor_simulate_physics", car.id, False)
    client("apply_control_to_vehicle", car.id, VehicleControl(throttle=1.0))
    for _ in range(5):
        client("tick_cue")
    assert client.state(car)["velocity"].tolist() == [0.0, 0.0, 0.0]

    client("set_actor_simulate_physics", car.id, True)
    for _ in range(20):
        client("tick_cue")
    assert math.hypot(*client.state(car)["velocity"]) > 1.0


def test_constant_velocity_is_kept_in_the_actors_frame(client):
    """A car without a driver goes ahead at the speed asked for, until told otherwise."""
    car = client.spawn()
    client("enable_actor_constant_velocity", car.id, Vector(x=4.0))
    for _ in range(10):
        client("tick_cue")
    assert math.hypot(*client.state(car)["velocity"][:2]) == pytest.approx(4.0, abs=0.1)

    client("disable_actor_constant_velocity", car.id)
    client("apply_control_to_vehicle", car.id, VehicleControl(brake=1.0))
    for _ in range(40):
        client("tick_cue")
    assert math.hypot(*client.state(car)["velocity"][:2]) < 0.01


def test_an_impulse_moves_by_mass(client):
    """Velocity changes by the impulse over the mass, to the right in CARLA's frame."""
    box = client.spawn(ActorDescription(id="static.prop.box01"))
    body = client.simulation.episode.entities.get(box.id)

    client("add_actor_impulse", box.id, Vector(y=30.0))

    velocity = client.simulation.episode.ground.velocity(body.number)
    assert velocity[:3] == pytest.approx([0.0, -30.0 / body.mass, 0.0])


def test_the_controller_on_board_reaches_its_speed():
    """Ackermann control comes within 0.3 m/s of 8 m/s in 20 s and keeps to it."""
    client = Client("highway")
    car = client.spawn()
    client("apply_ackermann_control_to_vehicle", car.id, AckermannControl(speed=8.0))

    for _ in range(400):
        client("tick_cue")

    assert math.hypot(*client.state(car)["velocity"][:2]) == pytest.approx(8.0, abs=0.3)


def test_physics_that_act(client):
    """Mass is told back and changes what an impulse does; wheels lie around the car."""
    car = client.spawn()
    physics = client("get_physics_control", car.id)
    front = [wheel.position for wheel in physics.wheels[:2]]
    wide = math.dist((front[0].x, front[0].y), (front[1].x, front[1].y))
    assert 120.0 < wide < 200.0  # [cm]

    heavier = type(physics)(**{**vars(physics), "mass": 4000.0})
    client("apply_physics_control", car.id, heavier)
    client("add_actor_impulse", car.id, Vector(x=4000.0))

    assert client("get_physics_control", car.id).mass == 4000.0
    number = client.simulation.episode.entities.get(car.id).number
    assert client.simulation.episode.ground.velocity(number)[0] == pytest.approx(1.0)


def test_a_brake_that_is_no_number_brakes(client):
    """As a Traffic Manager tells a car that stands: it brakes, and steers straight ahead."""
    car = client.spawn()
    client("set_actor_target_velocity", car.id, Vector(x=5.0))
    control = VehicleControl(throttle=math.nan, steer=math.nan, brake=math.nan)

    client("apply_control_to_vehicle", car.id, control)
    for _ in range(60):
        client("tick_cue")

    assert math.hypot(*client.state(car)["velocity"]) == 0.0
    kept = client.simulation.episode.entities.get(car.id).control
    assert (kept.throttle, kept.steer, kept.brake) == (0.0, 0.0, 1.0)
