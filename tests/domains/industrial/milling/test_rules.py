"""Each rule of a cell fails when one value is changed."""

import numpy as np
import pytest
from toys.worlds import blocks, changed

from simgen.domains.industrial import MillingCell
from simgen.domains.industrial.milling import rules


@pytest.fixture
def tables():
    """Those of a small cell in which a mill fails."""
    return blocks(MillingCell)[0]


@pytest.mark.parametrize(
    ("rule", "column", "value"),
    [
        (rules.wear_never_heals, "wear", 9.0),
        (rules.remaining_cuts_count_down, "remaining_cuts", 9_999),
        (rules.a_broken_tool_has_nothing_left, "chip", 1.0),
        (rules.one_tool_cuts_at_a_time, "cut_time", 1e6),
    ],
    ids=lambda one: getattr(one, "__name__", str(one)),
)
def test_a_wrong_value_is_noticed(tables, rule, column, value):
    """One value of one cut, in the middle of a tool's life."""
    row = len(tables["cuts"]) // 2

    assert np.all(rule(tables))
    assert not np.all(rule(changed(tables, "cuts", column, row, value)))


def cut_at(tables, machine, at):
    """The tables with a cut moved to an instant and to a mill; cuts stay in order of time."""
    row = int(np.searchsorted(tables["cuts"]["at"].to_numpy(), at))
    moved = changed(tables, "cuts", "at", row, at.item())
    return changed(moved, "cuts", "machine_id", row, machine)


def test_a_cut_during_work_is_noticed(tables):
    """Somebody's hands are in the mill."""
    order = next(one for one in tables["work_orders"].to_pylist() if one["finished_at"])
    start, stop = (np.datetime64(order[name], "us") for name in ("started_at", "finished_at"))
    wrong = cut_at(tables, order["machine_id"], start + (stop - start) // 2)

    assert np.all(rules.no_cut_is_made_by_a_standing_mill(tables))
    assert not np.all(rules.no_cut_is_made_by_a_standing_mill(wrong))


@pytest.mark.parametrize("replaced", [True, False])
def test_a_cut_of_a_failed_mill_is_noticed(tables, replaced):
    """It stands until its part is renewed, or for good."""
    failure = tables["failures"].to_pylist()[0]
    if not replaced:
        part = tables["components"]["component_id"].to_pylist().index(failure["component_id"])
        tables = changed(tables, "components", "removed_at", part, None)
    at = np.datetime64(failure["at"], "us") + np.timedelta64(1, "s")
    wrong = cut_at(tables, failure["machine_id"], at)

    assert np.all(rules.a_failed_mill_makes_nothing(tables)) == replaced
    assert not np.all(rules.a_failed_mill_makes_nothing(wrong))


def test_work_before_its_order_is_noticed(tables):
    """Nobody comes before he is asked."""
    early = tables["work_orders"]["opened_at"].to_pylist()[0].replace(year=2000)
    wrong = changed(tables, "work_orders", "started_at", 0, early)

    assert np.all(rules.a_spare_comes_before_its_fitting(tables))
    assert not np.all(rules.a_spare_comes_before_its_fitting(wrong))
