"""Roads: reference line, profiles, links and types."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from simgen.worlds.road.opendrive.document import (
    LateralShape,
    Link,
    Piece,
    PieceKind,
    Road,
    RoadType,
)
from simgen.worlds.road.opendrive.furniture import (
    read_objects,
    read_signal_references,
    read_signals,
)
from simgen.worlds.road.opendrive.lanes import read_sections, read_speed
from simgen.worlds.road.opendrive.markup import Node
from simgen.worlds.road.opendrive.profiles import cubic, cubics, in_order

MAX_ROAD_LENGTH = 1e6  # [m]
MIN_LENGTH = 1e-6  # of a road or piece, below which positions are one point [m]
MAX_GAP = 0.5  # between the pieces of a reference line, along s and in the plane [m]
MAX_CURVATURE = 100.0  # a radius of a centimetre [1/m]
MAX_TURNS = 100  # of one arc: a road that winds on itself more often is a mistake
# Of one spiral, each place on which costs time by its turns; 40 times the most in maps of esmini.
MAX_SPIRAL_TURNS = 4
MAX_SHAPES = 10_000  # of one road: every look-up goes through them


def read_road(node: Node) -> Road:
    """A road with all that lies on it; RequestError names the element that is wrong."""
    length = node.number("length", low=MIN_LENGTH, high=MAX_ROAD_LENGTH)
    junction = node.word("junction", "-1")
    return Road(
        id=node.word("id"),
        name=node.word("name", ""),
        length=length,
        junction="" if junction == "-1" else junction,
        left_hand=node.choice("rule", ("RHT", "LHT"), "RHT") == "LHT",
        predecessor=_link(node, "predecessor"),
        successor=_link(node, "successor"),
        types=tuple(_road_type(child) for child in node.all("type")),
        pieces=_pieces(node, length),
        elevations=cubics(node, "elevationProfile/elevation", "s"),
        superelevations=cubics(node, "lateralProfile/superelevation", "s"),
        shapes=_shapes(node),
        lane_offsets=cubics(node, "lanes/laneOffset", "s"),
        sections=read_sections(node, length),
        signals=read_signals(node),
        signal_references=read_signal_references(node),
        objects=read_objects(node, length),
        line=node.line,
    )


def _link(road: Node, end: str) -> Link | None:
    node = road.first(f"link/{end}")
    if node is None:
        return None
    element = node.choice("elementType", ("road", "junction"))
    # 1.6 allows a position on a virtual road instead of its end; such a link leads to no lane.
    contact = "" if element == "junction" else node.choice("contactPoint", ("start", "end", ""), "")
    return Link(element=element, id=node.word("elementId"), contact=contact)


def _road_type(node: Node) -> RoadType:
    speed = node.first("speed")
    return RoadType(
        s=node.number("s", low=0.0),
        type=node.word("type"),
        speed=math.nan if speed is None else read_speed(speed, "max"),
    )


def _shapes(road: Node) -> tuple[LateralShape, ...]:
    nodes = tuple(road.all("lateralProfile/shape"))
    if len(nodes) > MAX_SHAPES:
        raise road.refuse(f"has {len(nodes)} shapes; at most {MAX_SHAPES} are read, so thin them")
    shapes = tuple(
        LateralShape(s=node.number("s", low=0.0), profile=cubic(node, "t", low=-math.inf))
        for node in nodes
    )
    return tuple(sorted(shapes, key=lambda shape: (shape.s, shape.profile.start)))


def _pieces(road: Node, length: float) -> tuple[Piece, ...]:
    """The reference line; every s of the road lies on one piece."""
    nodes = tuple(road.all("planView/geometry"))
    if not nodes:
        raise road.refuse("has no planView/geometry; add its reference line")
    in_order(nodes, "s")
    pieces = tuple(_piece(node) for node in nodes)
    ends = [piece.s for piece in pieces[1:]] + [length]
    for node, piece, end in zip(nodes, pieces, ends, strict=True):
        if abs(piece.s + piece.length - end) > MAX_GAP:
            what = "overlaps" if piece.s + piece.length > end else "leaves a gap before"
            raise node.refuse(
                f"ends at s={piece.s + piece.length:g} and {what} what begins at s={end:g}; "
                "correct its s or length"
            )
    if pieces[0].s > MAX_GAP:
        raise nodes[0].refuse(f"begins at s={pieces[0].s:g}; the first begins at 0")
    return pieces


def _piece(node: Node) -> Piece:
    place = Piece(
        kind=PieceKind.LINE,
        s=node.number("s", low=0.0),
        x=node.number("x"),
        y=node.number("y"),
        heading=node.number("hdg", low=-1e6, high=1e6),
        length=node.number("length", low=MIN_LENGTH, high=MAX_ROAD_LENGTH),
    )
    for child in node.children:
        if child.tag in _SHAPES:
            return _SHAPES[child.tag](child, place)
    raise node.refuse(f"has no known shape; must hold one of {', '.join(_SHAPES)}")


def _line(_node: Node, place: Piece) -> Piece:
    return place


def _arc(node: Node, place: Piece) -> Piece:
    curvature = node.number("curvature", low=-MAX_CURVATURE, high=MAX_CURVATURE)
    shape = replace(place, kind=PieceKind.SPIRAL, curvature=curvature)
    return _winding(node, shape, MAX_TURNS)


def _spiral(node: Node, place: Piece) -> Piece:
    start, end = (
        node.number(name, low=-MAX_CURVATURE, high=MAX_CURVATURE)
        for name in ("curvStart", "curvEnd")
    )
    rate = (end - start) / place.length
    shape = replace(place, kind=PieceKind.SPIRAL, curvature=start, curvature_rate=rate)
    return _winding(node, shape, MAX_SPIRAL_TURNS)


def _winding(node: Node, piece: Piece, most: int) -> Piece:
    end = piece.curvature + piece.curvature_rate * piece.length
    turns = max(abs(piece.curvature), abs(end)) * piece.length / (2.0 * math.pi)
    if turns > most:
        raise node.refuse(f"winds around up to {turns:.3g} times; at most {most} are read")
    return piece


def _poly3(node: Node, place: Piece) -> Piece:
    v = (node.number("a"), node.number("b"), node.number("c"), node.number("d"))
    return replace(place, kind=PieceKind.PARAMETRIC, u=(0.0, 1.0, 0.0, 0.0), v=v)


def _parametric(node: Node, place: Piece) -> Piece:
    u, v = (
        (
            node.number(f"a{axis}"),
            node.number(f"b{axis}"),
            node.number(f"c{axis}"),
            node.number(f"d{axis}"),
        )
        for axis in ("U", "V")
    )
    if not any(u[1:]) and not any(v[1:]):
        raise node.refuse("stays at one point, since its coefficients are 0; correct them")
    # Up to 1.3 the attribute did not exist and the parameter ran over [0, 1].
    normalized = node.choice("pRange", ("arcLength", "normalized"), "normalized") == "normalized"
    end = 1.0 if normalized else place.length
    return replace(place, kind=PieceKind.PARAMETRIC, u=u, v=v, parameter_end=end)


_SHAPES: dict[str, Callable[[Node, Piece], Piece]] = {
    "line": _line,
    "arc": _arc,
    "spiral": _spiral,
    "poly3": _poly3,
    "paramPoly3": _parametric,
}
