"""Invariants: what must hold in every block of a compressor station, besides those of a fleet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from simgen.domains.industrial.fleet.rules import RULES as FLEET_RULES

Tables = Mapping[str, pa.Table]
Verdict = Any  # booleans, one for each row that was looked at


def air_is_given_by_who_runs(tables: Tables) -> Verdict:
    """All that is asked for at most, some of it by who runs, and only who may run does."""
    supply = tables["supply"]
    demand, given, n_running, n_available = (
        supply[name].to_numpy() for name in ("demand", "supplied", "n_running", "n_available")
    )
    # One machine goes on where nothing is asked for, and blows off what it gives.
    gives = (given > 0.0) | (demand == 0.0)
    is_given = np.where(n_running > 0, gives, given == 0.0)
    return (given <= demand) & is_given & (n_running <= n_available)


def one_header_has_one_pressure(tables: Tables) -> Verdict:
    """Who lacks air has all that may run at work; else the pressure is the rated one."""
    supply = tables["supply"]
    lacks = supply["supplied"].to_numpy() < supply["demand"].to_numpy()
    pressure = supply["header_pressure"].to_numpy()
    all_run = supply["n_running"].to_numpy() == supply["n_available"].to_numpy()
    # Flows are written to ten litres, so the smallest lacks of air do not show.
    return np.where(lacks, all_run, pressure >= 0.999 * pressure.max(initial=0.0))


RULES = (*FLEET_RULES, air_is_given_by_who_runs, one_header_has_one_pressure)
