import numpy as np
import pytest

from simgen.core import Streams
from simgen.worlds.base import Pose, TargetVelocity
from simgen.worlds.road.embedded import EmbeddedWorld
from simgen.worlds.road.labels import boxes_of
from simgen.worlds.road.sensors import Observer, Stage, Tag, make_rig

RIG = make_rig(
    {
        "roof": {
            "lidar": {"preset": "hdl_32e", "weak_lost_share": 0.0},
            "position": [0.0, 0.0, 1.9],
        }
    }
)


@pytest.fixture(scope="module")
def seen():
    """A car that sees a truck ahead on its lane and a child beside the road."""
    with EmbeddedWorld(map="urban_grid").open() as world:
        network = world.network
        lane = network.project(np.array([[50.0, 98.0, 0.0]])).waypoints
        here = network.poses(lane)
        ahead = network.poses(network.walk(lane, 15.0).waypoints)
        pose = Pose(x=here.x[0], y=here.y[0], z=here.z[0], yaw=here.yaw[0])
        own = world.spawn("car", pose)
        place = Pose(x=ahead.x[0], y=ahead.y[0], z=ahead.z[0], yaw=ahead.yaw[0])
        truck = world.spawn("vehicle.carlamotors.firetruck", place)
        child = world.spawn("child", Pose(x=here.x[0] + 5.0, y=here.y[0] + 40.0, z=0.0))
        world.apply(truck, TargetVelocity(x=3.0))
        world.step()
        observer = Observer(
            RIG, Stage(network=network), carrier=own, streams=Streams(1).child("sensors")
        )
        yield observer.observe(world.sense()), truck, child, network, lane


def test_boxes_tell_what_is_true(seen):
    """Each actor but the carrier has its kind, tag, size, speed, and the lane that it stands on."""
    observation, truck, child, network, lane = seen

    boxes = boxes_of(observation)

    assert boxes.actors.tolist() == [truck, child]
    assert boxes.kinds == ("truck", "child")
    assert boxes.tags.tolist() == [Tag.TRUCK, Tag.PEDESTRIAN]
    np.testing.assert_allclose(boxes.sizes, [[6.93, 2.51, 2.84], [0.5, 0.45, 1.28]])
    assert boxes.velocities[0, 0] == pytest.approx(3.0, abs=0.1)
    np.testing.assert_allclose(boxes.centres[:, 2], [1.42, 0.64], atol=0.02)
    road = network.document.roads[network.lanes["road"][lane.lane[0]]].id
    assert boxes.roads == (road, "")
    assert boxes.lanes.tolist() == [network.lanes["id"][lane.lane[0]], 0]


def test_points_on_each_actor(seen):
    """Points are counted on the actor whose instance they bear: all lie in its box."""
    observation, truck, child, *_ = seen

    boxes = boxes_of(observation)

    reading = observation.readings[0]
    sweep = reading.content
    counts = [int((sweep.instances == actor).sum()) for actor in (truck, child)]
    assert boxes.n_points["roof"].tolist() == counts
    assert counts[0] > 100
    world = sweep.points[sweep.instances == truck] @ reading.frame.axes.T + reading.frame.position
    yaw = boxes.rotations[0, 0]
    turn = np.array([[np.cos(yaw), -np.sin(yaw), 0], [np.sin(yaw), np.cos(yaw), 0], [0, 0, 1]])
    inside = (world - boxes.centres[0]) @ turn
    assert (np.abs(inside) <= 0.5 * boxes.sizes[0] + 0.1).all()


def test_boxes_on_slopes_stand_on_their_lower_face(seen):
    """The middle of a box that points uphill lies half a height off along the box's own up."""
    observation, truck, *_ = seen
    tilted = observation.snapshot.rotations.copy()
    row = int(np.flatnonzero(observation.snapshot.actors == truck)[0])
    tilted[row] = 0.4, 0.3, -0.2
    changed = type(observation.snapshot)(**vars(observation.snapshot) | {"rotations": tilted})

    boxes = boxes_of(type(observation)(**vars(observation) | {"snapshot": changed}))

    from_foot = boxes.centres[0] - observation.snapshot.positions[row]
    assert np.linalg.norm(from_foot) == pytest.approx(1.42)
    forward = [np.cos(0.4) * np.cos(0.3), np.sin(0.4) * np.cos(0.3), np.sin(0.3)]
    assert from_foot @ forward == pytest.approx(0.0, abs=1e-9)
    assert from_foot[2] == pytest.approx(1.42 * np.cos(0.3) * np.cos(0.2))
