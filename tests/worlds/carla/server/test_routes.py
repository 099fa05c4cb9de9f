"""Calls as a client makes them, without sockets."""

import msgpack
import pytest
from toys.carla_calls import CAR, STEP, Client, RefusedError

from simgen.worlds.carla.protocol.calls import CALLS
from simgen.worlds.carla.protocol.messages import Inbox
from simgen.worlds.carla.protocol.types import (
    ActorDescription,
    Attribute,
    EpisodeSettings,
    Transform,
    Vector,
)
from simgen.worlds.carla.server.routes import REFUSALS, ROUTES, answer
from simgen.worlds.carla.server.routes.registry import Route


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


def test_two_cars_do_not_fit_into_one_place(client):
    """The second is refused, at its own place, and the first is named by its id."""
    first = client.spawn()
    place = client("get_map_info").spawn_points[0].location
    where = f"at x = {place.x:g}, y = {place.y:g}, z = {place.z:g} m: it would stand inside actor"

    with pytest.raises(RefusedError, match=rf"{where} {first.id}, a {CAR.id};"):
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


def test_a_batch_goes_on_after_a_command_that_is_none(client):
    """What can't be read is told in its place; the client dies of any answer but a list."""
    car = client.spawn()
    inbox = Inbox()
    destroy, unknown = [[1, [car.id]]], [[99, []]]
    inbox.feed(msgpack.packb([0, 5, "apply_batch", [[False], [unknown, destroy], False]]))

    told = msgpack.unpackb(answer(client.simulation, inbox.take()))[3]

    assert told == [[[0, ["Command.order: <class 'list'> is none of 22 variants"]]], [[1, car.id]]]
    assert client("get_actors_by_id", (car.id,)) == ()


def test_a_batch_that_is_none_is_an_error_of_the_protocol(client):
    """An envelope of one error would kill the client."""
    inbox = Inbox()
    inbox.feed(msgpack.packb([0, 5, "apply_batch", [[False], 3, False]]))

    number, error, envelope = msgpack.unpackb(answer(client.simulation, inbox.take()))[1:]

    assert (number, envelope) == (5, None)
    assert error.startswith("apply_batch: ")


def test_a_bug_ends_no_connection(client, monkeypatch):
    """Who called is told that it is one, and is served on."""
    unpackable = Route(work=lambda _: object())
    monkeypatch.setitem(ROUTES, "version", unpackable)
    inbox = Inbox()
    inbox.feed(msgpack.packb([0, 5, "version", [[False]]]))

    ((_, (message,)),) = msgpack.unpackb(answer(client.simulation, inbox.take()))[3]

    assert message == "version: TypeError (a bug in simgen)"
    assert client("get_available_maps")
