"""Invariants: what must hold in every block of a packaging line, besides those of every site."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from simgen.core import HOUR
from simgen.domains.industrial.site.rules import SITE_RULES

Tables = Mapping[str, pa.Table]
Verdict = Any  # booleans, one for each row that was looked at


def rejects_are_products(tables: Tables) -> Verdict:
    """No more is thrown out than was made."""
    rows = tables["telemetry"]
    made, rejects = (rows[name].to_numpy() for name in ("made", "rejects"))
    return (rejects >= 0) & (rejects <= made)


def a_stop_has_a_root(tables: Tables) -> Verdict:
    """Only who starves or is blocked names another machine than itself."""
    rows = tables["messages"]
    idle = np.isin(rows["state"].cast(pa.string()).to_numpy(), ("starved", "blocked"))
    other = rows["root_machine_id"].to_numpy() != rows["machine_id"].to_numpy()
    return idle | ~other


def states_follow_one_another(tables: Tables) -> Verdict:
    """A machine's messages tell of changes, and in order of time."""
    rows = tables["messages"]
    order = np.argsort(rows["machine_id"].to_numpy(), kind="stable")
    machine, at = (rows[name].to_numpy()[order] for name in ("machine_id", "at"))
    state = rows["state"].cast(pa.string()).to_numpy()[order]
    other = machine[1:] != machine[:-1]
    return other | ((state[1:] != state[:-1]) & (at[1:] >= at[:-1]))


def use_is_time_in_which_it_ran(tables: Tables) -> Verdict:
    """Between two rows, time in use is not less than what the second says that it ran."""
    rows = tables["telemetry"]
    order = np.argsort(rows["machine_id"].to_numpy(), kind="stable")
    machine, use, ran = (
        rows[name].to_numpy()[order] for name in ("machine_id", "use_time", "run_time")
    )
    used = np.diff(use) * HOUR
    # Rows that were lost on the way leave more; run_time is sent to a tenth of a second.
    return (np.diff(machine) != 0) | (used >= ran[1:] - 0.051)


RULES = (
    *SITE_RULES,
    rejects_are_products,
    a_stop_has_a_root,
    states_follow_one_another,
    use_is_time_in_which_it_ran,
)
