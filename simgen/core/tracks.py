"""Measurements as SVG, in lanes one above the other, for an expert to judge."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa

_WIDTH, _LANE = 480, 96  # of the picture, and of one lane's height
_LEFT, _RIGHT, _TOP, _GAP = 12, 468, 22, 30  # edges of the lanes, and what stands between them
_FEW = 40  # points that are drawn as dots, too
_SHARE = 0.005  # of all shown values that may lie beyond the edges of a lane
# Points that lie further apart than so many times what they usually do have no line between them.
_LONGEST = 5.0

_Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Lane:
    """One line of a drawing.

    Attributes:
        title: what it is, with its unit.
        x: ascending. (n,)
        y: NaN where nothing is known. (n,)
        shown: the values between whose lowest and highest it is drawn, but for a few. (m,)
        foot: what stands at the end of the horizontal axis.
    """

    title: str
    x: _Floats
    y: _Floats
    shown: _Floats
    foot: str = ""


def lanes_drawn(lanes: Sequence[Lane]) -> str:
    """SVG of the lanes, which says in words and numbers what is to be seen."""
    tops = [_TOP + place * (_LANE + _GAP) for place in range(len(lanes))]
    parts = "".join(_drawn(lane, top) for lane, top in zip(lanes, tops, strict=True))
    words = "; ".join(_words(lane) for lane in lanes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" '
        f'viewBox="0 0 {_WIDTH} {_TOP + len(lanes) * (_LANE + _GAP)}" role="img" '
        f'aria-label="{words}" font-size="14" fill="currentColor">{parts}</svg>'
    )


def tracks(
    x: str, of_x: str, lanes: Mapping[str, str], scale: float = 1.0
) -> Callable[[pa.Table, pa.Table], str]:
    """A drawing of some columns over another, each in a lane of its own.

    Args:
        x: the column of the horizontal axis; it is counted from the first row.
        of_x: its unit.
        lanes: columns with their titles, to which the unit is added that the rows' schema states
            as `Field.arrow` does; columns that the rows lack are left out.
        scale: how many of `of_x` one unit of `x` is.

    Returns:
        SVG from the rows of one example and those of all shown, as `Picture.draw` gives it.
    """

    def draw(rows: pa.Table, shown: pa.Table) -> str:
        order = np.argsort(_numbers(rows, x), kind="stable")
        place = _numbers(rows, x)[order]
        place = scale * (place - place[0])
        names = [name for name in lanes if name in rows.column_names]
        return lanes_drawn(
            [
                Lane(
                    title=lanes[name] + _unit(rows.schema.field(name)),
                    x=place,
                    y=_numbers(rows, name)[order],
                    shown=_numbers(shown, name),
                    foot=f"{_said(place[-1])} {of_x}" if name == names[-1] else "",
                )
                for name in names
            ]
        )

    return draw


def _unit(column: pa.Field) -> str:
    unit = (column.metadata or {}).get(b"unit", b"").decode()
    return f" [{unit}]" if unit not in ("", "1") else ""


def _numbers(rows: pa.Table, name: str) -> _Floats:
    return np.asarray(rows[name].cast(pa.float64()).to_numpy(), np.float64)


def _drawn(lane: Lane, top: float) -> str:
    low, high = _quantiles(lane.shown, [_SHARE, 1.0 - _SHARE]).tolist()
    high = high if high > low else low + 1.0
    length = float(np.ptp(lane.x)) or 1.0
    across = _LEFT + (_RIGHT - _LEFT) * (lane.x - lane.x[0]) / length
    height = np.clip((lane.y - low) / (high - low), 0.0, 1.0)
    known = ~np.isnan(height)
    points = [
        (f"{x:.1f}", f"{top + _LANE * (1.0 - y):.1f}")
        for x, y in zip(across[known], height[known], strict=True)
    ]
    runs = [points[a:b] for a, b in pairwise([0, *_breaks(lane.x[known]), len(points)])]
    lines = "".join(
        f'<polyline points="{" ".join(f"{x},{y}" for x, y in run)}" fill="none" '
        f'stroke="currentColor" stroke-width="1.2"/>'
        for run in runs
        if len(run) != 1
    )
    shown = points if len(points) <= _FEW else [run[0] for run in runs if len(run) == 1]
    dots = "".join(f'<circle cx="{x}" cy="{y}" r="2.5"/>' for x, y in shown)
    frame = "".join(
        f'<line x1="{_LEFT}" x2="{_RIGHT}" y1="{y}" y2="{y}" stroke="currentColor" '
        f'stroke-opacity="0.15"/>'
        for y in (top, top + _LANE)
    )
    foot = f'<text x="{_RIGHT}" y="{top + _LANE + 16}" text-anchor="end">{lane.foot}</text>'
    return (
        f'<text x="{_LEFT}" y="{top - 6}">{lane.title}: {_said(low)} to {_said(high)}</text>{frame}'
        f"{lines}{dots}{foot if lane.foot else ''}"
    )


def _breaks(x: _Floats) -> list[int]:
    """The points before which a line breaks, as nothing is known for long."""
    steps = np.diff(x)
    usual = np.median(steps[steps > 0.0]) if (steps > 0.0).any() else 0.0
    return (np.flatnonzero(steps > _LONGEST * usual) + 1).tolist()


def _words(lane: Lane) -> str:
    low, middle, high = _quantiles(lane.y, [0.0, 0.5, 1.0])
    return f"{lane.title}: from {_said(low)} to {_said(high)}, median {_said(middle)}"


def _said(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.3g}"


def _quantiles(values: _Floats, shares: list[float]) -> _Floats:
    """Those of what is known; 0 where nothing is, as when a sensor was silent all the time."""
    known = values[~np.isnan(values)]
    return np.asarray(np.quantile(known if len(known) else [0.0], shares))
