"""Packets of the satellite and inertial unit (OXTS), one a frame.

Places are such that the conversion of KITTI's development kit, a Mercator projection of a sphere
with the scale of the drive's first latitude, gives the map's metres back: on the ellipsoid they
would be off by up to 0.2 % of the way. The first place is where the map's projection has it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from scipy.spatial.transform import Rotation

from simgen.formats.drives import Drive
from simgen.kernels.arrays import Floats
from simgen.worlds.road.geodesy import SEMI_MAJOR, TransverseMercator
from simgen.worlds.road.sensors import Frame

_GRAVITY = 9.80665  # standard [m/s2]
_ACCURACY = "0.02 0.02"  # of places [m] and velocities [m/s]; assumed, as is what follows
_STATES = "4 10 4 4 4"  # of navigation, satellites in view, modes of place, velocity, direction


def packets(
    drive: Drive,
    times: Sequence[int],
    poses: Sequence[tuple[Frame, Frame]],
    projection: TransverseMercator,
) -> Iterator[str]:
    """The line of each frame.

    Args:
        drive: the drive.
        times: of the frames [us].
        poses: of the carrier and of the unit in the world, by frame.
        projection: of the map.
    """  # fmt: skip
    places = np.array([unit.position for _, unit in poses])
    for at, (car, unit), (latitude, longitude) in zip(
        times, poses, _on_sphere(places, projection).tolist(), strict=True
    ):
        ego, turning = drive.ego(at), drive.yaw_rates[at]
        arm = unit.position - car.position
        east = float(ego["velocity_x"]) - turning * arm[1]
        north = float(ego["velocity_y"]) + turning * arm[0]
        level = [float(ego["acceleration"]), float(ego["speed"]) * turning, _GRAVITY]
        # What is measured along the car's own axes: on a slope, a part of gravity ahead.
        own = [level[0], level[1], 0.0] + _GRAVITY * unit.axes[2]
        turns = [0.0, 0.0, turning]
        numbers = [
            latitude, longitude, unit.position[2], *_angles(unit), north, east,
            *_level_speeds(unit, east, north), *own.tolist(), *level, *turns, *turns,
        ]  # fmt: skip
        yield f"{' '.join(f'{number:.12g}' for number in numbers)} {_ACCURACY} {_STATES}\n"


def _level_speeds(unit: Frame, east: float, north: float) -> list[float]:
    """Forward and to the left along the ground, and upward from it as the car climbs [m/s]."""
    ahead = unit.axes[:, 0] / math.hypot(*unit.axes[:2, 0])
    forward = float(ahead[0] * east + ahead[1] * north)
    return [forward, float(ahead[0] * north - ahead[1] * east), forward * float(ahead[2])]


def _angles(unit: Frame) -> list[float]:
    """Roll left side up, pitch downhill, yaw from east to north [rad]."""
    yaw, pitch, roll = Rotation.from_matrix(unit.axes).as_euler("ZYX").tolist()
    return [roll, pitch, yaw]


def _on_sphere(places: Floats, projection: TransverseMercator) -> Floats:
    """Latitude and longitude `(n, 2)` [deg] of places `(n, 3)` [m]."""
    latitude, longitude = (
        float(angle[0]) for angle in projection.to_globe(places[:1, 0], places[:1, 1])
    )
    radius = SEMI_MAJOR * math.cos(math.radians(latitude))
    east, north = ((places - places[0]) / radius).T[:2]
    stretched = math.asinh(math.tan(math.radians(latitude))) + north
    return np.stack([np.degrees(np.arctan(np.sinh(stretched))), longitude + np.degrees(east)], 1)
