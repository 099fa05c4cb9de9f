"""The embedded driving world: no server, no GPU."""

from simgen.worlds.road.network import (
    DRIVING as DRIVING,
    NOWHERE as NOWHERE,
    SIDEWALKS as SIDEWALKS,
    Nearest as Nearest,
    Poses as Poses,
    RoadNetwork as RoadNetwork,
    Walks as Walks,
    Waypoints as Waypoints,
    make_network as make_network,
    read_network as read_network,
)
