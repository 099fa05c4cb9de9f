"""Maps that drives take place on."""

from __future__ import annotations

from functools import cache

from simgen.worlds.road import RoadNetwork, read_network
from simgen.worlds.road.embedded import map_path


@cache
def network_of(name: str) -> RoadNetwork:
    """A map, read once; RequestError if it can't be."""
    return read_network(map_path(name))
