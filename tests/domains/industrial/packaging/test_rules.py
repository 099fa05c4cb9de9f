"""Each rule of a line fails when one value is changed."""

import numpy as np
import pytest
from toys.worlds import blocks, changed

from simgen.domains.industrial import PackagingLine
from simgen.domains.industrial.packaging import rules


@pytest.mark.parametrize(
    ("rule", "table", "column", "value"),
    [
        (rules.rejects_are_products, "telemetry", "rejects", 10**6),
        (rules.use_is_time_in_which_it_ran, "telemetry", "run_time", 1e6),
        (rules.states_follow_one_another, "messages", "machine_id", 2),
    ],
    ids=lambda one: getattr(one, "__name__", str(one)),
)
def test_a_wrong_value_is_noticed(rule, table, column, value):
    """One value of one row of a small line."""
    tables = blocks(PackagingLine)[0]
    row = len(tables[table]) - 1 if table == "telemetry" else 0

    assert np.all(rule(tables))
    assert not np.all(rule(changed(tables, table, column, row, value)))


def test_a_jam_with_another_root_is_noticed():
    """Only who waits names another machine."""
    tables = blocks(PackagingLine)[0]
    states = tables["messages"]["state"].to_pylist()
    wrong = changed(tables, "messages", "root_machine_id", states.index("jam"), 99)

    assert not np.all(rules.a_stop_has_a_root(wrong))
