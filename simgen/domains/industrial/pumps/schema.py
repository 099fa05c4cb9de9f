"""The tables of a pump station: every column's type, unit, meaning and role."""

from __future__ import annotations

import pyarrow as pa

from simgen.core import TIMESTAMP, Field, Role, Table, events_table, record_labels
from simgen.domains.industrial.columns import number, reading
from simgen.domains.industrial.kernels.alarms import QUANTITIES
from simgen.domains.industrial.pumps import components, lookalikes
from simgen.domains.industrial.pumps.words import FINDINGS
from simgen.domains.industrial.site.orders import OBSERVED_REASONS
from simgen.domains.industrial.site.tables import (
    alarms_table,
    components_table,
    failures_table,
    machine_field,
    truth_fields,
    work_orders_table,
)
from simgen.domains.industrial.telegrams import TELEGRAM_FIELDS

RARE_KINDS = components.DEFECTS
KINDS = RARE_KINDS + lookalikes.KINDS

_STATION = Field("station_id", pa.int64(), "", "Which station.", Role.REFERENCE)

MACHINES = Table(
    "machines",
    "Pumps, each with its motor.",
    (
        Field("machine_id", pa.int64(), "", "Identifies the pump.", Role.KEY),
        _STATION,
        number("best_flow", "m3/h", "Flow of best efficiency."),
        number("rated_power", "kW", "Power at that flow."),
    ),
    entity="machine_id",
)

COMPONENTS = components_table("pump", components.KINDS)

TELEMETRY = Table(
    "telemetry",
    "What the sensors of a pump read while it runs; a standing pump sends nothing.",
    (
        Field("at", TIMESTAMP, "", "When it was read.", Role.TIME),
        *TELEGRAM_FIELDS,
        machine_field("pump"),
        reading("flow", "m3/h", "Delivered flow"),
        number("suction_pressure", "bar", "Before the pump, gauge."),
        reading("discharge_pressure", "bar", "Behind the pump, gauge"),
        number("power", "kW", "Of the motor."),
        reading("temperature", "degree Celsius", "Of the pump's bearing"),
        reading("vibration", "mm/s", "Root mean square velocity of the bearing"),
        number("speed", "rpm", "Of the shaft."),
        number("use_time", "h", "How long the pump has been in use under observation."),
        *truth_fields("pump", lookalikes.SENSORS),
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
        number("volume", "m3", "In the tank."),
        number("asked", "m3", "Asked for in that hour."),
        number("supplied", "m3", "Given in that hour; less if the tank ran empty."),
        Field("n_running", pa.int64(), "", "Pumps that run."),
        Field("n_available", pa.int64(), "", "Pumps that may run."),
    ),
    entity="station_id",
)

ALARMS = alarms_table(
    "pump",
    "the state of pumps at half past each hour",
    dict(zip(QUANTITIES, ("mm/s", "K", "1"), strict=True)),
    "Vibration, rise over the hall, or the head a new pump would give over that measured: of that "
    "moment, with its sensor's fault, and with 1 % of noise but for the rise.",
)
WORK_ORDERS = work_orders_table("pump", FINDINGS)
FAILURES = failures_table("pump", RARE_KINDS)
EVENTS = events_table(KINDS, RARE_KINDS, OBSERVED_REASONS)

TABLES = (MACHINES, COMPONENTS, TELEMETRY, SUPPLY, ALARMS, WORK_ORDERS, FAILURES, EVENTS)
