"""Which of a scenario's records stand beside real ones, and what causes what in them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class CausalOrder:
    """The columns that a residual may move, causes before effects.

    What is commanded comes first, then what flows, presses and draws power, then what warms and
    shakes. What follows from other columns, or says what was planned, is left out.

    Attributes:
        view: the domain's SQL that shapes the records as somebody who measures has them: the
            table's entity, `at` in hours, `label` as it can be known, and the table's columns.
            Its picture is what `simgen review` shows.
        table: the record table whose fields say units and meanings of the columns.
        columns: as in the table.
        logarithmic: those of them whose ratios matter rather than their differences.
    """

    view: str
    table: str
    columns: tuple[str, ...]
    logarithmic: tuple[str, ...] = ()
