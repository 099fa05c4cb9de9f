"""Lives of pumps' parts, disks and bearings whose law is known, for readers of survival data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from simgen.core import Streams, find_domains
from simgen.domains.industrial import DiskFleet
from simgen.domains.industrial.disks.catalogue import catalogue
from simgen.domains.industrial.disks.lives import YEAR
from simgen.domains.industrial.survival import kaplan_meier
from simgen.pipeline.catalogue import load_scenario
from simgen.pipeline.memory import simulate_in_memory

HOUR = 3_600.0  # [s]
HARSH = (40.0, 80.0)  # how much faster parts of pumps age than in their table, plainly and harshly

# Nothing but its own law ends a part's life, and each replacement is as good as new.
PUMPS: dict[str, Any] = {
    "n_stations": 6,
    "n_days": 730,
    "components": {"cascade_ageing": 1.0, "cavitation_ageing": 1.0},
    "upkeep": {
        "services": False,
        "inspections": False,
        "opportunities": False,
        "repair_restoration": 1.0,
    },
    "watching": {"telemetry_interval": 86_400.0},
}
# Only electronics fail, all batches and temperatures alike: one Weibull law for each model.
DISKS: dict[str, Any] = {
    "n_racks": 120,
    "n_days": 1_000,
    "lives": {
        "sudden_level": 10.0,
        "batch_spread": 0.0,
        "activation_energy": 0.0,
        "failure_level": 3.0,
    },
    "care": {"suspicion_rate": 0.0},
    "watching": {"snapshot_interval": 365},
}
BEARINGS: dict[str, Any] = {"n_machines": 24, "n_days": 120}
MODEL = "ST4000DM000"


def write_lives(folder: Path) -> Path:
    """Write `<name>.csv` with duration, event, entry and covariates, and `truth.json`.

    The truth holds, by the name of a table and of a group of its rows, shape and scale [h] of the
    Weibull law, and the ages and shares of our own estimate after Kaplan and Meier.
    """
    folder.mkdir()
    pumps = pd.concat(
        [
            _lives("pump_station", "component_survival", _aged(level)).assign(
                harsh=level > HARSH[0]
            )
            for level in HARSH
        ]
    )
    disks = _lives("disk_fleet", "disk_survival", DISKS)
    tables = {
        "pumps": pumps.rename(columns={"kind": "group"}),
        "disks": disks[disks.model == MODEL].assign(group=MODEL),
        "bearings": _lives("bearing_rig", "survival", BEARINGS).assign(group="all"),
    }
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False)
    laws = {"pumps": _pump_laws(), "disks": {MODEL: _disk_law()}, "bearings": {}}
    truth = {
        name: {"laws": laws[name], "alive": _alive(table), "harsh": HARSH[1] / HARSH[0]}
        for name, table in tables.items()
    }
    (folder / "truth.json").write_text(json.dumps(truth), encoding="utf-8")
    return folder


def _aged(level: float) -> dict[str, Any]:
    return PUMPS | {"components": {**PUMPS["components"], "ageing": level}}


def _lives(scenario: str, view: str, values: dict[str, Any]) -> pd.DataFrame:
    world = simulate_in_memory(load_scenario(f"industrial/{scenario}", **values), Streams(0))
    with world.connect() as connection:
        return connection.sql(find_domains()["industrial"].view(view)).to_df()


def _pump_laws() -> dict[str, tuple[float, float]]:
    parts = load_scenario("industrial/pump_station").components.all()  # type: ignore[attr-defined]
    return {part.kind: (part.shape, part.scale / HARSH[0]) for part in parts}


def _disk_law() -> tuple[float, float]:
    fleet = load_scenario("industrial/disk_fleet", **DISKS)
    assert isinstance(fleet, DiskFleet)
    model = next(one for one in catalogue() if one.name == MODEL)
    shape, scale = fleet.lives.scales(model, 1.0)[-1]
    assert scale < 1e3 * YEAR
    return shape, scale / HOUR


def _alive(table: pd.DataFrame) -> dict[str, tuple[list[float], list[float]]]:
    found = {}
    for group, rows in table.groupby("group", observed=True):
        columns = (rows[name].to_numpy() for name in ("duration", "event", "entry"))
        duration, event, entry = columns
        ours = kaplan_meier(
            duration.astype(np.float64), event.astype(bool), entry.astype(np.float64)
        )
        found[str(group)] = (ours.age.tolist(), ours.share.tolist())
    return found
