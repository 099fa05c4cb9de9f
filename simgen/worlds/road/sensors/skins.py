"""What triangles look like to a camera: colours, and patterns drawn on them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from simgen.core import asset
from simgen.kernels.arrays import Floats
from simgen.worlds.road.sensors.tags import Tag
from simgen.worlds.road.shapes import Material

_STOREY = 3.2  # assumed [m]
_BAY = 2.8  # from window to window, about; assumed [m]


class Pattern(IntEnum):
    """What is drawn on a triangle."""

    PLAIN = 0
    ASPHALT = 1
    GRASS = 2
    PAVING = 3
    LEAVES = 4
    FACADE = 5
    GLASS = 6  # mirrors the sky
    LAMP = 7  # shines by itself
    LENS = 8  # of a traffic light, unlit


_PATTERNS = {
    Tag.ROAD: Pattern.ASPHALT,
    Tag.TERRAIN: Pattern.GRASS,
    Tag.SIDEWALK: Pattern.PAVING,
    Tag.VEGETATION: Pattern.LEAVES,
}
_SHINING = (Material.HEADLIGHT, Material.TAIL_LIGHT)


@dataclass(frozen=True, kw_only=True)
class Skin:
    """Colours and patterns, triangle by triangle."""

    colours: npt.NDArray[np.float32]  # share of light sent back: red, green, blue (n, 3)
    patterns: npt.NDArray[np.uint8]  # Pattern (n,)
    # Of facades: along the wall and z of a corner [m], bays and storeys per length [1/m]; of
    # lenses: the map's controller, -1 for none, and what it shows when they are lit (n, 4)
    windows: Floats

    @staticmethod
    def joined(skins: list[Skin]) -> Skin:
        """One after the other."""
        every = [plain(0, "#000000"), *skins]
        return Skin(
            colours=np.concatenate([skin.colours for skin in every]),
            patterns=np.concatenate([skin.patterns for skin in every]),
            windows=np.concatenate([skin.windows for skin in every]),
        )

    def coats(self, normals: Floats) -> npt.NDArray[np.float32]:
        """As `kernels.shading` takes it: normal, colour, pattern and windows `(n, 11)`."""
        parts: list[npt.NDArray[Any]] = [
            normals,
            self.colours,
            self.patterns[:, None],
            self.windows,
        ]
        return np.ascontiguousarray(np.concatenate(parts, axis=1), np.float32)

    def ordered(self, rows: npt.NDArray[np.int64]) -> Skin:
        """The same of these triangles."""
        return Skin(
            colours=self.colours[rows], patterns=self.patterns[rows], windows=self.windows[rows]
        )


def appearance() -> dict[str, Any]:
    """What assets/driving/sensors/appearance.yaml says."""
    content: dict[str, Any] = asset("driving/sensors/appearance")
    return content


def light(colour: str) -> npt.NDArray[np.float32]:
    """The shares of light `(3,)` of a screen's colour, #rrggbb.

    A screen shows the square of its number, nearly; a square root is the same on every machine.
    """
    shown = np.array(list(bytes.fromhex(colour[1:]))) / 255.0
    return np.asarray(shown * shown, np.float32)


@cache
def _by_tag() -> tuple[npt.NDArray[np.float32], npt.NDArray[np.uint8]]:
    named = {Tag[name.upper()]: colour for name, colour in appearance()["tags"].items()}
    colours = np.array([light(named.get(tag, appearance()["others"])) for tag in Tag])
    return colours, np.array([_PATTERNS.get(tag, Pattern.PLAIN) for tag in Tag], np.uint8)


def tagged(tags: npt.NDArray[np.uint8]) -> Skin:
    """What things of these tags look like."""
    colours, patterns = _by_tag()
    return Skin(colours=colours[tags], patterns=patterns[tags], windows=np.zeros((len(tags), 4)))


def plain(n_triangles: int, colour: str, pattern: Pattern = Pattern.PLAIN) -> Skin:
    """One colour all over."""
    return Skin(
        colours=np.tile(light(colour), (n_triangles, 1)),
        patterns=np.full(n_triangles, pattern, np.uint8),
        windows=np.zeros((n_triangles, 4)),
    )


def facade(triangles: Floats, colour: str) -> Skin:
    """A building's: whole windows in rows on upright walls, none on its roof."""
    skin = plain(len(triangles), colour)
    for k, corners in enumerate(triangles):
        normal = np.cross(corners[1] - corners[0], corners[2] - corners[0])
        level = float(np.hypot(normal[0], normal[1]))
        if level <= 1e3 * abs(normal[2]):  # not upright
            continue
        along = corners[:, 0] * (-normal[1] / level) + corners[:, 1] * (normal[0] / level)
        # Both triangles of a wall have its whole length and height.
        length, height = np.ptp(along), np.ptp(corners[:, 2])
        n_bays, n_storeys = max(round(length / _BAY), 1), max(round(height / _STOREY), 1)
        skin.patterns[k] = Pattern.FACADE
        skin.windows[k] = along.min(), corners[:, 2].min(), n_bays / length, n_storeys / height
    return skin


def lens(n_triangles: int, controller: int, shown: int) -> Skin:
    """A traffic light's that is lit when a controller of the map, -1 for none, shows this."""
    skin = plain(n_triangles, appearance()["lenses"]["unlit"], Pattern.LENS)
    skin.windows[:, :2] = controller, shown
    return skin


@cache
def lit_lenses() -> npt.NDArray[np.float32]:
    """The light of a lit lens, by what it shows `(3, 3)`."""
    return np.array([light(appearance()["lenses"][name]) for name in ("green", "yellow", "red")])


def actor(materials: npt.NDArray[np.uint8], *, paint: str, cloth: str, trousers: str) -> Skin:
    """A vehicle's or a person's, of parts of these materials `(n,)`."""
    own = {Material.PAINT: paint, Material.CLOTH: cloth, Material.TROUSERS: trousers}
    named = {Material[name.upper()]: c for name, c in appearance()["materials"].items()}
    colours = np.array([light((own | named)[material]) for material in Material])
    patterns = np.full(len(Material), Pattern.PLAIN, np.uint8)
    patterns[Material.GLASS] = Pattern.GLASS
    patterns[list(_SHINING)] = Pattern.LAMP
    return Skin(
        colours=colours[materials],
        patterns=patterns[materials],
        windows=np.zeros((len(materials), 4)),
    )
