"""The tables of a packaging line: every column's type, unit, meaning and role."""

from __future__ import annotations

import pyarrow as pa

from simgen.core import CATEGORY, TIMESTAMP, Field, Role, Table, events_table, record_labels
from simgen.domains.industrial.columns import number, reading
from simgen.domains.industrial.fleet.components import component_table
from simgen.domains.industrial.kernels.lines import STATES
from simgen.domains.industrial.lookalikes.sensor_fault import TRANSMITTER
from simgen.domains.industrial.packaging.lookalikes import KINDS as LOOKALIKE_KINDS, SENSORS
from simgen.domains.industrial.packaging.stations import TABLE, stations
from simgen.domains.industrial.packaging.watching import QUANTITIES
from simgen.domains.industrial.site import orders
from simgen.domains.industrial.site.tables import (
    alarms_table,
    components_table,
    failures_table,
    machine_field,
    truth_fields,
    work_orders_table,
)
from simgen.domains.industrial.telegrams import TELEGRAM_FIELDS

RARE_KINDS = component_table(TABLE).defects
KINDS = RARE_KINDS + LOOKALIKE_KINDS
FAULTY = (*SENSORS, TRANSMITTER)

_NOUN = "machine"
_LINE = Field("line_id", pa.int64(), "", "Which line.", Role.REFERENCE)


def _count(name: str, doc: str) -> Field:
    return Field(name, pa.int64(), "", doc)


MACHINES = Table(
    "machines",
    "Machines of lines, from the first to the last.",
    (
        Field("machine_id", pa.int64(), "", "Identifies the machine.", Role.KEY),
        _LINE,
        _count("place", "In the line; 0 is the first."),
        Field(
            "kind",
            CATEGORY,
            "",
            "What it is.",
            categories=tuple(one.kind for one in stations()),
        ),
        number("rated_speed", "1/min", "With the fastest format."),
        number("room", "1", "For products between it and the next."),
    ),
    entity="machine_id",
)

TELEMETRY = Table(
    "telemetry",
    "What the control of a machine counted since its last row, and what sensors read; a machine "
    "that made nothing since then sends nothing.",
    (
        Field("at", TIMESTAMP, "", "When it was counted.", Role.TIME),
        *TELEGRAM_FIELDS,
        machine_field(_NOUN),
        number("speed", "1/min", "Products over the time in which it ran."),
        _count("made", "Products."),
        _count("rejects", "Products that were thrown out behind it."),
        _count("n_jams", "Short stops that an operator had to clear."),
        number("run_time", "s", "In which it ran."),
        number("starved_time", "s", "In which nothing came."),
        number("blocked_time", "s", "In which there was no room."),
        number("jam_time", "s", "In which it was jammed."),
        reading("current", "A", "Of its drive"),
        reading("vibration", "mm/s", "Root mean square velocity of its drive"),
        number("use_time", "h", "How long it ran under observation."),
        *truth_fields(_NOUN, FAULTY),
        *record_labels(KINDS, RARE_KINDS),
    ),
    entity="machine_id",
)

MESSAGES = Table(
    "messages",
    "What machines do from when on: a stop of one floods the others' screens.",
    (
        Field("at", TIMESTAMP, "", "When.", Role.TIME),
        machine_field(_NOUN),
        Field("state", CATEGORY, "", "What it does from then on.", categories=STATES),
        Field(
            "root_machine_id",
            pa.int64(),
            "",
            "The machine whose stop starves or blocks it; itself otherwise.",
            Role.ORACLE,
        ),
    ),
    entity="machine_id",
)

PRODUCTION = Table(
    "production",
    "What a line made, hour by hour: what its machines counted in rows of telemetry, those that "
    "never arrived included.",
    (
        Field("at", TIMESTAMP, "", "When the hour was over.", Role.TIME),
        _LINE,
        number("format_speed", "1", "Of the format at that time, over the rated one."),
        _count("made", "Products that left the last machine."),
        _count("rejects", "Of all machines."),
        _count("n_jams", "Of all machines."),
    ),
    entity="line_id",
)

COMPONENTS = components_table(_NOUN, component_table(TABLE).kinds)
ALARMS = alarms_table(
    _NOUN,
    "shifts",
    dict(QUANTITIES),
    "Jams or rejects per thousand products since it was judged last, one more than were counted, "
    "so that a lucky baseline is not nothing; current or vibration over the usual.",
)
FINDINGS = tuple(component_table(TABLE).words.findings)
WORK_ORDERS = work_orders_table(_NOUN, FINDINGS)
FAILURES = failures_table(_NOUN, RARE_KINDS)
EVENTS = events_table(KINDS, RARE_KINDS, orders.OBSERVED_REASONS)

TABLES = (
    MACHINES,
    COMPONENTS,
    TELEMETRY,
    MESSAGES,
    PRODUCTION,
    ALARMS,
    WORK_ORDERS,
    FAILURES,
    EVENTS,
)
