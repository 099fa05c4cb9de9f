"""Actors in the hands of CARLA's client, in its process alone."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any

# Its types are no part of the package.
import carla  # type: ignore[import-not-found,import-untyped,unused-ignore]

from simgen.worlds.carla.client.ears import triple

ROLE = "simgen"  # role_name of all that we put into a world


def sweep(world: Any) -> int:
    """Destroy what runs that died left behind; gives how many actors."""
    # A new client knows of no actor before it heard of a frame.
    if world.get_settings().synchronous_mode:
        world.tick()
    else:
        world.wait_for_tick()
    left = [actor for actor in world.get_actors() if actor.attributes.get("role_name") == ROLE]
    for actor in sorted(left, key=bodies_last):
        end(actor)
    return len(left)


def bodies_last(actor: Any) -> bool:
    """The order in which actors are destroyed: what is carried before its carrier."""
    return not actor.type_id.startswith("sensor.")


def end(actor: Any) -> None:
    """Destroy an actor, unless somebody else did."""
    with contextlib.suppress(RuntimeError):
        if actor.type_id.startswith("sensor."):
            actor.stop()
        actor.destroy()


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
