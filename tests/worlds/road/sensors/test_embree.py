import numpy as np
import pytest

from simgen.core import data_folder
from simgen.worlds.road import read_network, shapes
from simgen.worlds.road.sensors import Frame, Scene, Tag, cast, directions, lidar, moving, scenery

rtcore_scene = pytest.importorskip("embreex.rtcore_scene", reason="embreex is not installed")


def test_ranges_agree_with_embree():
    """In the town among cars, at least 99.9 % of ranges equal Embree's within 1 cm."""
    from embreex.mesh_construction import TriangleMesh  # noqa: PLC0415 - only where installed

    generator = np.random.default_rng(8)
    form = shapes.solid(shapes.Form.CAR, length=4.6, width=1.9, height=1.6)
    places = np.column_stack([generator.uniform(100, 200, (40, 2)), np.zeros(40)])
    places[:, 1] += np.where(np.hypot(*(places[:, :2] - [150, 98]).T) < 8, 20.0, 0.0)
    turns = [Frame.turned(place, yaw=place[0]).axes for place in places]
    cars = [shapes.place(form, place, turn) for place, turn in zip(places, turns, strict=True)]
    scene = Scene(
        still=scenery(read_network(data_folder("assets") / "maps" / "urban_grid.xodr")),
        moving=moving(cars, np.full(40, Tag.CAR), np.arange(1, 41)),
    )
    unit, pose = lidar("hdl_64e"), Frame.turned([150.0, 98.0, 1.8], yaw=0.3, pitch=0.02)

    ours = cast(unit, scene, pose).ranges.ravel()

    triangles = np.concatenate([scene.still.corners, scene.moving.corners])
    rays = (directions(unit).reshape(-1, 3) @ pose.axes.T).astype(np.float32)
    origins = np.broadcast_to(pose.position, rays.shape).astype(np.float32)
    embree = rtcore_scene.EmbreeScene()
    TriangleMesh(embree, triangles.astype(np.float32))
    theirs = embree.run(origins, rays, query="DISTANCE").astype(float)
    theirs[theirs > unit.reach] = np.inf
    equal = np.isclose(ours, theirs, rtol=0.0, atol=0.01)
    assert equal.mean() > 0.999
