"""What the server does as CARLA does, what differently, and what not: tables from the code."""

from __future__ import annotations

import typing
from collections.abc import Iterator

from simgen.core import describe
from simgen.worlds.carla.protocol.calls import CALLS
from simgen.worlds.carla.protocol.commands import Order
from simgen.worlds.carla.protocol.versions import NEWEST, WORLD_OBSERVER
from simgen.worlds.carla.server.assets import assets
from simgen.worlds.carla.server.routes import REFUSALS, ROUTES
from simgen.worlds.carla.server.routes.batch import OFFERED
from simgen.worlds.carla.server.sensors import SENSORS
from simgen.worlds.carla.server.sensors.kinds import LANE_INVASION


def tables() -> str:
    """All tables as Markdown."""
    n_same = sum(not ROUTES[name].differs for name in ROUTES)
    told = (
        f"Of {len(CALLS)} calls, {n_same} are the same, {len(ROUTES) - n_same} differ, "
        f"{len(REFUSALS)} are refused."
    )
    parts = [told, "", *_table(("call", "answer"), _calls()), ""]
    parts += [*_table(("command of a batch", "answer"), _commands()), ""]
    parts += [*_table(("sensor", "answer", "attributes that act", "without effect"), _sensors())]
    return "\n".join(parts)


def _table(heads: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _calls() -> Iterator[tuple[str, ...]]:
    for name in CALLS:
        if name in REFUSALS:
            yield f"`{name}`", f"refused: {REFUSALS[name]}"
        else:
            yield f"`{name}`", _answer(ROUTES[name].differs)


def _commands() -> Iterator[tuple[str, ...]]:
    for kind in typing.get_args(Order):
        yield f"`{kind.__name__}`", "same" if kind in OFFERED else "refused"


def _sensors() -> Iterator[tuple[str, ...]]:
    for name in NEWEST.sensors:
        if name in SENSORS:
            kind = SENSORS[name]
            acting = [f"`{row.name}`" for row in describe(kind.attributes())]
            yield f"`{name}`", _answer(kind.differs), ", ".join(acting), ", ".join(_idle(name))
        elif name == LANE_INVASION:
            yield f"`{name}`", "same: the client works it out", "", ""
        elif name != WORLD_OBSERVER:
            yield f"`{name}`", "no such blueprint", "", ""


def _idle(sensor: str) -> Iterator[str]:
    for prefix, values in assets()["without_effect"].items():
        if sensor.startswith(prefix):
            yield from (f"`{name}`" for name in values)


def _answer(differs: str) -> str:
    return f"differs: {differs}" if differs else "same"
