"""Alarms come and go by turns, in every scenario that has them."""

import pytest
from toys.worlds import world

from simgen.domains.industrial import DOMAIN

WATCHED = [
    name
    for name, kind in DOMAIN.schemas.items()
    if {"alarms", "work_orders"} <= {table.name for table in kind.tables}
]
EAGER = {"alarm_factor": 1.2, "baseline_windows": 3, "persistence": 1}
# What makes alarms stand when somebody comes, where the small scenario does not.
MORE = {
    "milling_cell": {
        "n_days": 10,
        "watching": {"idle_vibration": EAGER, "chatter_ratio": EAGER},
    },
    "compressor_station": {"n_days": 40},
}


@pytest.mark.parametrize("name", WATCHED)
def test_an_alarm_that_came_goes_before_it_comes_again(name):
    """On each machine and quantity; work on the machine ends those that stand."""
    kind = DOMAIN.schemas[name]
    made = world(kind, **MORE.get(name, {}))
    alarms, orders = made.alarms, made.work_orders
    keys = [key for key in ("machine_id", "quantity") if key in alarms]
    ended = alarms[alarms.level.isna()]
    done = set(zip(orders.machine_id, orders.finished_at, strict=True))

    for _, mine in alarms.groupby(keys, observed=True):
        assert mine["at"].is_monotonic_increasing
        assert mine.raised[::2].all()
        assert not mine.raised[1::2].any()
    assert len(ended)
    assert not ended.raised.any()
    assert set(zip(ended.machine_id, ended["at"], strict=True)) <= done
