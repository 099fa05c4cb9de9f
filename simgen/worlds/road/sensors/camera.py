"""A pinhole camera that sees depth, semantic tags and instances."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from simgen.core import Parameters, RequestError, parameter
from simgen.worlds.road.sensors.kernels.images import draw_image, resolve_image
from simgen.worlds.road.sensors.poses import Frame
from simgen.worlds.road.sensors.surfaces import Scene
from simgen.worlds.road.sensors.tags import Tag

_MOST_PIXELS = 100_000_000


@dataclass(frozen=True, kw_only=True)
class Camera(Parameters):
    """A camera without distortion; the centre of the first pixel lies at (0.5, 0.5)."""

    width: int = parameter(1280, unit="pixel", minimum=1, maximum=20_000, doc="columns")
    height: int = parameter(720, unit="pixel", minimum=1, maximum=20_000, doc="rows")
    focal_x: float = parameter(640.0, unit="pixel", above=0.0, doc="focal length across")
    focal_y: float = parameter(640.0, unit="pixel", above=0.0, doc="focal length down")
    centre_x: float = parameter(640.0, unit="pixel", doc="principal point, from the left edge")
    centre_y: float = parameter(360.0, unit="pixel", doc="principal point, from the upper edge")
    near: float = parameter(0.1, unit="m", above=0.0, doc="least depth seen")
    far: float = parameter(1000.0, unit="m", above=0.0, maximum=1e6, doc="greatest depth seen")
    sees: tuple[str, ...] = parameter(
        ("colour", "tags", "instances"),
        doc="what a rig's camera reports",
        choices=("colour", "depth", "tags", "instances", "normals", "flow"),
    )

    def check(self) -> None:
        """The planes are in order, the image fits into memory, and its centre lies inside."""
        if self.near >= self.far:
            raise RequestError(f"near = {self.near} m must be less than far = {self.far} m")
        if self.width * self.height > _MOST_PIXELS:
            raise RequestError(f"an image has at most {_MOST_PIXELS:,} pixels: take a smaller one")
        if not (0.0 <= self.centre_x <= self.width and 0.0 <= self.centre_y <= self.height):
            raise RequestError(
                f"centre ({self.centre_x}, {self.centre_y}) must lie within the image of "
                f"{self.width} x {self.height} pixels"
            )

    @property
    def lens(self) -> tuple[float, ...]:
        """As the kernels take it."""
        return (
            self.focal_x, self.focal_y, self.centre_x, self.centre_y,
            float(self.width), float(self.height), self.near, self.far,
        )  # fmt: skip

    @staticmethod
    def of_view(*, width: int, height: int, field_of_view: float) -> Camera:
        """A camera with square pixels and an angle of view across [degree]."""
        if not 0.0 < field_of_view < 180.0:
            raise RequestError(f"field_of_view = {field_of_view} must be in (0, 180) degree")
        focal = 0.5 * width / math.tan(math.radians(field_of_view) / 2.0)
        return Camera(
            width=width,
            height=height,
            focal_x=focal,
            focal_y=focal,
            centre_x=0.5 * width,
            centre_y=0.5 * height,
        )


@dataclass(frozen=True, kw_only=True)
class View:
    """What a camera sees, pixel by pixel."""

    depth: npt.NDArray[np.float32]  # along the optical axis; infinite for sky (h, w) [m]
    tags: npt.NDArray[np.uint8]  # Tag (h, w)
    instances: npt.NDArray[np.int32]  # 0: none (h, w)
    colour: npt.NDArray[np.uint8] | None = None  # red, green, blue, as on a screen (h, w, 3)
    normals: npt.NDArray[np.float32] | None = None  # right, down, forward; 0: sky (h, w, 3)
    flow: npt.NDArray[np.float32] | None = None  # see `films`; NaN: sky (h, w, 2) [pixel]


def look(camera: Camera, scene: Scene, pose: Frame, *, into: View | None = None) -> View:
    """One image of depth, tags and instances, sharp, through the centres of the pixels.

    Args:
        camera: the camera.
        scene: all that it may see.
        pose: its place, and right, down and forward as axes: `Frame.optical`.
        into: an earlier view of this camera to be drawn over: fresh memory takes as long as half
            of the drawing.

    Raises:
        RequestError: if `into` has another size.
    """
    view = into or blank(replace(camera, sees=()))
    if view.depth.shape != (camera.height, camera.width):
        raise RequestError(
            f"the view to draw over has {view.depth.shape} pixels, the camera "
            f"{(camera.height, camera.width)}: take one of its own"
        )
    draw(camera, scene, pose, view)
    resolve(scene, view)
    return view


def blank(camera: Camera) -> View:
    """Memory for what a camera sees."""
    shape = (camera.height, camera.width)
    return View(
        depth=np.empty(shape, np.float32),
        tags=np.empty(shape, np.uint8),
        instances=np.empty(shape, np.int32),
        colour=np.empty((*shape, 3), np.uint8) if "colour" in camera.sees else None,
        normals=np.empty((*shape, 3), np.float32) if "normals" in camera.sees else None,
        flow=np.empty((*shape, 2), np.float32) if "flow" in camera.sees else None,
    )


def draw(camera: Camera, scene: Scene, pose: Frame, view: View) -> None:
    """Leave one over depth in `view.depth` and the triangle, -1 for none, in `view.instances`."""
    view.depth.fill(1.0 / camera.far)
    view.instances.fill(-1)
    first = 0
    for world in (scene.still, scene.moving):
        frame, out = (pose.position, pose.axes), (view.depth, view.instances)
        draw_image(world.arrays, frame, camera.lens, first, out)
        first += len(world.corners)


def resolve(scene: Scene, view: View) -> None:
    """Turn what `draw` left into depth, tags and instances."""
    resolve_image(view.depth, view.instances, scene.tags, scene.instances, int(Tag.SKY), view.tags)
