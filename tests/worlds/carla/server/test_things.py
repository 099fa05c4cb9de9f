"""Things of the map that are taken away, bodies that are pushed, and small settings."""

import math

import msgpack
import numpy as np
import pytest

from simgen.core import RequestError
from simgen.worlds.carla.protocol.commands import ApplyWalkerState, Command
from simgen.worlds.carla.protocol.types import (
    ActorDescription,
    EpisodeSettings,
    Rotation,
    Transform,
    Vector,
)
from simgen.worlds.carla.protocol.vehicles import VehicleControl
from simgen.worlds.carla.server.routes import ROUTES
from simgen.worlds.carla.server.routes.batch import apply_batch
from simgen.worlds.carla.server.simulation import Options, Simulation
from simgen.worlds.carla.server.states import states
from simgen.worlds.road.sensors import Tag

CAR = ActorDescription(id="vehicle.tesla.model3")
BUILDINGS, ALL_LAYERS = 1, 0xFFFF


def call(simulation, name, *arguments):
    return ROUTES[name].work(simulation, *arguments)


def made(chart="parking"):
    found = Simulation(Options(map=chart))
    found.set_settings(EpisodeSettings(synchronous=True, fixed_step=0.05))
    return found


@pytest.fixture
def simulation():
    return made()


def state(simulation, actor):
    found = states(simulation.episode)
    return found[found["id"] == actor.id][0]


def through(simulation, thing):
    """Labels on a ray straight down through the middle of a thing, but that of the ground."""
    middle = thing.box.location
    start = Vector(x=middle.x, y=middle.y, z=100.0)
    end = Vector(x=middle.x, y=middle.y, z=middle.z)
    return [point.label for point in call(simulation, "cast_ray", start, end)]


def test_a_building_can_be_taken_away():
    """Rays pass where it stood, until it is back; others stay."""
    simulation = made("urban_grid")
    houses = call(simulation, "get_environment_objects", int(Tag.BUILDING))
    assert Tag.BUILDING in through(simulation, houses[0])

    call(simulation, "enable_environment_objects", (houses[0].id, 10**9), False)
    assert Tag.BUILDING not in through(simulation, houses[0])
    assert Tag.BUILDING in through(simulation, houses[-1])
    call(simulation, "enable_environment_objects", (houses[0].id,), True)

    assert Tag.BUILDING in through(simulation, houses[0])


def test_layers_come_and_go():
    """Buildings are a layer of CARLA; a world may be loaded without, and get them later."""
    simulation = made("urban_grid")
    house = call(simulation, "get_environment_objects", int(Tag.BUILDING))[0]

    call(simulation, "unload_map_layer", BUILDINGS)
    assert not through(simulation, house)
    call(simulation, "load_new_episode", "", True, ALL_LAYERS)
    assert through(simulation, house)
    call(simulation, "load_new_episode", "", True, ALL_LAYERS ^ BUILDINGS)
    assert not through(simulation, house)
    call(simulation, "load_map_layer", BUILDINGS)

    assert through(simulation, house)


def test_boxes_are_around_what_is_seen():
    """All of a building's triangles lie in its box, though its outline begins anywhere."""
    simulation = made("urban_grid")
    surfaces = simulation.episode.chart.stage.scenery
    walls = surfaces.corners[surfaces.tags == Tag.BUILDING].reshape(-1, 3)
    inside = np.zeros(len(walls), np.bool_)
    for thing in call(simulation, "get_environment_objects", int(Tag.BUILDING)):
        box = thing.box
        turn = -math.radians(box.rotation.yaw)
        off = walls - [box.location.x, -box.location.y, box.location.z]
        ahead = off[:, 0] * math.cos(turn) + off[:, 1] * math.sin(turn)
        aside = off[:, 1] * math.cos(turn) - off[:, 0] * math.sin(turn)
        near = np.abs(np.column_stack([ahead, aside, off[:, 2]]))
        inside |= (near <= np.array([box.extent.x, box.extent.y, box.extent.z]) + 0.3).all(axis=1)

    assert inside.all()


def test_who_does_not_collide_passes_through(simulation):
    """A car drives through another, looks as high as before, and collides again on demand."""
    point = simulation.episode.chart.spawn_points[0]
    car = call(simulation, "spawn_actor", CAR, point)
    place = simulation.episode.place(simulation.episode.entities.get(car.id))
    x, y, z = place.position + 8.0 * place.axes[:, 0]
    ahead = Transform(location=Vector(x=x, y=-y, z=z), rotation=point.rotation)
    other = call(simulation, "spawn_actor", CAR, ahead)
    call(simulation, "set_actor_collisions", car.id, False)
    call(simulation, "apply_control_to_vehicle", car.id, VehicleControl(throttle=1.0))

    for _ in range(70):
        simulation.tick()
        assert not simulation.episode.snapshot.collisions

    height = simulation.episode.snapshot.sizes[0, 2]
    assert height == simulation.episode.snapshot.sizes[1, 2] > 1.0
    back = simulation.episode.transform(simulation.episode.entities.get(other.id))
    call(simulation, "set_actor_transform", car.id, back)
    call(simulation, "set_actor_collisions", car.id, True)
    simulation.tick()
    assert simulation.episode.snapshot.collisions


def test_a_push_at_a_corner_turns(simulation):
    """An impulse to the right at the front turns a car clockwise; at its middle it does not."""
    car = call(simulation, "spawn_actor", CAR, simulation.episode.chart.spawn_points[0])
    simulation.tick()
    frame = simulation.episode.place(simulation.episode.entities.get(car.id))
    right = -frame.axes[:, 1] * 2000.0
    impulse = Vector(x=right[0], y=-right[1])
    rates = []
    for ahead in (0.0, 1.5, -1.5):
        x, y, z = frame.position + ahead * frame.axes[:, 0]
        call(simulation, "add_actor_impulse_at_location", car.id, impulse, Vector(x=x, y=-y, z=z))
        rates.append(simulation.episode.ground.velocity(1)[3])

    # Yaw rates of the world count to the left; the third takes back the second.
    assert rates[0] == pytest.approx(0.0, abs=1e-9)
    assert rates[1] < -0.1
    assert rates[2] == pytest.approx(0.0, abs=1e-9)


def test_who_has_no_weight_hovers(simulation):
    """A car in the air stays where it is, or goes on at its speed; then it falls as others do."""
    point = simulation.episode.chart.spawn_points[0]
    high = Transform(location=Vector(x=point.location.x, y=point.location.y, z=20.0))
    car = call(simulation, "spawn_actor", CAR, high)
    call(simulation, "set_actor_enable_gravity", car.id, False)
    for _ in range(40):
        simulation.tick()
    assert state(simulation, car)["place"][2] == pytest.approx(20.0, abs=1e-4)
    call(simulation, "set_actor_target_velocity", car.id, Vector(z=1.0))
    for _ in range(20):
        simulation.tick()
    assert state(simulation, car)["place"][2] == pytest.approx(21.0, abs=1e-3)

    call(simulation, "set_actor_enable_gravity", car.id, True)
    for _ in range(20):
        simulation.tick()

    # 21 m + 1 m/s over 1 s - g / 2 over 1 s squared.
    assert state(simulation, car)["place"][2] == pytest.approx(22.0 - 9.80665 / 2.0, abs=0.05)


def test_walkers_of_the_navigation(simulation):
    """They go where it has them, keep their height, look and report speed as it says."""
    point = simulation.episode.chart.spawn_points[0]
    walker = ActorDescription(id="walker.pedestrian.0001")
    actor = call(simulation, "spawn_actor", walker, point)
    call(simulation, "set_actor_simulate_physics", actor.id, False)
    simulation.tick()
    height = float(state(simulation, actor)["place"][2])
    there = Transform(
        location=Vector(x=point.location.x + 1.0, y=point.location.y, z=0.0),
        rotation=Rotation(yaw=90.0),
    )

    for _ in range(20):  # it takes some time to reach its speed
        from_navigation(simulation, actor, there)
        simulation.tick()

    now = state(simulation, actor)
    assert now["place"][0] == pytest.approx(there.location.x, abs=0.01)
    assert now["place"][2] == pytest.approx(height, abs=0.05)
    assert now["rotation"][1] == pytest.approx(90.0, abs=0.1)
    assert now["velocity"][1] == pytest.approx(1.4, abs=0.1)


def from_navigation(simulation, actor, there):
    """What the client's navigation sends at each tick."""
    order = ApplyWalkerState(actor=actor.id, transform=there, speed=1.4)
    (answer,) = apply_batch(simulation, (Command(order=order),), False)
    assert answer == [[1, actor.id]]


def test_gravity_of_inertial_sensors(simulation):
    """It is told back and felt; nothing else falls."""
    imu = ActorDescription(id="sensor.other.imu")
    actor = call(simulation, "spawn_actor", imu, Transform(location=Vector(z=2.0)))
    sensor = simulation.episode.entities.get(actor.id)
    reader = Reader()
    simulation.subscribe(sensor.stream, reader)

    call(simulation, "set_imui_gravity", 3.5)
    simulation.tick()

    (_, _, z), _, _ = msgpack.unpackb(reader.body)
    assert z == pytest.approx(3.5)
    assert call(simulation, "get_imui_gravity") == 3.5
    with pytest.raises(RequestError, match="gravity = 1e"):
        call(simulation, "set_imui_gravity", 1e30)


class Reader:
    """Keeps the last packet."""

    name, queued, body = "reader", 0, b""

    def send(self, _head, body):
        """Keep it."""
        self.body = body

    def close(self):
        """Nothing was opened."""


def test_wheels_are_set_and_told(simulation):
    """A pitch is told back; a wheel that no vehicle has is refused; a walker has none."""
    car = call(simulation, "spawn_actor", CAR, simulation.episode.chart.spawn_points[0])

    call(simulation, "set_wheel_pitch_angle", car.id, 1, 30.0)
    call(simulation, "set_wheel_steer_direction", car.id, 0, 30.0)

    assert call(simulation, "get_wheel_pitch_angle", car.id, 1) == 30.0
    assert call(simulation, "get_wheel_pitch_angle", car.id, 2) == 0.0
    with pytest.raises(RequestError, match="wheel = 200"):
        call(simulation, "set_wheel_pitch_angle", car.id, 200, 30.0)
    with pytest.raises(RequestError, match="is no vehicle"):
        call(simulation, "set_wheel_steer_direction", simulation.episode.spectator.id, 0, 1.0)


def test_towns_by_name():
    """Where the server was told so, CARLA's names stand for maps of ours, and are theirs."""
    simulation = Simulation(Options(map="Town04", town_names=True))
    own = Simulation(Options(map="highway"))

    assert simulation.episode.chart.name == "Carla/Maps/Town04"
    assert simulation.episode.chart.text == own.episode.chart.text
    assert "Carla/Maps/Town04" in call(simulation, "get_available_maps")
    assert simulation.map("Carla/Maps/Town01_Opt").name == "Carla/Maps/Town01_Opt"
    with pytest.raises(RequestError, match="no map 'Town04'"):
        own.map("Town04")
    with pytest.raises(RequestError, match="no map 'Town99'"):
        simulation.map("Town99")
