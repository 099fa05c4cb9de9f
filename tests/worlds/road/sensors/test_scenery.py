import numpy as np
import pytest

from simgen.core import RequestError, data_folder
from simgen.worlds.road import read_network
from simgen.worlds.road.furniture import objects
from simgen.worlds.road.mesh import Mesh, road_mesh
from simgen.worlds.road.sensors import Frame, Lidar, Scene, Tag, cast, moving, scenery
from simgen.worlds.road.sensors.scenery import terrain

MAPS = data_folder("assets") / "maps"


@pytest.mark.parametrize("name", ["highway", "parking", "roundabout", "rural", "urban_grid"])
def test_ground_lies_below_roads(name):
    """On every map the ground beside roads stays below them, on slopes and under bridges, too."""
    roads = road_mesh(read_network(MAPS / f"{name}.xodr"))
    ground = terrain(roads)
    chosen = np.random.default_rng(1).choice(len(roads.triangles), 1500)
    shares = np.random.default_rng(2).dirichlet(np.ones(3), 1500)
    points = np.einsum("nk,nkd->nd", shares, roads.vertices[roads.triangles[chosen]])

    # The corners of the square below each point bound the ground there.
    side = ground.vertices[1, 1] - ground.vertices[0, 1]
    low = ground.vertices[0, :2]
    n_y = int(np.count_nonzero(ground.vertices[:, 0] == low[0]))
    x, y = np.floor((points[:, :2] - low) / side).astype(int).T
    heights = ground.vertices[:, 2]
    highest = np.max([heights[(x + i) * n_y + y + j] for i in (0, 1) for j in (0, 1)], axis=0)

    assert (points[:, 2] - highest).min() > 0.05


@pytest.mark.parametrize("name", ["highway", "parking", "rural"])
def test_ground_has_no_holes(name):
    """Its triangles tile the whole rectangle, each looks up, and each edge within has two sides."""
    ground = terrain(road_mesh(read_network(MAPS / f"{name}.xodr")))
    corners = ground.vertices[ground.triangles]
    areas = 0.5 * np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])[:, 2]
    sides = np.ptp(ground.vertices[:, :2], axis=0)

    assert areas.min() > 0.0
    assert areas.sum() == pytest.approx(sides.prod())
    edges = np.concatenate([ground.triangles[:, [k, (k + 1) % 3]] for k in range(3)])
    _, counts = np.unique(np.sort(edges, axis=1), axis=0, return_counts=True)
    n_rim = np.count_nonzero(counts == 1)
    assert counts.max() == 2
    assert n_rim <= 2 * sides.sum() / 4.0 + 4


def test_the_town_is_all_there():
    """The town has buildings, lights on poles, paint and ground around a unit on its roads."""
    town = scenery(read_network(MAPS / "urban_grid.xodr"))
    unit = Lidar(elevations=tuple(np.linspace(10.0, -25.0, 64)), n_columns=900)

    hits = cast(unit, Scene(still=town, moving=moving([], [], [])), Frame.turned([150, 98, 1.8]))

    tags = set(town.tags[hits.triangles[hits.triangles >= 0]])
    assert tags >= {Tag.ROAD, Tag.ROAD_LINE, Tag.SIDEWALK, Tag.TERRAIN, Tag.BUILDING, Tag.POLE}
    assert Tag.TRAFFIC_LIGHT in town.tags
    steep = np.deg2rad(unit.elevations) < -0.1
    assert np.isfinite(hits.ranges[steep]).all()


def test_crosswalks_are_bars():
    """Half of each crosswalk is painted, in bars of half a metre or a little more."""
    network = read_network(MAPS / "roundabout.xodr")
    crossings = objects(network, {"crosswalk"})
    still, roads = scenery(network), road_mesh(network)

    def painted(corners):
        a, b, c = corners.transpose(1, 0, 2)
        return 0.5 * np.cross(b - a, c - a)[:, 2].sum()

    all_paint = painted(still.corners[still.tags == Tag.ROAD_LINE])
    marks = painted(roads.vertices[roads.triangles[roads.labels == Tag.ROAD_LINE]])
    area = sum(thing.object.length * thing.object.width for thing in crossings)
    assert all_paint - marks == pytest.approx(0.5 * area)


def test_maps_that_are_too_wide_are_refused():
    """A map of 20,000 km2 is refused instead of filling the memory."""
    corners = np.array([[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    both = Mesh(
        vertices=np.concatenate([corners, corners + np.array([200_000.0, 100_000.0, 0.0])]),
        triangles=np.arange(6).reshape(2, 3),
        labels=np.ones(2, np.uint8),
    )
    with pytest.raises(RequestError, match="cut the map"):
        terrain(both)


def test_parking_bays_are_lined():
    """Each of the car park's bays has two lines of 12 cm along its length."""
    network = read_network(MAPS / "parking.xodr")
    bays = objects(network, {"parkingSpace"})
    still, roads = scenery(network), road_mesh(network)

    def painted(corners):
        a, b, c = corners.transpose(1, 0, 2)
        return 0.5 * np.cross(b - a, c - a)[:, 2].sum()

    lines = painted(still.corners[still.tags == Tag.ROAD_LINE])
    lines -= painted(roads.vertices[roads.triangles[roads.labels == Tag.ROAD_LINE]])
    assert lines == pytest.approx(sum(2 * 0.12 * bay.object.length for bay in bays))
