"""The document as arrays that kernels read: curves, profiles, lanes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from simgen.core import RequestError
from simgen.kernels.arrays import Floats, Integers
from simgen.worlds.road.kernels.curves import piece_at
from simgen.worlds.road.offsets import offsets_of
from simgen.worlds.road.opendrive.document import (
    Cubic,
    Lane,
    OpenDrive,
    Piece,
    PieceKind,
    Road,
    Section,
)

PIECE = np.dtype(
    [
        ("s", "f8"),
        ("x", "f8"),
        ("y", "f8"),
        ("heading", "f8"),
        ("length", "f8"),
        ("curvature", "f8"),
        ("curvature_rate", "f8"),
        ("first_node", "i8"),  # of its table of arc lengths
        ("n_nodes", "i8"),  # 0: no parametric cubic
    ]
)
LANE = np.dtype(
    [
        ("road", "i8"),
        ("section", "i8"),  # number within the road
        ("id", "i8"),  # as in the file
        ("first", "i8"),  # the innermost lane of this side
        ("inward", "i8"),  # the next lane toward the other side of the road, -1: none
        ("outward", "i8"),  # the next lane away from it, -1: none
        ("s_start", "f8"),
        ("s_end", "f8"),
        ("side", "f8"),  # 1 left of the reference line, -1 right of it
        ("direction", "f8"),  # 1: traffic flows along s, -1: against it
        ("bordered", "b1"),  # its cubics are t of the outer edge, not widths
        ("kind", "i8"),  # index in `LaneTables.kinds`
    ]
)
NODE_STEP = 0.5  # between nodes of a table of arc lengths [m]
MAX_NODES = 10_000  # of one piece
MAX_JUMP = 0.5  # of the reference line from piece to piece [m]
MAX_STRETCH = 2.0  # of a parametric curve's arc length over the length it claims, or the inverse
_POINTS, _WEIGHTS = np.polynomial.legendre.leggauss(5)  # on [-1, 1]


@dataclass(frozen=True, kw_only=True)
class RoadTables:
    """What gives places on roads; `kernels.curves` tells the tuples' order."""

    curves: tuple[Any, ...]
    profiles: tuple[Any, ...]

    @property
    def arrays(self) -> tuple[Any, ...]:
        """As kernels take it."""
        return self.curves, self.profiles


@dataclass(frozen=True, kw_only=True)
class LaneTables:
    """All lanes but the centre ones, road by road, section by section, side by side."""

    records: npt.NDArray[np.void]
    kinds: tuple[str, ...]  # the lane types that occur
    arrays: tuple[Any, ...]  # as kernels take them


def road_tables(document: OpenDrive) -> RoadTables:
    """Curves and profiles of all roads.

    Raises:
        RequestError: a reference line has jumps, or a curve another length than it claims.
    """
    roads = document.roads
    nodes: list[Floats] = []
    pieces = np.zeros(sum(len(road.pieces) for road in roads), PIECE)
    coefficients = np.zeros((len(pieces), 8))
    row, n_nodes = 0, 0
    for road in roads:
        for piece in road.pieces:
            table = _arc_lengths(road, piece)
            pieces[row] = (
                piece.s, piece.x, piece.y, piece.heading, piece.length,
                piece.curvature, piece.curvature_rate, n_nodes, len(table),
            )  # fmt: skip
            coefficients[row] = (*piece.u, *piece.v)
            nodes.append(table)
            n_nodes += len(table)
            row += 1
    offsets = offsets_of(len(road.pieces) for road in roads)
    curves = (offsets, pieces, coefficients, np.concatenate([np.zeros((0, 3)), *nodes]))
    _check_jumps(document, curves)
    shapes = [(shape.s, *shape.profile) for road in roads for shape in road.shapes]
    profiles = (
        *_cubics([road.elevations for road in roads]),
        *_cubics([road.superelevations for road in roads]),
        offsets_of(len(road.shapes) for road in roads),
        np.array(shapes, np.float64).reshape(-1, 6),
    )
    return RoadTables(curves=curves, profiles=profiles)


class LanePlace(NamedTuple):
    """A lane and where it stands in the document."""

    road_number: int
    section_number: int
    road: Road
    section: Section
    lane: Lane


def outward(document: OpenDrive) -> Iterator[LanePlace]:
    """All lanes but the centre ones: by road and section, left side first, from the centre out."""
    for road_number, road in enumerate(document.roads):
        for section_number, section in enumerate(road.sections):
            centre = section.lanes[0].id  # ids descend without gaps
            sides = (*reversed(section.lanes[:centre]), *section.lanes[centre + 1 :])
            for lane in sides:
                yield LanePlace(road_number, section_number, road, section, lane)


def lane_tables(document: OpenDrive) -> LaneTables:
    """Records and widths of all lanes."""
    kinds: dict[str, int] = {}
    rows: list[tuple[Any, ...]] = []
    widths: list[tuple[Cubic, ...]] = []
    first = 0
    for place in outward(document):
        road, section, lane = place.road, place.section, place.lane
        first = len(rows) if abs(lane.id) == 1 else first
        after = place.section_number + 1
        end = road.sections[after].s if after < len(road.sections) else road.length
        side = 1 if lane.id > 0 else -1
        ahead = side if road.left_hand else -side
        kind = kinds.setdefault(lane.type, len(kinds))
        cubics = lane.borders or lane.widths
        numbers = (place.road_number, place.section_number, lane.id, first)
        sides = _neighbours(len(rows), section, lane)
        rows.append((*numbers, *sides, section.s, end, side, ahead, bool(lane.borders), kind))
        widths.append(tuple(cubic._replace(start=cubic.start + section.s) for cubic in cubics))
    records = np.array(rows, LANE)
    shifts = _cubics([road.lane_offsets for road in document.roads])
    return LaneTables(
        records=records, kinds=tuple(kinds), arrays=(records, *_cubics(widths), *shifts)
    )


def _neighbours(row: int, section: Section, lane: Lane) -> tuple[int, int]:
    """The rows of the lanes inward and outward of a lane, -1 for none."""
    n_left, n_right = section.lanes[0].id, -section.lanes[-1].id
    n_here, n_there = (n_left, n_right) if lane.id > 0 else (n_right, n_left)
    across = row + n_left if lane.id > 0 else row - n_left
    inward = (row - 1) if abs(lane.id) > 1 else (across if n_there else -1)
    return inward, (row + 1 if abs(lane.id) < n_here else -1)


def _cubics(profiles: Sequence[Sequence[Cubic]]) -> tuple[Integers, Floats]:
    rows = [cubic for profile in profiles for cubic in profile]
    return (
        offsets_of(len(profile) for profile in profiles),
        np.array(rows, np.float64).reshape(-1, 5),
    )


def _arc_lengths(road: Road, piece: Piece) -> Floats:
    """Nodes of a parametric cubic, `(n, 3)`: arc length, parameter, its derivative by arc length.

    Arc lengths are scaled so that the last one is the length the piece claims: the standard's
    parameter is not an arc length, and files round. Empty for other shapes.
    """
    if piece.kind is not PieceKind.PARAMETRIC:
        return np.zeros((0, 3))
    n_steps = min(max(8, math.ceil(piece.length / NODE_STEP)), MAX_NODES)
    parameter = np.linspace(0.0, piece.parameter_end or piece.length, n_steps + 1)
    step = parameter[1]
    inner = parameter[:-1, None] + 0.5 * step * (1.0 + _POINTS)
    travelled = 0.5 * step * (_speed(piece, inner) * _WEIGHTS).sum(axis=1)
    arc = np.concatenate([[0.0], np.cumsum(travelled)])
    if piece.parameter_end:
        stretch = arc[-1] / piece.length
        if not 1.0 / MAX_STRETCH <= stretch <= MAX_STRETCH:
            raise RequestError(
                f"<geometry s={piece.s:g}> of <road id={road.id!r}> claims {piece.length:g} m, "
                f"but its curve is {arc[-1]:g} m long; correct its length or coefficients"
            )
    else:
        stretch = 1.0
    slowest = 1e-6 * arc[-1] / parameter[-1]  # a cusp would have no derivative
    slope = stretch / np.maximum(_speed(piece, parameter), slowest)
    return np.stack([arc / stretch, parameter, slope], axis=1)


def _speed(piece: Piece, parameter: Floats) -> Floats:
    """Metres per unit of the parameter."""
    (_, b, c, d), (_, e, f, g) = piece.u, piece.v
    along = b + parameter * (2.0 * c + parameter * 3.0 * d)
    across = e + parameter * (2.0 * f + parameter * 3.0 * g)
    return np.hypot(along, across)


def _check_jumps(document: OpenDrive, curves: tuple[Any, ...]) -> None:
    """Each piece begins where the one before it ends, and doesn't turn back on it."""
    offsets, pieces = curves[0], curves[1]
    for number, road in enumerate(document.roads):
        for row in range(offsets[number], offsets[number + 1] - 1):
            x, y, heading = piece_at(curves, row, pieces[row]["length"])
            after = pieces[row + 1]
            gap = math.hypot(after["x"] - x, after["y"] - y)
            label = f"<geometry s={after['s']:g}> of <road id={road.id!r}>"
            if not gap <= MAX_JUMP:
                raise RequestError(
                    f"{label} begins {gap:g} m away from where the one before it ends; at most "
                    f"{MAX_JUMP} m are bridged, so correct its x and y"
                )
            if math.cos(after["heading"] - heading) < 0.0:
                raise RequestError(f"{label} turns back over the piece before it; correct its hdg")
