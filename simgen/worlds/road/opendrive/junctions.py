"""Junctions and the controllers of their signals."""

from __future__ import annotations

from simgen.worlds.road.opendrive.document import Connection, Controller, Junction
from simgen.worlds.road.opendrive.lanes import MAX_LANES
from simgen.worlds.road.opendrive.markup import Node


def read_junction(node: Node) -> Junction:
    """A junction with its connections."""
    return Junction(
        id=node.word("id"),
        name=node.word("name", ""),
        connections=tuple(
            _connection(child)
            for child in node.all("connection")
            # A virtual connection (1.6) only says that lanes are near each other.
            if child.word("type", "default") != "virtual"
        ),
        controllers=tuple(child.word("id") for child in node.all("controller")),
    )


def _connection(node: Node) -> Connection:
    # A direct junction (1.7) joins two roads without a connecting one between them.
    direct = "linkedRoad" in node.attributes
    connecting = node.word("linkedRoad" if direct else "connectingRoad")
    incoming = node.word("incomingRoad")
    if connecting == incoming and not direct:
        raise node.refuse(f"leads from road {incoming!r} back into itself; name a connecting road")
    return Connection(
        incoming=incoming,
        connecting=connecting,
        contact=node.choice("contactPoint", ("start", "end"), "start"),
        lane_links=tuple(
            (
                link.integer("from", low=-MAX_LANES, high=MAX_LANES),
                link.integer("to", low=-MAX_LANES, high=MAX_LANES),
            )
            for link in node.all("laneLink")
        ),
        line=node.line,
    )


def read_controller(node: Node) -> Controller:
    """Signals that switch together."""
    return Controller(
        id=node.word("id"),
        name=node.word("name", ""),
        signals=tuple(child.word("signalId") for child in node.all("control")),
    )
