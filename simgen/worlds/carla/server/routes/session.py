"""Calls about the session: versions, settings, maps, blueprints, time."""

from __future__ import annotations

from simgen.core import RequestError
from simgen.worlds.carla.protocol.types import (
    Actor,
    ActorDefinition,
    Address,
    EpisodeInfo,
    EpisodeSettings,
    MapInfo,
    OpenDriveParameters,
    Token,
)
from simgen.worlds.carla.server.blueprints import definitions
from simgen.worlds.carla.server.furniture import of_layers
from simgen.worlds.carla.server.maps import PREFIX, make_map, towns
from simgen.worlds.carla.server.routes.registry import Routes
from simgen.worlds.carla.server.simulation import WORLD_STREAM, Simulation
from simgen.worlds.road.embedded import own_maps

ROUTES = Routes()
_SENT = "OpenDriveMap"  # what clients call a map that they sent
_WALKING = "Nav"  # what they call the folder of the file for people on foot


@ROUTES.route()
def version(simulation: Simulation) -> str:
    """Which CARLA this is like."""
    return simulation.version.name


@ROUTES.route()
def get_episode_info(simulation: Simulation) -> EpisodeInfo:
    """Which world this is."""
    return EpisodeInfo(id=simulation.episode.number, token=simulation.token(WORLD_STREAM))


@ROUTES.route()
def get_sensor_token(simulation: Simulation, stream: int) -> Token:
    """Where a stream is to be had."""
    if stream != WORLD_STREAM:
        simulation.channels.expect(stream)
    return simulation.token(stream)


@ROUTES.route()
def get_episode_settings(simulation: Simulation) -> EpisodeSettings:
    """How time passes."""
    return simulation.settings


@ROUTES.route(
    differs="fixed_delta_seconds is bounded to 0.001 to 10 s; substeps are at most 0.02 s; "
    "what concerns rendering and large maps is kept and has no effect"
)
def set_episode_settings(simulation: Simulation, settings: EpisodeSettings) -> int:
    """Change how time passes; gives the frame from which it holds."""
    simulation.set_settings(settings)
    return simulation.frame


@ROUTES.route(differs="spawn points are every 20 m on lanes outside of junctions")
def get_map_info(simulation: Simulation) -> MapInfo:
    """The map's name and spawn points."""
    chart = simulation.episode.chart
    return MapInfo(name=chart.name, spawn_points=chart.spawn_points)


@ROUTES.route()
def get_map_data(simulation: Simulation) -> str:
    """The map as OpenDRIVE."""
    return simulation.episode.chart.text


@ROUTES.route(differs="clients ask for the map itself; there is one file, for people on foot")
def get_required_files(simulation: Simulation, folder: str) -> tuple[str, ...]:
    """Files that the client should keep."""
    found = simulation.episode.chart.navigation if folder == _WALKING else None
    return (found[0],) if found else ()


@ROUTES.route(differs="there is one file, for people on foot")
def request_file(simulation: Simulation, name: str) -> bytes:
    """The content of a file that the client should keep."""
    found = simulation.episode.chart.navigation
    if found is None or name != found[0]:
        raise RequestError(f"no file {name!r}: get_required_files tells which there are")
    return found[1]


@ROUTES.route(differs="made from lanes and crosswalks; within junctions, sidewalks alone")
def get_navigation_mesh(simulation: Simulation) -> bytes:
    """What the client's navigation of walkers runs on."""
    found = simulation.episode.chart.navigation
    if found is None:
        raise RequestError("the map has no sidewalks: steer walkers by WalkerControl")
    return found[1]


@ROUTES.route(differs="the maps of simgen")
def get_available_maps(simulation: Simulation) -> tuple[str, ...]:
    """What `load_new_episode` takes."""
    names = [*own_maps(), *(towns() if simulation.options.town_names else ())]
    return tuple(PREFIX + name for name in names)


@ROUTES.route(
    differs="buildings, foliage, props, poles and rails are layers; others are always there"
)
def load_new_episode(
    simulation: Simulation,
    name: str,
    reset_settings: bool,  # noqa: FBT001 - the wire's
    layers: int,
) -> None:
    """Begin anew, on the same or another map."""
    present = simulation.episode.chart
    if name == _SENT:
        if simulation.pending_map is None:
            raise RequestError("no OpenDRIVE map was sent: call generate_opendrive_world")
        chart = simulation.pending_map
    else:
        chart = present if name in {"", present.name} else simulation.map(name)
    simulation.load(chart, reset_settings=reset_settings)
    missing = of_layers(chart.things, ~layers)
    if missing:
        simulation.episode.hide(missing, hidden=True)


@ROUTES.route(differs="walls and additional width are not built")
def copy_opendrive_to_file(
    simulation: Simulation, text: str, _parameters: OpenDriveParameters
) -> None:
    """Keep a map for the next episode."""
    simulation.pending_map = make_map(_SENT, text)


@ROUTES.route(differs="kinds and sizes are simgen's; some attributes have no effect")
def get_actor_definitions(simulation: Simulation) -> tuple[ActorDefinition, ...]:
    """All blueprints."""
    return definitions(simulation.version.first_attribute_type)


@ROUTES.route()
def get_spectator(simulation: Simulation) -> Actor:
    """The view of whoever looks on."""
    return simulation.episode.spectator.actor


@ROUTES.route()
def tick_cue(simulation: Simulation) -> int:
    """Let a step pass; gives its frame."""
    return simulation.tick()


@ROUTES.route()
def is_traffic_manager_running(simulation: Simulation, port: int) -> bool:
    """Whether a Traffic Manager announced this port."""
    return port in simulation.managers


@ROUTES.route()
def add_traffic_manager_running(simulation: Simulation, address: Address) -> bool:
    """Announce a Traffic Manager; False: the port is taken."""
    if address.port in simulation.managers:
        return False
    simulation.managers[address.port] = address
    return True


@ROUTES.route()
def get_traffic_manager_running(simulation: Simulation, port: int) -> Address:
    """Where a Traffic Manager listens."""
    if port not in simulation.managers:
        raise RequestError(f"no Traffic Manager announced port {port}")
    return simulation.managers[port]


@ROUTES.route()
def destroy_traffic_manager(simulation: Simulation, port: int) -> bool:
    """Forget a Traffic Manager."""
    return simulation.managers.pop(port, None) is not None


@ROUTES.route()
def is_sensor_enabled_for_ros(_simulation: Simulation, _stream: int) -> bool:
    """Whether a sensor is told to ROS: none ever is, since enabling it is refused."""
    return False


@ROUTES.route()
def disable_sensor_for_ros(_simulation: Simulation, _stream: int) -> None:
    """Tell a sensor to ROS no more."""


@ROUTES.route()
def are_gbuffers_enabled(_simulation: Simulation, _actor: int) -> bool:
    """Whether a camera gives its render buffers: none ever does, since enabling is refused."""
    return False
