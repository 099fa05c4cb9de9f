import numpy as np
import pytest

from simgen.core import RequestError
from simgen.worlds.road.sensors import LIDARS, lidar, nuscenes_cameras


@pytest.mark.parametrize("name", LIDARS)
def test_units_have_their_makers_angles(name):
    """Channels go from top to bottom over the field of view that the maker states."""
    unit = lidar(name)

    spans = {"hdl_32e": (32, 10.67, -30.67), "hdl_64e": (64, 2.0, -24.8)}
    n_channels, top, bottom = spans[name]
    assert len(unit.elevations) == n_channels
    assert (np.diff(unit.elevations) < 0).all()
    assert unit.elevations[0] == pytest.approx(top, abs=0.1)
    assert unit.elevations[-1] == pytest.approx(bottom, abs=0.1)


def test_other_units_are_refused():
    """An unknown unit is refused with those that there are."""
    with pytest.raises(RequestError, match="hdl_64e"):
        lidar("vlp_16")


def test_cameras_look_all_around():
    """The six cameras of the rig look where their names say, upright, and leave no gap."""
    rig = nuscenes_cameras()

    forward = {name: mounted.mount.axes[:, 2] for name, mounted in rig.items()}
    assert forward["cam_front"][0] > 0.99
    assert forward["cam_back"][0] < -0.99
    assert min(forward["cam_front_left"][1], forward["cam_back_left"][1]) > 0.5
    assert max(forward["cam_front_right"][1], forward["cam_back_right"][1]) < -0.5
    assert all(mounted.mount.axes[2, 1] < -0.99 for mounted in rig.values())
    azimuths = np.linspace(0, 2 * np.pi, 720)
    around = np.column_stack([np.cos(azimuths), np.sin(azimuths), 0.0 * azimuths])
    seen = np.zeros(720, bool)
    for mounted in rig.values():
        local = around @ mounted.mount.axes
        column = mounted.camera.focal_x * local[:, 0] / local[:, 2] + mounted.camera.centre_x
        seen |= (local[:, 2] > 0) & (column >= 0) & (column <= mounted.camera.width)
    assert seen.all()
