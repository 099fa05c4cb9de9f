"""A camera during one run: colours, normals and flow beside depth and labels.

Flow is how far the surface that a pixel shows has moved in the image since the camera's last
picture, [pixel] to the right and down: a pixel less its flow is where the surface was. It is 0 in
the first picture, and NaN for sky and for what was behind the camera.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from simgen.worlds.base import Snapshot
from simgen.worlds.road.sensors.actors import frame_of
from simgen.worlds.road.sensors.camera import Camera, View, blank, draw, resolve
from simgen.worlds.road.sensors.kernels.flows import flow_of, normals_of
from simgen.worlds.road.sensors.kernels.shading import shade_image
from simgen.worlds.road.sensors.kernels.softening import soften_edges
from simgen.worlds.road.sensors.poses import Frame
from simgen.worlds.road.sensors.shadows import Shade
from simgen.worlds.road.sensors.surfaces import Scene
from simgen.worlds.road.sensors.weather import Weather, lights

_EDGE = 14  # difference of two neighbours' green that is softened; assumed [1 of 255]


class RunningCamera:
    """Takes picture after picture into the same memory."""

    def __init__(self, camera: Camera) -> None:
        self._camera = camera
        self._view = blank(camera)
        self._sharp = np.empty((3, camera.height, camera.width), np.uint8)
        self._before: tuple[Frame, dict[int, Frame]] | None = None

    def see(
        self, scene: Scene, snapshot: Snapshot, pose: Frame, weather: Weather, shade: Shade | None
    ) -> View:
        """The next picture, with what the camera `sees`.

        Args:
            scene: all that it may see.
            snapshot: of the same instant: how actors move makes the flow.
            pose: of the camera, x forward.
            weather: how the scene is lit.
            shade: where shadows fall; may be None for a camera that sees no colours.
        """
        camera, view, frame = self._camera, self._view, pose.optical()
        draw(camera, scene, frame, view)
        worlds, film = (scene.still, scene.moving), (view.depth, view.instances)
        if view.colour is not None and shade is not None:
            place = (tuple(frame.axes.ravel().tolist()), tuple(frame.position.tolist()))
            shade_image(
                scene.coats, place, camera.lens, film, lights(weather), shade.arrays, self._sharp
            )
            soften_edges(self._sharp, _EDGE, view.colour)
        if view.normals is not None:
            normals = tuple(w.normals for w in worlds)
            normals_of(normals, frame.axes, camera.lens, view.instances, view.normals)
        if view.flow is not None:
            self._flow(scene, snapshot, frame, view.flow)
        resolve(scene, view)
        return view

    def _flow(
        self, scene: Scene, snapshot: Snapshot, frame: Frame, out: npt.NDArray[np.float32]
    ) -> None:
        now = {int(actor): frame_of(snapshot, row) for row, actor in enumerate(snapshot.actors)}
        old_frame, old = self._before or (frame, now)
        self._before = frame, now
        moves = _moves(scene, now, old)
        frames = tuple((f.position, f.axes) for f in (frame, old_frame))
        film = (self._view.depth, self._view.instances)
        flow_of(film, len(scene.still.corners), moves, frames, self._camera.lens, out)


def _moves(scene: Scene, now: dict[int, Frame], old: dict[int, Frame]) -> tuple[Any, ...]:
    """As `flow_of` takes them; who was not there before has not moved."""
    solids = scene.moving
    actors = solids.instances[solids.starts[:-1]] if len(solids.corners) else np.zeros(0, int)
    turns, shifts = np.zeros((len(actors), 3, 3)), np.zeros((len(actors), 3))
    for k, actor in enumerate(actors.tolist()):
        after = now[actor]
        before = old.get(actor, after)
        turns[k] = before.axes @ after.axes.T
        shifts[k] = before.position - turns[k] @ after.position
    return np.repeat(np.arange(len(actors)), np.diff(solids.starts)), turns, shifts
