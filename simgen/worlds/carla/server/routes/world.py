"""Calls about the world itself: weather, its things, rays through it."""

from __future__ import annotations

import numpy as np

from simgen.worlds.carla.protocol.types import (
    BoundingBox,
    EnvironmentObject,
    LabelledPoint,
    StreetLight,
    Vector,
    Weather,
)
from simgen.worlds.carla.server.furniture import of_layers
from simgen.worlds.carla.server.rays import hits
from simgen.worlds.carla.server.routes.registry import Routes, check_within
from simgen.worlds.carla.server.simulation import Simulation

ROUTES = Routes()
_SOME_LAYERS = "buildings, foliage, props, poles and rails; of other layers there is nothing"
_UNSEEN = "taken, and nothing is drawn"
_ANY_LABEL = 255
_MOST_GRAVITY = 1000.0  # [m/s2]
_FARTHEST = 1e5  # of a projected point [m]


@ROUTES.route()
def get_weather_parameters(simulation: Simulation) -> Weather:
    """The weather."""
    return simulation.episode.weather


@ROUTES.route(differs="sun, clouds, fog and wetness change colour pictures, and nothing else")
def set_weather_parameters(simulation: Simulation, weather: Weather) -> None:
    """Change the weather."""
    simulation.episode.weather = weather


@ROUTES.route()
def get_imui_gravity(simulation: Simulation) -> float:
    """Gravity, as inertial sensors feel it [m/s2]."""
    return simulation.episode.gravity


@ROUTES.route()
def set_imui_gravity(simulation: Simulation, gravity: float) -> None:
    """Change what inertial sensors feel; nothing falls otherwise."""
    check_within("gravity", gravity, _MOST_GRAVITY)
    simulation.episode.gravity = gravity


@ROUTES.route(differs="maps have no lamps")
def query_lights_state(_simulation: Simulation, _client: str) -> tuple[StreetLight, ...]:
    """The map's lamps."""
    return ()


@ROUTES.route(differs="maps have no lamps")
def update_lights_state(
    _simulation: Simulation,
    _client: str,
    _lights: tuple[StreetLight, ...],
    _discard: bool,  # noqa: FBT001 - the wire's
) -> None:
    """Switch the map's lamps."""


@ROUTES.route(differs="maps have no lamps")
def update_day_night_cycle(
    _simulation: Simulation,
    _client: str,
    _active: bool,  # noqa: FBT001 - the wire's
) -> None:
    """Let lamps follow the sun."""


@ROUTES.route(name="get_all_level_BBs", differs="what OpenDRIVE names: objects, signs and lights")
def get_all_level_boxes(simulation: Simulation, label: int) -> tuple[BoundingBox, ...]:
    """Boxes of the map's things with a label, in the world."""
    return tuple(thing.box for thing in _things(simulation, label))


@ROUTES.route(differs="what OpenDRIVE names: objects, signs and lights")
def get_environment_objects(simulation: Simulation, label: int) -> tuple[EnvironmentObject, ...]:
    """The map's things with a label."""
    return tuple(_things(simulation, label))


@ROUTES.route(differs="sensors see them no more; the ground under them is bare")
def enable_environment_objects(
    simulation: Simulation,
    things: tuple[int, ...],
    enabled: bool,  # noqa: FBT001 - the wire's
) -> None:
    """Let things of the map be seen, or not."""
    simulation.episode.hide(things, hidden=not enabled)


@ROUTES.route(differs=_SOME_LAYERS)
def load_map_layer(simulation: Simulation, layers: int) -> None:
    """Let what belongs to layers be seen."""
    chosen = of_layers(simulation.episode.chart.things, layers)
    simulation.episode.hide(chosen, hidden=False)


@ROUTES.route(differs=_SOME_LAYERS)
def unload_map_layer(simulation: Simulation, layers: int) -> None:
    """Let it be seen no more."""
    chosen = of_layers(simulation.episode.chart.things, layers)
    simulation.episode.hide(chosen, hidden=True)


@ROUTES.route()
def get_names_of_all_objects(simulation: Simulation) -> tuple[str, ...]:
    """Names of the map's things."""
    return tuple(thing.name for thing in _things(simulation, _ANY_LABEL))


def _things(simulation: Simulation, label: int) -> list[EnvironmentObject]:
    things = simulation.episode.chart.things
    return [thing for thing in things if label in {_ANY_LABEL, thing.label}]


@ROUTES.route()
def cast_ray(simulation: Simulation, start: Vector, end: Vector) -> tuple[LabelledPoint, ...]:
    """All surfaces between two places, the nearest first."""
    first = np.array([start.x, start.y, start.z])
    last = np.array([end.x, end.y, end.z])
    return hits(simulation.episode.scene(0), first, last - first)


@ROUTES.route()
def project_point(
    simulation: Simulation, start: Vector, direction: Vector, distance: float
) -> LabelledPoint | None:
    """The first surface in a direction, up to a distance [m]."""
    first = np.array([start.x, start.y, start.z])
    way = np.array([direction.x, direction.y, direction.z])
    length = float(np.linalg.norm(way))
    if length == 0.0 or distance <= 0.0:
        return None
    found = hits(simulation.episode.scene(0), first, way / length * min(distance, _FARTHEST))
    return found[0] if found else None


@ROUTES.route(differs=_UNSEEN)
def draw_debug_shape(_simulation: Simulation, _shape: object) -> None:
    """Draw something for whoever looks on."""


@ROUTES.route(differs=_UNSEEN)
def clear_debug_shape(_simulation: Simulation) -> None:
    """Take it away."""


@ROUTES.route(differs=_UNSEEN)
def clear_debug_string(_simulation: Simulation) -> None:
    """Take it away."""


@ROUTES.route(differs="all surfaces are opaque: there is nothing to see through")
def set_annotations_traverse_translucency(
    _simulation: Simulation,
    _enabled: bool,  # noqa: FBT001 - the wire's
) -> None:
    """Whether labels go through glass."""
