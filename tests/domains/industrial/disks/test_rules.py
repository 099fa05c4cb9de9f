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


def test_a_spare_out_of_nothing_is_noticed(tables):
    """It is fitted before it was there."""
    opened = tables["swaps"]["opened_at"][0].as_py()
    assert not np.all(
        rules.a_spare_comes_before_its_fitting(
            changed(tables, "swaps", "spare_at", 0, opened - timedelta(days=1))
        )
    )
