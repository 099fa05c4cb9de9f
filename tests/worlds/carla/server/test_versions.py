"""What a server of CARLA 0.9.15 says and takes otherwise."""

import struct

import msgpack
import pytest
from toys.carla_calls import CAR, Client, RefusedError
from toys.carla_sensors import Reader

from simgen.worlds.carla.protocol import commands
from simgen.worlds.carla.protocol.messages import Inbox
from simgen.worlds.carla.protocol.types import ActorDescription, Transform, Vector
from simgen.worlds.carla.protocol.vehicles import VehicleControl
from simgen.worlds.carla.protocol.versions import VERSIONS
from simgen.worlds.carla.server.routes import answer
from simgen.worlds.carla.server.simulation import WORLD_STREAM

IMU = ActorDescription(id="sensor.other.imu")


@pytest.fixture
def earlier():
    return Client(version="0.9.15")


@pytest.mark.parametrize(("version", "numbers"), [("0.9.16", (5, 2)), ("0.9.15", (4, 1))])
def test_types_of_attributes_are_numbered_as_the_version_does(version, numbers):
    """0.9.15 counts from 0, so that a colour is 4 and a whole number 1."""
    (car,) = (
        found for found in Client(version=version)("get_actor_definitions") if found.id == CAR.id
    )
    types = {attribute.id: attribute.type for attribute in car.attributes}

    assert (types["color"], types["number_of_wheels"]) == numbers


def test_an_earlier_batch_spawns(earlier):
    """There its SpawnActor tells neither how nor where an actor is attached."""
    places = earlier("get_map_info").spawn_points
    drive = commands.ApplyVehicleControl(actor=0, control=VehicleControl(throttle=1.0))
    then = (commands.EarlierCommand(order=drive),)
    car = commands.EarlierSpawnActor(description=CAR, transform=places[0], then=then)
    (((_, made),),) = earlier("apply_batch", (commands.EarlierCommand(order=car),), False)
    place = Transform(location=Vector(z=2.0))
    imu = commands.EarlierSpawnActor(description=IMU, transform=place, parent=made)
    (((_, sensor),),) = earlier("apply_batch", (commands.EarlierCommand(order=imu),), False)
    for _ in range(20):
        earlier("tick_cue")

    (carried,) = earlier("get_actors_by_id", (sensor,))
    assert carried.parent == made
    assert earlier.simulation.episode.entities.get(made).control.throttle == 1.0


def test_an_earlier_client_attaches_without_a_socket(earlier):
    """Four arguments are enough, and what a call of the newest has beyond them is not needed."""
    car = earlier.spawn()

    assert earlier("spawn_actor_with_parent", IMU, Transform(), car.id, 0).parent == car.id


def test_later_calls_are_unknown(earlier):
    """Whatever is not in its client is an error of the protocol that names the version."""
    inbox = Inbox()
    inbox.feed(msgpack.packb([0, 5, "get_telemetry_data", [[False], 1]]))

    told = msgpack.unpackb(answer(earlier.simulation, inbox.take()))[2]

    assert told == "get_telemetry_data: CARLA 0.9.15 has no such call"
    assert set(VERSIONS["0.9.15"].calls) < set(VERSIONS["0.9.16"].calls)


def flags_of_a_new_world(client):
    """Those of its state, before and after its first step."""
    reader = Reader()
    client.simulation.subscribe(WORLD_STREAM, reader)
    client("load_new_episode", "roundabout", False, 0xFFFF)
    client("tick_cue")
    return [struct.unpack_from("<I", body, 32)[0] for _, body in reader.packets[-2:]]


def test_a_new_world_says_so_until_its_first_step(earlier):
    """Clients of 0.9.15 keep their old map unless the state of the world tells them."""
    assert flags_of_a_new_world(earlier) == [1, 0]


def test_later_clients_are_not_told_of_a_new_world():
    """They ask for its map by themselves; told so while busy, one in some dozens died."""
    assert flags_of_a_new_world(Client()) == [0, 0]


def test_no_id_is_given_twice():
    """Not in a second world either: clients keep what they know of an id."""
    client = Client()
    first = client.spawn()
    client("load_new_episode", "", False, 0xFFFF)
    second = client.spawn()
    client("destroy_actor", second.id)

    assert first.id < client("get_spectator").id < second.id < client.spawn().id
    with pytest.raises(RefusedError, match=f"no actor {first.id}"):
        client("get_actor_bounding_box", first.id)
    assert client("get_actor_bounding_box", second.id) == second.box
