import numpy as np
import pytest

from simgen.core import RequestError
from simgen.worlds.road.sensors import LIDARS, Camera, Lidar, lidar, rig


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


def test_nuscenes_cameras_look_all_around():
    """The six cameras of the rig look where their names say, upright, and leave no gap."""
    mounted = {s.name: (s.unit, s.mount.frame.optical().axes) for s in rig("nuscenes").all(Camera)}

    forward = {name: axes[:, 2] for name, (_, axes) in mounted.items()}
    assert forward["cam_front"][0] > 0.99
    assert forward["cam_back"][0] < -0.99
    assert min(forward["cam_front_left"][1], forward["cam_back_left"][1]) > 0.5
    assert max(forward["cam_front_right"][1], forward["cam_back_right"][1]) < -0.5
    assert all(axes[2, 1] < -0.99 for _, axes in mounted.values())
    azimuths = np.linspace(0, 2 * np.pi, 720)
    around = np.column_stack([np.cos(azimuths), np.sin(azimuths), 0.0 * azimuths])
    seen = np.zeros(720, bool)
    for camera, axes in mounted.values():
        local = around @ axes
        column = camera.focal_x * local[:, 0] / local[:, 2] + camera.centre_x
        seen |= (local[:, 2] > 0) & (column >= 0) & (column <= camera.width)
    assert seen.all()


def test_public_rigs_have_their_sensors():
    """As many units of each kind as the data sets' papers say, at their rates."""
    found = {
        name: sorted((type(s.unit).__name__, s.mount.rate) for s in rig(name).sensors)
        for name in ("nuscenes", "kitti")
    }

    assert found["nuscenes"] == [
        *[("Camera", 12.0)] * 6, ("Gnss", 20.0), ("Imu", 0.0), ("Lidar", 20.0),
        *[("Radar", 13.0)] * 5,
    ]  # fmt: skip
    assert found["kitti"] == [
        *[("Camera", 10.0)] * 2, ("Gnss", 10.0), ("Imu", 10.0), ("Lidar", 10.0),
    ]  # fmt: skip
    assert len(rig("nuscenes").all(Lidar)[0].unit.elevations) == 32
    assert len(rig("kitti").all(Lidar)[0].unit.elevations) == 64
