"""Each rule holds in a whole block, and fails when one value is changed."""

import numpy as np
import pyarrow as pa
import pytest

from simgen.domains.industrial import rules


@pytest.fixture(scope="module")
def tables(small_blocks):
    """A block in which bearings seize."""
    return max(small_blocks, key=lambda block: len(block["failures"]))


def changed(tables, table, column, change, row):
    """The tables with one value changed."""
    rows = tables[table]
    values = rows[column].to_numpy().copy()
    values[row] = change(values[row])
    place = rows.schema.get_field_index(column)
    field = rows.schema.field(place)
    array = pa.array(values, field.type, from_pandas=True)
    return tables | {table: rows.set_column(place, field, array)}


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_holds_in_every_block(small_blocks, rule):
    """As simulated."""
    assert len(small_blocks) > 1
    assert all(np.all(rule(block)) for block in small_blocks)


def test_remaining_time_below_zero_is_noticed(tables):
    """A bearing can't outlive its failure."""
    row = int(np.flatnonzero(tables["windows"]["remaining_time"].is_valid())[0])
    broken = changed(tables, "windows", "remaining_time", lambda _: -0.1, row)

    assert not np.all(rules.remaining_time_is_never_negative(broken))


def test_remaining_time_of_a_censored_life_is_noticed(tables):
    """Nobody can know it."""
    row = int(np.flatnonzero(tables["windows"]["remaining_time"].is_null())[0])
    broken = changed(tables, "windows", "remaining_time", lambda _: 5.0, row)

    assert not np.all(rules.remaining_time_is_never_negative(broken))


def test_life_after_a_failure_is_noticed(tables):
    """The row of the seizure has nothing left."""
    left = tables["telemetry"]["remaining_time"].to_numpy()
    broken = changed(tables, "telemetry", "remaining_time", lambda _: 1.0, np.nanargmin(left))

    assert not np.all(rules.remaining_time_is_zero_at_failure(broken))


def test_a_reading_of_a_seized_bearing_is_noticed(tables):
    """Nothing comes after that of the seizure."""
    bearing = tables["failures"]["bearing_id"][0].as_py()
    broken = changed(tables, "telemetry", "bearing_id", lambda _: bearing, -1)

    assert not np.all(rules.remaining_time_is_zero_at_failure(broken))


def test_a_healing_spall_is_noticed(tables):
    """Its length only grows."""
    sizes = tables["telemetry"]["spall_size"].to_numpy()
    broken = changed(tables, "telemetry", "spall_size", lambda _: 0.0, np.argmax(sizes))

    assert not np.all(rules.a_spall_never_heals(broken))


def test_telemetry_during_a_repair_is_noticed(tables):
    """Somebody's hands are in the machine."""
    orders = tables["work_orders"]
    finished = int(np.flatnonzero(orders["finished_at"].is_valid())[0])
    start, stop = (orders[name][finished].value for name in ("started_at", "finished_at"))
    machine = orders["machine_id"][finished].as_py()
    telemetry = tables["telemetry"]
    at = telemetry["at"].to_numpy()
    middle = np.datetime64((start + stop) // 2, "us")
    row = int(np.searchsorted(at, middle))
    broken = changed(tables, "telemetry", "at", lambda _: middle, row)
    broken = changed(broken, "telemetry", "machine_id", lambda _: machine, row)

    assert not np.all(rules.a_standing_machine_is_silent(broken))


def test_use_that_outruns_the_clock_is_noticed(tables):
    """An hour has an hour."""
    broken = changed(tables, "telemetry", "use_time", lambda value: value + 10.0, 500)

    assert not np.all(rules.use_is_not_faster_than_the_clock(broken))
