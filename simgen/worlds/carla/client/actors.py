"""Actors in the hands of CARLA's client, in its process alone."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from typing import Any

# Its types are no part of the package.
import carla  # type: ignore[import-not-found,import-untyped,unused-ignore]

from simgen.worlds.carla.client.ears import triple

ROLE = "simgen"  # role_name of all that we put into a world


def sweep(client: Any, world: Any) -> int:
    """Destroy what runs that died left behind; gives how many actors."""
    # A new client knows of no actor before it heard of a frame.
    if world.get_settings().synchronous_mode:
        world.tick()
    else:
        world.wait_for_tick()
    left = [actor for actor in world.get_actors() if actor.attributes.get("role_name") == ROLE]
    end(client, left)
    return len(left)


def end(client: Any, actors: Iterable[Any]) -> None:
    """Destroy actors, unless somebody else did: what is carried before its carrier."""
    sensors_first = sorted(actors, key=lambda actor: not _is_sensor(actor))
    for sensor in filter(_is_sensor, sensors_first):
        with contextlib.suppress(RuntimeError):
            sensor.stop()
    # As a batch: `destroy` takes for dead whom no frame has told the client of yet.
    with contextlib.suppress(RuntimeError):
        commands = [carla.command.DestroyActor(actor) for actor in sensors_first]
        client.apply_batch_sync(commands, False)


def _is_sensor(actor: Any) -> bool:
    return bool(actor.type_id.startswith("sensor."))


def state_of(state: Any) -> list[float]:
    """Place, angles, velocity, angular velocity and acceleration, in CARLA's terms."""
    here = state.get_transform()
    turn = here.rotation
    return [
        *triple(here.location),
        turn.pitch,
        turn.yaw,
        turn.roll,
        *triple(state.get_velocity()),
        *triple(state.get_angular_velocity()),
        *triple(state.get_acceleration()),
    ]


def transform_at(place: Sequence[float]) -> Any:
    """A `carla.Transform` of x, y, z, pitch, yaw and roll."""
    x, y, z, pitch, yaw, roll = place
    location = carla.Location(x=x, y=y, z=z)
    return carla.Transform(location, carla.Rotation(pitch=pitch, yaw=yaw, roll=roll))
