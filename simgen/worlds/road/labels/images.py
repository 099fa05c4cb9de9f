"""Boxes in pictures: whole and visible, and how much of each actor is cut off or hidden."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simgen.kernels.arrays import Floats, Integers
from simgen.worlds.road.labels.kernels.silhouettes import silhouettes_of, visible_of
from simgen.worlds.road.sensors.camera import Camera, View
from simgen.worlds.road.sensors.observing import Observation, Reading


@dataclass(frozen=True, kw_only=True)
class ImageBoxes:
    """The actors that would be in one picture if nothing hid them.

    A box is left, upper, right and lower edge; the first pixel reaches from 0 to 1.
    """

    sensor: str
    actors: Integers  # ascending (n,)
    whole: Floats  # of the whole actor, also beside the picture (n, 4) [pixel]
    visible: Floats  # of what is seen; NaN: nothing (n, 4) [pixel]
    n_pixels: Integers  # seen (n,)
    truncation: Floats  # share of the whole box's area beside the picture (n,)
    occlusion: Floats  # share of the actor's pixels in the picture that others hide (n,)


def image_boxes(observation: Observation, reading: Reading) -> ImageBoxes:
    """The boxes in a camera's reading; ask before the camera draws over it."""
    camera, view = reading.sensor.unit, reading.content
    assert isinstance(camera, Camera)
    assert isinstance(view, View)
    solids = observation.scene.moving
    actors = solids.instances[solids.starts[:-1]].astype(np.int64)
    whole, visible = np.empty((2, len(actors), 4))
    n_whole, n_seen = np.empty((2, len(actors)), np.int64)
    stamps = np.full(view.instances.shape, -1, np.int16)
    pose = reading.frame.optical()
    frame = (pose.position, pose.axes)
    silhouettes_of(solids.arrays, frame, camera.lens, stamps, whole, n_whole)
    rows = np.zeros(int(actors.max(initial=0)) + 1, np.int64)
    rows[actors] = np.arange(len(actors))
    visible_of(view.instances, rows, visible, n_seen)
    visible[n_seen == 0] = np.nan
    there = np.flatnonzero(n_whole > 0)
    whole, n_whole, n_seen = whole[there], n_whole[there], n_seen[there]
    limits = np.array([camera.width, camera.height] * 2, np.float64)
    return ImageBoxes(
        sensor=reading.sensor.name,
        actors=actors[there],
        whole=whole,
        visible=visible[there],
        n_pixels=n_seen,
        truncation=1.0 - _area(np.clip(whole, 0.0, limits)) / _area(whole),
        # A pixel that an edge just touches may fall to either side: no more than there are.
        occlusion=1.0 - np.minimum(n_seen / n_whole, 1.0),
    )


def _area(boxes: Floats) -> Floats:
    return np.asarray((boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]), np.float64)
