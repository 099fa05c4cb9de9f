"""Each rule holds in a whole block, and fails when one value is changed."""

import numpy as np
import pytest
from toys.worlds import blocks, changed

from simgen.domains.industrial import BearingRig
from simgen.domains.industrial.rig import rules


@pytest.fixture(scope="module")
def tables():
    """A block in which bearings seize."""
    return max(blocks(BearingRig), key=lambda block: len(block["failures"]))


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_holds_in_every_block(rule):
    """As simulated."""
    small = blocks(BearingRig)

    assert len(small) > 1
    assert all(np.all(rule(block)) for block in small)


def test_remaining_time_below_zero_is_noticed(tables):
    """A bearing can't outlive its failure."""
    row = int(np.flatnonzero(tables["windows"]["remaining_time"].is_valid())[0])
    broken = changed(tables, "windows", "remaining_time", row, -0.1)

    assert not np.all(rules.remaining_time_is_never_negative(broken))


def test_remaining_time_of_a_censored_life_is_noticed(tables):
    """Nobody can know it."""
    row = int(np.flatnonzero(tables["windows"]["remaining_time"].is_null())[0])
    broken = changed(tables, "windows", "remaining_time", row, 5.0)

    assert not np.all(rules.remaining_time_is_never_negative(broken))


def test_life_after_a_failure_is_noticed(tables):
    """The row of the seizure has nothing left."""
    left = tables["telemetry"]["remaining_time"].to_numpy()
    broken = changed(tables, "telemetry", "remaining_time", np.nanargmin(left), 1.0)

    assert not np.all(rules.remaining_time_is_zero_at_failure(broken))


def test_a_reading_of_a_seized_bearing_is_noticed(tables):
    """Nothing comes after that of the seizure."""
    bearing = tables["failures"]["bearing_id"][0].as_py()
    broken = changed(tables, "telemetry", "bearing_id", -1, bearing)

    assert not np.all(rules.remaining_time_is_zero_at_failure(broken))


def test_a_healing_spall_is_noticed(tables):
    """Its length only grows."""
    sizes = tables["telemetry"]["spall_size"].to_numpy()
    broken = changed(tables, "telemetry", "spall_size", np.argmax(sizes), 0.0)

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
    broken = changed(tables, "telemetry", "at", row, middle)
    broken = changed(broken, "telemetry", "machine_id", row, machine)

    assert not np.all(rules.a_standing_machine_is_silent(broken))


def test_use_that_outruns_the_clock_is_noticed(tables):
    """An hour has an hour."""
    use = tables["telemetry"]["use_time"][500].as_py()
    broken = changed(tables, "telemetry", "use_time", 500, use + 10.0)

    assert not np.all(rules.use_is_not_faster_than_the_clock(broken))
