"""What sensors send, in CARLA's frame and encoding."""

import struct

import msgpack
import numpy as np
import pytest

from simgen.worlds.base import TargetVelocity
from simgen.worlds.carla.frames import frame_of
from simgen.worlds.carla.protocol import packets
from simgen.worlds.carla.protocol.types import (
    ActorDescription,
    Attribute,
    EpisodeSettings,
    Rotation,
    Transform,
    Vector,
)
from simgen.worlds.carla.server.entities import SensorEntity
from simgen.worlds.carla.server.routes.actors import destroy_actor, set_actor_target_velocity
from simgen.worlds.carla.server.simulation import Options, Simulation
from simgen.worlds.carla.server.spawning import spawn

CAR = ActorDescription(id="vehicle.tesla.model3")
STEP = 0.05  # [s]
ROAD, ROAD_LINE, TAG_OF_CARS = 1, 24, 14


class Reader:
    """Keeps what it is sent."""

    name, queued = "reader", 0

    def __init__(self):
        self.packets = []

    def send(self, head, body):
        """Keep frame and body."""
        self.packets.append((struct.unpack_from("<Q", head, 12)[0], body))

    def close(self):
        """Nothing was opened."""


class World:
    """A car on a straight road and sensors on it."""

    def __init__(self):
        self.simulation = Simulation(Options(map="highway", seed=3))
        self.simulation.set_settings(EpisodeSettings(synchronous=True, fixed_step=STEP))
        self.point = self.simulation.episode.chart.spawn_points[4]
        self.car = spawn(self.simulation, CAR, self.point, None)
        for _ in range(10):  # it falls onto the road
            self.simulation.tick()

    def listen(self, name, *, at=None, **attributes):
        """A sensor's reader."""
        given = tuple(Attribute(id=k, type=4, value=str(v)) for k, v in attributes.items())
        place = at or Transform(location=Vector(z=2.5))
        made = spawn(self.simulation, ActorDescription(id=name, attributes=given), place, self.car)
        reader = Reader()
        assert isinstance(made, SensorEntity)
        assert self.simulation.subscribe(made.stream, reader)
        return reader

    def beside(self, x, y, description=CAR):
        """An actor at a place in the car's frame."""
        car = frame_of(self.point)
        place = car.position + car.axes @ [x, -y, 0.0]
        location = Vector(x=place[0], y=-place[1], z=place[2])
        turned = Transform(location=location, rotation=self.point.rotation)
        return spawn(self.simulation, description, turned, None)

    def body(self, reader):
        """What the reader gets by one tick."""
        reader.packets.clear()
        frame = self.simulation.tick()
        ((when, body),) = reader.packets
        assert when == frame
        return body


@pytest.fixture
def world():
    return World()


def points_of(body, kind):
    """Points by channel, and all."""
    n_channels = struct.unpack_from("<I", body, 4)[0]
    counts = np.frombuffer(body, "<u4", n_channels, 8)
    return counts, np.frombuffer(body, kind, offset=8 + 4 * n_channels)


def test_a_lidar_sees_the_car_on_the_right(world):
    """A car to the right has positive y, its own tag and id, and stands where it is."""
    other = world.beside(8.0, 6.0)
    reader = world.listen(
        "sensor.lidar.ray_cast_semantic",
        rotation_frequency=20,
        range=40,
        points_per_second=200_000,
    )

    counts, points = points_of(world.body(reader), packets.SEMANTIC_POINT)

    assert counts.sum() == len(points) > 2000
    hit = points[points["object"] == other.id]
    assert set(hit["tag"]) == {TAG_OF_CARS}
    middle = hit["place"].mean(axis=0)
    assert middle[:2] == pytest.approx([8.0, 6.0], abs=1.5)
    assert ((points["cosine"] >= 0.0) & (points["cosine"] <= 1.0 + 1e-5)).all()
    road = points[np.isin(points["tag"], [ROAD, ROAD_LINE])]
    assert road["place"][:, 2] == pytest.approx(-2.5, abs=0.3)


def test_a_lidar_turns_clockwise(world):
    """At half a turn a frame, frames show one side and then the other; together the whole turn."""
    reader = world.listen("sensor.lidar.ray_cast_semantic", rotation_frequency=10, range=60)

    angles = []
    for _ in range(2):
        _, points = points_of(world.body(reader), packets.SEMANTIC_POINT)
        angles.append(np.arctan2(points["place"][:, 1], points["place"][:, 0]))

    # From behind over the left to ahead, then over the right: y is negative on the left.
    assert (angles[0] < 0.02).mean() > 0.99
    assert (angles[1] > -0.02).mean() > 0.99


def test_a_lidar_of_a_field_stays_in_it(world):
    """With a field of 90 degrees no point lies beside it."""
    reader = world.listen(
        "sensor.lidar.ray_cast_semantic", rotation_frequency=20, range=60, horizontal_fov=90
    )

    _, points = points_of(world.body(reader), packets.SEMANTIC_POINT)

    angle = np.degrees(np.arctan2(points["place"][:, 1], points["place"][:, 0]))
    assert len(points) > 100
    assert np.abs(angle).max() <= 45.5
    assert angle.min() < -35.0
    assert angle.max() > 35.0


def test_a_lidar_loses_what_it_is_told_to(world):
    """CARLA's dropoff takes its share of points, and the same ones in a second run."""
    share = {"dropoff_general_rate": 0.5, "dropoff_zero_intensity": 0.0, "range": 50}
    lossy = world.listen("sensor.lidar.ray_cast", rotation_frequency=20, **share)
    whole = world.listen("sensor.lidar.ray_cast_semantic", rotation_frequency=20, range=50)

    world.simulation.tick()

    _, kept = points_of(lossy.packets[-1][1], packets.LIDAR_POINT)
    _, every = points_of(whole.packets[-1][1], packets.SEMANTIC_POINT)
    assert len(kept) / len(every) == pytest.approx(0.5, abs=0.08)


def test_depth_is_along_the_axis(world):
    """24 bits of red, green and blue give the distance of a car ahead; alpha is full."""
    world.beside(20.0, 0.0)
    reader = world.listen(
        "sensor.camera.depth",
        at=Transform(location=Vector(z=1.0)),
        image_size_x=65,
        image_size_y=33,
        fov=40,
    )

    body = world.body(reader)

    width, height, fov = struct.unpack_from("<IIf", body)
    assert (width, height, fov) == (65, 33, 40.0)
    pixels = np.frombuffer(body, np.uint8, offset=12).reshape(33, 65, 4)
    blue, green, red, alpha = (int(value) for value in pixels[16, 32])
    depth = 1000.0 * (red + 256 * green + 65_536 * blue) / (256**3 - 1)
    # The rear of the other car.
    assert depth == pytest.approx(20.0 - 0.5 * 4.63, abs=0.6)
    assert alpha == 255


def test_instances_are_actors(world):
    """Green and blue are the actor's id, red its tag."""
    other = world.beside(12.0, 0.0)
    reader = world.listen(
        "sensor.camera.instance_segmentation",
        at=Transform(location=Vector(z=1.0)),
        image_size_x=65,
        image_size_y=33,
    )

    pixels = np.frombuffer(world.body(reader), np.uint8, offset=12).reshape(33, 65, 4)

    blue, green, red, _ = (int(value) for value in pixels[17, 32])
    assert (green + 256 * blue, red) == (other.id, TAG_OF_CARS)


def test_colours_change_with_the_sun(world):
    """A picture by day is brighter than one by night."""
    reader = world.listen("sensor.camera.rgb", image_size_x=64, image_size_y=48)
    day = np.frombuffer(world.body(reader), np.uint8, offset=12).mean()
    weather = world.simulation.episode.weather

    world.simulation.episode.weather = type(weather)(**{**vars(weather), "sun_altitude": -40.0})

    night = np.frombuffer(world.body(reader), np.uint8, offset=12).mean()
    assert day > night + 20.0


def test_inertia_at_rest_and_in_a_turn(world):
    """Upward at rest; turning right is positive, and the compass is clockwise from north."""
    reader = world.listen("sensor.other.imu", at=Transform())
    force, turning, compass = msgpack.unpackb(world.body(reader))
    assert force == pytest.approx([0.0, 0.0, 9.80665], abs=0.05)
    assert turning == pytest.approx([0.0, 0.0, 0.0], abs=1e-6)
    assert compass == pytest.approx(
        np.radians(world.point.rotation.yaw + 90.0) % (2 * np.pi), abs=0.01
    )

    ground = world.simulation.episode.ground
    ground.apply(world.car.number, TargetVelocity(about_z=-1.0))
    assert msgpack.unpackb(world.body(reader))[1][2] > 0.1


def test_a_collision_tells_both(world):
    """The car that runs into another gets a packet with both actors and a push backward."""
    other = world.beside(7.0, 0.0)
    reader = world.listen("sensor.other.collision")
    ahead = frame_of(world.point).axes[:, 0] * 15.0
    velocity = Vector(x=ahead[0], y=-ahead[1], z=0.0)
    set_actor_target_velocity(world.simulation, world.car.id, velocity)

    for _ in range(20):
        world.simulation.tick()

    own, struck, impulse = msgpack.unpackb(reader.packets[0][1])
    assert (own[0], struck[0]) == (world.car.id, other.id)
    assert np.dot(impulse, [velocity.x, velocity.y, 0.0]) < 0.0


def test_radar_measures_speed_away(world):
    """A car ahead that drives away at 5 m/s is seen so, to the right at a positive azimuth."""
    other = world.beside(20.0, 3.0)
    reader = world.listen(
        "sensor.other.radar", at=Transform(location=Vector(z=0.8)), points_per_second=40_000
    )
    ahead = frame_of(world.point).axes[:, 0] * 5.0
    set_actor_target_velocity(world.simulation, other.id, Vector(x=ahead[0], y=-ahead[1]))

    found = np.frombuffer(world.body(reader), packets.RADAR_POINT)

    moving = found[found["velocity"] > 3.0]
    assert len(moving) > 20
    assert np.median(moving["velocity"]) == pytest.approx(4.9, abs=0.3)
    assert np.median(moving["depth"]) == pytest.approx(18.0, abs=1.5)
    assert np.median(moving["azimuth"]) > 0.05


def test_the_nearest_ahead_is_an_obstacle(world):
    """Within the distance there is a packet, and none beyond."""
    near = world.listen("sensor.other.obstacle", at=Transform(location=Vector(z=0.8)), distance=15)
    far = world.listen("sensor.other.obstacle", at=Transform(location=Vector(z=0.8)), distance=5)
    other = world.beside(12.0, 0.0)

    own, ahead, distance = msgpack.unpackb(world.body(near))

    assert (own[0], ahead[0]) == (world.car.id, other.id)
    assert distance == pytest.approx(12.0 - 0.5 * 4.63 - 0.5, abs=0.6)
    assert far.packets == []


def test_a_sensor_keeps_to_its_own_time(world):
    """With a tick of 0.1 s at steps of 0.05 s, every other frame has a packet."""
    reader = world.listen("sensor.other.gnss", sensor_tick=0.1)

    frames = [world.simulation.tick() for _ in range(10)]

    assert [frame for frame, _ in reader.packets] == frames[::2]


def test_a_late_reader_misses_nothing(world):
    """What comes between asking where a stream is and connecting is kept."""
    gnss = ActorDescription(id="sensor.other.gnss")
    made = spawn(world.simulation, gnss, Transform(), world.car)
    world.simulation.channels.expect(made.stream)
    frames = [world.simulation.tick() for _ in range(3)]
    reader = Reader()

    world.simulation.subscribe(made.stream, reader)

    assert [frame for frame, _ in reader.packets] == frames


def test_a_sensor_outlives_its_carrier(world):
    """When the car goes, its sensor stays where it was."""
    reader = world.listen("sensor.other.gnss")
    before = world.body(reader)

    destroy_actor(world.simulation, world.car.id)

    assert msgpack.unpackb(world.body(reader)) == pytest.approx(msgpack.unpackb(before), abs=1e-9)


def test_runs_are_equal():
    """Two servers of one seed send the same bytes, noise and all; another seed does not."""

    def run(seed):
        world = World.__new__(World)
        World.__init__(world)
        world.simulation.load(world.simulation.episode.chart, reset_settings=False)
        world.simulation.options = Options(map="highway", seed=seed)
        world.simulation.load(world.simulation.episode.chart, reset_settings=False)
        world.car = spawn(world.simulation, CAR, world.point, None)
        reader = world.listen("sensor.lidar.ray_cast", range=50)
        return [world.body(reader) for _ in range(3)]

    first, second, other = run(5), run(5), run(6)

    assert first == second
    assert first != other


def test_a_turned_camera_looks_there(world):
    """A camera turned to the right by 90 degrees sees the car on the right."""
    other = world.beside(0.0, 8.0)
    right = Transform(location=Vector(z=1.0), rotation=Rotation(yaw=90.0))
    reader = world.listen(
        "sensor.camera.instance_segmentation", at=right, image_size_x=33, image_size_y=33
    )

    pixels = np.frombuffer(world.body(reader), np.uint8, offset=12).reshape(33, 33, 4)

    ids = pixels[..., 1].astype(int) + 256 * pixels[..., 0].astype(int)
    assert (ids == other.id).sum() > 20
