"""The machines of a line as assets/industrial/packaging.yaml has them, and how defects show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from simgen.core import asset

TABLE = "packaging"
CHECKWEIGHER = "checkweigher"


@dataclass(frozen=True, kw_only=True)
class StationKind:
    """A machine of the line, as it is laid out."""

    kind: str
    speed: float  # over the rated one of the line
    products_per_jam: float
    clearing_time: float  # mean [s]
    reject_share: float
    current: float  # at the line's rated speed [A]
    vibration: float  # same [mm/s]
    buffer: float  # behind it, in seconds of the rated speed


@dataclass(frozen=True, kw_only=True)
class Shows:
    """What a defect does at severity 1; see assets/industrial/packaging.yaml."""

    jams: float = 0.0
    clearing: float = 0.0
    rejects: float = 0.0
    checkweigher_rejects: float = 0.0
    slower: float = 0.0
    current: float = 0.0
    vibration: float = 0.0  # [mm/s]


_SOUND = Shows()


def _content() -> Any:
    return asset(f"industrial/{TABLE}")


@cache
def stations() -> tuple[StationKind, ...]:
    """From the first to the last."""
    return tuple(StationKind(kind=kind, **about) for kind, about in _content()["stations"].items())


@cache
def usual_rejects() -> float:
    """Share of the products that the checkweigher of a sound line throws out."""
    return next(one.reject_share for one in stations() if one.kind == CHECKWEIGHER)


@cache
def shows() -> Mapping[str, Shows]:
    """By defect."""
    return {
        defect: Shows(**mode["shows"])
        for about in _content()["components"].values()
        for defect, mode in about["modes"].items()
    }


def together(severities: Sequence[tuple[str, float]]) -> Shows:
    """What some defects do together, each given with its severity."""
    if not severities:
        return _SOUND
    return Shows(
        **{
            name: sum(getattr(shows()[defect], name) * size for defect, size in severities)
            for name in Shows.__dataclass_fields__
        }
    )


@cache
def trade(component: str) -> str:
    """Who may work on a component."""
    return str(_content()["components"][component]["trade"])


@cache
def has(station: str, component: str) -> bool:
    """Whether such a machine has such a component."""
    return station in _content()["components"][component].get("stations", (station,))
