"""Wide straight roads to drive on, for tests."""

from __future__ import annotations

from typing import Any

from toys.drawn_roads import opendrive, road, section

from simgen.worlds.base import Pose, TargetVelocity
from simgen.worlds.road import make_network
from simgen.worlds.road.catalogue import make_catalogue
from simgen.worlds.road.embedded import EmbeddedWorld, OpenEmbeddedWorld
from simgen.worlds.road.opendrive import parse_opendrive

LENGTH = 5000.0  # [m]
WIDE = (
    '<center><lane id="0" type="none"/></center>'
    '<right><lane id="-1" type="driving"><width sOffset="0" a="400" b="0" c="0" d="0"/></lane>'
    "</right>"
)
# Nothing but tyres: no air, no rolling resistance.
BARE = {"drag_area": 0.0, "rolling_resistance": 0.0}


def track(*, slope: float = 0.0, bank: float = 0.0, kinds: Any = None, **world: Any) -> Any:
    """An open world on a road along x, from x = 0, 400 m wide around y = -200."""
    line = f'<geometry s="0" x="0" y="0" hdg="0" length="{LENGTH}"><line/></geometry>'
    profile = (
        f'<elevationProfile><elevation s="0" a="0" b="{slope}" c="0" d="0"/></elevationProfile>'
        f'<lateralProfile><superelevation s="0" a="{bank}" b="0" c="0" d="0"/></lateralProfile>'
    )
    drawn = road(length=LENGTH, line=line, profile=profile, sections=section(WIDE))
    network = make_network(parse_opendrive(opendrive(drawn), "track"))
    content = {name: {**BARE, **about} for name, about in (kinds or {"car": {}}).items()}
    return OpenEmbeddedWorld(EmbeddedWorld(**world), network, make_catalogue(content))


def launch(world: Any, name: str, x: float, speed: float = 0.0, y: float = -200.0, **pose: float):
    """An actor on the ground that moves along x at some speed [m/s]; gives its number."""
    actor = world.spawn(name, Pose(x=x, y=y, z=-1e3, **pose))
    world.apply(actor, TargetVelocity(x=speed))
    return actor


def run(world: Any, time: float) -> Any:
    """Step for some time [s]; the snapshot after."""
    for _ in range(round(time / world.world.step_time)):
        world.step()
    return world.sense()
