"""What a server tells of actors, and what it is told: between CARLA's terms and ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
import numpy.typing as npt

from simgen.kernels.arrays import Floats
from simgen.worlds.carla.client.pipe import Array
from simgen.worlds.carla.frames import MIRROR, angles_of, rotations_of
from simgen.worlds.road.sensors import Frame


@dataclass(frozen=True, kw_only=True)
class Body:
    """An actor as the server made it."""

    actor: int  # the server's id
    blueprint: str
    foot: Floats  # middle of its box's lower face, from CARLA's origin, in its frame (3,) [m]
    size: Floats  # length, width, height (3,) [m]


@dataclass(frozen=True, kw_only=True)
class Ticked:
    """What a server told of one frame, in the world's terms; row i is of `actors[i]`."""

    frame: int
    actors: npt.NDArray[np.int64]  # the server's ids of all that we put there and it told of (n,)
    positions: Floats  # of CARLA's origins (n, 3) [m]
    rotations: Floats  # yaw, pitch, roll (n, 3) [rad]
    velocities: Floats  # (n, 3) [m/s]
    yaw_rates: Floats  # (n,) [rad/s]
    accelerations: Floats  # (n, 3) [m/s2]
    heard: Mapping[str, Mapping[str, Array]]  # what sensors said, by name and part
    missing: tuple[str, ...]  # sensors that said nothing in time


def places_of(frames: Sequence[tuple[Floats, Floats]], feet: Sequence[Floats]) -> Floats:
    """Where CARLA's origins are, as x, y, z, pitch, yaw and roll `(n, 6)` [m, degree].

    Args:
        frames: place of the middle of each lower face [m], and yaw, pitch and roll [rad]. (n,)
        feet: `Body.foot` of each. (n,)
    """
    out = np.empty((len(frames), 6))
    for row, ((position, angles), foot) in enumerate(zip(frames, feet, strict=True)):
        yaw, pitch, roll = (float(angle) for angle in angles)
        axes = Frame.turned(np.zeros(3), yaw=yaw, pitch=pitch, roll=roll).axes
        out[row, :3] = (position - axes @ foot) * MIRROR
    out[:, 3:] = rotations_of(np.array([angles for _, angles in frames]).reshape(-1, 3))
    return out


def feet_of(ticked: Ticked, bodies: Mapping[int, Body]) -> Floats:
    """The middle of each lower face `(n, 3)` [m]; `bodies` are known by the server's ids."""
    feet = np.empty((len(ticked.actors), 3))
    rows = zip(ticked.actors.tolist(), ticked.positions, ticked.rotations.tolist(), strict=True)
    for row, (actor, origin, (yaw, pitch, roll)) in enumerate(rows):
        frame = Frame.turned(origin, yaw=yaw, pitch=pitch, roll=roll)
        feet[row] = origin + frame.axes @ bodies[actor].foot
    return feet


def digest_of(ticked: Ticked, numbers: Mapping[int, int]) -> str:
    """SHA-256 of where everybody stood, by the run's own numbers of the actors."""
    own = np.array([numbers[int(actor)] for actor in ticked.actors], np.int64)
    order = np.argsort(own)
    found = sha256(own[order].astype("<i8").tobytes())
    for values in (ticked.positions, ticked.rotations):
        found.update(values[order].astype("<f4").tobytes())
    return found.hexdigest()


def ticked_of(frame: int, missing: tuple[str, ...], arrays: dict[str, Array]) -> Ticked:
    """From what `Session.step` gave."""
    states = arrays.pop("states").astype(np.float64)
    known = arrays.pop("actors")
    heard: dict[str, dict[str, Array]] = {}
    for key, array in arrays.items():
        name, _, part = key.partition("/")
        heard.setdefault(name, {})[part] = array
    return Ticked(
        frame=frame,
        actors=known,
        positions=states[:, 0:3] * MIRROR,
        rotations=angles_of(states[:, 3:6]),
        velocities=states[:, 6:9] * MIRROR,
        yaw_rates=-np.radians(states[:, 11]),
        accelerations=states[:, 12:15] * MIRROR,
        heard=heard,
        missing=missing,
    )
