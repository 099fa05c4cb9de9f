"""The tables of a pump station: every column's type, unit, meaning and role."""

from __future__ import annotations

import pyarrow as pa

from simgen.core import CATEGORY, TIMESTAMP, Field, Role, Table, events_table, record_labels
from simgen.domains.industrial.kernels.sensors import FAULTS
from simgen.domains.industrial.plant import lookalikes, orders, parts
from simgen.domains.industrial.plant.watching import QUANTITIES

RARE_KINDS = parts.DEFECTS
KINDS = RARE_KINDS + lookalikes.KINDS

_MACHINE = Field("machine_id", pa.int64(), "", "Which pump.", Role.REFERENCE)
_STATION = Field("station_id", pa.int64(), "", "Which station.", Role.REFERENCE)


def _number(name: str, unit: str, doc: str) -> Field:
    return Field(name, pa.float64(), unit, doc)


def _reading(name: str, unit: str, doc: str) -> Field:
    text = f"{doc}; null where the reading is lost."
    return Field(name, pa.float64(), unit, text, nullable=True)


def _instant(name: str, doc: str) -> Field:
    return Field(name, TIMESTAMP, "", doc, nullable=True)


MACHINES = Table(
    "machines",
    "Pumps, each with its motor.",
    (
        Field("machine_id", pa.int64(), "", "Identifies the pump.", Role.KEY),
        _STATION,
        _number("best_flow", "m3/h", "Flow of best efficiency."),
        _number("rated_power", "kW", "Power at that flow."),
    ),
    entity="machine_id",
)

COMPONENTS = Table(
    "components",
    "Components: from fitting to removal; survival data with the view `component_survival`.",
    (
        Field("component_id", pa.int64(), "", "Identifies the component.", Role.KEY),
        _MACHINE,
        Field("kind", CATEGORY, "", "What it is.", categories=parts.KINDS),
        Field("fitted_at", TIMESTAMP, "", "When it was fitted, or observation began.", Role.TIME),
        _instant("removed_at", "When it was taken out; null if it is still there."),
        _number("entry_age", "h", "Age that it brought along: before observation, or as repaired."),
        _number("use_time", "h", "How long it was in use since."),
        Field("failed", pa.bool_(), "", "Whether it failed; if not, its life is censored."),
        Field(
            "removal",
            CATEGORY,
            "",
            'Why it was taken out; "" if it is still there.',
            categories=("", *orders.REMOVALS),
        ),
    ),
    entity="machine_id",
)

TELEMETRY = Table(
    "telemetry",
    "What the sensors of a pump read while it runs; a standing pump sends nothing.",
    (
        Field("at", TIMESTAMP, "", "When it was read.", Role.TIME),
        _MACHINE,
        _reading("flow", "m3/h", "Delivered flow"),
        _number("suction_pressure", "bar", "Before the pump, gauge."),
        _reading("discharge_pressure", "bar", "Behind the pump, gauge"),
        _number("power", "kW", "Of the motor."),
        _reading("temperature", "degree Celsius", "Of the pump's bearing"),
        _reading("vibration", "mm/s", "Root mean square velocity of the bearing"),
        _number("speed", "rpm", "Of the shaft."),
        _number("use_time", "h", "How long the pump has been in use under observation."),
        Field("severity", pa.float64(), "1", "Of its worst defect: 1 fails.", Role.ORACLE),
        Field(
            "remaining_time",
            pa.float64(),
            "h",
            "Time in use until the pump fails next; null if it does not before the end.",
            Role.ORACLE,
            nullable=True,
        ),
        Field(
            "fails_soon",
            pa.bool_(),
            "",
            "Whether it fails within the horizon; null if the end comes before.",
            Role.ORACLE,
            nullable=True,
        ),
        Field(
            "faulty_sensor",
            CATEGORY,
            "",
            'The sensor that is at fault; "" if none is.',
            Role.ORACLE,
            categories=("", *lookalikes.SENSORS),
        ),
        Field(
            "sensor_fault",
            CATEGORY,
            "",
            'How it is at fault; "" if it is not.',
            Role.ORACLE,
            categories=("", *FAULTS),
        ),
        *record_labels(KINDS, RARE_KINDS),
    ),
    entity="machine_id",
)

SUPPLY = Table(
    "supply",
    "What the consumer asked for and got, hour by hour.",
    (
        Field("at", TIMESTAMP, "", "When the hour was over.", Role.TIME),
        _STATION,
        _number("volume", "m3", "In the tank."),
        _number("asked", "m3", "Asked for in that hour."),
        _number("supplied", "m3", "Given in that hour; less if the tank ran empty."),
        Field("n_running", pa.int64(), "", "Pumps that run."),
        Field("n_available", pa.int64(), "", "Pumps that may run."),
    ),
    entity="station_id",
)

ALARMS = Table(
    "alarms",
    "Alarms on hourly means, as they come and go.",
    (
        Field("at", TIMESTAMP, "", "When.", Role.TIME),
        _MACHINE,
        Field(
            "quantity",
            CATEGORY,
            "",
            "Vibration, rise over the hall, or the head a new pump would give over that measured.",
            categories=QUANTITIES,
        ),
        Field("raised", pa.bool_(), "", "Whether it came; if not, it went."),
        _number("level", "mm/s | K | 1", "The quantity."),
        _number("threshold", "mm/s | K | 1", "What it was compared with."),
    ),
    entity="machine_id",
)

WORK_ORDERS = Table(
    "work_orders",
    "Work asked for and done by the crew.",
    (
        Field("order_id", pa.int64(), "", "Identifies the order.", Role.KEY),
        _MACHINE,
        Field("kind", CATEGORY, "", "What was asked for.", categories=orders.KINDS),
        Field("urgent", pa.bool_(), "", "Whether the pump has failed."),
        Field("opened_at", TIMESTAMP, "", "When it was asked for.", Role.TIME),
        _instant("spare_at", "When the spare was there; null if none was waited for, or yet."),
        _instant("started_at", "When a technician came; null if none did yet."),
        _instant("finished_at", "When all was done; null if it is not."),
        Field(
            "finding",
            CATEGORY,
            "",
            'What was found; "" if nobody looked yet.',
            categories=("", *orders.FINDINGS),
        ),
        Field("n_renewed", pa.int64(), "", "Components that were replaced."),
        Field("note", pa.string(), "", 'What the technician wrote; "" if nothing yet.'),
    ),
    entity="machine_id",
)

FAILURES = Table(
    "failures",
    "Pumps that stopped because a component failed.",
    (
        Field("at", TIMESTAMP, "", "When.", Role.TIME),
        _MACHINE,
        Field("component_id", pa.int64(), "", "Which component.", Role.REFERENCE),
        Field("mode", CATEGORY, "", "The defect that grew until then.", categories=RARE_KINDS),
        _number("use_time", "h", "How long the pump had been in use under observation."),
    ),
    entity="machine_id",
)

EVENTS = events_table(KINDS, RARE_KINDS, orders.OBSERVED_REASONS)

TABLES = (MACHINES, COMPONENTS, TELEMETRY, SUPPLY, ALARMS, WORK_ORDERS, FAILURES, EVENTS)
