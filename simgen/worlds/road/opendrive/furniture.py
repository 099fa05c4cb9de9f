"""What stands on and beside a road: signals, references to them, objects."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from simgen.worlds.road.opendrive.document import (
    Corner,
    RoadObject,
    Signal,
    SignalReference,
    Validity,
)
from simgen.worlds.road.opendrive.lanes import MAX_LANES
from simgen.worlds.road.opendrive.markup import Node

_SIDES = ("+", "-", "none")
_MAX_ANGLE = 1e6  # [rad]
MAX_OBJECTS = 200_000  # of a map, repeated ones counted each
BOX_LENGTH = 5.0  # of the parts of a continuous object: follows a curve of 50 m within 7 cm [m]


def read_signals(road: Node) -> tuple[Signal, ...]:
    """The signals that stand at a road."""
    return tuple(_signal(node) for node in road.all("signals/signal"))


def read_signal_references(road: Node) -> tuple[SignalReference, ...]:
    """The signals of other roads that are for this one."""
    return tuple(
        SignalReference(
            id=node.word("id"),
            s=node.number("s"),
            t=node.number("t"),
            orientation=node.choice("orientation", _SIDES, "none"),
            validities=_validities(node),
        )
        for node in road.all("signals/signalReference")
    )


def _signal(node: Node) -> Signal:
    value = node.word("value", "")
    return Signal(
        id=node.word("id"),
        s=node.number("s"),
        t=node.number("t"),
        height_offset=node.number("zOffset", 0.0),
        orientation=node.choice("orientation", _SIDES, "none"),
        heading_offset=node.number("hOffset", 0.0, low=-_MAX_ANGLE, high=_MAX_ANGLE),
        name=node.word("name", ""),
        type=node.word("type", "-1"),
        country=node.word("country", ""),
        value=node.number("value") if value else None,
        unit=node.word("unit", ""),
        text=node.word("text", ""),
        width=node.number("width", 0.0, low=0.0),
        height=node.number("height", 0.0, low=0.0),
        validities=_validities(node),
    )


def _validities(node: Node) -> tuple[Validity, ...]:
    return tuple(
        Validity(
            first=child.integer("fromLane", low=-MAX_LANES, high=MAX_LANES),
            last=child.integer("toLane", low=-MAX_LANES, high=MAX_LANES),
        )
        for child in node.all("validity")
    )


def read_objects(road: Node, road_length: float) -> tuple[RoadObject, ...]:
    """The objects of a road `road_length` [m] long; a repeated one stands once per copy."""
    found: list[RoadObject] = []
    for node in road.all("objects/object"):
        single = _object(node)
        repeats = tuple(node.all("repeat"))
        if not repeats:
            found.append(single)
        for repeat in repeats:
            found.extend(_copies(repeat, single, road_length))
            if len(found) > MAX_OBJECTS:
                raise repeat.refuse(f"brings the objects to {len(found)}; at most {MAX_OBJECTS}")
    return tuple(found)


def _object(node: Node) -> RoadObject:
    return RoadObject(
        id=node.word("id", ""),
        type=node.word("type", "none"),
        name=node.word("name", ""),
        s=node.number("s"),
        t=node.number("t"),
        height_offset=node.number("zOffset", 0.0),
        heading=node.number("hdg", 0.0, low=-_MAX_ANGLE, high=_MAX_ANGLE),
        length=node.number("length", 0.0, low=0.0),
        width=node.number("width", 0.0, low=0.0),
        height=node.number("height", 0.0, low=0.0),
        radius=node.number("radius", 0.0, low=0.0),
        outline=_outline(node),
    )


def _outline(node: Node) -> tuple[Corner, ...]:
    outline = node.first("outline") or node.first("outlines/outline")
    if outline is None:
        return ()
    corners = [
        Corner(
            u=corner.number("u"),
            v=corner.number("v"),
            z=corner.number("z", 0.0),
            height=corner.number("height", 0.0),
        )
        for corner in outline.all("cornerLocal")
    ]
    # CARLA's towns close their outlines by a repeated corner, the standard by an attribute.
    if len(corners) > 1 and corners[0] == corners[-1]:
        corners.pop()
    return tuple(corners)


def _copies(node: Node, single: RoadObject, road_length: float) -> Iterator[RoadObject]:
    """One object per step; a continuous one (distance 0) in boxes of at most BOX_LENGTH."""
    start = node.number("s", low=0.0, high=road_length)
    length = min(node.number("length", low=0.0), road_length - start)
    distance = node.number("distance", low=0.0)
    continuous = distance == 0.0
    n_steps = math.ceil(length / BOX_LENGTH) if continuous else math.floor(length / distance) + 1
    if n_steps > MAX_OBJECTS:
        raise node.refuse(f"makes {n_steps} copies; at most {MAX_OBJECTS}, so widen its distance")
    box = length / max(n_steps, 1) if continuous else single.length
    for step in range(n_steps):
        along = (step + 0.5) * box if continuous else step * distance
        share = along / length if length > 0.0 else 0.0
        yield replace(
            single,
            s=start + along,
            t=_between(node, "t", single.t, share),
            height_offset=_between(node, "zOffset", single.height_offset, share),
            length=box if continuous else _between(node, "length", single.length, share),
            width=_between(node, "width", single.width, share),
            height=_between(node, "height", single.height, share),
        )


def _between(node: Node, name: str, default: float, share: float) -> float:
    """What grows evenly from the attribute `nameStart` to `nameEnd`."""
    start = node.number(f"{name}Start", default)
    return start + (node.number(f"{name}End", default) - start) * share
