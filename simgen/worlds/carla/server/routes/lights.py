"""Calls to traffic lights."""

from __future__ import annotations

from simgen.core import RequestError
from simgen.worlds.carla.protocol.types import BoundingBox, LightColour
from simgen.worlds.carla.server.entities import Light
from simgen.worlds.carla.server.furniture import light_name
from simgen.worlds.carla.server.lights import Group
from simgen.worlds.carla.server.routes.registry import Routes
from simgen.worlds.carla.server.simulation import Simulation

ROUTES = Routes()
_LONGEST = 1e6  # of a state [s]


def _light(simulation: Simulation, actor: int) -> Light:
    return simulation.episode.entities.the(Light, actor)


def _group(simulation: Simulation, actor: int) -> Group:
    return simulation.episode.lights.by_id[_light(simulation, actor).id]


def _set_time(simulation: Simulation, actor: int, colour: LightColour, time: float) -> None:
    if not 0.0 <= time <= _LONGEST:
        raise RequestError(f"time = {time:g}: must be in [0, {_LONGEST:g}] s")
    _light(simulation, actor).times[colour] = time


@ROUTES.route()
def set_traffic_light_state(simulation: Simulation, actor: int, state: int) -> None:
    """Switch a light, until its group switches next."""
    if state not in set(LightColour):
        raise RequestError(f"state = {state}: must be in [0, {max(LightColour):d}]")
    light = _light(simulation, actor)
    light.state, light.elapsed_time = state, 0.0


@ROUTES.route()
def set_traffic_light_green_time(simulation: Simulation, actor: int, time: float) -> None:
    """How long a light is green [s]; a controller goes by its first light."""
    _set_time(simulation, actor, LightColour.GREEN, time)


@ROUTES.route()
def set_traffic_light_yellow_time(simulation: Simulation, actor: int, time: float) -> None:
    """How long a light is yellow [s]."""
    _set_time(simulation, actor, LightColour.YELLOW, time)


@ROUTES.route()
def set_traffic_light_red_time(simulation: Simulation, actor: int, time: float) -> None:
    """How long all are red after a light's turn [s]."""
    _set_time(simulation, actor, LightColour.RED, time)


@ROUTES.route()
def freeze_traffic_light(
    simulation: Simulation,
    actor: int,
    frozen: bool,  # noqa: FBT001 - the wire's
) -> None:
    """Stop the time of a light's group, or let it go on."""
    _freeze(_group(simulation, actor), frozen=frozen)


@ROUTES.route()
def freeze_all_traffic_lights(
    simulation: Simulation,
    frozen: bool,  # noqa: FBT001 - the wire's
) -> None:
    """Stop the time of all lights, or let it go on."""
    for group in simulation.episode.lights.groups:
        _freeze(group, frozen=frozen)


def _freeze(group: Group, *, frozen: bool) -> None:
    group.is_frozen = frozen
    for light in group.lights:
        light.is_frozen = frozen


@ROUTES.route()
def reset_traffic_light_group(simulation: Simulation, actor: int) -> None:
    """Let a light's group begin anew."""
    _group(simulation, actor).start()


@ROUTES.route()
def reset_all_traffic_lights(simulation: Simulation) -> None:
    """Let all groups begin anew."""
    for group in simulation.episode.lights.groups:
        group.start()


@ROUTES.route()
def get_group_traffic_lights(simulation: Simulation, actor: int) -> tuple[int, ...]:
    """The lights that take turns with this one."""
    return tuple(light.id for light in _group(simulation, actor).lights)


@ROUTES.route(differs="one box a light, as sensors see it")
def get_light_boxes(simulation: Simulation, actor: int) -> tuple[BoundingBox, ...]:
    """Where the lamps of a light are, in the world."""
    sign = light_name(_light(simulation, actor).sign.decode())
    return tuple(thing.box for thing in simulation.episode.chart.things if thing.name == sign)
