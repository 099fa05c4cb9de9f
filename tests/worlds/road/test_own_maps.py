import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from simgen.core import data_folder
from simgen.worlds.road import read_network
from simgen.worlds.road.furniture import objects, signal_effects, signals
from simgen.worlds.road.geodesy import read_projection

MAPS = data_folder("assets") / "maps"
NAMES = sorted(path.stem for path in MAPS.glob("*.xodr"))
CHECKOUT = Path(__file__).parents[3]


@pytest.fixture(scope="module", params=NAMES)
def network(request):
    return read_network(MAPS / f"{request.param}.xodr")


def test_maps_are_what_the_script_draws(tmp_path):
    """`python -m tools.maps` writes the same bytes as are kept."""
    subprocess.run(
        [sys.executable, "-m", "tools.maps", tmp_path], cwd=CHECKOUT, check=True, timeout=60
    )

    drawn = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert drawn == {path.name: path.read_bytes() for path in MAPS.glob("*.xodr")}
    assert len(drawn) == 5


def test_lanes_continue_without_a_step(network):
    """Where one driving lane follows another, their centre lines meet within a centimetre."""
    before, after = network.topology()
    onward = before != after
    leaves, enters = network.entries(before[onward]), network.entries(after[onward])
    records = network.lanes[leaves.lane]
    leaves.s[:] = np.where(records["direction"] > 0, records["s_end"], records["s_start"])

    there, here = network.poses(leaves), network.poses(enters)

    assert onward.sum() > 10
    assert np.linalg.norm(there.points - here.points, axis=1).max() < 0.01
    turn = np.remainder(there.yaw - here.yaw + np.pi, 2.0 * np.pi) - np.pi
    assert np.degrees(np.abs(turn)).max() < 1.0


def test_driving_lanes_lead_somewhere(network):
    """Only lanes at the edge of a map are dead ends: at most one a road that ends there."""
    before, after = network.topology()
    ends = network.lanes[before[before == after]]
    n_edges = sum(road.successor is None for road in network.document.roads)

    assert len(np.unique(ends["road"])) <= n_edges


def test_houses_stand_beside_the_road(network):
    """No corner of a building or tree lies on a lane."""
    for thing in objects(network, {"building", "tree"}):
        found = network.project(thing.corners * (1.0, 1.0, 0.0) + (0.0, 0.0, thing.z), None)
        assert (np.abs(found.offset) >= 0.5 * network.widths(found.waypoints)).all()


def test_lights_are_controlled_and_obeyed(network):
    """Every light belongs to one controller of one junction and is valid for driving lanes."""
    lights = [placed for placed in signals(network) if placed.signal.is_light]
    controlled = [name for group in network.document.controllers for name in group.signals]
    used = [name for junction in network.document.junctions for name in junction.controllers]

    assert sorted(controlled) == sorted(placed.signal.id for placed in lights)
    assert sorted(used) == sorted(group.id for group in network.document.controllers)
    for effect in signal_effects(network):
        here = (network.lanes["road"] == effect.road) & np.isin(network.lanes["id"], effect.lanes)
        assert (network.kind(np.flatnonzero(here)) == "driving").all()


def test_maps_lie_on_the_globe(network):
    """Each map says where it is."""
    projection = read_projection(network.document.projection)

    latitude, longitude = projection.to_globe(np.zeros(1), np.zeros(1))

    assert 45.0 < latitude[0] < 55.0
    assert 8.0 < longitude[0] < 14.0


def test_the_town_has_what_a_town_needs():
    """The urban grid has lights at four junctions, crosswalks, houses and sidewalks."""
    town = read_network(MAPS / "urban_grid.xodr")

    assert sum(placed.signal.is_light for placed in signals(town)) == 16
    assert len(objects(town, {"crosswalk"})) == 24
    assert len(objects(town, {"building"})) > 50
    assert "sidewalk" in town.tables.kinds
