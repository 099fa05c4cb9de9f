"""Cameras that see shapes and motion: normals, optical flow, and changes of brightness."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from simgen.core import Streams, parameter
from simgen.kernels.arrays import Floats
from simgen.worlds.carla.protocol.packets import DVS_EVENT
from simgen.worlds.carla.server.sensors.base import Attributes, Moment
from simgen.worlds.carla.server.sensors.cameras import (
    CameraAttributes,
    CameraSensor,
    ColourCamera,
)
from simgen.worlds.road.sensors import View

_GREY = np.array([0.2989, 0.587, 0.114])  # of red, green and blue; CARLA's
_NANOSECONDS = 1e9  # per second
_MOST_EVENTS = 4_000_000  # of a packet


class NormalsCamera(CameraSensor):
    """Which way the surface of each pixel looks."""

    differs = "in the camera's frame: right in red, down in green, forward in blue"
    sees = ("normals",)

    def _picture(self, view: View) -> npt.NDArray[np.uint8]:
        assert view.normals is not None
        # -1 is black, 1 is full.
        self._pixels[..., :3] = np.rint((view.normals[..., ::-1] + 1.0) * 127.5)
        return self._pixels


class FlowCamera(CameraSensor):
    """How far what each pixel shows has moved since the picture before.

    In shares of half the image, counted from where it is to where it was: to the right and up.
    """

    differs = "no lens distortion; sky does not move"
    sees = ("flow",)

    def _picture(self, view: View) -> npt.NDArray[np.float32]:
        assert view.flow is not None
        about = self.about
        half = np.array([-0.5 * about.image_size_x, 0.5 * about.image_size_y], np.float32)
        return (np.nan_to_num(view.flow, nan=0.0) / half).astype("<f4")


@dataclass(frozen=True, kw_only=True)
class EventAttributes(CameraAttributes):
    """A camera that tells changes."""

    positive_threshold: float = parameter(0.3, above=0.0, maximum=1e3, doc="of a brighter pixel")
    negative_threshold: float = parameter(0.3, above=0.0, maximum=1e3, doc="of a darker pixel")
    sigma_positive_threshold: float = parameter(
        0.0, minimum=0.0, maximum=1e3, doc="standard deviation of that"
    )
    sigma_negative_threshold: float = parameter(
        0.0, minimum=0.0, maximum=1e3, doc="standard deviation of that"
    )
    refractory_period_ns: int = parameter(
        0, unit="ns", minimum=0, maximum=10**12, doc="in which a pixel tells nothing more"
    )
    use_log: bool = parameter(default=True, doc="thresholds are of the logarithm")
    log_eps: float = parameter(0.001, above=0.0, maximum=1.0, doc="what is added before it")


class EventCamera(ColourCamera):
    """A dynamic vision sensor: where brightness crossed a threshold, and when.

    Between two pictures brightness changes evenly (Rebecq et al. 2018, ESIM: an open event camera
    simulator), as in CARLA's.
    """

    attributes: ClassVar[type[Attributes]] = EventAttributes
    differs = "flat colours and simple light, so that few pixels change; no lens distortion"
    about: EventAttributes

    def __init__(self, attributes: Attributes, streams: Streams) -> None:
        super().__init__(attributes, streams)
        self._chance = self.streams.generator("thresholds")
        self._last: Floats | None = None  # brightness in the picture before (h, w)
        self._told = np.zeros(0)  # brightness when a pixel last told something (h, w)
        self._told_at = np.zeros(0)  # [ns]
        self._time = 0.0  # of the picture before [s]

    def measure(self, moment: Moment) -> list[bytes]:
        """The changes since the picture before, in order."""
        colour = self._see(moment).colour
        assert colour is not None
        about, now = self.about, colour @ _GREY / 255.0
        if about.use_log:
            now = np.log(now + about.log_eps)
        events = np.zeros(0, DVS_EVENT)
        if self._last is None:
            self._told, self._told_at = now.copy(), np.full(now.shape, -np.inf)
        else:
            events = self._changes(self._last, now, moment.time)
        self._last, self._time = now, moment.time
        return [self._packed(events)]

    def _changes(self, last: Floats, now: Floats, time: float) -> npt.NDArray[np.void]:
        about = self.about
        rises = now > last
        threshold = np.where(rises, about.positive_threshold, about.negative_threshold)
        sigma = np.where(rises, about.sigma_positive_threshold, about.sigma_negative_threshold)
        if sigma.any():
            drawn = threshold + sigma * self._chance.standard_normal(now.shape)
            threshold = np.maximum(drawn, 0.01)  # CARLA's least
        way = np.where(rises, 1.0, -1.0)
        counts = np.maximum(np.floor((now - self._told) * way / threshold), 0.0).astype(np.int64)
        y, x = np.nonzero(counts)
        many = counts[y, x]
        if many.sum() > _MOST_EVENTS:
            many = np.minimum(many, max(_MOST_EVENTS // len(many), 1))
        rows = np.repeat(np.arange(len(many)), many)
        nth = np.arange(len(rows)) - np.repeat(np.cumsum(many) - many, many) + 1
        y, x = y[rows], x[rows]
        crossed = self._told[y, x] + way[y, x] * nth * threshold[y, x]
        share = np.clip((crossed - last[y, x]) / (now - last)[y, x], 0.0, 1.0)
        at = np.rint((self._time + share * (time - self._time)) * _NANOSECONDS)
        self._told += way * counts * threshold
        events = np.zeros(len(rows), DVS_EVENT)
        events["x"], events["y"], events["time"], events["brighter"] = x, y, at, rises[y, x]
        return self._rested(events[np.argsort(at, kind="stable")])

    def _rested(self, events: npt.NDArray[np.void]) -> npt.NDArray[np.void]:
        """Without what comes too soon after the last event of the same pixel."""
        period = self.about.refractory_period_ns
        if not period:
            return events
        kept = np.zeros(len(events), np.bool_)
        for row, (x, y, at, _) in enumerate(events.tolist()):
            if at - self._told_at[y, x] >= period:
                kept[row] = True
                self._told_at[y, x] = at
        return events[kept]
