import numpy as np
import pytest

from simgen.worlds.road import shapes
from simgen.worlds.road.sensors import Camera, Frame, Scene, Solid, Tag, Weather, moving, still
from simgen.worlds.road.sensors.films import RunningCamera
from simgen.worlds.road.sensors.kernels.stretches import stretch_end
from simgen.worlds.road.sensors.shadows import shade_of

NOBODY = moving([], [], [])
CLOUDY = Weather(cloud_share=0.6)


@pytest.mark.parametrize("longest", [3, 40])
def test_a_stretch_ends_where_the_value_changes(longest):
    """From any pixel it reaches to the first other value or to the end, whichever comes first."""
    chance = np.random.Generator(np.random.PCG64DXSM(5))
    values = np.repeat(
        np.tile(np.array([3, -1, 7], np.int32), 30), chance.integers(1, longest, 90)
    ).astype(np.int32)

    for first in range(0, len(values), 7):
        for end in (len(values), min(first + 20, len(values))):
            others = np.flatnonzero(values[first:end] != values[first])
            expected = first + others[0] if len(others) else end
            assert stretch_end(values, first, end) == expected


def _picture(solids, nothing, snapshot):
    camera = Camera.of_view(width=331, height=90, field_of_view=70.0)
    scene = Scene(still=still(nothing, solids=solids), moving=NOBODY)
    world = snapshot(actors=[], names=[], positions=[], sizes=[])
    pose = Frame.turned([0.0, 0.0, 1.5], yaw=0.4, pitch=0.1, roll=0.05)
    view = RunningCamera(camera).see(
        scene, world, pose, CLOUDY, shade_of(CLOUDY, scene, pose.position)
    )
    return view.colour.astype(int), np.isinf(view.depth)


def test_the_sky_does_not_depend_on_what_stands_before_it(nothing, snapshot):
    """Between poles, at whatever pixel its stretches begin, the sky is as it is without them."""
    bearings = np.linspace(-0.3, 1.1, 23)
    centres = np.column_stack([20.0 * np.cos(bearings), 20.0 * np.sin(bearings), 0.0 * bearings])
    half = np.tile([0.11, 0.17, 30.0], (len(bearings), 1))
    poles = [Solid(triangles=body, tag=Tag.POLE) for body in shapes.boxes(centres, half, bearings)]

    open_sky, _ = _picture([], nothing, snapshot)
    barred, sky = _picture(poles, nothing, snapshot)

    # Edges are softened: a pixel's neighbours must be sky, too.
    around = [(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
    inner = np.all([np.roll(sky, shift, axis=(0, 1)) for shift in around], axis=0)
    inner[[0, -1]], inner[:, [0, -1]] = False, False
    assert 0.5 < inner.mean() < 0.95
    assert np.count_nonzero(np.diff(sky[45].astype(int))) > 20
    np.testing.assert_array_equal(barred[inner], open_sky[inner])
