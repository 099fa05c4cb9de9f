"""How a domain shows a whole data set: as plain data, which the report draws."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Source:
    """A data set to be shown.

    Attributes:
        parameters: its scenario's, as plain data.
        ask: gives the rows of an SQL query over its tables, with the values by name that it may
            write as `$name`.
        read: gives the content of a raw file by its path; RunError if it is missing.
        choices: what the user wants to see, by name, such as the number of an entity.
    """

    parameters: Mapping[str, Any]
    ask: Callable[..., pa.Table]
    read: Callable[[str], bytes]
    choices: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Curve:
    """A line, or a staircase, with a band around it if it is uncertain.

    Attributes:
        name: what it is; "" keeps it out of the legend.
        x: (n,)
        y: NaN where the line breaks. (n,)
        low: lower bound of the band, if it has one. (n,)
        high: upper bound of the band, if it has one. (n,)
        steps: whether `y` holds from its `x` to the next.
    """

    name: str
    x: Floats
    y: Floats
    low: Floats | None = None
    high: Floats | None = None
    steps: bool = False


@dataclass(frozen=True, kw_only=True)
class Bars:
    """Stretches of the same kind, each in one of the rows of a chart.

    Attributes:
        name: of the kind.
        row: (n,)
        start: (n,)
        stop: (n,)
    """

    name: str
    row: npt.NDArray[np.int64]
    start: Floats
    stop: Floats


@dataclass(frozen=True, kw_only=True)
class Plot:
    """One drawing.

    Attributes:
        title: what it shows.
        x: meaning of the horizontal axis, with its unit.
        y: that of the vertical one; "" where rows are named.
        curves: lines.
        bars: stretches in rows.
        rows: names of the rows, from the top.
        spans: stretches of the horizontal axis that are marked from top to bottom: name, start,
            stop. Those of the same name look the same.
        marks: places on the horizontal axis: name, place.
        alt: what is to be seen, in words and with numbers.
        x_range: ends of the horizontal axis; those of the data unless told.
        y_range: ends of the vertical one, likewise.
        is_wide: whether it takes the whole width.
    """

    title: str
    x: str
    y: str
    alt: str
    curves: Sequence[Curve] = ()
    bars: Sequence[Bars] = ()
    rows: Sequence[str] = ()
    spans: Sequence[tuple[str, float, float]] = ()
    marks: Sequence[tuple[str, float]] = ()
    x_range: tuple[float, float] | None = None
    y_range: tuple[float, float] | None = None
    is_wide: bool = True


@dataclass(frozen=True, kw_only=True)
class Image:
    """A picture of pixels, which becomes a file of its own beside the page.

    Attributes:
        name: of the file, with a suffix that browsers know; no other image of the chapter has it.
        title: what it shows.
        alt: what is to be seen, in words and with numbers.
        content: the file's bytes.
        is_wide: whether it takes the whole width.
    """

    name: str
    title: str
    alt: str
    content: bytes
    is_wide: bool = True


@dataclass(frozen=True, kw_only=True)
class Illustration:
    """One chapter about data sets of one scenario.

    Attributes:
        title: of the chapter.
        doc: how to read it.
        plot: the drawings, from the data sets by name; none where there is nothing to show.
        choices: names of the `Source.choices` that it heeds.
    """

    title: str
    doc: str
    plot: Callable[[Mapping[str, Source]], Sequence[Plot | Image]]
    choices: tuple[str, ...] = ()
