"""Traffic lights and signs: what stands on a mast beside the road."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from simgen.kernels.arrays import Floats
from simgen.worlds.road.furniture import PlacedSignal, signals
from simgen.worlds.road.network import RoadNetwork
from simgen.worlds.road.opendrive.signal_types import STOP_SIGN, YIELD_SIGN
from simgen.worlds.road.sensors.skins import Skin, appearance, lens, plain
from simgen.worlds.road.sensors.surfaces import Solid
from simgen.worlds.road.sensors.tags import Tag
from simgen.worlds.road.shapes import boxes

_LIGHT_SIZE = (0.12, 0.17, 0.45)  # half of a light's depth, width, height; assumed [m]
_LENS = 0.12  # radius of a lens; assumed [m]
_MAST = 0.06  # half the width of a mast; assumed [m]
_LEAST_HEIGHT = 2.2  # of a sign's middle where the map says nothing; assumed [m]
_AHEAD = 0.01  # of what is painted before what it is painted on [m]
_RIM = 0.8  # of a sign's radius lies within its rim; assumed


@dataclass(frozen=True, kw_only=True)
class _Face:
    """The front of a sign: a regular polygon with a rim of another colour."""

    n_corners: int
    first: float  # azimuth of a corner, from the left up [rad]
    radius: float  # [m]
    rim: str  # names of `signs` in appearance.yaml
    inside: str


# Sides of 0.9 m and width of 0.9 m, as the German catalogue's middle sizes. All others are blue
# squares.
_FACES = {
    YIELD_SIGN: _Face(n_corners=3, first=-np.pi / 2, radius=0.52, rim="red", inside="white"),
    STOP_SIGN: _Face(n_corners=8, first=np.pi / 8, radius=0.49, rim="white", inside="red"),
}
_OTHERS = _Face(n_corners=4, first=np.pi / 4, radius=0.5, rim="white", inside="blue")


def signposts(network: RoadNetwork) -> Iterator[Solid]:
    """All of a map's; a light's lenses are lit by `Scene.lights`."""
    group_of = {
        signal: number
        for number, controller in enumerate(network.document.controllers)
        for signal in controller.signals
    }
    for placed in signals(network):
        foot = placed.z - placed.signal.height_offset
        middle = max(placed.z, foot + _LEAST_HEIGHT)
        depth = _LIGHT_SIZE[0] if placed.signal.is_light else 0.0
        ahead = np.array([np.cos(placed.yaw), np.sin(placed.yaw), 0.0])
        centre = np.array([placed.x, placed.y, middle])
        if placed.signal.is_light:
            yield from _light(placed, centre, ahead, group_of.get(placed.signal.id, -1))
        else:
            yield from _sign(_FACES.get(placed.signal.type, _OTHERS), centre, ahead)
        half = 0.5 * (middle - foot)
        mast = centre - (depth + _MAST) * ahead - [0.0, 0.0, half]
        pole = boxes([mast.tolist()], [[_MAST, _MAST, half]], [placed.yaw])[0]
        yield Solid(triangles=pole, tag=Tag.POLE)


def _light(placed: PlacedSignal, centre: Floats, ahead: Floats, controller: int) -> Iterator[Solid]:
    """A box with three lenses: green, yellow and red from below."""
    head = boxes([centre.tolist()], [_LIGHT_SIZE], [placed.yaw])[0]
    yield Solid(triangles=head, tag=Tag.TRAFFIC_LIGHT)
    for shown in range(3):
        up = np.array([0.0, 0.0, 2.0 * (shown - 1) * _LIGHT_SIZE[2] / 3.0])
        disc = _polygon(centre + up + (_LIGHT_SIZE[0] + _AHEAD) * ahead, ahead, _LENS, 10, 0.0)
        skin = lens(len(disc), controller, shown)
        yield Solid(triangles=disc, tag=Tag.TRAFFIC_LIGHT, skin=skin)


def _sign(face: _Face, centre: Floats, ahead: Floats) -> Iterator[Solid]:
    """A plate: its grey back, its rim, and what lies within."""
    sides = (
        (centre, -ahead, face.radius, np.pi - face.first, "back"),
        (centre, ahead, face.radius, face.first, face.rim),
        (centre + _AHEAD * ahead, ahead, _RIM * face.radius, face.first, face.inside),
    )
    for place, facing, radius, first, colour in sides:
        plate = _polygon(place, facing, radius, face.n_corners, first)
        skin: Skin = plain(len(plate), str(appearance()["signs"][colour]))
        yield Solid(triangles=plate, tag=Tag.TRAFFIC_SIGN, skin=skin)


def _polygon(centre: Floats, ahead: Floats, radius: float, n_corners: int, first: float) -> Floats:
    """A fan that faces a direction, its first corner at an azimuth from the left up `(n, 3, 3)`."""
    angles = first + np.linspace(0.0, 2.0 * np.pi, n_corners, endpoint=False)
    left = np.array([-ahead[1], ahead[0], 0.0])
    up = np.array([0.0, 0.0, 1.0])
    # Seen from ahead the left is at the right: the order from left to up is clockwise there.
    rim = centre + radius * (np.outer(np.cos(angles), left) + np.outer(np.sin(angles), up))
    return np.stack([np.broadcast_to(centre, rim.shape), rim, np.roll(rim, -1, axis=0)], axis=1)
