import pyarrow as pa

from simgen.core import CATEGORY, TIMESTAMP, Field, Role, Table, events_table, record_labels

KINDS = ("card_testing", "new_phone")
TARGETS = ("card_testing",)


def test_record_columns_are_the_contract():
    """Every record table ends with the same columns, in one order and of the same types."""
    fields = record_labels(KINDS, TARGETS)

    assert [(field.name, field.type, field.role) for field in fields] == [
        ("label", pa.bool_(), Role.LABEL),
        ("event_kind", CATEGORY, Role.ORACLE),
        ("event_id", pa.int64(), Role.ORACLE),
        ("lookalike_of", CATEGORY, Role.ORACLE),
        ("weight", pa.float64(), Role.WEIGHT),
    ]
    assert not any(field.nullable for field in fields)


def test_no_event_is_the_first_category():
    """Code 0 means "none": arrays of zeros are records without an event."""
    kind, lookalike = (record_labels(KINDS, TARGETS)[i] for i in (1, 3))

    assert kind.categories == ("", *KINDS)
    assert lookalike.categories == ("", *TARGETS)


def test_table_with_labels_is_a_record_table():
    """What carries the label contract is what models are trained on."""
    key = Field("id", pa.int64(), "", "Identifies the record.", Role.KEY)

    assert Table("payments", "Payments.", (key, *record_labels(KINDS, TARGETS))).is_record
    assert not events_table(KINDS, TARGETS, ("dispute",)).is_record


def test_events_hold_truth_and_view():
    """The oracle's columns are the contract; what was never observed or detectable is null."""
    events = events_table(KINDS, TARGETS, ("dispute",))

    assert events.names == (
        "event_id",
        "kind",
        "lookalike_of",
        "entity_id",
        "onset_at",
        "detectable_at",
        "ended_at",
        "severity",
        "caused_by",
        "weight",
        "observed_at",
        "observed_label",
        "observed_reason",
    )
    assert {field.name for field in events.fields if field.nullable} == {
        "detectable_at",
        "observed_at",
        "observed_label",
    }
    assert events.field("kind").categories == KINDS
    assert events.field("observed_reason").categories == ("", "dispute")
    assert events.field("onset_at").type == TIMESTAMP
    assert (events.time, events.entity) == ("onset_at", "entity_id")
