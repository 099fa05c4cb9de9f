"""The world that does not move: roads, the ground beside them, and what the map puts there.

OpenDRIVE says nothing about the ground beside roads. Ours is a grid of squares a little below
the lowest road over each, level with the nearest road further out.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from simgen.core import RequestError
from simgen.kernels.arrays import Floats
from simgen.worlds.road.furniture import PlacedObject, objects
from simgen.worlds.road.mesh import MARK_LIFT, MARK_WIDTH, Mesh, Surface, road_mesh
from simgen.worlds.road.network import RoadNetwork
from simgen.worlds.road.sensors.signposts import signposts
from simgen.worlds.road.sensors.skins import Pattern, appearance, facade, plain
from simgen.worlds.road.sensors.surfaces import Solid, Surfaces, still
from simgen.worlds.road.sensors.tags import Tag
from simgen.worlds.road.shapes import frustums, prism

_SQUARE = 4.0  # side of the grid's squares; assumed [m]
_BLOCK = 8  # squares of a side of what is drawn as one where that shows nowhere
_DROP = 0.1  # of the ground below a road's edge; assumed [m]
_BORDER = 150.0  # ground beyond the outermost road; assumed [m]
_MOST_SQUARES = 4_000_000
_SAMPLES = np.array([(i / 4, j / 4) for i in range(5) for j in range(5 - i)])  # of a triangle

# What things are that stand, by their types in OpenDRIVE.
OBJECT_TAGS = {
    "building": Tag.BUILDING,
    "barrier": Tag.GUARD_RAIL,
    "pole": Tag.POLE,
    "streetLamp": Tag.POLE,
    "tree": Tag.VEGETATION,
    "vegetation": Tag.VEGETATION,
    "obstacle": Tag.STATIC,
}
_BAR = 0.5  # width of a crosswalk's bars and of the gaps between; assumed [m]
_TRUNK = 0.3  # of a tree's height; assumed
_TRUNK_WIDTH = 0.12  # of a tree's width; assumed
# Rings of a crown: shares of a tree's height and of its width; assumed.
_CROWN = ((0.28, 0.55), (0.45, 1.0), (0.7, 0.85), (0.9, 0.45), (1.0, 0.12))


def scenery(network: RoadNetwork) -> Surfaces:
    """All that stands still on a map."""
    roads = road_mesh(network)
    crossings, bays = objects(network, {"crosswalk"}), objects(network, {"parkingSpace"})
    ground = _joined([roads, terrain(roads), *map(_painted, crossings), *map(_bay, bays)])
    return still(ground, solids=[*_standing(network), *signposts(network)])


def terrain(roads: Mesh) -> Mesh:
    """Ground below and beside roads; RequestError if the map is too wide for it."""
    if not len(roads.triangles):
        return roads
    points = _covering(roads.vertices[roads.triangles])
    low = points[:, :2].min(axis=0) - _BORDER
    shape = np.ceil((np.ptp(points[:, :2], axis=0) + 2 * _BORDER) / _SQUARE).astype(int) + 1
    if shape.prod() > _MOST_SQUARES:
        raise RequestError(
            f"the map is {shape[0] * _SQUARE:.0f} m x {shape[1] * _SQUARE:.0f} m: ground for "
            f"sensors is limited to {_MOST_SQUARES * _SQUARE**2 / 1e6:.0f} km2; cut the map"
        )
    heights = np.full(shape, np.inf)
    cell = np.floor((points[:, :2] - low) / _SQUARE).astype(int)
    # All four corners of a square are below each road over it, so the square is.
    for corner in ((0, 0), (1, 0), (0, 1), (1, 1)):
        np.minimum.at(heights, tuple((cell + corner).T), points[:, 2])
    known = np.isfinite(heights)
    tree = cKDTree(np.argwhere(known))
    heights[~known] = heights[known][tree.query(np.argwhere(~known))[1]]
    return _grid(low, heights - _DROP, known)


def _covering(corners: Floats) -> Floats:
    """Points of all triangles `(n, 3, 3)`, none further than a square from the next [m]."""
    extent = np.ptp(corners[..., :2], axis=1).max(axis=1)
    parts = [np.zeros((0, 3))]
    while len(corners):
        small = extent <= 2.0 * _SQUARE
        a, b, c = corners[small].transpose(1, 0, 2)
        for u, v in _SAMPLES:
            parts.append(a + u * (b - a) + v * (c - a))
        a, b, c = corners[~small].transpose(1, 0, 2)
        ab, bc, ca = 0.5 * (a + b), 0.5 * (b + c), 0.5 * (c + a)
        quarters = [(a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca)]
        corners = np.concatenate([np.stack(quarter, axis=1) for quarter in quarters])
        extent = np.ptp(corners[..., :2], axis=1).max(axis=1)
    return np.concatenate(parts)


def _grid(low: Floats, heights: Floats, known: npt.NDArray[np.bool_]) -> Mesh:
    """The ground through a grid of heights, counter-clockwise from above.

    Two triangles a square; a block of `_BLOCK` x `_BLOCK` squares that is level, or without a road
    (`known` nowhere), is a fan around its middle. Its rim has the corners that neighbours have
    there, so nothing shows through between them.
    """
    n_x, n_y = heights.shape
    x, y = np.meshgrid(np.arange(n_x), np.arange(n_y), indexing="ij")
    places = low + np.stack([x, y], axis=2) * _SQUARE
    number = np.arange(n_x * n_y).reshape(n_x, n_y)
    plain = _plain_blocks(heights, known)
    single = ~np.kron(plain, np.ones((_BLOCK, _BLOCK), np.bool_))[: n_x - 1, : n_y - 1]
    a, b, c, d = (
        corner[single]
        for corner in (number[:-1, :-1], number[1:, :-1], number[1:, 1:], number[:-1, 1:])
    )
    squares = np.stack([np.stack([a, b, c], axis=1), np.stack([a, c, d], axis=1)], axis=1)
    fans = [_fan(number, plain, i, j) for i, j in np.argwhere(plain).tolist()]
    triangles = np.concatenate([squares.reshape(-1, 3), *fans])
    return Mesh(
        vertices=np.concatenate([places, heights[..., None]], axis=2).reshape(-1, 3),
        triangles=triangles,
        labels=np.full(len(triangles), Surface.TERRAIN, np.uint8),
    )


def _plain_blocks(heights: Floats, known: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Which blocks of squares are level or without a road; not those that the far ends cut."""
    plain = np.zeros([-(-(n - 1) // _BLOCK) for n in heights.shape], np.bool_)
    for i, j in np.ndindex(*((n - 1) // _BLOCK for n in heights.shape)):
        inside = (
            slice(i * _BLOCK, (i + 1) * _BLOCK + 1),
            slice(j * _BLOCK, (j + 1) * _BLOCK + 1),
        )
        plain[i, j] = np.ptp(heights[inside]) == 0.0 or not known[inside].any()
    return plain


def _fan(
    number: npt.NDArray[np.int64], plain: npt.NDArray[np.bool_], i: int, j: int
) -> npt.NDArray[np.int64]:
    """Triangles of a plain block, whose sides are cut only where a neighbour's squares are."""
    first, last, left, right = i * _BLOCK, (i + 1) * _BLOCK, j * _BLOCK, (j + 1) * _BLOCK
    wide = np.pad(plain, 1)
    row, column = i + 1, j + 1  # within `wide`
    sides = (
        (number[first:last, left], wide[row, column - 1]),
        (number[last, left:right], wide[row + 1, column]),
        (number[last:first:-1, right], wide[row, column + 1]),
        (number[first, right:left:-1], wide[row - 1, column]),
    )
    rim = np.concatenate([side[:1] if is_plain else side for side, is_plain in sides])
    middle = np.full(len(rim), number[first + _BLOCK // 2, left + _BLOCK // 2])
    return np.column_stack([middle, rim, np.roll(rim, -1)])


def _joined(meshes: list[Mesh]) -> Mesh:
    starts = np.cumsum([0, *(len(mesh.vertices) for mesh in meshes)])
    numbers = [mesh.triangles + start for mesh, start in zip(meshes, starts[:-1], strict=True)]
    return Mesh(
        vertices=np.concatenate([mesh.vertices for mesh in meshes]),
        triangles=np.concatenate(numbers),
        labels=np.concatenate([mesh.labels for mesh in meshes]),
    )


def _painted(thing: PlacedObject) -> Mesh:
    """A crosswalk: bars across its longer sides; its whole outline if that has no four corners."""
    corners = _counter_clockwise(thing.corners) + _up(2.0 * MARK_LIFT)
    if len(corners) == 4:
        sides = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
        return _bars(np.roll(corners, -int(sides.argmax()), axis=0), float(sides.max()))
    fan = np.arange(1, len(corners) - 1)
    return Mesh(
        vertices=corners,
        triangles=np.column_stack([np.zeros_like(fan), fan, fan + 1]),
        labels=np.full(len(fan), Surface.ROAD_LINE, np.uint8),
    )


def _bay(thing: PlacedObject) -> Mesh:
    """A parking bay: lines within it along its longer sides; nothing if it has no four corners."""
    corners = _counter_clockwise(thing.corners) + _up(MARK_LIFT)
    if len(corners) != 4:
        corners = np.zeros((4, 3))
    sides = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    a, b, c, d = np.roll(corners, -int(sides.argmax()), axis=0)
    share = min(MARK_WIDTH / max(float(sides.min()), MARK_WIDTH), 0.5)
    across, back = (d - a) * share, (c - b) * share
    vertices = np.stack([a, b, b + back, a + across, d - across, c - back, c, d])
    return Mesh(
        vertices=vertices,
        triangles=np.array([[0, 1, 2], [0, 2, 3], [4, 5, 6], [4, 6, 7]]),
        labels=np.full(4, Surface.ROAD_LINE, np.uint8),
    )


def _bars(corners: Floats, length: float) -> Mesh:
    """Bars between the first side of a quadrangle, of a length [m], and the opposite one."""
    n_bars = max(int(length / (2.0 * _BAR)), 1)
    share = (np.arange(2 * n_bars) + 0.5) / (2 * n_bars)
    near = corners[0] + share[:, None] * (corners[1] - corners[0])
    far = corners[3] + share[:, None] * (corners[2] - corners[3])
    vertices = np.stack([near[::2], near[1::2], far[1::2], far[::2]], axis=1)
    first = 4 * np.arange(n_bars)[:, None, None]
    triangles = (first + np.array([[0, 1, 2], [0, 2, 3]])).reshape(-1, 3)
    return Mesh(
        vertices=vertices.reshape(-1, 3),
        triangles=triangles,
        labels=np.full(len(triangles), Surface.ROAD_LINE, np.uint8),
    )


def _up(height: float) -> Floats:
    return np.array([0.0, 0.0, height])


def _standing(network: RoadNetwork) -> Iterator[Solid]:
    """Objects with a height: columns over their outlines, trees with a trunk."""
    for number, thing in enumerate(objects(network, OBJECT_TAGS)):
        tag, height = OBJECT_TAGS[thing.object.type], thing.object.height
        if len(thing.corners) < 3 or height <= 0.0:
            continue
        outline = _counter_clockwise(thing.corners)
        if thing.object.type == "tree":
            yield from _tree(outline, height, _pick("trees", number))
        elif tag == Tag.BUILDING:
            triangles = prism(outline, height)
            skin = facade(triangles, _pick("facades", number))
            yield Solid(triangles=triangles, tag=tag, skin=skin)
        else:
            yield Solid(triangles=prism(outline, height), tag=tag)


def _pick(colours: str, number: int) -> str:
    """One of some colours, so that neighbours differ."""
    palette = appearance()[colours]
    return str(palette[number * 5 % len(palette)])


def _tree(outline: Floats, height: float, colour: str) -> Iterator[Solid]:
    """A trunk, and a crown that is widest a little above its lower end."""
    middle = outline.mean(axis=0)
    trunk = prism(middle + (outline - middle) * _TRUNK_WIDTH, height * _TRUNK)
    bark = plain(len(trunk), str(appearance()["trunk"]))
    yield Solid(triangles=trunk, tag=Tag.VEGETATION, skin=bark)
    rings = [middle + (outline - middle) * width + _up(height * share) for share, width in _CROWN]
    crown = frustums(rings)
    leaves = plain(len(crown), colour, Pattern.LEAVES)
    yield Solid(triangles=crown, tag=Tag.VEGETATION, skin=leaves)


def _counter_clockwise(corners: Floats) -> Floats:
    x, y = corners[:, 0], corners[:, 1]
    area = float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))
    return corners if area > 0.0 else corners[::-1]
