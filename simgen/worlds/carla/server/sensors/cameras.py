"""Cameras: colours, depth, semantic tags, instances."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from simgen.core import RequestError, Streams, parameter
from simgen.worlds.carla.protocol import packets
from simgen.worlds.carla.server.sensors.base import Attributes, Moment, Sensor, TimedAttributes
from simgen.worlds.road.sensors import Camera, View, look
from simgen.worlds.road.sensors.films import RunningCamera

FAR = 1000.0  # what depth is measured against [m]
_MOST_PIXELS = 8_000_000


@dataclass(frozen=True, kw_only=True)
class CameraAttributes(TimedAttributes):
    """A camera."""

    image_size_x: int = parameter(800, unit="pixel", minimum=1, maximum=8192, doc="columns")
    image_size_y: int = parameter(600, unit="pixel", minimum=1, maximum=8192, doc="rows")
    fov: float = parameter(90.0, unit="degree", minimum=1.0, maximum=170.0, doc="angle across")

    def check(self) -> None:
        """The image is not too large."""
        if self.image_size_x * self.image_size_y > _MOST_PIXELS:
            raise RequestError(
                f"image_size_x * image_size_y = {self.image_size_x * self.image_size_y:,}: must be "
                f"at most {_MOST_PIXELS:,} pixels"
            )


class CameraSensor(Sensor):
    """Sees through the centres of pixels, sharp and without distortion."""

    attributes: ClassVar[type[Attributes]] = CameraAttributes
    differs = "no lens distortion"
    about: CameraAttributes

    def __init__(self, attributes: Attributes, streams: Streams) -> None:
        super().__init__(attributes, streams)
        about = self.about
        self._camera = Camera.of_view(
            width=about.image_size_x, height=about.image_size_y, field_of_view=about.fov
        )
        self._view: View | None = None
        self._ids = np.zeros(1, np.int64)  # of actors, by their number
        self._pixels = np.zeros((about.image_size_y, about.image_size_x, 4), np.uint8)
        self._pixels[..., 3] = 255  # opaque

    def measure(self, moment: Moment) -> list[bytes]:
        """One picture."""
        view = self._see(moment)
        self._ids = moment.ids
        self._paint(view, self._pixels)
        about = self.about
        return [packets.image(about.image_size_x, about.image_size_y, about.fov, self._pixels)]

    def _see(self, moment: Moment) -> View:
        self._view = look(self._camera, moment.scene, moment.place.optical(), into=self._view)
        return self._view

    @abstractmethod
    def _paint(self, view: View, pixels: npt.NDArray[np.uint8]) -> None:
        """Fill blue, green and red `(h, w, 4)`."""


class DepthCamera(CameraSensor):
    """Metres along the optical axis, in 24 bits up to FAR."""

    def _paint(self, view: View, pixels: npt.NDArray[np.uint8]) -> None:
        share = np.minimum(view.depth / np.float32(FAR), np.float32(1.0))
        code = np.rint(share.astype(np.float64) * (256.0**3 - 1.0)).astype(np.uint32)
        pixels[..., 2] = code & 255
        pixels[..., 1] = code >> 8 & 255
        pixels[..., 0] = code >> 16


class ColourCamera(CameraSensor):
    """A picture, lit by the weather."""

    differs = "flat colours and simple light; no lens distortion, blur, exposure or lamps"

    def __init__(self, attributes: Attributes, streams: Streams) -> None:
        super().__init__(attributes, streams)
        self._film = RunningCamera(replace(self._camera, sees=("colour",)))

    def _see(self, moment: Moment) -> View:
        shade = moment.shade(moment.carrier)
        return self._film.see(moment.scene, moment.snapshot, moment.place, moment.weather, shade)

    def _paint(self, view: View, pixels: npt.NDArray[np.uint8]) -> None:
        assert view.colour is not None
        pixels[..., :3] = view.colour[..., ::-1]


class SemanticCamera(CameraSensor):
    """What each pixel is of, in red."""

    def _paint(self, view: View, pixels: npt.NDArray[np.uint8]) -> None:
        pixels[..., 2] = view.tags


class InstanceCamera(CameraSensor):
    """What each pixel is of, and of which actor."""

    differs = "no lens distortion; things of the map have id 0"

    def _paint(self, view: View, pixels: npt.NDArray[np.uint8]) -> None:
        actors = self._ids[view.instances]
        pixels[..., 2] = view.tags
        pixels[..., 1] = actors & 255
        pixels[..., 0] = actors >> 8 & 255
