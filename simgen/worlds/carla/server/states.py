"""The state of all actors as the client wants it in each frame."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from simgen.worlds.carla.frames import MIRROR, rotations_of, six
from simgen.worlds.carla.protocol import packets
from simgen.worlds.carla.protocol.types import LightColour
from simgen.worlds.carla.server.driving import engaged_gear
from simgen.worlds.carla.server.entities import (
    Body,
    Entity,
    K,
    Light,
    Sign,
    Vehicle,
    Walker,
)
from simgen.worlds.carla.server.episode import Episode
from simgen.worlds.road import Waypoints

_OWN = packets.ACTOR_STATE.fields["own"][1] if packets.ACTOR_STATE.fields else 0
# Where a map doesn't say, or there is no lane; CARLA's [km/h].
SPEED_LIMIT = 30.0
_KILOMETRES_PER_HOUR = 3.6  # per m/s
_TIMES = (LightColour.GREEN, LightColour.YELLOW, LightColour.RED)  # in the order of LIGHT_STATE


def states(episode: Episode) -> npt.NDArray[np.void]:
    """The records of all actors, as ACTOR_STATE `(n,)`."""
    others = [e for e in episode.entities.of(Entity) if not isinstance(e, Body)]
    out = np.zeros(len(episode.snapshot.actors) + len(others), packets.ACTOR_STATE)
    out["life"] = packets.ACTIVE
    own = out.view(np.uint8).reshape(len(out), -1)[:, _OWN:]
    n_bodies = len(episode.snapshot.actors)
    _bodies(episode, out[:n_bodies], own[:n_bodies])
    _others(episode, others, out[n_bodies:], own[n_bodies:])
    return out


def _bodies(episode: Episode, out: npt.NDArray[np.void], own: npt.NDArray[np.uint8]) -> None:
    now = episode.snapshot
    bodies = episode.entities.of(Body)
    out["id"] = episode.entities.ids[now.actors]
    out["place"] = now.positions * MIRROR
    out["place"][:, 2] += [body.lift for body in bodies]
    out["rotation"] = rotations_of(now.rotations)
    out["velocity"] = now.velocities * MIRROR
    out["angular_velocity"][:, 2] = -np.degrees(now.yaw_rates)
    out["acceleration"] = now.accelerations * MIRROR
    vehicles = [row for row, body in enumerate(bodies) if isinstance(body, Vehicle)]
    if vehicles:
        _write(own, vehicles, _vehicles(episode, bodies, np.array(vehicles)))
    _tell(own, bodies, Walker, packets.WALKER_STATE, _walker)


def _tell(
    own: npt.NDArray[np.uint8],
    entities: Sequence[Entity],
    kind: type[K],
    record: np.dtype[np.void],
    tell: Callable[[K], tuple[object, ...]],
) -> None:
    """Write what is told of entities of one kind alone."""
    found = [(row, entity) for row, entity in enumerate(entities) if isinstance(entity, kind)]
    if found:
        records = np.array([tell(entity) for _, entity in found], record)
        _write(own, [row for row, _ in found], records)


def _write(own: npt.NDArray[np.uint8], rows: list[int], records: npt.NDArray[np.void]) -> None:
    size = records.dtype.itemsize
    own[rows, :size] = records.view(np.uint8).reshape(len(records), size)


def _vehicles(
    episode: Episode, bodies: list[Body], rows: npt.NDArray[np.int64]
) -> npt.NDArray[np.void]:
    fronts = _fronts(episode, rows)
    limits = episode.chart.network.speed_limits(fronts) * _KILOMETRES_PER_HOUR
    limits[~np.isfinite(limits)] = SPEED_LIMIT
    records = []
    for row, limit, light in zip(rows, limits, episode.lights.over(fronts), strict=True):
        vehicle = bodies[row]
        assert isinstance(vehicle, Vehicle)
        control = vehicle.control
        records.append(
            (
                control.throttle, control.steer, control.brake, control.hand_brake,
                control.reverse, control.manual_gear, engaged_gear(episode, vehicle), limit,
                light.state if light else LightColour.GREEN, light is not None,
                light.id if light else 0, 0,
            )
        )  # fmt: skip
    return np.array(records, packets.VEHICLE_STATE)


def _fronts(episode: Episode, rows: npt.NDArray[np.int64]) -> Waypoints:
    """The lanes on which the front ends of vehicles stand."""
    now = episode.snapshot
    yaw, half = now.rotations[rows, 0], 0.5 * now.sizes[rows, 0]
    points = now.positions[rows].copy()
    points[:, 0] += half * np.cos(yaw)
    points[:, 1] += half * np.sin(yaw)
    return episode.chart.network.project(points).waypoints


def _walker(walker: Walker) -> tuple[object, ...]:
    control = walker.control
    direction = (control.direction.x, control.direction.y, control.direction.z)
    return direction, control.speed, control.jump


def _others(
    episode: Episode,
    others: list[Entity],
    out: npt.NDArray[np.void],
    own: npt.NDArray[np.uint8],
) -> None:
    if not others:
        return
    here = np.array([six(episode.transform(entity)) for entity in others])
    out["id"] = [entity.id for entity in others]
    out["place"], out["rotation"] = here[:, :3], here[:, 3:]
    _tell(own, others, Light, packets.LIGHT_STATE, _light)
    _tell(own, others, Sign, packets.SIGN_STATE, lambda sign: (sign.sign,))


def _light(light: Light) -> tuple[object, ...]:
    times = [light.times[colour] for colour in _TIMES]
    return (light.sign, *times, light.elapsed_time, light.pole, light.is_frozen, light.state)
