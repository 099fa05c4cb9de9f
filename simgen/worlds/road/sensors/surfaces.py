"""What sensors see: labelled triangles in groups that are passed over when out of reach."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from simgen.core import RequestError
from simgen.kernels.arrays import Floats, Integers
from simgen.worlds.road.mesh import Mesh
from simgen.worlds.road.offsets import offsets_of
from simgen.worlds.road.sensors.skins import Pattern, Skin, lit_lenses, tagged
from simgen.worlds.road.sensors.tags import Tag, reflectances

TILE = 16.0  # side of the squares that group what stands still; smaller ones gain nothing [m]
MOST_TRIANGLES = 20_000_000  # about 3 GB


@dataclass(frozen=True, kw_only=True)
class Surfaces:
    """Triangles, group by group; counter-clockwise seen from outside."""

    corners: Floats  # (n, 3, 3) [m]
    tags: npt.NDArray[np.uint8]  # Tag (n,)
    instances: npt.NDArray[np.int32]  # 0: none (n,)
    two_sided: npt.NDArray[np.bool_]  # seen from behind, too (n,)
    starts: Integers  # first triangle of each group, and n (k + 1,)
    skin: Skin

    @cached_property
    def spheres(self) -> Floats:
        """Around each group: x, y, z, radius `(k, 4)` [m]."""
        if not len(self.corners):
            return np.zeros((0, 4))
        corners, first = self.corners.reshape(-1, 3), 3 * self.starts[:-1]
        low = np.minimum.reduceat(corners, first)
        high = np.maximum.reduceat(corners, first)
        radius = 0.5 * np.linalg.norm(high - low, axis=1)
        return np.column_stack([0.5 * (low + high), radius])

    @cached_property
    def solids(self) -> Surfaces:
        """Without what is two-sided: ground."""
        return self.kept(~self.two_sided)

    def kept(self, chosen: npt.NDArray[np.bool_]) -> Surfaces:
        """Some of the triangles `(n,)`; a group of which none is left is no more."""
        rows = np.flatnonzero(chosen)
        group = np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))[rows]
        return Surfaces(
            corners=np.ascontiguousarray(self.corners[rows]),
            tags=self.tags[rows],
            instances=self.instances[rows],
            two_sided=self.two_sided[rows],
            starts=offsets_of(np.unique(group, return_counts=True)[1]),
            skin=self.skin.ordered(rows),
        )

    @property
    def arrays(self) -> tuple[Floats, npt.NDArray[np.bool_], Integers, Floats]:
        """What the kernels that draw take."""
        return self.corners, self.two_sided, self.starts, self.spheres

    @cached_property
    def normals(self) -> Floats:
        """Unit vectors `(n, 3)`; 0 for a triangle without area."""
        a, b, c = self.corners.transpose(1, 0, 2)
        normal = np.cross(b - a, c - a)
        length = np.linalg.norm(normal, axis=1, keepdims=True)
        return np.asarray(normal / np.maximum(length, 1e-300), np.float64)

    @cached_property
    def coats(self) -> npt.NDArray[np.float32]:
        """How each triangle looks, as `kernels.shading` takes it `(n, 11)`."""
        return self.skin.coats(self.normals)

    def lit(self, lights: tuple[int, ...]) -> npt.NDArray[np.float32]:
        """`coats` with the lenses lit that are so when the map's controllers show `lights`."""
        lenses = self.lenses
        if not (lights and len(lenses)):
            return self.coats
        controllers, shown = self.skin.windows[lenses, :2].astype(np.int64).T
        known = np.array([*lights, -1])  # the last one is that of lenses without a controller
        lit = lenses[known[np.minimum(controllers, len(lights))] == shown]
        coats = self.coats.copy()
        coats[lit, 3:6] = lit_lenses()[self.skin.windows[lit, 1].astype(np.int64)]
        coats[lit, 6] = Pattern.LAMP
        return coats

    @cached_property
    def lenses(self) -> Integers:
        """Rows of the triangles that are lenses of traffic lights."""
        return np.flatnonzero(self.skin.patterns == Pattern.LENS)

    @cached_property
    def reflectances(self) -> Floats:
        """Of each triangle `(n,)`."""
        return reflectances()[self.tags]


@dataclass(frozen=True, kw_only=True)
class Solid:
    """A closed thing."""

    triangles: Floats  # (m, 3, 3) [m]
    tag: Tag
    skin: Skin | None = None  # None: as its tag has it


def still(mesh: Mesh, *, solids: Iterable[Solid] = ()) -> Surfaces:
    """The world that does not move: ground, and solids on it, in tiles."""
    parts, tags = [mesh.vertices[mesh.triangles]], [mesh.labels]
    skins = [tagged(mesh.labels)]
    for solid in solids:
        parts.append(solid.triangles)
        tags.append(np.full(len(solid.triangles), solid.tag, np.uint8))
        skins.append(solid.skin or tagged(tags[-1]))
    corners, all_tags = np.concatenate(parts), np.concatenate(tags)
    _check(corners)
    two_sided = np.arange(len(corners)) < len(mesh.triangles)
    # One long triangle would make its whole tile's sphere long: those of a size stay together.
    extent = np.ptp(corners, axis=1).max(axis=1)
    size = np.floor(np.log2(np.maximum(extent / TILE, 1.0))).astype(np.int64)
    tile = TILE * 2.0 ** size[:, None]
    squares = np.floor(corners.mean(axis=1)[:, :2] / tile).astype(np.int64)
    order = np.lexsort((squares[:, 0], squares[:, 1], size))
    keys = np.column_stack([size, squares])[order]
    starts = np.flatnonzero(np.any(keys[1:] != keys[:-1], axis=1)) + 1
    return Surfaces(
        corners=np.ascontiguousarray(corners[order]),
        tags=all_tags[order],
        instances=np.zeros(len(order), np.int32),
        two_sided=two_sided[order],
        starts=np.concatenate([[0], starts, [len(order)]]) if len(order) else np.zeros(1, int),
        skin=Skin.joined(skins).ordered(order),
    )


def moving(solids: Iterable[Floats], tags: npt.ArrayLike, instances: npt.ArrayLike) -> Surfaces:
    """One group for each closed solid `(m, 3, 3)` [m] of this frame, as its tag looks.

    Raises:
        RequestError: if there are not as many tags and instances `(n,)` as solids, an instance
            is not positive, or a corner is not finite.
    """
    parts = list(solids)
    tag, instance = np.asarray(tags, np.uint8), np.asarray(instances, np.int32)
    if not tag.shape == instance.shape == (len(parts),):
        raise RequestError(f"{len(parts)} solids need a tag and an instance each")
    sizes = np.array([len(part) for part in parts], np.int64)
    if (sizes < 1).any():
        raise RequestError(f"solid {int(sizes.argmin())} has no triangle")
    corners = np.concatenate(parts) if parts else np.zeros((0, 3, 3))
    return grouped(corners, np.repeat(tag, sizes), instance, sizes)


def grouped(
    corners: Floats,
    tags: npt.NDArray[np.uint8],
    instances: npt.NDArray[np.int32],
    sizes: Integers,
    skin: Skin | None = None,
) -> Surfaces:
    """Solids that stand one after the other in arrays.

    Args:
        corners: of all triangles. (n, 3, 3) [m]
        tags: of all triangles. (n,)
        instances: of the solids. (k,)
        sizes: how many triangles each has. (k,)
        skin: of all triangles; None: as their tags have it.

    Raises:
        RequestError: an instance is not positive, or a corner is not finite.
    """
    if (instances < 1).any():
        raise RequestError("an instance is 1 or more: 0 stands for what has none")
    _check(corners)
    return Surfaces(
        corners=corners,
        tags=tags,
        instances=np.repeat(instances, sizes),
        two_sided=np.zeros(len(corners), np.bool_),
        starts=offsets_of(sizes),
        skin=skin or tagged(tags),
    )


def _check(corners: Floats) -> None:
    if len(corners) > MOST_TRIANGLES:
        raise RequestError(f"{len(corners)} triangles; at most {MOST_TRIANGLES}: use a smaller map")
    if not np.isfinite(corners).all():
        raise RequestError("a corner is not finite; check positions and sizes")


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One instant: what stands still, and what moves. Leave out the carrier of the sensor."""

    still: Surfaces
    moving: Surfaces
    lights: tuple[int, ...] = ()  # as of `Snapshot`

    @cached_property
    def coats(self) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """How all triangles look now: of what stands still, and of what moves."""
        return self.still.lit(self.lights), self.moving.coats

    @cached_property
    def tags(self) -> npt.NDArray[np.uint8]:
        """Of all triangles, those that stand still first `(n,)`."""
        return np.concatenate([self.still.tags, self.moving.tags])

    @cached_property
    def instances(self) -> npt.NDArray[np.int32]:
        """As `tags` `(n,)`."""
        return np.concatenate([self.still.instances, self.moving.instances])
