"""Lane sections and what a lane says of itself."""

from __future__ import annotations

import math

from simgen.worlds.road.opendrive.document import Lane, RoadMark, Section, SpeedLimit
from simgen.worlds.road.opendrive.markup import Node
from simgen.worlds.road.opendrive.profiles import SLACK, cubics, in_order

MAX_LANES = 100  # on one side of a section
_SPEED_UNITS = {"m/s": 1.0, "km/h": 1 / 3.6, "mph": 0.44704, "": 1.0}  # [m/s]; m/s unless said
MAX_SPEED = 1000.0  # [m/s], so that a wrong unit shows
# Before 1.5 a broken mark was also written with the widths of its parts; colours followed later.
_CHANGES = ("both", "increase", "decrease", "none")


def read_speed(node: Node, name: str) -> float:
    """A speed limit [m/s]; infinite for `no limit`, NaN for `undefined`."""
    written = node.word(name)
    if written in {"no limit", "undefined"}:
        return math.inf if written == "no limit" else math.nan
    unit = _SPEED_UNITS[node.choice("unit", _SPEED_UNITS, "")]
    return node.number(name, low=0.0, high=MAX_SPEED) * unit


def read_sections(road: Node, length: float) -> tuple[Section, ...]:
    """The lane sections of a road `length` [m] long, ascending, each of positive length."""
    nodes = in_order(road.all("lanes/laneSection"), "s")
    if not nodes:
        raise road.refuse("has no lanes/laneSection; add one")
    starts = [node.number("s", low=-SLACK) for node in nodes]
    if starts[0] > SLACK:
        raise nodes[0].refuse(f"begins at s={starts[0]:g}; the first begins at 0")
    for node, start, end in zip(nodes, starts, [*starts[1:], length], strict=True):
        if end - start <= SLACK:
            raise node.refuse(f"reaches from s={start:g} to {end:g}; sections need a length")
    return tuple(_section(node, max(start, 0.0)) for node, start in zip(nodes, starts, strict=True))


def _section(node: Node, s: float) -> Section:
    lanes = [
        _lane(child, side)
        for side in ("left", "center", "right")
        for group in node.all(side)
        for child in group.all("lane")
    ]
    lanes.sort(key=lambda lane: -lane.id)
    ids = [lane.id for lane in lanes]
    if len(set(ids)) < len(ids):
        twice = next(i for i in ids if ids.count(i) > 1)
        raise node.refuse(f"has the lane {twice} twice; number its lanes anew")
    if 0 not in ids:
        raise node.refuse("lacks the centre lane 0; add it")
    if ids != list(range(ids[0], ids[-1] - 1, -1)):
        raise node.refuse(f"has the lanes {ids}; number them without gaps")
    return Section(s=s, lanes=tuple(lanes))


def _lane(node: Node, side: str) -> Lane:
    low, high = {"left": (1, MAX_LANES), "center": (0, 0), "right": (-MAX_LANES, -1)}[side]
    number = node.integer("id", low=low, high=high)
    widths = cubics(node, "width", "sOffset")
    borders = () if widths else cubics(node, "border", "sOffset")
    return Lane(
        id=number,
        type=node.word("type", "none"),
        widths=widths,
        borders=borders,
        marks=tuple(_mark(child) for child in in_order(node.all("roadMark"), "sOffset")),
        limits=tuple(
            SpeedLimit(child.number("sOffset", low=-SLACK), read_speed(child, "max"))
            for child in in_order(node.all("speed"), "sOffset")
        ),
        predecessors=_linked(node, "predecessor"),
        successors=_linked(node, "successor"),
        heights=tuple(
            (
                child.number("sOffset", low=-SLACK),
                child.number("inner", 0.0),
                child.number("outer", 0.0),
            )
            for child in in_order(node.all("height"), "sOffset")
        ),
        line=node.line,
    )


def _linked(node: Node, end: str) -> tuple[int, ...]:
    return tuple(
        child.integer("id", low=-MAX_LANES, high=MAX_LANES) for child in node.all(f"link/{end}")
    )


def _mark(node: Node) -> RoadMark:
    return RoadMark(
        start=node.number("sOffset", low=-SLACK),
        kind=node.word("type", "none"),
        colour=node.word("color", "standard"),
        width=node.number("width", 0.0, low=0.0),
        lane_change=node.choice("laneChange", _CHANGES, "both"),
    )
