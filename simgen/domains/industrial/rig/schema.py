"""The tables of the bearing rig: every column's type, unit, meaning and role."""

from __future__ import annotations

import pyarrow as pa

from simgen.core import CATEGORY, TIMESTAMP, Field, Role, Table, events_table, record_labels
from simgen.domains.industrial.columns import number
from simgen.domains.industrial.kernels.sensors import FAULTS
from simgen.domains.industrial.rig.defects import Defects
from simgen.domains.industrial.rig.lookalikes import KINDS as LOOKALIKE_KINDS
from simgen.domains.industrial.rig.maintenance import FINDINGS, ORDERS
from simgen.domains.industrial.telegrams import TELEGRAM_FIELDS

RARE_KINDS = tuple(defect.kind for defect in Defects().all())
KINDS = RARE_KINDS + LOOKALIKE_KINDS
OBSERVED_REASONS = ("failure", "inspection")
REMOVALS = ("failure", "inspection")
LINES = {
    "outer_race": "BPFO",
    "inner_race": "BPFI",
    "ball": "twice BSF",
    "cage": "FTF",
    "shaft": "the turn",
}

_REFERENCE, _TIME, _ORACLE = Role.REFERENCE, Role.TIME, Role.ORACLE
_LABELS = record_labels(KINDS, RARE_KINDS)
_MACHINE = Field("machine_id", pa.int64(), "", "Which machine.", _REFERENCE)
_BEARING = Field("bearing_id", pa.int64(), "", "The bearing in it.", _REFERENCE)
_USE = Field("use_time", pa.float64(), "h", "How long the bearing has been in use.")


def _truth(sensors: str) -> tuple[Field, ...]:
    """What the simulator alone knows of a record, besides the label contract."""
    return (
        Field("spall_size", pa.float64(), "mm", "Length of the spall; 0 if none.", _ORACLE),
        Field(
            "remaining_time",
            pa.float64(),
            "h",
            "Time in use until the bearing seizes; null if it was replaced or is alive at the end.",
            _ORACLE,
            nullable=True,
        ),
        Field(
            "sensor_fault",
            CATEGORY,
            "",
            f'How the {sensors} is at fault; "" if it is not.',
            _ORACLE,
            categories=("", *FAULTS),
        ),
    )


MACHINES = Table(
    "machines",
    "Machines: a motor, a shaft, and the bearing that is watched.",
    (
        Field("machine_id", pa.int64(), "", "Identifies the machine.", Role.KEY),
        Field("monitored", pa.bool_(), "", "Whether its vibration raises alarms."),
        number("rated_speed", "rpm", "Rated speed of the shaft."),
        number("rated_load", "kN", "Rated radial load of the bearing."),
        number("outer_race_order", "1", "Strikes of an outer race fault per turn: BPFO."),
        number("inner_race_order", "1", "Strikes of an inner race fault per turn: BPFI."),
        number("ball_order", "1", "Turns of a ball per turn: BSF; a fault strikes twice as often."),
        number("cage_order", "1", "Turns of the cage per turn: FTF."),
    ),
    entity="machine_id",
)

BEARINGS = Table(
    "bearings",
    "Bearings: from fitting to removal; survival data with the view `survival`.",
    (
        Field("bearing_id", pa.int64(), "", "Identifies the bearing.", Role.KEY),
        _MACHINE,
        Field("fitted_at", TIMESTAMP, "", "When it was fitted.", _TIME),
        Field(
            "removed_at",
            TIMESTAMP,
            "",
            "When it was taken out; null if it is still there.",
            nullable=True,
        ),
        number("use_time", "h", "How long it was in use by then, or by the end."),
        Field("failed", pa.bool_(), "", "Whether it seized; if not, its life is censored."),
        Field(
            "removal",
            CATEGORY,
            "",
            'Why it was taken out; "" if it is still there.',
            categories=("", *REMOVALS),
        ),
        Field(
            "expected_life", pa.float64(), "h", "Equivalent hours it would have lasted.", _ORACLE
        ),
    ),
    entity="machine_id",
)

TELEMETRY = Table(
    "telemetry",
    "What slow sensors read while a machine runs; a standing machine sends nothing.",
    (
        Field("at", TIMESTAMP, "", "When it was read.", _TIME),
        *TELEGRAM_FIELDS,
        _MACHINE,
        _BEARING,
        number("speed", "rpm", "Speed of the shaft."),
        number("load", "kN", "Radial load."),
        number("current", "A", "Current of the motor."),
        Field(
            "temperature",
            pa.float64(),
            "degree Celsius",
            "Of the bearing's outer ring; null where the reading is lost.",
            nullable=True,
        ),
        _USE,
        *_truth("temperature sensor or the transmitter"),
        *_LABELS,
    ),
    entity="machine_id",
)

WINDOWS = Table(
    "windows",
    "Vibration windows: what was measured on each, as an analyst would; samples in `waveforms`.",
    (
        Field("window_id", pa.int64(), "", "Identifies the window.", Role.KEY),
        Field("at", TIMESTAMP, "", "When it began.", _TIME),
        _MACHINE,
        _BEARING,
        number("speed", "rpm", "Speed of the shaft."),
        number("load", "kN", "Radial load."),
        _USE,
        number("rms", "g", "Root mean square of acceleration, less its mean."),
        number("peak", "g", "Largest deviation from the mean."),
        number("kurtosis", "1", "Fourth moment over the squared second; 3 if Gaussian."),
        number("crest_factor", "1", "Peak over root mean square."),
        number("mean_frequency", "Hz", "Root mean square slope over root mean square and 2 pi."),
        number("band_low", "g", "Root mean square between 10 and 500 Hz."),
        number("band_mid", "g", "Root mean square between 500 Hz and 2 kHz."),
        number("band_high", "g", "Root mean square between 2 and 5 kHz."),
        *(
            number(
                f"line_{name}",
                "1",
                f"Line of the envelope at {at} over its surroundings.",
            )
            for name, at in LINES.items()
        ),
        *_truth("vibration sensor"),
        Field(
            "spall_share",
            pa.float64(),
            "1",
            "Energy that the spall adds over that of the window without it.",
            _ORACLE,
        ),
        *_LABELS,
    ),
    entity="machine_id",
)

WAVEFORMS = Table(
    "waveforms",
    "Samples of those windows that were kept.",
    (
        Field("window_id", pa.int64(), "", "Which window.", Role.KEY),
        _MACHINE,
        number("sample_rate", "Hz", "Samples per second."),
        Field(
            "acceleration",
            pa.list_(pa.float32()),
            "g",
            "Of the bearing's housing, radial.",
        ),
    ),
    entity="machine_id",
)

ALARMS = Table(
    "alarms",
    "Alarms of the vibration level, as they come and go.",
    (
        Field("at", TIMESTAMP, "", "When.", _TIME),
        _MACHINE,
        Field("raised", pa.bool_(), "", "Whether it came; if not, it went."),
        Field(
            "level",
            pa.float64(),
            "g",
            "Root mean square of the window; null if work on the machine ended the alarm.",
            nullable=True,
        ),
        number("threshold", "g", "What it was compared with."),
    ),
    entity="machine_id",
)

WORK_ORDERS = Table(
    "work_orders",
    "Work asked for and done by the crew.",
    (
        Field("order_id", pa.int64(), "", "Identifies the order.", Role.KEY),
        _MACHINE,
        _BEARING,
        Field("kind", CATEGORY, "", "What was asked for.", categories=ORDERS),
        Field("opened_at", TIMESTAMP, "", "When it was asked for.", _TIME),
        Field(
            "hastened_at",
            TIMESTAMP,
            "",
            "When the bearing seized meanwhile, which is then replaced at once, whatever was "
            "asked for; null if it did not.",
            nullable=True,
        ),
        Field(
            "started_at",
            TIMESTAMP,
            "",
            "When a technician came; null if none did yet.",
            nullable=True,
        ),
        Field("finished_at", TIMESTAMP, "", "When all was done; null if it is not.", nullable=True),
        Field(
            "finding",
            CATEGORY,
            "",
            'What was found; "" if nobody looked yet.',
            categories=("", *FINDINGS),
        ),
    ),
    entity="machine_id",
)

FAILURES = Table(
    "failures",
    "Bearings that seized.",
    (
        Field("at", TIMESTAMP, "", "When.", _TIME),
        _MACHINE,
        _BEARING,
        Field(
            "mode",
            CATEGORY,
            "",
            "The spall that grew until then; nobody knows it before the bearing is out.",
            _ORACLE,
            categories=RARE_KINDS,
        ),
        number("use_time", "h", "How long the bearing had been in use."),
    ),
    entity="machine_id",
)

EVENTS = events_table(KINDS, RARE_KINDS, OBSERVED_REASONS)

TABLES = (
    MACHINES,
    BEARINGS,
    TELEMETRY,
    WINDOWS,
    WAVEFORMS,
    ALARMS,
    WORK_ORDERS,
    FAILURES,
    EVENTS,
)
