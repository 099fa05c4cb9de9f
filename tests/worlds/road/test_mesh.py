import math

import numpy as np
import pytest
from toys.drawn_roads import LANES, LINE, opendrive, road, section

from simgen.core import data_folder
from simgen.worlds.road import make_network, read_network
from simgen.worlds.road.mesh import DASH, GAP, MARK_LIFT, MARK_WIDTH, Surface, road_mesh
from simgen.worlds.road.opendrive import parse_opendrive


def mesh_of(**about):
    return road_mesh(make_network(parse_opendrive(opendrive(road(**about)))))


def areas(mesh, label):
    """Signed areas seen from above of the triangles with a label."""
    a, b, c = mesh.vertices[mesh.triangles[mesh.labels == label]].transpose(1, 0, 2)
    return 0.5 * ((b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0])


def test_lanes_are_covered_once():
    """The area of road and sidewalk is length times width, also around a bend."""
    ring = LINE.replace("<line/>", f'<arc curvature="{-2 * math.pi / 100}"/>')
    radius = 50.0 / math.pi

    straight, bent = mesh_of(), mesh_of(line=ring)

    assert areas(straight, Surface.ROAD).sum() == pytest.approx(100.0 * 6.5)
    assert areas(straight, Surface.SIDEWALK).sum() == pytest.approx(100.0 * 2.0)
    circle = math.pi * ((radius + 3.0) ** 2 - (radius - 3.5) ** 2)
    assert areas(bent, Surface.ROAD).sum() == pytest.approx(circle, rel=2e-3)


@pytest.mark.parametrize("name", ["urban_grid", "highway", "roundabout", "rural", "parking"])
def test_triangles_look_up(name):
    """On every map all triangles are counter-clockwise, and refer to vertices that exist."""
    mesh = road_mesh(read_network(data_folder("assets") / "maps" / f"{name}.xodr"))

    assert mesh.triangles.max() == len(mesh.vertices) - 1
    assert len(mesh.labels) == len(mesh.triangles)
    for label in np.unique(mesh.labels):
        assert areas(mesh, label).min() > -1e-9


def test_marks_lie_on_the_road():
    """A solid mark covers its edge, a broken one its dashes; both lie a little higher."""
    mesh = mesh_of()
    marks = mesh.vertices[mesh.triangles[mesh.labels == Surface.ROAD_LINE]]

    n_dashes = math.ceil((100.0 - GAP) / (DASH + GAP))
    expected = MARK_WIDTH * (100.0 + n_dashes * DASH)
    assert areas(mesh, Surface.ROAD_LINE).sum() == pytest.approx(expected)
    np.testing.assert_allclose(marks[..., 2], MARK_LIFT)
    assert marks[..., 1].min() == pytest.approx(-0.5 * MARK_WIDTH)
    assert marks[..., 1].max() == pytest.approx(3.0 + 0.5 * MARK_WIDTH)


def test_double_marks_are_two_lines():
    """A solid line beside a broken one leaves a gap, and the first is the left one."""
    double = LANES.replace('type="broken" color="yellow"', 'type="solid broken" width="0.1"')
    mesh = mesh_of(sections=section(double))
    centres = mesh.vertices[mesh.triangles[mesh.labels == Surface.ROAD_LINE]].mean(axis=1)
    near = np.abs(centres[:, 1]) < 1.0

    areas_near = areas(mesh, Surface.ROAD_LINE)[near]
    left = centres[near, 1] > 0.0
    assert areas_near[left].sum() == pytest.approx(0.1 * 100.0)
    assert areas_near[~left].sum() < 0.1 * 50.0


def test_kerbs_lift_lanes():
    """A lane's heights lift its inner and outer edges."""
    kerb = LANES.replace(
        '<lane id="-2" type="sidewalk">',
        '<lane id="-2" type="sidewalk"><height sOffset="0" inner="0.12" outer="0.15"/>',
    )
    mesh = mesh_of(sections=section(kerb))
    walk = mesh.vertices[np.unique(mesh.triangles[mesh.labels == Surface.SIDEWALK])]

    np.testing.assert_allclose(walk[np.isclose(walk[:, 1], -3.5), 2], 0.12)
    np.testing.assert_allclose(walk[np.isclose(walk[:, 1], -5.5), 2], 0.15)
