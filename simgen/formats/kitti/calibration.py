"""How KITTI's scanner, cameras and inertial unit sit to each other.

Pictures are rectified as they are made, so the reference camera is the left colour camera itself:
P0 = P1 = P2, R0_rect is the identity. Its frame is right, down, forward.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from simgen.core import RequestError
from simgen.formats.drives import Carried, inverse, matrix
from simgen.kernels.arrays import Floats
from simgen.worlds.road.sensors import Camera, Frame, Imu, Lidar, Sensor

_STRAIGHT = 1e-6  # how far a right camera's axes and height may be off the left one's


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """The sensors that KITTI knows."""

    scanner: str
    left: str
    right: str | None
    camera: Camera
    projections: Floats  # P0 to P3 (4, 3, 4)
    scanner_in_camera: Frame
    unit_in_scanner: Frame  # the inertial unit
    unit: Frame  # in the carrier's frame
    optical: Frame  # left camera: right, down, forward, in the carrier's frame


def calibration_of(carried: Carried, *, camera: str, scanner: str) -> Calibration:
    """The calibration of a rig with the sensors called so; "": image_02 or the first there is.

    Raises:
        RequestError: there is none.
    """
    left = _chosen(carried, Camera, camera, "camera")
    top = _chosen(carried, Lidar, scanner, "scanner")
    assert isinstance(left.unit, Camera)
    optical = carried.mount(left.name).optical()
    unit = next((s.mount.frame for s in carried.sensors.values() if isinstance(s.unit, Imu)), None)
    unit = unit or Frame.turned([0.0, 0.0, 0.0])
    mount = carried.mount(top.name)
    right = _right_of(carried, left)
    projections = np.zeros((4, 3, 4))
    projections[:, :, :3] = (
        (left.unit.focal_x, 0.0, left.unit.centre_x),
        (0.0, left.unit.focal_y, left.unit.centre_y),
        (0.0, 0.0, 1.0),
    )
    if right is not None:
        apart = (inverse(optical).carry(carried.mount(right))).position[0]
        projections[3, 0, 3] = -left.unit.focal_x * apart
    return Calibration(
        scanner=top.name,
        left=left.name,
        right=right,
        camera=left.unit,
        projections=projections,
        scanner_in_camera=inverse(optical).carry(mount),
        unit_in_scanner=inverse(mount).carry(unit),
        unit=unit,
        optical=optical,
    )


def _chosen(carried: Carried, kind: type[Camera | Lidar], name: str, role: str) -> Sensor:
    known = {sensor.name: sensor for sensor in carried.of_kind(kind)}
    if not known or (name and name not in known):
        wanted = f"called {name!r}" if name else "at all"
        raise RequestError(
            f"KITTI needs a {role}, and the rig has none {wanted}: it has "
            f"{', '.join(known) or 'none'}; set format.{role}, or generate the data set with "
            "scenario.sensors=kitti"
        )
    return known[name] if name else known.get("image_02", next(iter(known.values())))


def _right_of(carried: Carried, left: Sensor) -> str | None:
    """The camera that makes a rectified pair with another, if one does."""
    own = inverse(carried.mount(left.name).optical())
    for sensor in carried.of_kind(Camera):
        other = own.carry(carried.mount(sensor.name).optical())
        aside, *off = other.position
        if (
            sensor.unit == left.unit
            and aside > _STRAIGHT
            and np.abs(off).max() < _STRAIGHT
            and np.abs(other.axes - np.eye(3)).max() < _STRAIGHT
        ):
            return sensor.name
    return None


def object_text(about: Calibration) -> str:
    """A file of the object benchmark."""
    rows = {f"P{k}": projection for k, projection in enumerate(about.projections)}
    rows["R0_rect"] = np.eye(3)
    rows["Tr_velo_to_cam"] = matrix(about.scanner_in_camera)[:3]
    rows["Tr_imu_to_velo"] = matrix(about.unit_in_scanner)[:3]
    return _lines(rows)


def tracking_text(about: Calibration) -> str:
    """A file of the tracking benchmark, whose last names have no colon."""
    projections = {f"P{k}": projection for k, projection in enumerate(about.projections)}
    rows = {
        "R_rect": np.eye(3),
        "Tr_velo_cam": matrix(about.scanner_in_camera)[:3],
        "Tr_imu_velo": matrix(about.unit_in_scanner)[:3],
    }
    return _lines(projections) + _lines(rows, colon="")


def raw_texts(about: Calibration, date: str) -> Mapping[str, str]:
    """The three files of a day's raw drives, by name."""
    made = f"calib_time: {date} 00:00:00\n"
    cameras: dict[str, Floats] = {}
    size = np.array([about.camera.width, about.camera.height], np.float64)
    for k, projection in enumerate(about.projections):
        shift = np.array([projection[0, 3] / projection[0, 0], 0.0, 0.0])
        cameras |= {
            f"S_0{k}": size, f"K_0{k}": projection[:, :3], f"D_0{k}": np.zeros(5),
            f"R_0{k}": np.eye(3), f"T_0{k}": shift, f"S_rect_0{k}": size,
            f"R_rect_0{k}": np.eye(3), f"P_rect_0{k}": projection,
        }  # fmt: skip
    return {
        "calib_cam_to_cam.txt": made + _lines({"corner_dist": np.zeros(1), **cameras}),
        "calib_velo_to_cam.txt": made + _rigid(about.scanner_in_camera),
        "calib_imu_to_velo.txt": made + _rigid(about.unit_in_scanner),
    }


def _rigid(frame: Frame) -> str:
    return _lines({"R": frame.axes, "T": frame.position})


def _lines(rows: Mapping[str, Floats], colon: str = ":") -> str:
    return "".join(
        f"{name}{colon} {' '.join(f'{value:.12e}' for value in values.ravel())}\n"
        for name, values in rows.items()
    )
