"""Invariants: what must hold at a pump station, besides what holds at every site."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from simgen.domains.industrial.site.rules import SITE_RULES

Tables = Mapping[str, pa.Table]
Verdict = Any  # booleans, one for each row that was looked at


def _column(table: pa.Table, name: str) -> Any:
    return table[name].to_numpy()


def water_is_neither_made_nor_lost(tables: Tables) -> Verdict:
    """The consumer gets no more than it asks for, and less only if the tank runs empty."""
    supply = tables["supply"]
    asked, supplied = _column(supply, "asked"), _column(supply, "supplied")
    return (supplied <= asked) & (supplied >= 0.0) & (_column(supply, "volume") >= 0.0)


def no_more_pumps_run_than_may(tables: Tables) -> Verdict:
    """A pump that has failed or is being worked on does not run."""
    supply = tables["supply"]
    return _column(supply, "n_running") <= _column(supply, "n_available")


RULES = (*SITE_RULES, water_is_neither_made_nor_lost, no_more_pumps_run_than_may)
