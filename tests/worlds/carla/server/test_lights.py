"""Traffic lights, by calls as a client makes them."""

import math

import numpy as np
import pytest
from toys.carla_calls import CAR, STEP, Client

from simgen.core import Streams
from simgen.worlds.carla.protocol.packets import VEHICLE_STATE
from simgen.worlds.carla.protocol.types import Rotation, Transform, Vector
from simgen.worlds.carla.server.entities import Light
from simgen.worlds.carla.server.episode import Episode
from simgen.worlds.carla.server.maps import make_map
from simgen.worlds.road import Waypoints
from simgen.worlds.road.embedded import map_path
from simgen.worlds.road.sensors import Tag
from simgen.worlds.road.traffic import town_of


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


@pytest.mark.parametrize(
    ("kind", "n_lights", "n_governed"),
    [("1000001", 16, 16), ("1000011", 16, 16), ("1000002", 16, 0), ("274", 0, 0)],
    ids=["light", "arrow", "pedestrians", "speed limit"],
)
def test_what_is_a_light_is_one_for_all(kind, n_lights, n_governed):
    """Clients, things of the map and drivers of both worlds agree; pedestrians' stop no car."""
    text = map_path("urban_grid").read_text(encoding="utf-8")
    chart = make_map("town", text.replace('type="1000001"', f'type="{kind}"'))
    episode, town = Episode(1, chart, Streams(0)), town_of(chart.network)

    assert len(episode.entities.of(Light)) == n_lights
    assert sum(thing.label == Tag.TRAFFIC_LIGHT for thing in chart.things) == n_lights
    assert np.count_nonzero(town.approaches.records["light"] >= 0) == n_governed
