"""Each rule holds in every block, and fails when one value is changed."""

import numpy as np
import pytest
from toys.worlds import changed

from simgen.domains.industrial.fleet import rules


@pytest.fixture(scope="module")
def tables(simulate_blocks):
    """A block in which machines fail."""
    return max(simulate_blocks("motor_fleet"), key=lambda block: len(block["failures"]))


def broken(rule, tables):
    return not np.all(rule(tables))


@pytest.mark.parametrize("name", ["motor_fleet", "gearbox_line", "hydraulic_press"])
@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_holds_in_every_block(simulate_blocks, rule, name):
    """As simulated, with few spares and many failures."""
    assert all(np.all(rule(block)) for block in simulate_blocks(name))


def test_a_window_during_work_is_noticed(tables):
    """Somebody's hands are in the machine."""
    orders, windows = tables["work_orders"], tables["windows"]
    done = int(np.flatnonzero(orders["finished_at"].is_valid())[0])
    start, stop = (orders[name][done].value for name in ("started_at", "finished_at"))
    middle = np.datetime64((start + stop) // 2, "us")
    row = min(int(np.searchsorted(windows["at"].to_numpy(), middle)), len(windows) - 1)
    moved = changed(tables, "windows", "at", row, middle.item())
    moved = changed(moved, "windows", "machine_id", row, orders["machine_id"][done].as_py())

    assert broken(rules.no_window_of_a_standing_machine, moved)


def test_use_without_time_is_noticed(tables):
    """A row that claims a thousand hours too many."""
    late = changed(tables, "telemetry", "use_time", 5, 1e3)

    assert broken(rules.use_is_not_faster_than_the_clock, late)


def test_samples_of_no_window_are_noticed(tables):
    """Their number is no window's."""
    assert broken(
        rules.waveforms_belong_to_windows, changed(tables, "waveforms", "window_id", 0, 1)
    )


def test_a_failure_of_a_sound_component_is_noticed(tables):
    """It is another's."""
    failed = tables["components"]["failed"].to_pylist()
    sound = tables["components"]["component_id"][failed.index(False)].as_py()

    assert broken(
        rules.a_component_fails_as_it_may, changed(tables, "failures", "component_id", 0, sound)
    )
