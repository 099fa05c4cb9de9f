"""All routes by the name of their call."""

from __future__ import annotations

from collections.abc import Mapping

from simgen.worlds.carla.server.routes import (
    actors,
    batch,
    lights,
    recorder,
    session,
    vehicles,
    world,
)
from simgen.worlds.carla.server.routes.registry import Route

ROUTES: Mapping[str, Route] = {
    name: route
    for module in (session, world, actors, batch, vehicles, lights, recorder)
    for name, route in module.ROUTES.items()
}
