"""What holds at every site fails when one value is changed."""

from datetime import timedelta

import numpy as np
import pytest
from toys.worlds import changed

from simgen.domains.industrial.site import rules

SECOND = timedelta(seconds=1)


@pytest.fixture(scope="module")
def tables(simulate_blocks):
    """A block in which pumps fail."""
    return max(simulate_blocks(), key=lambda block: len(block["failures"]))


def broken(rule, tables):
    return not np.all(rule(tables))


def test_life_after_a_failure_is_noticed(tables):
    """The row of the failure has nothing left."""
    row = int(np.nanargmin(tables["telemetry"]["remaining_time"].to_numpy()))

    assert broken(
        rules.remaining_time_is_zero_at_failure,
        changed(tables, "telemetry", "remaining_time", row, 1.0),
    )


def test_a_row_during_work_is_noticed(tables):
    """Somebody's hands are in the pump."""
    orders = tables["work_orders"]
    done = int(np.flatnonzero(orders["finished_at"].is_valid())[0])
    start, stop = (orders[name][done].value for name in ("started_at", "finished_at"))
    middle = np.datetime64((start + stop) // 2, "us")
    row = int(np.searchsorted(tables["telemetry"]["at"].to_numpy(), middle))
    moved = changed(tables, "telemetry", "at", row, middle.item())
    moved = changed(moved, "telemetry", "machine_id", row, orders["machine_id"][done].as_py())

    assert broken(rules.a_standing_machine_is_silent, moved)


def test_a_row_of_a_failed_pump_is_noticed(tables):
    """It stands until its part is renewed."""
    failure = tables["failures"].slice(0, 1).to_pylist()[0]
    at = np.datetime64(failure["at"], "us") + np.timedelta64(1, "s")
    row = int(np.searchsorted(tables["telemetry"]["at"].to_numpy(), at))
    moved = changed(tables, "telemetry", "at", row, at.item())
    moved = changed(moved, "telemetry", "machine_id", row, failure["machine_id"])

    assert broken(rules.a_failed_machine_is_silent, moved)


def test_a_healing_defect_is_noticed(tables):
    """Whatever was worse before, as only another defect may be."""
    severity = tables["telemetry"]["severity"].to_numpy()
    rising = int(np.flatnonzero((severity > 0.2) & (severity < 0.6))[0])

    assert broken(
        rules.a_defect_never_heals,
        changed(tables, "telemetry", "severity", rising, 2.0),
    )


def test_a_record_of_another_event_is_noticed(tables):
    """One that is worse than its event ever was, and one that is worn and belongs to none."""
    worst = int(np.argmax(tables["telemetry"]["severity"].to_numpy()))

    assert broken(
        rules.severity_is_that_of_the_event,
        changed(tables, "telemetry", "severity", worst, 1.01),
    )
    assert broken(
        rules.severity_is_that_of_the_event, changed(tables, "telemetry", "event_id", worst, 0)
    )


@pytest.mark.parametrize(
    ("table", "column", "later"),
    [
        ("telemetry", "machine_id", 1),
        ("events", "onset_at", SECOND),
        ("events", "ended_at", -SECOND),
    ],
)
def test_a_record_beside_its_event_is_noticed(tables, table, column, later):
    """Of another machine, from before the event began, or from after its end."""
    row = int(np.flatnonzero(tables["telemetry"]["severity"].to_numpy() > 0.2)[0])
    record = tables["telemetry"].slice(row, 1).to_pylist()[0]
    if table == "events":
        row = tables["events"]["event_id"].to_pylist().index(record["event_id"])
    value = record["at" if table == "events" else column] + later

    assert broken(rules.severity_is_that_of_the_event, changed(tables, table, column, row, value))


@pytest.mark.parametrize(
    ("column", "other", "later"),
    [
        ("started_at", "opened_at", -SECOND),
        ("spare_at", "started_at", SECOND),
        ("finished_at", "started_at", -SECOND),
    ],
)
def test_work_out_of_its_order_is_noticed(tables, column, other, later):
    """Before it was asked for, before its spare came, or done before it began."""
    orders = tables["work_orders"].to_pylist()
    wanted = column == "spare_at"
    row = next(
        row
        for row, one in enumerate(orders)
        if one["finished_at"] and (one["spare_at"] is not None) == wanted
    )
    wrong = changed(tables, "work_orders", column, row, orders[row][other] + later)

    assert broken(rules.a_spare_comes_before_its_fitting, wrong)
