"""Piecewise cubics along a road, as every profile of OpenDRIVE is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from simgen.worlds.road.opendrive.document import Cubic
from simgen.worlds.road.opendrive.markup import MAX_VALUE, Node

SLACK = 1e-6  # by which rounded starts may run backward [m]


def cubic(node: Node, start: str, *, low: float = -SLACK) -> Cubic:
    """One cubic that begins where the attribute `start` says."""
    return Cubic(
        start=node.number(start, low=max(low, -MAX_VALUE)),
        a=node.number("a"),
        b=node.number("b"),
        c=node.number("c"),
        d=node.number("d"),
    )


def cubics(parent: Node, path: str, start: str) -> tuple[Cubic, ...]:
    """All cubics on a path, ascending; RequestError if they are out of order."""
    return tuple(cubic(node, start) for node in in_order(parent.all(path), start))


def in_order(nodes: Iterable[Node], start: str) -> Sequence[Node]:
    """The nodes, whose attribute `start` must not descend; RequestError names one that does."""
    ordered = tuple(nodes)
    for before, after in pairwise(ordered):
        if after.number(start) < before.number(start) - SLACK:
            raise after.refuse(
                f"has {start}={after.word(start)}, less than the one before it "
                f"({before.word(start)}); sort them"
            )
    return ordered
