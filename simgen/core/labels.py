"""The label contract, the same in every domain: why a record exists, and who knew it when."""

from __future__ import annotations

import pyarrow as pa

from simgen.core.schema import CATEGORY, TIMESTAMP, Field, Role, Table


def record_labels(kinds: tuple[str, ...], targets: tuple[str, ...]) -> tuple[Field, ...]:
    """The columns that end every record table.

    Args:
        kinds: every kind of event a record can belong to, look-alikes included.
        targets: those of them that are the rare events themselves.
    """
    return (
        Field("label", pa.bool_(), "", "Whether the record belongs to a rare event.", Role.LABEL),
        Field(
            "event_kind",
            CATEGORY,
            "",
            'The kind of event the record belongs to, rare or look-alike; "" if none.',
            Role.ORACLE,
            categories=("", *kinds),
        ),
        Field(
            "event_id",
            pa.int64(),
            "",
            "The event the record belongs to, a row of `events`; 0 if none.",
            Role.ORACLE,
        ),
        Field(
            "lookalike_of",
            CATEGORY,
            "",
            'The kind of rare event that this legitimate record resembles; "" if none.',
            Role.ORACLE,
            categories=("", *targets),
        ),
        Field(
            "weight",
            pa.float64(),
            "",
            "How many records of nature this one stands for: weighted sums estimate nature.",
            Role.WEIGHT,
        ),
    )


def check_records(table: Table) -> None:
    """ValueError if a table with a column `label` lacks one of `record_labels`, as it is there."""
    has = {(field.name, field.type, field.nullable) for field in table.fields}
    odd = [
        field.name
        for field in record_labels((), ())
        if (field.name, field.type, field.nullable) not in has
    ]
    if table.is_record and odd:
        raise ValueError(
            f"table {table.name} has a column label, but {odd} not as records have: "
            "end it with record_labels(...), or call that column otherwise"
        )


def events_table(
    kinds: tuple[str, ...], targets: tuple[str, ...], reasons: tuple[str, ...]
) -> Table:
    """The oracle: one row for each event, rare or look-alike, and what was known of it.

    Args:
        kinds: every kind of event, look-alikes included.
        targets: those of them that are the rare events themselves.
        reasons: why the institution came to its view of an event.
    """
    return Table(
        "events",
        "Every event of the simulated world, and what the institution came to know of it.",
        (
            Field("event_id", pa.int64(), "", "Identifies the event; never 0.", Role.KEY),
            _oracle("kind", CATEGORY, "What happened.", categories=kinds),
            _oracle(
                "lookalike_of",
                CATEGORY,
                'The kind of rare event that this legitimate one resembles; "" for a rare event.',
                categories=("", *targets),
            ),
            Field("entity_id", pa.int64(), "", "The entity it happened to.", Role.REFERENCE),
            Field("onset_at", TIMESTAMP, "", "When it began.", Role.TIME),
            *_course(),
            *_institutions_view(reasons),
        ),
        entity="entity_id",
    )


def _course() -> tuple[Field, ...]:
    return (
        _oracle(
            "detectable_at",
            TIMESTAMP,
            "When the first record that shows it was made; null if none does.",
            nullable=True,
        ),
        _oracle("ended_at", TIMESTAMP, "When it was over."),
        _oracle(
            "severity",
            pa.float64(),
            "How bad it was, in the domain's own measure; 0 for a look-alike.",
        ),
        _oracle("caused_by", pa.int64(), "The event that caused this one; 0 if none did."),
        Field(
            "weight",
            pa.float64(),
            "",
            "How many events of nature this one stands for.",
            Role.WEIGHT,
        ),
    )


def _institutions_view(reasons: tuple[str, ...]) -> tuple[Field, ...]:
    return (
        _oracle(
            "observed_at",
            TIMESTAMP,
            "When the institution formed its view; null if it never did.",
            nullable=True,
        ),
        _oracle(
            "observed_label",
            pa.bool_(),
            "The institution's view, right or wrong; null if it never formed one.",
            nullable=True,
        ),
        _oracle(
            "observed_reason",
            CATEGORY,
            'What its view rests on; "" if it never formed one.',
            categories=("", *reasons),
        ),
    )


def _oracle(
    name: str,
    kind: pa.DataType,
    doc: str,
    *,
    nullable: bool = False,
    categories: tuple[str, ...] = (),
) -> Field:
    return Field(name, kind, "", doc, Role.ORACLE, nullable, categories)
