"""Traffic: vehicles that follow lanes and each other, and people who walk."""

from simgen.worlds.road.traffic.behaviour import Drivers as Drivers, People as People
from simgen.worlds.road.traffic.town import Town as Town, make_town as make_town, town_of as town_of
from simgen.worlds.road.traffic.tracks import ring as ring
from simgen.worlds.road.traffic.traffic import (
    Lights as Lights,
    Traffic as Traffic,
    TrafficRules as TrafficRules,
)
