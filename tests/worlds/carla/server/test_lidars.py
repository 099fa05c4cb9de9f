"""What lidars and radars send, in CARLA's frame and encoding."""

import numpy as np
import pytest
from toys.carla_sensors import TAG_OF_CARS, World, points_of

from simgen.worlds.carla.frames import frame_of
from simgen.worlds.carla.protocol import packets
from simgen.worlds.carla.protocol.types import Transform, Vector
from simgen.worlds.carla.server.routes.actors import set_actor_target_velocity

ROAD, ROAD_LINE = 1, 24


@pytest.fixture
def world():
    return World()


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
