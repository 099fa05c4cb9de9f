"""Failure logs and work orders: what they tell of telemetry, and what is refused."""

import numpy as np
import pyarrow as pa
import pytest

from simgen.core import RequestError
from simgen.pipeline.ingest import (
    Channel,
    Instants,
    failures_from_orders,
    lives,
    outlook,
    read_failures,
    read_wide,
    read_work_orders,
)

START = np.datetime64("2024-03-01T00:00:00", "us")
UTC = Instants(time_zone="UTC")
KINDS = {"PM": "service", "CM": "replacement", "IN": "inspection"}


@pytest.fixture
def telemetry(wide):
    channels = {"vibration": Channel(source="vib", unit="in/s")}
    return read_wide(wide, channels, machine="asset", at="time", how=UTC)


@pytest.fixture
def failures(log):
    names = {"machine": "machine", "failed_at": "when", "reason": "cause", "censored": "alive"}
    return read_failures(log, **names)


@pytest.fixture
def orders():
    """Three orders of a maintenance system."""
    return pa.table(
        {
            "wo_id": [7, 8, 9],
            "asset_id": ["P-1", "P-1", "P-2"],
            "wo_type": ["CM", "PM", "CM"],
            "requested": ["2024-03-21T20:00", "2024-03-02T08:00", "2024-03-05T09:00"],
            "done": ["2024-03-22T12:00", None, "2024-03-05T11:00"],
            "finding": ["seal", None, ""],
        }
    )


def read_orders(table, kinds=KINDS):
    names = {"order": "wo_id", "machine": "asset_id", "kind": "wo_type", "opened_at": "requested"}
    return read_work_orders(
        table, **names, kinds=kinds, finished_at="done", finding="finding", how=UTC
    )


def test_readings_before_a_failure_are_labelled(telemetry, failures):
    """Within the horizon; those whose future nobody knows are left out."""
    rows = outlook(telemetry, failures, horizon=48.0).to_pandas()
    first, second = (rows[rows.machine_id == one] for one in ("P-1", "P-2"))

    assert first.label.sum() == 49  # each hour from two days before to the failure itself
    assert first["at"][first.label].max().isoformat() == "2024-03-21T20:00:00+00:00"
    # After 500 hours it goes on; the last two days are not known.
    assert len(first) == 600 - 48 + 1 - 1
    assert not second.label.any()
    # Its log ends on the 25th, after 576 hours.
    assert second["at"].max().isoformat() == "2024-03-23T00:00:00+00:00"


def failed(*log):
    """A failure log of machines and hours after the start; those that are negative are censored."""
    names, hours = zip(*log, strict=True)
    when = [START + np.timedelta64(abs(hour), "h") for hour in hours]
    table = pa.table({"machine": names, "when": when, "alive": [hour < 0 for hour in hours]})
    return read_failures(table, machine="machine", failed_at="when", censored="alive", how=UTC)


def hours_of(rows, machine):
    """When readings of a machine were kept, in hours after the start, and their labels."""
    mine = rows.to_pandas()[lambda rows: rows.machine_id == machine]
    return ((mine["at"].dt.tz_localize(None) - START) / np.timedelta64(1, "h")).astype(int), mine


def test_what_is_kept_does_not_depend_on_the_label_where_records_end(telemetry):
    """Nothing within the horizon of the end: of failures and of others, only failures are known."""
    rows = outlook(telemetry, failed(("P-1", 590)), horizon=48.0)

    for machine in ("P-1", "P-2"):
        assert hours_of(rows, machine)[0].max() == 599 - 48
    assert rows["label"].to_numpy().sum() == 551 - 542 + 1


def test_what_is_kept_does_not_depend_on_the_label_where_a_log_ends(telemetry):
    """A machine that is sold or taken out sound ends as all records do, if the log says so."""
    rows = outlook(telemetry, failed(("P-2", 560), ("P-2", -576)), horizon=48.0)
    hours, mine = hours_of(rows, "P-2")

    assert hours.max() == 576 - 48
    assert mine.label.sum() == 528 - 512 + 1


def test_machines_that_ran_to_failure_keep_what_came_before(telemetry):
    """Their readings end because they failed; if all machines' do, nothing else ends them."""
    one_by_one = pa.concat_tables([telemetry.slice(0, 401), telemetry.slice(600)])
    rows = outlook(one_by_one, failed(("P-1", 400)), horizon=48.0)
    both = outlook(telemetry, failed(("P-1", 599), ("P-2", 599)), horizon=48.0)

    assert hours_of(rows, "P-1")[1].label.sum() == 49
    assert both["label"].to_numpy().sum() == 2 * 49


def test_lives_end_with_failures_or_with_observation(telemetry, failures):
    """One after the other for each machine."""
    rows = lives(telemetry, failures).to_pandas()

    assert rows.machine_id.tolist() == ["P-1", "P-1", "P-2"]
    assert rows.duration.tolist() == [500.0, 99.0, 576.0]
    assert rows.event.tolist() == [True, False, False]


def test_a_machine_may_fail_after_its_last_reading(telemetry):
    """Its life ends with the failure, not with the sensor."""
    rows = lives(telemetry, failed(("P-1", 610))).to_pandas()

    assert rows.duration.tolist() == [610.0, 599.0]
    assert rows.event.tolist() == [True, False]


def test_machines_that_never_failed_are_alive_at_the_end(telemetry, failures):
    """A log may have no failure at all."""
    rows = lives(telemetry, failures.slice(0, 0)).to_pandas()

    assert rows.duration.tolist() == [599.0, 599.0]
    assert not rows.event.any()
    with pytest.raises(RequestError, match="0 of 1104 readings come within"):
        outlook(telemetry, failures.slice(0, 0), horizon=48.0)


def test_a_single_reading_is_no_life(telemetry, failures):
    """The table is empty then, and has its columns."""
    found = lives(telemetry.slice(0, 1), failures.slice(0, 0))

    assert found.to_pydict() == {"machine_id": [], "duration": [], "event": []}


def test_a_log_without_censoring_is_of_failures(log):
    """Each row is one, with its reason or "" where none is given."""
    rows = read_failures(log, machine="machine", failed_at="when", reason="cause").to_pandas()

    assert rows.failed.all()
    assert rows["mode"].tolist() == ["seal", ""]


def test_orders_have_simgens_words(orders):
    """In order of machine and time, null where nothing happened yet."""
    rows = read_orders(orders)

    assert rows["kind"].to_pylist() == ["service", "replacement", "replacement"]
    assert rows["finding"].to_pylist() == ["", "seal", ""]
    assert rows["finished_at"].null_count == 1
    assert rows["started_at"].null_count == 3


@pytest.mark.parametrize("kind", [pa.null(), pa.string(), pa.string_view()])
def test_of_orders_none_may_be_finished(orders, kind):
    """An empty column says no time zone, and needs none where others say theirs."""
    opened = pa.array([f"{text}:00+01:00" for text in orders["requested"].to_pylist()])
    table = orders.set_column(3, "requested", opened).set_column(4, "done", pa.nulls(3, kind))
    rows = read_work_orders(
        table,
        order="wo_id",
        machine="asset_id",
        kind="wo_type",
        opened_at="requested",
        finished_at="done",
        kinds=KINDS,
    )

    assert rows["finished_at"].null_count == 3


def test_orders_that_found_something_make_a_failure_log(orders):
    """Dated by their opening; a replacement without a finding is none."""
    rows = failures_from_orders(read_orders(orders))

    assert rows["machine_id"].to_pylist() == ["P-1"]
    assert rows["mode"].to_pylist() == ["seal"]
    assert rows["failed"].to_pylist() == [True]


def test_a_failure_log_of_orders_labels_telemetry(telemetry, orders):
    """As one of its own would."""
    rows = outlook(telemetry, failures_from_orders(read_orders(orders)), horizon=48.0)

    assert np.sum(rows["label"].to_numpy()) == 49


def test_what_does_not_fit_is_refused(telemetry, failures, log, orders):
    """With the value, and what to do about it."""
    with pytest.raises(RequestError, match="names 1 machines without telemetry, such as P-2"):
        outlook(telemetry.slice(0, 600), failures, horizon=48.0)
    with pytest.raises(RequestError, match="horizon = 0 h is out of bounds: must be > 0"):
        outlook(telemetry, failures, horizon=0.0)
    with pytest.raises(RequestError, match=r"0 of 1081 readings come within .* both kinds"):
        outlook(telemetry, failures.slice(1), horizon=48.0)
    with pytest.raises(RequestError, match="failures of one machine and instant come more than"):
        read_failures(pa.concat_tables([log, log]), machine="machine", failed_at="when")
    odd = log.set_column(3, "alive", pa.array(["maybe", "yes"]))
    with pytest.raises(RequestError, match="'alive' says 'maybe': it must say true or false"):
        read_failures(odd, machine="machine", failed_at="when", censored="alive")
    with pytest.raises(RequestError, match="'wo_type' says CM, and kinds has no word for it"):
        read_orders(orders, {"PM": "service"})
    late = orders.set_column(4, "done", pa.array(["2024-01-01T00:00", None, None]))
    with pytest.raises(RequestError, match="1 orders have finished_at before opened_at"):
        read_orders(late)
