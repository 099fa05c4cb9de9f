"""Care: when disks are bought, looked at, taken out and replaced."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.core import Parameters, parameter

FAILURE, SUSPICION, RETIREMENT = "failure", "suspicion", "retirement"
REMOVALS = (FAILURE, SUSPICION, RETIREMENT)
OBSERVED_REASONS = (FAILURE, SUSPICION)


@dataclass(frozen=True, kw_only=True)
class Care(Parameters):
    """The operator's policy. Defaults are assumptions unless a source is named."""

    suspicion_rate: float = parameter(
        0.006,
        doc="How often a disk is taken out that counts very many pending and uncorrectable "
        "sectors: operators look at those counts (Backblaze, What SMART stats tell us about hard "
        "drives, 2016), and they count such a disk as failed.",
        unit="1/day",
        minimum=0.0,
        maximum=1.0,
        plausible=(0.0005, 0.05),
        scale="log",
    )
    suspicion_count: float = parameter(
        40.0,
        doc="Sectors at which 63 % of that rate is reached.",
        unit="sector",
        above=0.0,
        maximum=1e6,
    )
    retirement_age: float = parameter(
        5.5,
        doc="Age at which a rack is emptied, on one day. Backblaze retired its 1.5 TB disks "
        "after about five and a half years (ages in the public extract).",
        unit="year",
        above=0.1,
        maximum=100.0,
    )
    n_spares: int = parameter(
        4, doc="Spares of its model that are kept for a rack.", minimum=0, maximum=10_000
    )
    mean_lead_time: float = parameter(
        14.0, doc="From the order of a spare to its arrival.", unit="day", minimum=0.0, maximum=1e3
    )
    mean_swap_time: float = parameter(
        0.5, doc="Hands on a disk.", unit="h", above=0.0, maximum=100.0
    )
    round_interval: float = parameter(
        1.0, doc="How often technicians walk the racks.", unit="day", above=0.0, maximum=100.0
    )


@dataclass(frozen=True, kw_only=True)
class Watching(Parameters):
    """What is written down of each disk. Defaults are assumptions."""

    snapshot_interval: int = parameter(
        1, doc="Time between two snapshots of the attributes.", unit="day", minimum=1, maximum=365
    )
    horizon: float = parameter(
        30.0, doc="Within which `fails_soon` says that the disk fails.", unit="day", above=0.0
    )
    lost_share: float = parameter(
        0.01, doc="Share of a disk's snapshots that are lost.", minimum=0.0, maximum=1.0
    )
    outage_rate: float = parameter(
        3.0,
        doc="How often the collector is down, so that nobody's snapshot is there.",
        unit="1/year",
        minimum=0.0,
        maximum=1_000.0,
    )
    mean_outage_time: float = parameter(
        1.5, doc="Mean time until it is up again.", unit="day", above=0.0, maximum=100.0
    )
