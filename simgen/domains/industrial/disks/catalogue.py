"""Models of hard disks: how often they fail and what they report."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from simgen.core import asset


@dataclass(frozen=True, kw_only=True)
class DiskModel:
    """A model of disk; where the numbers come from stands in the catalogue's file.

    Attributes:
        name: as its maker sells it.
        capacity: of one disk. [TB]
        racks: how common its racks are, relative to those of other models.
        bought: between which instants its racks go into service. [day]
        failure_rate: at `mean_age`. [1/year]
        mean_age: of the disks whose failures were counted. [year]
        sudden: share of electronics in the failure rate, of which no attribute warns.
        ageing: Weibull shape of media and mechanics.
        sectors: logical sectors in a physical one.
        direct: share of grown defects that the disk remaps by itself.
        remap: share of pending sectors that are remapped when written.
        surface: defects that stay harmless, over the usual.
        reads: uncorrectable reads per pending physical sector. [1/day]
        reports: attributes that it has and others have not.
        offline: whether attribute 198 counts.
    """

    name: str
    capacity: float
    racks: float
    bought: tuple[float, float]
    failure_rate: float
    mean_age: float
    sudden: float
    ageing: float
    sectors: int
    direct: float
    remap: float
    surface: float
    reads: float
    reports: tuple[int, ...]
    offline: bool


@cache
def catalogue() -> tuple[DiskModel, ...]:
    """The models of assets/industrial/disk_models.yaml."""
    models = asset("industrial/disk_models")["models"]
    return tuple(_model(name, facts) for name, facts in models.items())


def _model(name: str, facts: dict[str, Any]) -> DiskModel:
    low, high = facts["bought"]
    reports = tuple(facts["reports"])
    return DiskModel(name=name, **{**facts, "bought": (low, high), "reports": reports})
