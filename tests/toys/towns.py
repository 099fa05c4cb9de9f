"""Towns and traffic for tests."""

from functools import cache

import numpy as np

from simgen.core import Streams
from simgen.worlds.road import read_network
from simgen.worlds.road.embedded import map_path
from simgen.worlds.road.traffic import Traffic, TrafficRules, make_town, ring, town_of


@cache
def network(name):
    return read_network(map_path(name))


@cache
def town(name):
    return town_of(network(name))


def traffic_in(name, *, seed=1, **rules):
    return Traffic(town(name), TrafficRules(**rules), Streams(seed))


def ring_traffic(circumference, *, n_lanes=1, limit=33.0, **rules):
    return Traffic(
        make_town(ring(circumference, n_lanes, limit)), TrafficRules(**rules), Streams(1)
    )


def crossed(traffic, before):
    """Rows of vehicles whose front has crossed a stop line since `before`, a copy of `cars`."""
    stop = traffic.town.approaches.records["stop"][before["track"]]
    front = before["at"] + before["half_length"]
    on = traffic.cars["at"] + traffic.cars["half_length"] >= stop
    return np.flatnonzero((front < stop) & (on | (traffic.cars["track"] != before["track"])))
