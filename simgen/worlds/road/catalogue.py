"""Who and what can stand in the road world: kinds of actors with their sizes and their physics."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from simgen.core import Parameters, RequestError, asset, build, parameter

MAX_GEARS = 8


@dataclass(frozen=True, kw_only=True)
class Kind(Parameters):
    """Actors that are alike.

    The centre of mass lies over the middle of the box. Values without a source in
    assets/driving/actors.yaml or here are assumptions.
    """

    category: str = parameter("vehicle", doc="what moves it", choices=("vehicle", "walker", "prop"))
    size: tuple[float, float, float] = parameter(
        (4.63, 1.97, 1.74), doc="length, width, height", unit="m", above=0.0, maximum=50.0
    )
    mass: float = parameter(1392.0, doc="infinite: nothing moves it", unit="kg", above=0.0)
    blueprints: tuple[str, ...] = parameter((), doc="ids in CARLA that this kind stands for")
    # SAE 931842: about 0.1 at medium and high speed.
    restitution: float = parameter(
        0.1, doc="speed after over speed before an impact", minimum=0.0, maximum=1.0
    )
    # Assumption; Wolfram's SummerTireOnAsphalt (System Modeler) has 0.9 sticking, 0.7 sliding.
    friction: float = parameter(0.85, doc="peak, on dry road", minimum=0.0, maximum=3.0)
    axles: tuple[float, float] = parameter(
        (1.35, 1.35), doc="from the middle to the front and rear axle", unit="m", above=0.0,
        maximum=25.0,
    )  # fmt: skip
    # Understeers by 1.2 degrees per g.
    cornering: tuple[float, float] = parameter(
        (14.0, 20.0), doc="side force over load by slip, front and rear", unit="1/rad", above=0.0,
        maximum=100.0,
    )  # fmt: skip
    max_steer: float = parameter(0.6, doc="of the front wheels", unit="rad", above=0.0, below=1.5)
    steer_rate: float = parameter(0.8, doc="of the front wheels", unit="rad/s", above=0.0)
    power: float = parameter(95_000.0, doc="at the wheels", unit="W", minimum=0.0, maximum=1e7)
    max_drive: float = parameter(
        4.0, doc="acceleration by the first gear", unit="m/s2", minimum=0.0, maximum=100.0
    )
    gears: tuple[float, ...] = parameter(
        (12.0, 22.0, 33.0, 45.0, 62.0), doc="top speed of each", unit="m/s", above=0.0,
        maximum=200.0,
    )  # fmt: skip
    front_drive_share: float = parameter(
        1.0, doc="of the drive, on the front axle", minimum=0.0, maximum=1.0
    )
    max_brake: float = parameter(
        10.0, doc="deceleration by the brakes", unit="m/s2", minimum=0.0, maximum=100.0
    )
    max_hand_brake: float = parameter(
        5.0, doc="deceleration by the hand brake", unit="m/s2", minimum=0.0, maximum=100.0
    )
    drag_area: float = parameter(0.65, doc="drag coefficient times area", unit="m2", minimum=0.0)
    rolling_resistance: float = parameter(
        0.013, doc="over the load", minimum=0.0, maximum=1.0
    )  # assumption
    walk_speed: float = parameter(
        1.25, doc="when none is asked for", unit="m/s", minimum=0.0, maximum=13.0
    )
    agility: float = parameter(2.0, doc="a walker's acceleration", unit="m/s2", above=0.0)

    def check(self) -> None:
        """Gears go up, and there are not too many.

        Raises:
            RequestError: they don't.
        """
        if not 1 <= len(self.gears) <= MAX_GEARS or list(self.gears) != sorted(set(self.gears)):
            raise RequestError(
                f"gears = {self.gears!r}: give 1 to {MAX_GEARS} top speeds, each above the last"
            )


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """Kinds by their names and by the blueprints that they stand for."""

    kinds: Mapping[str, Kind]
    names: Mapping[str, str]  # of kinds, by blueprint

    def find(self, name: str) -> Kind:
        """The kind called so, or the one that stands for this blueprint.

        Raises:
            RequestError: there is none.
        """
        known = self.names.get(name, name)
        if known not in self.kinds:
            every = [*self.kinds, *self.names]
            close = difflib.get_close_matches(name, every, n=1, cutoff=0.5)
            hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(self.kinds)}"
            raise RequestError(f"unknown actor {name!r}: {hint}")
        return self.kinds[known]


def make_catalogue(content: Mapping[str, Mapping[str, Any]]) -> Catalogue:
    """A catalogue from plain data: parameters of `Kind` by name.

    Raises:
        RequestError: a parameter is unknown or out of bounds, or two kinds claim one blueprint.
    """
    kinds = {name: build(Kind, about, f"{name}.") for name, about in content.items()}
    names: dict[str, str] = {}
    for name, kind in kinds.items():
        for blueprint in kind.blueprints:
            if names.setdefault(blueprint, name) != name:
                raise RequestError(
                    f"{name}.blueprints: {blueprint} stands for {names[blueprint]} already; "
                    "name it once"
                )
    return Catalogue(kinds=kinds, names=names)


@cache
def catalogue() -> Catalogue:
    """The kinds of assets/driving/actors.yaml."""
    return make_catalogue(asset("driving/actors")["kinds"])
