"""How an expert is shown one example."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa


@dataclass(frozen=True, kw_only=True)
class Picture:
    """How a domain draws one example of the rows of a view, for an expert to judge.

    Attributes:
        doc: what an example is and how to read its picture.
        key: the columns whose values together name one example; a row that lacks one belongs to
            none.
        stretch: a column of numbers, and how much of it one example spans; None if all.
        columns: the only columns that `draw` gets, those that both sides have: an id would tell
            what is real. Their fields state the unit where the reference does.
        draw: SVG, without `style` attributes, from the rows of one example and from those of all
            examples shown, real and synthetic, so that every picture has the same axes.
        fewest_rows: examples with fewer rows are left out on both sides: they say too little.
    """

    doc: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    draw: Callable[[pa.Table, pa.Table], str]
    fewest_rows: int = 1
    stretch: tuple[str, float] | None = None
