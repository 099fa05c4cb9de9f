"""Look-alikes: what resembles a disk that is about to fail, and is none."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.core import Parameters, parameter
from simgen.domains.industrial.disks.lives import MECHANICS, MEDIA

SECTOR_BURST, CABLE_ERROR, HOT_RACK = "sector_burst", "cable_error", "hot_rack"
LIKENESS = {SECTOR_BURST: MEDIA, CABLE_ERROR: MECHANICS, HOT_RACK: MECHANICS}
KINDS = tuple(LIKENESS)


@dataclass(frozen=True, kw_only=True)
class SectorBurst(Parameters):
    """Some sectors go bad, are remapped, and that is all: the surface is sound otherwise."""

    ratio: float = parameter(
        0.6,
        doc="Bursts over failures of the model, times the catalogue's `surface`: a bad surface "
        "brings both. At most one in a disk's life. Assumption.",
        unit="1",
        minimum=0.0,
        maximum=100.0,
        plausible=(0.1, 3.0),
        scale="log",
    )
    mean_time: float = parameter(
        10.0, doc="Mean time until it is over. Assumption.", unit="day", above=0.0, maximum=365.0
    )


@dataclass(frozen=True, kw_only=True)
class CableError(Parameters):
    """A bad cable or plug: telegrams are lost and repeated, commands time out."""

    rate: float = parameter(
        0.01,
        doc="How often a disk's cable goes bad, if it never did: at most once in a disk's life. "
        "Assumption.",
        unit="1/year",
        minimum=0.0,
        maximum=100.0,
    )
    mean_time: float = parameter(
        30.0, doc="Mean time until it is plugged anew. Assumption.", unit="day", above=0.0
    )


@dataclass(frozen=True, kw_only=True)
class HotRack(Parameters):
    """A fan fails or filters clog: all disks of a rack are warm, as friction would make one."""

    rate: float = parameter(
        0.15,
        doc="How often it befalls a rack while none goes on. Assumption.",
        unit="1/year",
        minimum=0.0,
        maximum=100.0,
    )
    mean_time: float = parameter(
        12.0, doc="Mean time until it is mended. Assumption.", unit="day", above=0.0
    )
    rise: float = parameter(
        6.0, doc="By how much disks warm. Assumption.", unit="K", minimum=0.0, maximum=40.0
    )


@dataclass(frozen=True, kw_only=True)
class DiskLookAlikes(Parameters):
    """What befalls sound disks."""

    sector_burst: SectorBurst = parameter(SectorBurst, doc="Bad sectors that stay few.")
    cable_error: CableError = parameter(CableError, doc="A bad cable.")
    hot_rack: HotRack = parameter(HotRack, doc="A rack that runs hot.")
