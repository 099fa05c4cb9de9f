"""What driving scenarios have in common: the ego, what counts as an incident, who looks at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from simgen.core import Parameters, parameter


@dataclass(frozen=True, kw_only=True)
class Ego(Parameters):
    """The vehicle under test: the IDM with an automatic emergency brake."""

    kind: str = parameter("car", doc="What it is.", choices=("small_car", "car", "van", "truck"))
    desired: float = parameter(1.0, doc="Desired speed over the limit.", above=0.1, maximum=2.0)
    headway: float = parameter(
        1.2, doc="Time headway it keeps.", unit="s", above=0.1, maximum=5.0, plausible=(0.6, 2.5)
    )
    max_acceleration: float = parameter(
        1.2, doc="From standing. Assumption.", unit="m/s2", above=0.1, maximum=5.0
    )
    comfortable_brake: float = parameter(
        2.0, doc="Deceleration. Assumption.", unit="m/s2", above=0.1, maximum=5.0
    )
    max_brake: float = parameter(
        8.0, doc="Greatest deceleration, on dry asphalt.", unit="m/s2", above=1.0, maximum=12.0
    )
    coolness: float = parameter(
        0.99,
        doc="0: the IDM, which brakes hard for any small gap; 1: it trusts that others keep their "
        "acceleration (Kesting et al. 2010 have 0.99).",
        minimum=0.0,
        maximum=1.0,
    )
    reaction_time: float = parameter(
        0.4, doc="Between its decisions. Assumption.", unit="s", minimum=0.0, maximum=3.0
    )
    warning_time: float = parameter(
        1.0,
        doc="Time to collision at which the emergency brake acts; 0: it has none. Assumption.",
        unit="s",
        minimum=0.0,
        maximum=5.0,
    )
    heeds: float = parameter(
        2.6,
        doc="Who changes into its lane counts once so near to the lane's middle: when he crosses "
        "the line. Assumption.",
        unit="m",
        above=0.0,
        maximum=10.0,
    )

    def fields(self) -> dict[str, Any]:
        """As a vehicle of the traffic: fields of `cars.CAR`."""
        return {name: value for name, value in vars(self).items() if name != "kind"}


@dataclass(frozen=True, kw_only=True)
class Criteria(Parameters):
    """What counts as an incident."""

    near_miss_time: float = parameter(
        1.5,
        doc="Time to collision below which it is a near miss. Assumption.",
        unit="s",
        above=0.0,
        maximum=5.0,
    )
    hard_brake: float = parameter(
        5.0,
        doc="Deceleration above which it is hard: half of gravity. Assumption.",
        unit="m/s2",
        above=0.0,
        maximum=12.0,
    )


@dataclass(frozen=True, kw_only=True)
class Review(Parameters):
    """What the fleet's operator comes to know. Assumptions."""

    trigger: float = parameter(
        4.0,
        doc="The recorder keeps what surrounds a deceleration above this.",
        unit="m/s2",
        above=0.0,
        maximum=12.0,
    )
    mean_delay: float = parameter(
        3.0, doc="Until somebody looks at it.", unit="day", above=0.0, maximum=365.0
    )
    error_share: float = parameter(
        0.05, doc="Reviews that come to the wrong view.", minimum=0.0, maximum=0.5
    )
