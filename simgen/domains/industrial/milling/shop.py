"""Tools, materials and products as assets/industrial/milling.yaml has them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from simgen.core import asset

TABLE = "milling"


@dataclass(frozen=True, kw_only=True)
class ToolKind:
    """A mill, new."""

    kind: str
    diameter: float  # [mm]
    n_teeth: int
    life: float  # cutting time at the reference until the limit of wear [min]
    stiffness: float  # at the tip [N/um]
    damping: float  # share of critical


@dataclass(frozen=True, kw_only=True)
class Material:
    """What is cut."""

    kind: str
    cutting: tuple[float, float, float]  # tangential, radial, axial coefficient [N/mm2]
    edge: tuple[float, float, float]  # the same of the edge [N/mm]
    wear: float  # of tools, over that in the reference


@dataclass(frozen=True, kw_only=True)
class Cut:
    """One pass of a tool, as it is programmed."""

    tool: str
    speed: float  # of the edge [m/min]
    feed: float  # of a tooth [mm]
    depth: float  # along the tool [mm]
    width: float  # across it [mm]
    length: float  # [mm]

    @cached_property
    def turns(self) -> float:
        """Of the spindle [1/s]."""
        return self.speed * 1e3 / (math.pi * tools()[self.tool].diameter) / 60.0

    @cached_property
    def time(self) -> float:
        """That it takes [s]."""
        return self.length / (self.feed * tools()[self.tool].n_teeth * self.turns)

    @cached_property
    def engagement(self) -> float:
        """Angle over which a tooth cuts, from where its chip is thinnest [rad].

        The tool meets the work from the side (up milling): cos = 1 - 2 width / diameter.
        """
        return math.acos(max(1.0 - 2.0 * self.width / tools()[self.tool].diameter, -1.0))


@dataclass(frozen=True, kw_only=True)
class Product:
    """A piece that is made by some cuts."""

    kind: str
    material: Material
    cuts: tuple[Cut, ...]


def _content() -> Any:
    return asset(f"industrial/{TABLE}")


@cache
def tools() -> dict[str, ToolKind]:
    """By name."""
    return {kind: ToolKind(kind=kind, **about) for kind, about in _content()["tools"].items()}


@cache
def products() -> tuple[Product, ...]:
    """In the order of the file."""
    materials = {
        kind: Material(
            kind=kind,
            cutting=tuple(about["cutting"]),
            edge=tuple(about["edge"]),
            wear=about["wear"],
        )
        for kind, about in _content()["materials"].items()
    }
    return tuple(
        Product(
            kind=kind,
            material=materials[about["material"]],
            cuts=tuple(Cut(**cut) for cut in about["cuts"]),
        )
        for kind, about in _content()["products"].items()
    )


@cache
def every_cut() -> tuple[tuple[Product, Cut], ...]:
    """All cuts of all products; a cut is known by its place here."""
    return tuple((product, cut) for product in products() for cut in product.cuts)
