"""Invariants: what must hold in every block of a milling cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from simgen.domains.industrial.rules import silent_at_work
from simgen.domains.industrial.site.rules import (
    a_spare_comes_before_its_fitting,
    silent_while_failed,
)

Tables = Mapping[str, pa.Table]
Verdict = Any  # booleans, one for each row that was looked at


def _by_tool(tables: Tables, *names: str) -> list[Any]:
    """Columns of `cuts`, each tool's together and in order of time; first the tool."""
    cuts = tables["cuts"]
    tool = cuts["tool_id"].to_numpy()
    order = np.argsort(tool, kind="stable")
    return [tool[order], *(cuts[name].to_numpy()[order] for name in names)]


def wear_never_heals(tables: Tables) -> Verdict:
    """A tool's flank is never less worn than it was, nor its edge less chipped."""
    tool, wear, chip = _by_tool(tables, "wear", "chip")
    return (np.diff(tool) != 0) | ((np.diff(wear) >= 0.0) & (np.diff(chip) >= 0.0))


def remaining_cuts_count_down(tables: Tables) -> Verdict:
    """By one with each cut, to 0 and never below; or they are unknown for all of a tool's cuts."""
    tool, left, n_cuts = _by_tool(tables, "remaining_cuts", "n_cuts")
    unknown = np.isnan(left)
    expected = np.maximum(left[:-1] - np.diff(n_cuts), 0.0)
    same = (left[1:] == expected) | (unknown[1:] & unknown[:-1])
    return np.append((np.diff(tool) != 0) | same, unknown | (left >= 0.0))


def a_broken_tool_has_nothing_left(tables: Tables) -> Verdict:
    """The cut in which a tool broke is its last, and nothing is left after it."""
    cuts, tools = tables["cuts"], tables["tools"]
    broken = cuts["chip"].to_numpy() >= 1.0
    last = dict(zip(tools["tool_id"].to_numpy(), tools["n_cuts"].to_numpy(), strict=True))
    mine = [last[one] for one in cuts["tool_id"].to_numpy().tolist()]
    left = cuts["remaining_cuts"].to_numpy()
    return ~broken | ((left == 0) & (cuts["n_cuts"].to_numpy() == mine))


def no_cut_is_made_by_a_standing_mill(tables: Tables) -> Verdict:
    """No cut ends while a technician is at work on the mill."""
    return silent_at_work(tables["work_orders"], tables["cuts"])


def a_failed_mill_makes_nothing(tables: Tables) -> Verdict:
    """Between a failure and the replacement that ends it, no cut is made."""
    return silent_while_failed(tables, "cuts")


def one_tool_cuts_at_a_time(tables: Tables) -> Verdict:
    """Cuts of one mill do not overlap."""
    cuts = tables["cuts"]
    machine, at = cuts["machine_id"].to_numpy(), cuts["at"].to_numpy()
    order = np.argsort(machine, kind="stable")
    passed = np.diff(at[order]) / np.timedelta64(1, "s")
    # Times of cuts are written to a hundredth of a second.
    time = cuts["cut_time"].to_numpy()[order][1:]
    return (np.diff(machine[order]) != 0) | (passed >= time - 0.01)


RULES = (
    wear_never_heals,
    remaining_cuts_count_down,
    a_broken_tool_has_nothing_left,
    no_cut_is_made_by_a_standing_mill,
    a_failed_mill_makes_nothing,
    one_tool_cuts_at_a_time,
    a_spare_comes_before_its_fitting,
)
