"""The tables of a fleet of disks: every column's type, unit, meaning and role."""

from __future__ import annotations

import pyarrow as pa

from simgen.core import CATEGORY, TIMESTAMP, Field, Role, Table, events_table, record_labels
from simgen.domains.industrial.columns import instant, number
from simgen.domains.industrial.disks import care, lives, lookalikes
from simgen.domains.industrial.disks.catalogue import catalogue

RARE_KINDS = lives.MODES
KINDS = RARE_KINDS + lookalikes.KINDS
MODELS = tuple(model.name for model in catalogue())

_DISK = Field("disk_id", pa.int64(), "", "Which disk.", Role.REFERENCE)
_MODEL = Field("model", CATEGORY, "", "Which model.", categories=MODELS)


def _attribute(number: int, unit: str, doc: str, *, optional: bool = False) -> Field:
    text = f"{doc}; null where the model does not report it." if optional else f"{doc}."
    return Field(f"smart_{number}_raw", pa.int64(), unit, text, nullable=optional)


DISKS = Table(
    "disks",
    "Disks, from installation to removal; survival data with the view `disk_survival`.",
    (
        Field("disk_id", pa.int64(), "", "Identifies the disk.", Role.KEY),
        _MODEL,
        number("capacity", "TB", "What it holds."),
        Field("rack_id", pa.int64(), "", "Which rack.", Role.REFERENCE),
        Field("slot", pa.int64(), "", "Which place in the rack."),
        Field(
            "installed_at", TIMESTAMP, "", "When it was installed, or observation began.", Role.TIME
        ),
        instant("removed_at", "When it was taken out of service; null if it is still there."),
        number("entry_age", "h", "How long it had been switched on when it was installed."),
        number("use_time", "h", "How long it was switched on since."),
        Field("failed", pa.bool_(), "", "Whether it failed; if not, its life is censored."),
        Field(
            "removal",
            CATEGORY,
            "",
            'Why it was taken out of service; "" if it is still there.',
            categories=("", *care.REMOVALS),
        ),
    ),
    entity="disk_id",
)

SMART = Table(
    "smart",
    "What each disk says of itself, day by day, named and counted as in Backblaze's drive stats.",
    (
        Field("at", TIMESTAMP, "", "When it was asked.", Role.TIME),
        _DISK,
        _MODEL,
        _attribute(5, "sector", "Reallocated sectors"),
        _attribute(9, "h", "Time switched on"),
        _attribute(10, "", "Spin-up retries", optional=True),
        _attribute(12, "", "Power cycles"),
        _attribute(187, "", "Reported uncorrectable errors", optional=True),
        _attribute(188, "", "Commands that timed out", optional=True),
        _attribute(189, "", "Writes with the head too high", optional=True),
        _attribute(194, "degree Celsius", "Temperature"),
        _attribute(196, "", "Reallocation events", optional=True),
        _attribute(197, "sector", "Pending sectors"),
        _attribute(198, "sector", "Sectors found uncorrectable offline"),
        _attribute(199, "", "Checksum errors on the cable"),
        Field("severity", pa.float64(), "1", "Of its worst decay: 1 fails.", Role.ORACLE),
        Field(
            "remaining_time",
            pa.float64(),
            "day",
            "Time until it fails; null if it does not before it is taken out or the end.",
            Role.ORACLE,
            nullable=True,
        ),
        Field(
            "fails_soon",
            pa.bool_(),
            "",
            "Whether it fails within the horizon; null if it is taken out sound within it, or if "
            "the records or the rack's service end within it.",
            Role.ORACLE,
            nullable=True,
        ),
        *record_labels(KINDS, RARE_KINDS),
    ),
    entity="disk_id",
)

FAILURES = Table(
    "failures",
    "Disks that stopped working.",
    (
        Field("at", TIMESTAMP, "", "When.", Role.TIME),
        _DISK,
        Field("mode", CATEGORY, "", "What failed.", categories=RARE_KINDS),
        number("age", "h", "How long it had been switched on."),
    ),
    entity="disk_id",
)

SWAPS = Table(
    "swaps",
    "Disks to be replaced by a spare.",
    (
        Field("order_id", pa.int64(), "", "Identifies the order.", Role.KEY),
        _DISK,
        Field("reason", CATEGORY, "", "Why.", categories=care.OBSERVED_REASONS),
        Field("opened_at", TIMESTAMP, "", "When it was asked for.", Role.TIME),
        instant("spare_at", "When the spare was there; null if it is not."),
        instant("started_at", "When a technician came; null if none did yet."),
        instant("finished_at", "When the spare was in; null if it is not."),
    ),
    entity="disk_id",
)

EVENTS = events_table(KINDS, RARE_KINDS, care.OBSERVED_REASONS)

TABLES = (DISKS, SMART, FAILURES, SWAPS, EVENTS)
