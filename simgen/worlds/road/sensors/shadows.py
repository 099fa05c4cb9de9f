"""What the sun sees: solids drawn from its side, for shadows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simgen.kernels.arrays import Floats
from simgen.worlds.road.sensors.kernels.images import draw_image
from simgen.worlds.road.sensors.surfaces import Scene
from simgen.worlds.road.sensors.weather import Weather

_SIDE = 140.0  # of the square around the carrier in which shadows fall; assumed [m]
_PIXELS = 768  # of its side
_AWAY = 600.0  # from where the sun looks: its rays are nearly parallel; assumed [m]


@dataclass(frozen=True, kw_only=True)
class Shade:
    """A map of depths from the sun."""

    nearness: npt.NDArray[np.float32]  # one over depth; (1, 1): no shadows (k, k) [1/m]
    position: Floats  # (3,) [m]
    axes: Floats  # right, down, forward (3, 3)
    focal: float  # [pixel]

    @property
    def arrays(self) -> tuple[npt.NDArray[np.float32], tuple[float, ...]]:
        """As `kernels.shading` takes it."""
        middle = 0.5 * len(self.nearness) - 0.5
        axes = self.axes.T.ravel().tolist()
        return self.nearness, (*axes, *self.position.tolist(), float(self.focal), middle)


def shade_of(weather: Weather, scene: Scene, centre: Floats) -> Shade:
    """The shadows around a place `(3,)` [m]; none without sun. The ground casts none."""
    sun = np.array(weather.sun)
    right = np.cross([0.0, 0.0, -1.0], -sun)
    length = float(np.linalg.norm(right))
    if not weather.shadows or sun[2] <= 0.02 or length < 1e-9:
        nothing = np.zeros((1, 1), np.float32)
        return Shade(nearness=nothing, position=np.zeros(3), axes=np.eye(3), focal=1.0)
    right /= length
    axes = np.stack([right, np.cross(-sun, right), -sun], axis=1)
    focal = _PIXELS * _AWAY / _SIDE
    near, far = 1.0, 2.0 * _AWAY
    nearness = np.full((_PIXELS, _PIXELS), 1.0 / far, np.float32)
    owners = np.empty((_PIXELS, _PIXELS), np.int32)
    position = centre + _AWAY * sun
    half, side = 0.5 * _PIXELS, float(_PIXELS)
    lens = (focal, focal, half, half, side, side, near, far)
    for world in (scene.still.solids, scene.moving):
        draw_image(world.arrays, (position, axes), lens, 0, (nearness, owners))
    return Shade(nearness=nearness, position=position, axes=axes, focal=focal)
