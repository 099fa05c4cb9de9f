"""Invariants: what must hold in every block of a fleet, besides what holds at every site."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from simgen.domains.industrial.rules import silent_at_work, within_the_clock
from simgen.domains.industrial.site.rules import SITE_RULES

Tables = Mapping[str, pa.Table]
Verdict = Any  # booleans, one for each row that was looked at


def no_window_of_a_standing_machine(tables: Tables) -> Verdict:
    """No window is taken while a technician is at work on the machine."""
    return silent_at_work(tables["work_orders"], tables["windows"])


def use_is_not_faster_than_the_clock(tables: Tables) -> Verdict:
    """Between two records of one machine no more time in use passes than time."""
    return np.concatenate(
        [within_the_clock(tables[name], "machine_id") for name in ("telemetry", "windows")]
    )


def waveforms_belong_to_windows(tables: Tables) -> Verdict:
    """Samples are kept of windows that were taken."""
    kept = tables["waveforms"]["window_id"].to_numpy()
    return np.isin(kept, tables["windows"]["window_id"].to_numpy())


def a_component_fails_as_it_may(tables: Tables) -> Verdict:
    """Each failure is that of a component that failed, on the same machine."""
    parts, failures = tables["components"], tables["failures"]
    names = ("component_id", "machine_id", "failed")
    known = {
        part: (machine, failed)
        for part, machine, failed in zip(*(parts[n].to_pylist() for n in names), strict=True)
    }
    pairs = zip(*(failures[n].to_pylist() for n in names[:2]), strict=True)
    return np.array([known[part] == (machine, True) for part, machine in pairs], np.bool_)


RULES = (
    *SITE_RULES,
    no_window_of_a_standing_machine,
    use_is_not_faster_than_the_clock,
    waveforms_belong_to_windows,
    a_component_fails_as_it_may,
)
