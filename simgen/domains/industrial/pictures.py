"""What an expert is shown: the course of a machine's measurements, one line above the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from simgen.core import Picture

_WIDTH, _LANE = 480, 96  # of the picture, and of one line's height
_LEFT, _RIGHT, _TOP, _GAP = 12, 468, 22, 30  # edges of the lines, and what stands between them
_FEW = 40  # points that are drawn as dots, too
_SHARE = 0.005  # of all shown values that may lie beyond the edges of a lane

_Floats = npt.NDArray[np.float64]


def tracks(x: str, of_x: str, lanes: Mapping[str, str]) -> Callable[[pa.Table, pa.Table], str]:
    """A drawing of some columns over another, each in a lane of its own.

    Args:
        x: the column of the horizontal axis; it is counted from the first row.
        of_x: what stands at its end.
        lanes: columns with their titles.

    Returns:
        SVG from the rows of one example and those of all shown, as `Picture.draw` gives it.
    """

    def draw(rows: pa.Table, shown: pa.Table) -> str:
        place = _numbers(rows, x)
        order = np.argsort(place, kind="stable")
        across = _spread(place[order] - place.min(), float(np.ptp(place)))
        parts, top = [], _TOP
        for name, title in lanes.items():
            parts.append(_lane(title, across, _numbers(rows, name)[order], _ends(shown, name), top))
            top += _LANE + _GAP
        words = "; ".join(_words(title, _numbers(rows, name)) for name, title in lanes.items())
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {top}" role="img" '
            f'aria-label="{words}" font-size="14" fill="currentColor">{"".join(parts)}'
            f'<text x="{_RIGHT}" y="{top - 8}" text-anchor="end">{of_x}</text></svg>'
        )

    return draw


def _numbers(rows: pa.Table, name: str) -> _Floats:
    return np.asarray(rows[name].cast(pa.float64()).to_numpy(), np.float64)


def _spread(passed: _Floats, most: float) -> _Floats:
    return _LEFT + (_RIGHT - _LEFT) * passed / (most or 1.0)


def _ends(shown: pa.Table, name: str) -> tuple[float, float]:
    """The values at the lower and upper edge of a lane, the same in every picture."""
    values = _numbers(shown, name)
    low, high = np.nanquantile(values, [_SHARE, 1.0 - _SHARE])
    return float(low), float(high if high > low else low + 1.0)


def _lane(
    title: str, across: _Floats, values: _Floats, ends: tuple[float, float], top: float
) -> str:
    low, high = ends
    height = np.clip((values - low) / (high - low), 0.0, 1.0)
    points = [
        (f"{x:.1f}", f"{top + _LANE * (1.0 - y):.1f}")
        for x, y in zip(across, height, strict=True)
        if not np.isnan(y)
    ]
    line = " ".join(f"{x},{y}" for x, y in points)
    dots = "".join(f'<circle cx="{x}" cy="{y}" r="2.5"/>' for x, y in points)
    frame = "".join(
        f'<line x1="{_LEFT}" x2="{_RIGHT}" y1="{y}" y2="{y}" stroke="currentColor" '
        f'stroke-opacity="0.15"/>'
        for y in (top, top + _LANE)
    )
    return (
        f'<text x="{_LEFT}" y="{top - 6}">{title}: {low:.3g} to {high:.3g}</text>{frame}'
        f'<polyline points="{line}" fill="none" stroke="currentColor" stroke-width="1.2"/>'
        f"{dots if len(points) <= _FEW else ''}"
    )


def _words(title: str, values: _Floats) -> str:
    low, middle, high = np.nanquantile(values, [0.0, 0.5, 1.0])
    return f"{title}: from {low:.3g} to {high:.3g}, median {middle:.3g}"


def _picture(
    doc: str, key: tuple[str, ...], x: tuple[str, str], lanes: Mapping[str, str], fewest: int
) -> Picture:
    return Picture(
        doc=doc,
        key=key,
        columns=(x[0], *lanes),
        draw=tracks(*x, lanes),
        fewest_rows=fewest,
    )


PICTURES = {
    "hydraulic_temperatures": _picture(
        "Ten readings, one after the other, of the oil of a hydraulic machine before and behind "
        "its cooler, in degrees Celsius.",
        ("machine_id", "stretch"),
        ("place", "readings"),
        {"oil_temperature": "before the cooler", "return_temperature": "behind the cooler"},
        10,
    ),
    "nab_machine_temperature": _picture(
        "A week of a machine's temperature, hour by hour, relative to the week before: 0 is its "
        "median, and the quartiles lie 1 apart.",
        ("machine_id", "week"),
        ("at", "hours"),
        {"level": "temperature", "change": "change in an hour", "spread": "spread in an hour"},
        72,
    ),
    "skab": _picture(
        "A run of a pump on a bench, second by second, relative to how it began. Something may "
        "have been done to it.",
        ("run_id",),
        ("second_of_run", "seconds"),
        {
            "flow_change": "flow, over that at the start less 1",
            "first_change": "vibration, likewise",
            "current_change": "current, likewise",
            "warming": "warming of the water [K]",
        },
        300,
    ),
}
