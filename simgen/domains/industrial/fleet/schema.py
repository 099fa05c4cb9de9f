"""The tables of a fleet, from what its machines tell."""

from __future__ import annotations

import pyarrow as pa

from simgen.core import TIMESTAMP, Field, Role, Table, events_table, record_labels
from simgen.domains.industrial.columns import number, reading
from simgen.domains.industrial.fleet.components import ComponentTable, component_table
from simgen.domains.industrial.fleet.lookalikes import FleetLookAlikes
from simgen.domains.industrial.fleet.readings import telemetry_sensors
from simgen.domains.industrial.fleet.signals import Channel, Signals
from simgen.domains.industrial.site import orders
from simgen.domains.industrial.site.tables import (
    alarms_table,
    components_table,
    failures_table,
    machine_field,
    plural,
    truth_fields,
    work_orders_table,
)
from simgen.domains.industrial.telegrams import TELEGRAM_FIELDS


def fleet_tables(signals: type[Signals], lookalikes: type[FleetLookAlikes]) -> tuple[Table, ...]:
    """Every table of a fleet of such machines."""
    noun, table = signals.noun, component_table(signals.table)
    defects, kinds = table.defects, table.defects + lookalikes().kinds
    labels = record_labels(kinds, defects)
    return (
        _machines(signals),
        components_table(noun, table.kinds),
        _telemetry(signals, labels),
        _windows(signals, labels),
        _waveforms(signals),
        alarms_table(
            noun, "features of windows", dict(signals.quantities), "Which column of `windows`."
        ),
        work_orders_table(noun, findings(table)),
        failures_table(noun, defects),
        events_table(kinds, defects, orders.OBSERVED_REASONS),
    )


def findings(table: ComponentTable) -> tuple[str, ...]:
    """What an order may find."""
    return tuple(table.words.findings)


def _machines(signals: type[Signals]) -> Table:
    noun = signals.noun
    return Table(
        "machines",
        f"{plural(noun).capitalize()}.",
        (
            Field("machine_id", pa.int64(), "", f"Identifies the {noun}.", Role.KEY),
            Field("hall_id", pa.int64(), "", "Which hall.", Role.REFERENCE),
            *(number(name, unit, doc) for name, (unit, doc) in signals.rated.items()),
        ),
        entity="machine_id",
    )


def _channel(channel: Channel) -> Field:
    make = number if channel.faults is None else reading
    doc = channel.doc if channel.faults is not None else f"{channel.doc}."
    return make(channel.name, channel.unit, doc)


def _telemetry(signals: type[Signals], labels: tuple[Field, ...]) -> Table:
    noun = signals.noun
    return Table(
        "telemetry",
        f"What slow sensors of a {noun} read while it runs; a standing one sends nothing.",
        (
            Field("at", TIMESTAMP, "", "When it was read.", Role.TIME),
            *TELEGRAM_FIELDS,
            machine_field(noun),
            *map(_channel, signals.channels),
            number("use_time", "h", f"How long the {noun} has been in use under observation."),
            *truth_fields(noun, telemetry_sensors(signals.channels)),
            *labels,
        ),
        entity="machine_id",
    )


def _windows(signals: type[Signals], labels: tuple[Field, ...]) -> Table:
    noun = signals.noun
    return Table(
        "windows",
        f"{signals.windows}: what was measured on each; samples in `waveforms`.",
        (
            Field("window_id", pa.int64(), "", "Identifies the window.", Role.KEY),
            Field("at", TIMESTAMP, "", "When it began.", Role.TIME),
            machine_field(noun),
            number("use_time", "h", f"How long the {noun} has been in use under observation."),
            *signals.features,
            *truth_fields(noun, tuple(signals.window_faults)),
            Field(
                "trace",
                pa.float64(),
                "1",
                "Ratio of what that defect adds to the noise, as a matched filter would give it.",
                Role.ORACLE,
            ),
            *labels,
        ),
        entity="machine_id",
    )


def _waveforms(signals: type[Signals]) -> Table:
    return Table(
        "waveforms",
        "Samples of those windows that were kept.",
        (
            Field("window_id", pa.int64(), "", "Which window.", Role.KEY),
            machine_field(signals.noun),
            number("sample_rate", "Hz", "Samples per second."),
            *signals.waveforms,
        ),
        entity="machine_id",
    )
