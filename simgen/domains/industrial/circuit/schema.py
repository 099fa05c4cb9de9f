"""The tables of a pump rig: every column's type, unit, meaning and role."""

from __future__ import annotations

import pyarrow as pa

from simgen.core import CATEGORY, TIMESTAMP, Field, Role, Table, events_table, record_labels
from simgen.domains.industrial.circuit.faults import FAULTS, KINDS
from simgen.domains.industrial.columns import number

OPERATOR = "operator"
OBSERVED_REASONS = (OPERATOR,)


RUNS = Table(
    "runs",
    "Runs of the rig, one after the other; in most something is done to it for a while.",
    (
        Field("run_id", pa.int64(), "", "Identifies the run.", Role.KEY),
        Field("session_id", pa.int64(), "", "Which day on the bench.", Role.REFERENCE),
        Field("started_at", TIMESTAMP, "", "When it began.", Role.TIME),
        Field("stopped_at", TIMESTAMP, "", "When it was over."),
        number("speed", "1", "Of the motor, as a share of the highest."),
        Field(
            "done",
            CATEGORY,
            "",
            'What was done; "" if nothing.',
            Role.ORACLE,
            categories=("", *KINDS),
        ),
    ),
    entity="run_id",
)

TELEMETRY = Table(
    "telemetry",
    "What the sensors of the rig read, second by second.",
    (
        Field("at", TIMESTAMP, "", "When it was read.", Role.TIME),
        Field("run_id", pa.int64(), "", "Which run.", Role.REFERENCE),
        number("accelerometer_1", "g", "Root mean square of acceleration, first place."),
        number("accelerometer_2", "g", "Root mean square of acceleration, second place."),
        number("current", "A", "Of the motor."),
        number("pressure", "bar", "Behind the pump, gauge, of a coarse sensor."),
        number("temperature", "degree Celsius", "Of the motor's body."),
        number("thermocouple", "degree Celsius", "Of the fluid."),
        number("voltage", "V", "At the motor."),
        number("flow", "l/min", "In the circuit."),
        Field(
            "severity", pa.float64(), "1", "Of what is done: 1 is as far as it goes.", Role.ORACLE
        ),
        *record_labels(KINDS, FAULTS),
    ),
    entity="run_id",
)

EVENTS = events_table(KINDS, FAULTS, OBSERVED_REASONS)

TABLES = (RUNS, TELEMETRY, EVENTS)
