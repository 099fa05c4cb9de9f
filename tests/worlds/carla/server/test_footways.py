"""Where the client's navigation lets people walk."""

import struct

import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from simgen.core import RequestError
from simgen.worlds.carla.protocol.navmesh import Area, pack_mesh
from simgen.worlds.carla.server.footways import footways
from simgen.worlds.carla.server.maps import find_map
from simgen.worlds.carla.server.routes import ROUTES
from simgen.worlds.carla.server.simulation import Options, Simulation
from simgen.worlds.road.furniture import objects


def areas_of(vertices, polygon):
    """Twice the signed area, seen from above [m2]."""
    x, y = vertices[list(polygon), 0], vertices[list(polygon), 1]
    return float(x @ np.roll(y, -1) - y @ np.roll(x, -1))


@pytest.fixture(scope="module")
def town():
    return footways(find_map("urban_grid").network)


def test_polygons_are_wound_and_where_they_say(town):
    """Counter-clockwise from above; on sidewalks, on marked crosswalks, and on lanes of roads."""
    network = find_map("urban_grid").network
    sizes = [areas_of(town.vertices, polygon) for polygon in town.polygons]
    middles = np.array([town.vertices[list(polygon)].mean(axis=0) for polygon in town.polygons])

    assert min(sizes) > 0.0
    for area, kinds in ((Area.SIDEWALK, {"sidewalk"}), (Area.ROAD, {"driving"})):
        found = network.project(middles[town.areas == area], kinds)
        assert found.distance.max() < 0.5  # chords cut corners
    crosswalks = [placed.corners.mean(axis=0) for placed in objects(network, {"crosswalk"})]
    there = middles[town.areas == Area.CROSSWALK]
    off = np.linalg.norm(there[:, None] - crosswalks, axis=2).min(axis=1)
    assert off.max() < 3.5  # half a crosswalk's length


def test_crosswalks_join_both_sides(town):
    """Who may not walk on roads still gets to the other sidewalk, over each crosswalk."""
    edges = {}
    for row, polygon in enumerate(town.polygons):
        for pair in zip(polygon, (*polygon[1:], polygon[0]), strict=True):
            edges[pair] = row
    pairs = np.array(
        [
            (row, edges[end, start])
            for (start, end), row in edges.items()
            if (end, start) in edges
            and max(town.areas[row], town.areas[edges[end, start]]) < Area.ROAD
        ]
    )
    graph = coo_array((np.ones(len(pairs)), pairs.T), shape=(len(town.polygons),) * 2)

    _, part = connected_components(graph, directed=False)

    on_foot = town.areas < Area.ROAD
    # The outer sidewalk of the town and all its blocks.
    assert len(set(part[on_foot].tolist())) == 2
    walks = [set(part[town.areas == kind].tolist()) for kind in (Area.SIDEWALK, Area.CROSSWALK)]
    assert walks[1] <= walks[0]


def test_the_file_is_that_of_detour():
    """Head, one tile, and the sizes of its parts; neighbours are counted from 1."""
    vertices = np.array([[0, 0, 0], [2, 0, 0], [2, 1, 0], [0, 1, 0], [4, 0, 0], [4, 1, 0.0]])
    polygons = [(0, 1, 2, 3), (1, 4, 5, 2)]

    data = pack_mesh(vertices, polygons, np.array([Area.SIDEWALK, Area.CROSSWALK], np.uint8))

    magic, version, n_tiles = struct.unpack_from("<iii", data)
    assert (magic, version, n_tiles) == (0x4D534554, 1, 1)
    reference, size = struct.unpack_from("<Ii", data, 40)
    assert reference == 2  # one bit for polygons, then the tile's first life
    assert len(data) == 48 + size
    n_polygons, n_vertices, n_links = struct.unpack_from("<iii", data, 48 + 24)
    assert (n_polygons, n_vertices, n_links) == (2, 6, 8)
    parts = 100 + 12 * n_vertices + 32 * n_polygons + 12 * n_links + 12 * n_polygons + 4 * 4
    assert size == parts
    first = struct.unpack_from("<I6H6HHBB", data, 48 + 100 + 12 * n_vertices)
    assert first[1:7] == (0, 1, 2, 3, 0, 0)
    assert first[7:13] == (0, 2, 0, 0, 0, 0)
    assert first[13:] == (1 << Area.SIDEWALK, 4, Area.SIDEWALK)


def test_maps_without_sidewalks_have_no_file():
    """Clients are told of none, and asking for one is refused."""
    simulation = Simulation(Options(map="highway"))

    assert ROUTES["get_required_files"].work(simulation, "Nav") == ()
    with pytest.raises(RequestError, match="no sidewalks"):
        ROUTES["get_navigation_mesh"].work(simulation)
    with pytest.raises(RequestError, match="no file"):
        ROUTES["request_file"].work(simulation, "../../etc/passwd")


def test_clients_get_one_file_by_name():
    """Its name tells what is in it, for clients keep it for good."""
    simulation = Simulation(Options(map="parking"))

    (name,) = ROUTES["get_required_files"].work(simulation, "Nav")

    assert ROUTES["get_required_files"].work(simulation, "") == ()
    assert "parking" in name
    data = ROUTES["request_file"].work(simulation, name)
    assert data == ROUTES["get_navigation_mesh"].work(simulation)
    assert data[:4] == b"TESM"
