"""What sensors send, when, and to whom."""

import msgpack
import numpy as np
import pytest
from toys.carla_sensors import CAR, Reader, World

from simgen.worlds.base import TargetVelocity
from simgen.worlds.carla.frames import frame_of
from simgen.worlds.carla.protocol.types import ActorDescription, Transform, Vector
from simgen.worlds.carla.server.routes.actors import destroy_actor, set_actor_target_velocity
from simgen.worlds.carla.server.simulation import Options
from simgen.worlds.carla.server.spawning import spawn


@pytest.fixture
def world():
    return World()


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
        world = World()
        world.simulation.options = Options(map="highway", seed=seed)
        world.simulation.load(world.simulation.episode.chart, reset_settings=False)
        world.car = spawn(world.simulation, CAR, world.point, None)
        reader = world.listen("sensor.lidar.ray_cast", range=50)
        return [world.body(reader) for _ in range(3)]

    first, second, other = run(5), run(5), run(6)

    assert first == second
    assert first != other


def test_a_second_world_of_a_server_is_equal():
    """Ids go on from the first, and noise is that of the first all the same."""
    world, runs, ids = World(), [], []
    for _ in range(2):
        world.simulation.load(world.simulation.episode.chart, reset_settings=False)
        world.car = spawn(world.simulation, CAR, world.point, None)
        reader = world.listen("sensor.lidar.ray_cast", range=50)
        runs.append([world.body(reader) for _ in range(3)])
        ids.append(world.car.id)

    assert runs[0] == runs[1]
    assert ids[0] < ids[1]
