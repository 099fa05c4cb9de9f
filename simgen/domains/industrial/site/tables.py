"""Tables that every site of machines has: components, alarms, work orders and failures."""

from __future__ import annotations

import pyarrow as pa

from simgen.core import CATEGORY, TIMESTAMP, Field, Role, Table
from simgen.domains.industrial.columns import instant, number
from simgen.domains.industrial.kernels.sensors import FAULTS
from simgen.domains.industrial.site import orders


def plural(noun: str) -> str:
    """Several of what a noun names."""
    return noun + ("es" if noun.endswith(("x", "s")) else "s")


def machine_field(noun: str) -> Field:
    """The column that names a machine."""
    return Field("machine_id", pa.int64(), "", f"Which {noun}.", Role.REFERENCE)


def _named(name: str, doc: str, names: tuple[str, ...], role: Role = Role.FEATURE) -> Field:
    """A column of names or of "" where there is none."""
    return Field(name, CATEGORY, "", doc, role, categories=("", *names))


def truth_fields(noun: str, sensors: tuple[str, ...]) -> tuple[Field, ...]:
    """What the simulator alone knows of a record, besides the label contract."""
    return (
        Field(
            "severity",
            pa.float64(),
            "1",
            "Of the defect that the record belongs to: 1 fails; 0 if there is none.",
            Role.ORACLE,
        ),
        Field(
            "remaining_time",
            pa.float64(),
            "h",
            f"Time in use until the {noun} fails next; null if it does not before the end.",
            Role.ORACLE,
            nullable=True,
        ),
        Field(
            "fails_soon",
            pa.bool_(),
            "",
            "Whether it fails within the horizon; null if the records end within it.",
            Role.ORACLE,
            nullable=True,
        ),
        _named(
            "faulty_sensor", 'The sensor that is at fault; "" if none is.', sensors, Role.ORACLE
        ),
        _named("sensor_fault", 'How it is at fault; "" if it is not.', FAULTS, Role.ORACLE),
    )


def components_table(noun: str, kinds: tuple[str, ...]) -> Table:
    """Lives of components of these kinds."""
    fields = (
        Field("component_id", pa.int64(), "", "Identifies the component.", Role.KEY),
        machine_field(noun),
        Field("kind", CATEGORY, "", "What it is.", categories=kinds),
        Field("fitted_at", TIMESTAMP, "", "When it was fitted, or observation began.", Role.TIME),
        instant("removed_at", "When it was taken out; null if it is still there."),
        number("entry_age", "h", "Use that it brought along: before observation, or as repaired."),
        number("use_time", "h", "How long it was in use since."),
        Field("failed", pa.bool_(), "", "Whether it failed; if not, its life is censored."),
        _named("removal", 'Why it was taken out; "" if it is still there.', orders.REMOVALS),
    )
    doc = "Components: from fitting to removal; survival data with the view `component_survival`."
    return Table("components", doc, fields, entity="machine_id")


def alarms_table(noun: str, basis: str, quantities: dict[str, str], meaning: str) -> Table:
    """Alarms on quantities, given by name with their units; `basis` is what is judged."""
    units = " | ".join(quantities.values())
    fields = (
        Field("at", TIMESTAMP, "", "When.", Role.TIME),
        machine_field(noun),
        Field("quantity", CATEGORY, "", meaning, categories=tuple(quantities)),
        Field("raised", pa.bool_(), "", "Whether it came; if not, it went."),
        Field(
            "level",
            pa.float64(),
            units,
            f"The quantity; null if work on the {noun} ended the alarm.",
            nullable=True,
        ),
        number("threshold", units, "What it was compared with."),
    )
    doc = f"Alarms on {basis}, as they come and go."
    return Table("alarms", doc, fields, entity="machine_id")


def work_orders_table(noun: str, findings: tuple[str, ...]) -> Table:
    """Work, and what may be found."""
    fields = (
        Field("order_id", pa.int64(), "", "Identifies the order.", Role.KEY),
        machine_field(noun),
        Field("kind", CATEGORY, "", "What was asked for.", categories=orders.KINDS),
        Field("urgent", pa.bool_(), "", f"Whether it was asked for because the {noun} failed."),
        Field("opened_at", TIMESTAMP, "", "When it was asked for.", Role.TIME),
        instant(
            "hastened_at",
            "When the part that it is for failed meanwhile: urgent from then; or null.",
        ),
        instant("cancelled_at", f"When the {noun} failed, which ended an inspection; or null."),
        instant(
            "spare_at",
            "When the spare was there, at once if it lay in store; null if none is needed, or yet.",
        ),
        instant("started_at", "When a technician came; null if none did yet."),
        instant("finished_at", "When all was done; null if it is not."),
        _named("finding", 'What was found; "" if nobody looked yet.', findings),
        Field("n_renewed", pa.int64(), "", "Components that were replaced."),
        Field("note", pa.string(), "", 'What the technician wrote; "" if nothing yet.'),
    )
    doc = "Work asked for and done by the crew."
    return Table("work_orders", doc, fields, entity="machine_id")


def failures_table(noun: str, defects: tuple[str, ...]) -> Table:
    """Failures, and the defects that led to them."""
    fields = (
        Field("at", TIMESTAMP, "", "When.", Role.TIME),
        machine_field(noun),
        Field("component_id", pa.int64(), "", "Which component.", Role.REFERENCE),
        Field(
            "mode",
            CATEGORY,
            "",
            f"The defect that grew until then; nobody knows it before the {noun} is opened.",
            Role.ORACLE,
            categories=defects,
        ),
        number("use_time", "h", f"How long the {noun} had been in use under observation."),
    )
    doc = f"{plural(noun).capitalize()} that stopped because a component failed."
    return Table("failures", doc, fields, entity="machine_id")
