"""The tables of a milling cell: every column's type, unit, meaning and role."""

from __future__ import annotations

import pyarrow as pa

from simgen.core import CATEGORY, TIMESTAMP, Field, Role, Table, events_table, record_labels
from simgen.domains.industrial.columns import number, reading
from simgen.domains.industrial.fleet.components import component_table
from simgen.domains.industrial.kernels.sensors import FAULTS
from simgen.domains.industrial.lookalikes.sensor_fault import TRANSMITTER
from simgen.domains.industrial.milling.lookalikes import KINDS as LOOKALIKE_KINDS, SENSORS
from simgen.domains.industrial.milling.magazine import (
    BREAKAGE as BROKE,
    BROKEN,
    MEASUREMENT,
    REMOVALS,
    WORN,
)
from simgen.domains.industrial.milling.readings import MEASURES
from simgen.domains.industrial.milling.shop import TABLE, products, tools
from simgen.domains.industrial.milling.watching import QUANTITIES
from simgen.domains.industrial.site import orders
from simgen.domains.industrial.site.tables import (
    alarms_table,
    components_table,
    failures_table,
    machine_field,
    work_orders_table,
)
from simgen.domains.industrial.telegrams import TELEGRAM_FIELDS

RARE_KINDS = (WORN, BROKEN, *component_table(TABLE).defects)
KINDS = RARE_KINDS + LOOKALIKE_KINDS
FAULTY = (*SENSORS, TRANSMITTER)
_NOUN = "mill"
_TOOL = Field("tool_id", pa.int64(), "", "Which tool.", Role.REFERENCE)


def _named(name: str, doc: str, names: tuple[str, ...], role: Role = Role.FEATURE) -> Field:
    return Field(name, CATEGORY, "", doc, role, categories=names)


_FAULTY = _named("faulty_sensor", 'At fault; "" if none is.', ("", *FAULTY), Role.ORACLE)


def _measure(name: str) -> Field:
    unit, doc = MEASURES[name]
    return reading(name, unit, doc) if name in SENSORS else number(name, unit, f"{doc}.")


MACHINES = Table(
    "machines",
    "Mills of cells, each with a magazine of tools.",
    (
        Field("machine_id", pa.int64(), "", "Identifies the mill.", Role.KEY),
        Field("cell_id", pa.int64(), "", "Which cell.", Role.REFERENCE),
        Field("measures_tools", pa.bool_(), "", "Whether tools are changed as measured."),
    ),
    entity="machine_id",
)

TOOLS = Table(
    "tools",
    "Tools, from when they are put in until they are taken out.",
    (
        Field("tool_id", pa.int64(), "", "Identifies the tool.", Role.KEY),
        machine_field(_NOUN),
        _named("kind", "What it is.", tuple(tools())),
        Field("fitted_at", TIMESTAMP, "", "When it was put in.", Role.TIME),
        Field("removed_at", TIMESTAMP, "", "When it was taken out, or null.", nullable=True),
        Field("n_cuts", pa.int64(), "", "Cuts that it made."),
        number("cutting_time", "min", "How long it cut."),
        Field("broke", pa.bool_(), "", "Whether it broke; if not, its life is censored."),
        _named("removal", 'Why it was taken out; "" if it is still in.', ("", *REMOVALS)),
        Field("wear", pa.float64(), "mm", "Of its flank, at last.", Role.ORACLE),
    ),
    entity="machine_id",
)

CUTS = Table(
    "cuts",
    "Cuts: what was programmed, and what sensors read on the way.",
    (
        Field("cut_id", pa.int64(), "", "Identifies the cut.", Role.KEY),
        Field("at", TIMESTAMP, "", "When it was over.", Role.TIME),
        *TELEGRAM_FIELDS,
        machine_field(_NOUN),
        _TOOL,
        Field("piece", pa.int64(), "", "Pieces that the mill had begun by then.", Role.REFERENCE),
        _named("product", "What was made.", tuple(one.kind for one in products())),
        _named("tool_kind", "With what.", tuple(tools())),
        number("cutting_speed", "m/min", "Of the edge."),
        number("feed", "mm", "Of a tooth."),
        number("depth", "mm", "Along the tool."),
        number("width", "mm", "Across it."),
        number("cut_time", "s", "That it took."),
        Field("n_cuts", pa.int64(), "", "Which of the tool's cuts it is.", Role.REFERENCE),
        *map(_measure, MEASURES),
        number("use_time", "h", "How long the mill has cut under observation."),
        Field("wear", pa.float64(), "mm", "Of the tool's flank, after it.", Role.ORACLE),
        Field("chip", pa.float64(), "1", "Of the tool's edge: 1 is broken.", Role.ORACLE),
        Field("chatter", pa.float64(), "1", "Whether it chattered: 1 is fully.", Role.ORACLE),
        Field(
            "severity",
            pa.float64(),
            "1",
            "Of the mill's worst defect, which need not be that of the event: 1 fails.",
            Role.ORACLE,
        ),
        Field(
            "remaining_cuts",
            pa.int64(),
            "",
            "Until the tool is worn to its limit or breaks; null if it was taken out before.",
            Role.ORACLE,
            nullable=True,
        ),
        Field(
            "remaining_time",
            pa.float64(),
            "min",
            "The same in cutting time.",
            Role.ORACLE,
            nullable=True,
        ),
        _FAULTY,
        _named("sensor_fault", 'How it is at fault; "" if it is not.', ("", *FAULTS), Role.ORACLE),
        *record_labels(KINDS, RARE_KINDS),
    ),
    entity="machine_id",
)

WAVEFORMS = Table(
    "waveforms",
    "Forces through some turns of those cuts that were kept.",
    (
        Field("cut_id", pa.int64(), "", "Which cut.", Role.KEY),
        machine_field(_NOUN),
        number("sample_rate", "Hz", "Samples per second."),
        Field("force_x", pa.list_(pa.float32()), "N", "Along the feed."),
        Field("force_y", pa.list_(pa.float32()), "N", "Across the feed."),
        Field("force_z", pa.list_(pa.float32()), "N", "Along the tool."),
    ),
    entity="machine_id",
)

_DEFECTS = component_table(TABLE).defects
COMPONENTS = components_table(_NOUN, component_table(TABLE).kinds)
ALARMS = alarms_table(
    _NOUN,
    "shifts",
    dict(QUANTITIES),
    "Vibration of the idle spindle, or the share of cuts that chattered.",
)
WORK_ORDERS = work_orders_table(_NOUN, tuple(component_table(TABLE).words.findings))
FAILURES = failures_table(_NOUN, _DEFECTS)
EVENTS = events_table(KINDS, RARE_KINDS, (*orders.OBSERVED_REASONS, MEASUREMENT, BROKE))

TABLES = (
    MACHINES,
    COMPONENTS,
    TOOLS,
    CUTS,
    WAVEFORMS,
    ALARMS,
    WORK_ORDERS,
    FAILURES,
    EVENTS,
)
