"""Actors of a world's snapshot as solids, and the scene that they make with the map."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from simgen.kernels.arrays import Floats
from simgen.worlds.base import Snapshot
from simgen.worlds.road.catalogue import catalogue
from simgen.worlds.road.network import RoadNetwork
from simgen.worlds.road.offsets import offsets_of
from simgen.worlds.road.sensors import skins
from simgen.worlds.road.sensors.kernels.placing import place_solids
from simgen.worlds.road.sensors.poses import Frame
from simgen.worlds.road.sensors.scenery import scenery
from simgen.worlds.road.sensors.skins import Skin, appearance, light
from simgen.worlds.road.sensors.surfaces import Scene, Surfaces, grouped
from simgen.worlds.road.sensors.tags import Tag
from simgen.worlds.road.shapes import Form, Material, materials, solid

_BRAKES = 0.7  # deceleration above which brake lamps may be lit; UN Regulation 13-H [m/s2]
_RIDERS = (Material.CLOTH, Material.TROUSERS, Material.SKIN)


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A map and all that stands still on it; make it once a map, it takes seconds."""

    network: RoadNetwork

    @cached_property
    def scenery(self) -> Surfaces:
        """What stands still."""
        return scenery(self.network)

    def scene(self, snapshot: Snapshot, *, without: int = 0) -> Scene:
        """What sensors see now, without the actor that carries them.

        Raises:
            RequestError: an actor's name is unknown.
        """
        moving = solids(snapshot, without=without)
        return Scene(still=self.scenery, moving=moving, lights=snapshot.lights)


def kind_of(name: str) -> str:
    """The kind of an actor called by its kind or by a blueprint; RequestError if unknown."""
    known = catalogue()
    known.find(name)
    return known.names.get(name, name)


def tag_of(name: str) -> Tag:
    """The semantic tag of an actor called by its kind or by a blueprint; that of its vehicle."""
    return Tag[appearance()["kinds"][kind_of(name)]["tag"].upper()]


def frame_of(snapshot: Snapshot, row: int) -> Frame:
    """The frame of the actor in a row of a snapshot."""
    yaw, pitch, roll = (float(angle) for angle in snapshot.rotations[row])
    return Frame.turned(snapshot.positions[row], yaw=yaw, pitch=pitch, roll=roll)


def solids(snapshot: Snapshot, *, without: int = 0) -> Surfaces:
    """All actors but one, each with its number as instance."""
    rows = np.flatnonzero(snapshot.actors != without)
    roster = tuple(
        (int(snapshot.actors[row]), snapshot.names[row], tuple(snapshot.sizes[row].tolist()))
        for row in rows
    )
    cast = _cast(roster)
    frames = [frame_of(snapshot, int(row)) for row in rows]
    axes = np.array([frame.axes for frame in frames]).reshape(-1, 3, 3)
    corners = np.empty_like(cast.bodies)
    starts = offsets_of(cast.sizes)
    place_solids(cast.bodies, starts, snapshot.positions[rows], axes, corners)
    ahead = np.einsum("ni,ni->n", snapshot.accelerations[rows], axes[:, :, 0])
    skin = cast.lit(ahead < -_BRAKES)
    return grouped(corners, cast.tags, cast.actors, cast.sizes, skin)


@dataclass(frozen=True, kw_only=True)
class _Cast:
    """Actors one after the other, in their own frames."""

    bodies: Floats  # (n, 3, 3) [m]
    tags: npt.NDArray[np.uint8]  # (n,)
    skin: Skin
    actors: npt.NDArray[np.int32]  # (k,)
    sizes: npt.NDArray[np.int64]  # triangles of each (k,)
    lamps: npt.NDArray[np.int64]  # rows of triangles that are rear lamps

    def lit(self, braking: npt.NDArray[np.bool_]) -> Skin:
        """The skin with the lamps of those who brake `(k,)` lit."""
        lit = self.lamps[np.repeat(braking, self.sizes)[self.lamps]]
        if not len(lit):
            return self.skin
        colours = self.skin.colours.copy()
        colours[lit] = light(appearance()["brake_light"])
        return replace(self.skin, colours=colours)


@lru_cache(maxsize=4)
def _cast(roster: tuple[tuple[int, str, tuple[float, float, float]], ...]) -> _Cast:
    """These actors: number, name and size [m] of each. The same for as long as none comes."""
    models = [_model(kind_of(name), size) for _, name, size in roster]
    coats = [
        _coat(kind_of(name), model.materials, actor)
        for (actor, name, _), model in zip(roster, models, strict=True)
    ]
    made = np.concatenate([np.zeros(0, np.uint8), *(model.materials for model in models)])
    return _Cast(
        bodies=np.concatenate([np.zeros((0, 3, 3)), *(model.body for model in models)]),
        tags=np.concatenate([np.zeros(0, np.uint8), *(model.tags for model in models)]),
        skin=Skin.joined(coats),
        actors=np.array([actor for actor, _, _ in roster], np.int32),
        sizes=np.array([len(model.tags) for model in models], np.int64),
        lamps=np.flatnonzero(made == Material.TAIL_LIGHT),
    )


@dataclass(frozen=True, kw_only=True)
class _Model:
    """Triangles of a kind of some size, in its own frame."""

    body: Floats  # (n, 3, 3) [m]
    tags: npt.NDArray[np.uint8]  # (n,)
    materials: npt.NDArray[np.uint8]  # (n,)


# By shape, not by actor: a world in which actors come and go for days keeps no more for it.
@lru_cache(maxsize=512)
def _model(kind: str, size: tuple[float, float, float]) -> _Model:
    about: dict[str, Any] = appearance()["kinds"][kind]
    form = Form(about["form"])
    made = materials(form)
    tags = np.full(len(made), Tag[about["tag"].upper()], np.uint8)
    if form is Form.CYCLE:
        tags[np.isin(made, _RIDERS)] = Tag.RIDER
    body = solid(form, length=size[0], width=size[1], height=size[2])
    return _Model(body=body, tags=tags, materials=made)


def _coat(kind: str, made: npt.NDArray[np.uint8], actor: int) -> Skin:
    """The colours of one actor of the kind."""
    about: dict[str, Any] = appearance()["kinds"][kind]
    return skins.actor(
        made,
        paint=_pick(about.get("paints", appearance()["paints"]), actor),
        cloth=_pick(appearance()["cloths"], actor),
        trousers=_pick(appearance()["trousers"], actor),
    )


def _pick(colours: list[str], actor: int) -> str:
    """An actor's colour, the same all its life: Knuth's multiplicative hash of its number."""
    return colours[(actor * 2_654_435_761 % 2**32) * len(colours) >> 32]
