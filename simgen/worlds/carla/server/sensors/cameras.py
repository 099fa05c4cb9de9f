"""Cameras: colours, depth, semantic tags, instances."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from simgen.core import RequestError, Streams, parameter
from simgen.worlds.carla.protocol import packets
from simgen.worlds.carla.server.sensors.base import Attributes, Moment, Sensor, TimedAttributes
from simgen.worlds.road.sensors import Camera, View
from simgen.worlds.road.sensors.films import RunningCamera

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
    sees: ClassVar[tuple[str, ...]] = ()  # beside depth, tags and instances
    about: CameraAttributes

    def __init__(self, attributes: Attributes, streams: Streams) -> None:
        super().__init__(attributes, streams)
        about = self.about
        camera = Camera.of_view(
            width=about.image_size_x, height=about.image_size_y, field_of_view=about.fov
        )
        self._film = RunningCamera(replace(camera, sees=self.sees))
        self._ids = np.zeros(1, np.int64)  # of actors, by their number
        self._pixels = np.zeros((about.image_size_y, about.image_size_x, 4), np.uint8)
        self._pixels[..., 3] = 255  # opaque

    def measure(self, moment: Moment) -> list[bytes]:
        """One picture."""
        view = self._see(moment)
        self._ids = moment.ids
        return [self._packed(self._picture(view))]

    def _see(self, moment: Moment) -> View:
        shade = moment.shade(moment.carrier) if "colour" in self.sees else None
        return self._film.see(moment.scene, moment.snapshot, moment.place, moment.weather, shade)

    def _packed(self, content: npt.NDArray[Any]) -> bytes:
        about = self.about
        return packets.image(about.image_size_x, about.image_size_y, about.fov, content)

    @abstractmethod
    def _picture(self, view: View) -> npt.NDArray[Any]:
        """What a packet holds: mostly `_pixels`, with blue, green and red filled `(h, w, 4)`."""


class DepthCamera(CameraSensor):
    """Metres along the optical axis, in 24 bits."""

    def _picture(self, view: View) -> npt.NDArray[np.uint8]:
        share = np.minimum(view.depth / np.float32(packets.DEPTH_RANGE), np.float32(1.0))
        code = np.rint(share.astype(np.float64) * packets.MOST_DEPTH_CODE).astype(np.uint32)
        self._pixels[..., 2] = code & 255
        self._pixels[..., 1] = code >> 8 & 255
        self._pixels[..., 0] = code >> 16
        return self._pixels


class ColourCamera(CameraSensor):
    """A picture, lit by the weather."""

    differs = "flat colours and simple light; no lens distortion, blur, exposure or lamps"
    sees = ("colour",)

    def _picture(self, view: View) -> npt.NDArray[np.uint8]:
        assert view.colour is not None
        self._pixels[..., :3] = view.colour[..., ::-1]
        return self._pixels


class SemanticCamera(CameraSensor):
    """What each pixel is of, in red."""

    def _picture(self, view: View) -> npt.NDArray[np.uint8]:
        self._pixels[..., 2] = view.tags
        return self._pixels


class InstanceCamera(CameraSensor):
    """What each pixel is of, and of which actor."""

    differs = "no lens distortion; things of the map have id 0"

    def _picture(self, view: View) -> npt.NDArray[np.uint8]:
        actors = self._ids[view.instances]
        self._pixels[..., 2] = view.tags
        self._pixels[..., 1] = actors & 255
        self._pixels[..., 0] = actors >> 8 & 255
        return self._pixels
