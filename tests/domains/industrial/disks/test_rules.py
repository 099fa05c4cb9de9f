"""Each rule holds in every block, and fails when one value is changed."""

from datetime import timedelta

import numpy as np
import pytest
from toys.worlds import changed

from simgen.domains.industrial.disks import rules


@pytest.fixture(scope="module")
def tables(simulate_blocks):
    """A block in which disks fail."""
    return max(simulate_blocks(), key=lambda block: len(block["failures"]))


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_holds_in_every_block(simulate_blocks, rule):
    """As simulated, and where no spare is kept and nearly all fail."""
    blocks = simulate_blocks() + simulate_blocks(
        {"lives.failure_level": 60.0, "care.n_spares": 0}, 11
    )

    assert all(np.all(rule(block)) for block in blocks)


def test_a_count_that_falls_is_noticed(tables):
    """A disk does not forget its past."""
    assert not np.all(rules.counters_never_fall(changed(tables, "smart", "smart_12_raw", 0, 99)))


def test_decay_that_heals_is_noticed(tables):
    """Nothing mends a disk."""
    assert not np.all(rules.decay_never_heals(changed(tables, "smart", "severity", 0, 1.0)))


def test_time_after_the_end_is_noticed(tables):
    """No disk has less than nothing left."""
    assert not np.all(
        rules.remaining_time_is_never_negative(changed(tables, "smart", "remaining_time", 0, -1.0))
    )


def test_a_ghost_is_noticed(tables):
    """What was taken out is silent."""
    last = tables["smart"]["at"][-1].as_py()
    early = last - timedelta(days=400)
    assert not np.all(rules.a_disk_speaks_while_it_is_in(changed(tables, "smart", "at", 0, early)))


def test_two_disks_in_a_slot_are_noticed(tables):
    """The second comes while the first is there."""
    slots = tables["disks"]["slot"].to_pylist()
    again = next(row for row, slot in enumerate(slots) if slot in slots[:row])
    first = tables["disks"]["installed_at"][slots.index(slots[again])].as_py()
    early = first + timedelta(seconds=1)
    assert not np.all(
        rules.a_slot_holds_one_disk(changed(tables, "disks", "installed_at", again, early))
    )


@pytest.mark.parametrize(
    ("column", "other", "later"),
    [
        ("spare_at", "opened_at", -1),
        ("started_at", "spare_at", -1),
        ("finished_at", "started_at", -1),
    ],
)
def test_a_swap_out_of_its_order_is_noticed(tables, column, other, later):
    """A spare out of nothing, a fitting before it was there, an end before the beginning."""
    swaps = tables["swaps"].to_pylist()
    row = next(row for row, one in enumerate(swaps) if one["finished_at"])
    value = swaps[row][other] + timedelta(seconds=later)

    assert not np.all(
        rules.a_spare_comes_before_its_fitting(changed(tables, "swaps", column, row, value))
    )


def test_a_disk_that_speaks_when_it_is_gone_is_noticed(tables):
    """A day's counters come from a disk that is in."""
    disks, ids = tables["disks"].to_pylist(), set(tables["smart"]["disk_id"].to_pylist())
    gone = next(row for row, one in enumerate(disks) if one["removed_at"] and one["disk_id"] in ids)
    early = disks[gone]["installed_at"] + timedelta(seconds=1)

    assert not np.all(
        rules.a_disk_speaks_while_it_is_in(changed(tables, "disks", "removed_at", gone, early))
    )
