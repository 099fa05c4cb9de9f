"""Calls as a client makes them, without sockets."""

import math

import msgpack
import numpy as np
import pytest

from simgen.worlds.carla.protocol.calls import CALLS
from simgen.worlds.carla.protocol.codec import codec_of
from simgen.worlds.carla.protocol.messages import Inbox, pack_request
from simgen.worlds.carla.protocol.packets import VEHICLE_STATE
from simgen.worlds.carla.protocol.types import (
    ActorDescription,
    Attribute,
    EpisodeSettings,
    Rotation,
    Transform,
    Vector,
)
from simgen.worlds.carla.protocol.vehicles import AckermannControl, VehicleControl
from simgen.worlds.carla.server.routes import REFUSALS, ROUTES, answer
from simgen.worlds.carla.server.simulation import Options, Simulation
from simgen.worlds.carla.server.states import states
from simgen.worlds.road import Waypoints

CAR = ActorDescription(id="vehicle.tesla.model3")
STEP = 0.05  # [s]


class RefusedError(Exception):
    """What a client would be told."""


class Client:
    """Calls a simulation through the bytes of the wire."""

    def __init__(self, chart="parking"):
        self.simulation = Simulation(Options(map=chart))
        self("set_episode_settings", EpisodeSettings(synchronous=True, fixed_step=STEP))

    def __call__(self, name, *arguments):
        """The answer's value; RefusedError with the text of an error."""
        inbox = Inbox()
        inbox.feed(pack_request(1, name, CALLS[name], arguments))
        plain = msgpack.unpackb(answer(self.simulation, inbox.take()))
        assert plain[:3] == [1, 1, None]
        match plain[3]:
            case [[True, [message]]] if CALLS[name].gives is None:
                raise RefusedError(message)
            case [[False]] if CALLS[name].gives is None:
                return None
            case [[int(variant), [message]]] if variant == 0 and name != "apply_batch":
                raise RefusedError(message)
            case [[1, value]]:
                return codec_of(CALLS[name].gives).decode(value)
        return plain[3]

    def state(self, actor):
        """The record of an actor in the newest frame."""
        found = states(self.simulation.episode)
        return found[found["id"] == actor.id][0]

    def spawn(self, description=CAR, place=0):
        """An actor at one of the map's places."""
        point = self("get_map_info").spawn_points[place]
        return self("spawn_actor", description, point)


@pytest.fixture
def client():
    return Client()


def test_every_call_is_answered_or_refused():
    """No call of the protocol is unknown, and none is both."""
    assert set(ROUTES) | set(REFUSALS) == set(CALLS)
    assert not set(ROUTES) & set(REFUSALS)


@pytest.mark.parametrize("name", sorted(name for name in REFUSALS if CALLS[name].waits))
def test_what_is_not_offered_says_so(client, name):
    """The caller reads which call it was and why it is refused, whatever the arguments."""
    inbox = Inbox()
    inbox.feed(msgpack.packb([0, 5, name, [[False]]]))

    plain = msgpack.unpackb(answer(client.simulation, inbox.take()))

    ((flag, (message,)),) = plain[3]
    assert flag == (CALLS[name].gives is None)
    assert message.startswith(f"{name} is not offered by this server: ")


def test_an_unknown_call_is_an_error(client):
    """A name that CARLA does not know is answered by an error of the protocol."""
    inbox = Inbox()
    inbox.feed(msgpack.packb([0, 5, "rm", [[False]]]))

    assert msgpack.unpackb(answer(client.simulation, inbox.take()))[2]


def test_a_car_stands_where_it_was_put(client):
    """Place and yaw come back in CARLA's frame after a tick."""
    point = client("get_map_info").spawn_points[3]
    car = client("spawn_actor", CAR, point)

    client("tick_cue")

    state = client.state(car)
    assert state["place"][:2] == pytest.approx([point.location.x, point.location.y], abs=0.05)
    turn = (state["rotation"][1] - point.rotation.yaw + 180.0) % 360.0 - 180.0
    assert turn == pytest.approx(0.0, abs=0.1)


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


def test_two_cars_do_not_fit_into_one_place(client):
    """The second is refused, and named in the text."""
    client.spawn()

    with pytest.raises(RefusedError, match="it would stand inside actor"):
        client.spawn()


@pytest.mark.parametrize(
    ("description", "text"),
    [
        (ActorDescription(id="vehicle.ford.t"), "no blueprint 'vehicle.ford.t'"),
        (
            ActorDescription(id=CAR.id, attributes=(Attribute(id="wings", type=4, value="2"),)),
            "has no attribute 'wings'",
        ),
        (
            ActorDescription(
                id="sensor.camera.depth",
                attributes=(Attribute(id="image_size_x", type=2, value="1000000"),),
            ),
            "image_size_x = 1000000 is out of bounds",
        ),
        (
            ActorDescription(
                id="sensor.camera.depth", attributes=(Attribute(id="fov", type=3, value="wide"),)
            ),
            "fov = 'wide': must be a float",
        ),
    ],
)
def test_bad_blueprints_are_refused(client, description, text):
    """An unknown blueprint or attribute, and a value out of bounds, are named."""
    with pytest.raises(RefusedError, match=text):
        client("spawn_actor", description, Transform())


def test_a_destroyed_actor_is_gone(client):
    """It is destroyed once, leaves the states, and no call finds it."""
    car = client.spawn()

    assert client("destroy_actor", car.id) is True
    assert client("destroy_actor", car.id) is False
    client("tick_cue")
    assert client("get_actors_by_id", (car.id,)) == ()
    with pytest.raises(RefusedError, match=f"there is no actor {car.id}"):
        client("get_physics_control", car.id)


def test_the_map_can_not_be_destroyed():
    """Traffic lights and the spectator stay."""
    client = Client("urban_grid")
    light = next(iter(client.simulation.episode.lights.by_id))

    with pytest.raises(RefusedError, match="belongs to the map"):
        client("destroy_actor", light)


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


def test_lights_take_turns():
    """In a group one controller is green while the others are red, and it changes."""
    client = Client("urban_grid")
    groups = client.simulation.episode.lights.groups
    group = max(groups, key=lambda found: len(found.controllers))
    seen = []
    for _ in range(int(40.0 / STEP)):
        client("tick_cue")
        seen.append(tuple(controller[0].state for controller in group.controllers))

    assert {(2, 0), (1, 0), (0, 0), (0, 2), (0, 1)} == set(seen)


def test_a_frozen_group_stays():
    """Freezing one light stops its group; the state set by hand remains."""
    client = Client("urban_grid")
    light = next(iter(client.simulation.episode.lights.by_id))
    client("freeze_traffic_light", light, True)
    client("set_traffic_light_state", light, 1)
    for _ in range(int(20.0 / STEP)):
        client("tick_cue")

    assert client.simulation.episode.entities.get(light).state == 1
    assert light in client("get_group_traffic_lights", light)


def test_a_car_knows_the_light_before_it():
    """A car just before a light is under it, and one far away is not."""
    client = Client("urban_grid")
    lights = client.simulation.episode.lights
    lane, s, owner = lights.lanes[0], lights.places[0], lights.owners[0]
    network = client.simulation.episode.chart.network
    here = Waypoints(lane=np.array([lane]), s=np.array([s]))
    back = network.walk(here, 4.0, against=True).waypoints
    pose = network.poses(back[0])
    near = Transform(
        location=Vector(x=float(pose.x[0]), y=-float(pose.y[0]), z=0.3),
        rotation=Rotation(yaw=-math.degrees(float(pose.yaw[0]))),
    )

    car = client("spawn_actor", CAR, near)
    client("tick_cue")

    own = np.frombuffer(client.state(car)["own"].tobytes()[: VEHICLE_STATE.itemsize], VEHICLE_STATE)
    assert (own["has_light"][0], own["light_id"][0]) == (1, owner.id)
    assert own["speed_limit"][0] == pytest.approx(50.0)


def test_a_ray_meets_car_and_road(client):
    """Down through a car, the first surface is the car's and the last the road's."""
    car = client.spawn()
    for _ in range(10):  # it falls onto the road
        client("tick_cue")
    x, y, _ = client.state(car)["place"].tolist()

    found = client("cast_ray", Vector(x=x, y=y, z=10.0), Vector(x=x, y=y, z=-1.0))

    assert found[0].label == 14
    assert found[0].location.z == pytest.approx(2.0 * car.box.extent.z, abs=0.05)
    assert {1, 24} & {point.label for point in found}
    assert client("project_point", Vector(x=x, y=y, z=10.0), Vector(z=1.0), 5.0) is None


def test_a_map_of_the_clients(client):
    """OpenDRIVE that a client sends becomes the next world; what can't be read is refused."""
    before = client("get_episode_info").id
    text = Client("roundabout")("get_map_data")
    parameters = CALLS["copy_opendrive_to_file"].takes[1]()

    with pytest.raises(RefusedError, match="OpenDRIVE"):
        client("copy_opendrive_to_file", "<map/>", parameters)
    client("copy_opendrive_to_file", text, parameters)
    client("load_new_episode", "OpenDriveMap", True, 0)

    assert client("get_episode_info").id == before + 1
    assert client("get_map_data") == text
    assert client("get_episode_settings") == EpisodeSettings()


def test_steps_out_of_bounds_are_refused(client):
    """A step of 20 s is refused with its bound, and the settings stay."""
    with pytest.raises(RefusedError, match=r"fixed_delta_seconds = 20: must be in \[0.001, 10\] s"):
        client("set_episode_settings", EpisodeSettings(synchronous=True, fixed_step=20.0))

    assert client("get_episode_settings").fixed_step == STEP


def test_an_actor_that_leaves_the_plane_ends(client):
    """It is destroyed, what it carried stays, and the others go on."""
    box = client.spawn(ActorDescription(id="static.prop.box01"), place=0)
    other = client.spawn(place=2)
    imu = ActorDescription(id="sensor.other.imu")
    sensor = client("spawn_actor_with_parent", imu, Transform(), box.id, 0, "")
    client("tick_cue")
    client("set_actor_target_velocity", box.id, Vector(x=5e8))

    client("tick_cue")
    client("tick_cue")

    assert client("get_actors_by_id", (box.id,)) == ()
    assert len(client("get_actors_by_id", (other.id, sensor.id))) == 2
