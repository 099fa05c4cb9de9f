"""The world from above: the map and its actors as they stand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simgen.worlds.base import Snapshot
from simgen.worlds.road.sensors import Camera, Frame, Scene, Stage, Weather, solids
from simgen.worlds.road.sensors.films import RunningCamera
from simgen.worlds.road.sensors.shadows import shade_of

Image = npt.NDArray[np.uint8]  # red, green, blue (h, w, 3)

_HEIGHT = 300.0  # from which the camera looks down; assumed [m]
_NOON = Weather(sun_azimuth=200.0, sun_elevation=60.0, cloud_share=0.0, visibility=100_000.0)


@dataclass(frozen=True, kw_only=True)
class Ground:
    """The part of a map that a picture shows, north up."""

    x: float  # of the middle [m]
    y: float  # [m]
    width: float  # [m]
    n_columns: int = 480
    n_rows: int = 360


def draw_above(stage: Stage, snapshot: Snapshot, ground: Ground) -> Image:
    """All actors on the map, seen from high above."""
    scene = Scene(still=stage.scenery, moving=solids(snapshot))
    focal = ground.n_columns * _HEIGHT / ground.width
    camera = Camera(
        width=ground.n_columns, height=ground.n_rows, focal_x=focal, focal_y=focal,
        centre_x=0.5 * ground.n_columns, centre_y=0.5 * ground.n_rows, sees=("colour",),
    )  # fmt: skip
    place, aloft = np.array([ground.x, ground.y, 0.0]), np.array([0.0, 0.0, _HEIGHT])
    # x of the pose looks down, so that north is up in the picture.
    pose = Frame(
        position=place + aloft,
        axes=np.array([[0.0, -1.0, 0.0], [0.0, 0.0, 1.0], [-1.0, 0.0, 0.0]]),
    )
    shade = shade_of(_NOON, scene, place)
    image = RunningCamera(camera).see(scene, snapshot, pose, _NOON, shade).colour
    assert image is not None
    return image
