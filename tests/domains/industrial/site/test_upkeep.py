"""Policies, crew and spares decide when a pump runs again."""

import numpy as np
import pandas as pd
import pytest
from toys.worlds import world

from simgen.core import DAY, HOUR, RequestError
from simgen.domains.industrial import (
    CompressorStation,
    MillingCell,
    PackagingLine,
)
from simgen.domains.industrial.site.upkeep import Upkeep

RUN_TO_FAILURE = {"services": False, "inspections": False, "opportunities": False}


def hours_between(frame, first, last):
    return (frame[last] - frame[first]).dt.total_seconds() / HOUR


def test_without_a_policy_pumps_run_to_failure(simulate):
    """Nobody comes before a pump has failed."""
    world = simulate(upkeep=RUN_TO_FAILURE)

    assert len(world.failures) > 5
    assert set(world.work_orders.kind) == {"replacement"}
    assert world.work_orders.urgent.all()
    assert len(world.work_orders) == len(world.failures)


def test_services_come_after_time_in_use(simulate):
    """Periodic maintenance knows no alarm."""
    policy = RUN_TO_FAILURE | {"services": True, "service_interval": 40.0}
    world = simulate(upkeep=policy)

    assert {"service", "replacement"} == set(world.work_orders.kind)
    pumps = world.telemetry.groupby("machine_id").use_time.max()
    n_services = (world.work_orders.kind == "service").sum()
    # Of the first interval of each a part was over before the records.
    assert 0.4 * pumps.sum() / 40.0 < n_services <= pumps.sum() / 40.0 + len(pumps)


def test_records_begin_anywhere_between_two_services():
    """So that machines of one site are not all due in the same week."""
    rng = np.random.default_rng(7)
    policy = Upkeep(service_interval=2_000.0)
    since = [-policy.first_serviced_use(20_000.0, rng) / HOUR for _ in range(2_000)]

    assert min(since) >= 0.0
    assert max(since) <= 2_000.0
    assert np.quantile(since, [0.1, 0.5, 0.9]) == pytest.approx([200.0, 1_000.0, 1_800.0], abs=120)


def test_new_machines_were_serviced_when_they_came():
    """Nothing can be older than the machine."""
    assert Upkeep().first_serviced_use(0.0, np.random.default_rng(7)) == 0.0


@pytest.mark.parametrize("kind", [CompressorStation, MillingCell, PackagingLine])
def test_machines_are_first_serviced_at_times_of_their_own(kind):
    """Spread over an interval of 200 hours in use, though all run alike."""
    policy = {"service_interval": 200.0, "inspections": False, "opportunities": False}
    orders = world(kind, n_days=30, upkeep=policy).work_orders
    services = orders[orders.kind == "service"]
    first = services.groupby("machine_id").opened_at.min()
    assert len(first) > 2
    assert first.max() - first.min() > pd.Timedelta(150, "h")


def test_alarms_call_for_inspections(simulate):
    """Condition-based maintenance finds defects before pumps fail."""
    watched = simulate(n_stations=4)
    blind = simulate(n_stations=4, upkeep={"inspections": False})
    found = watched.work_orders[watched.work_orders.kind == "inspection"].finding

    assert found.isin(["bearing_wear", "impeller_wear", "seal_leak", "winding_fault"]).any()
    assert "inspection" not in set(blind.work_orders.kind)
    assert len(watched.failures) < len(blind.failures)


def test_a_missing_spare_delays_the_repair(simulate):
    """A pump waits for its spare, and the work does not begin before."""
    policy = RUN_TO_FAILURE | {"n_spares": 0}
    waited = [
        simulate(upkeep=policy | {"mean_lead_time": days}).work_orders.dropna(
            subset=["spare_at", "started_at"]
        )
        for days in (0.0, 6.0)
    ]

    assert hours_between(waited[0], "opened_at", "spare_at").max() == 0.0
    assert hours_between(waited[1], "opened_at", "spare_at").mean() > 3 * 24.0
    assert (waited[1].started_at >= waited[1].spare_at).all()


def test_a_stop_is_used_to_renew_what_else_is_worn(simulate):
    """Only the opportunistic policy renews several components at a stop."""
    with_it, without = (
        simulate(n_stations=4, upkeep={"opportunities": use, "old_age": 0.3})
        for use in (True, False)
    )

    assert with_it.work_orders.n_renewed.max() > 1
    assert "opportunity" in set(with_it.components.removal)
    assert without.work_orders.n_renewed.max() == 1
    assert "opportunity" not in set(without.components.removal)


def test_the_crew_begins_work_in_its_shift(simulate):
    """Nobody comes at night or at the weekend, but for failures if the crew is on call."""
    started = simulate().work_orders.started_at.dropna()
    called = simulate(upkeep={"on_call": True}).work_orders.dropna(subset=["started_at"])
    hour = called.started_at.dt.hour
    night = (hour < 7) | (hour >= 15) | (called.started_at.dt.day_of_week >= 5)

    assert (started.dt.hour.between(7, 14) & (started.dt.day_of_week < 5)).all()
    assert night.any()
    assert (called.urgent | called.hastened_at.notna())[night].all()


@pytest.mark.parametrize(
    ("day", "hour", "expected"),
    [(0, 8.0, 0.0), (0, 5.0, 2.0), (0, 15.0, 16.0), (4, 16.0, 63.0), (6, 0.0, 31.0)],
)
def test_closed_until_the_next_shift(day, hour, expected):
    """From Monday, 7 to 15 o'clock on five days."""
    closed = Upkeep().closed_time(day * DAY + hour * HOUR, 0, urgent=False)

    assert closed == pytest.approx(expected * HOUR, abs=1e-3)


def test_a_shift_must_end_after_it_begins():
    """In one line, with the remedy."""
    with pytest.raises(RequestError, match="shift_stop = 5 h is not after shift_start = 7 h"):
        Upkeep(shift_stop=5.0)


def test_notes_are_written_when_work_is_done(simulate):
    """Each says something, and none is written before."""
    orders = simulate().work_orders
    done = orders.finished_at.notna()

    assert (orders[done].note.str.len() > 5).all()
    assert (orders[~done].note == "").all()


def test_repairs_that_restore_less_fail_sooner(simulate):
    """Kijima II: what was not undone counts."""
    wear = {"components": {"seal": {"scale": 150.0, "mean_growth_time": 20.0}}, "n_stations": 6}
    good, poor = (
        simulate(**wear, upkeep=RUN_TO_FAILURE | {"repair_restoration": share, "n_spares": 9})
        for share in (1.0, 0.3)
    )

    def seals(world):
        return (world.failures["mode"] == "seal_leak").sum()

    assert seals(poor) > 1.2 * seals(good)
    assert np.all(good.components.entry_age[good.components.fitted_at > "2024-01-01"] == 0.0)


def test_lives_in_time_in_use_follow_their_law(simulate):
    """As many fail as the hazard from each part's entry to its end adds up to, harsh service or no.

    Parts that are old at the start bring hours of such service along.
    """
    seals = {"seal": {"shape": 3.0, "scale": 2_000.0}, "cascade_ageing": 1.0}
    world = simulate(
        n_stations=4,
        n_days=120,
        components={"ageing": 4.0, "first_age": 1_600.0, **seals},
        upkeep=RUN_TO_FAILURE | {"repair_restoration": 1.0, "n_spares": 9},
    )
    lives = world.components[world.components.kind == "seal"]
    entry, end = (lives.entry_age + use for use in (0.0, lives.use_time))
    expected = ((end / 500.0) ** 3 - (entry / 500.0) ** 3).sum()

    assert entry.max() <= 400.0
    assert lives.failed.sum() > 20
    assert lives.failed.sum() == pytest.approx(expected, abs=3.0 * np.sqrt(expected))


def test_the_last_row_before_a_stop_belongs_to_the_defect_that_failed(simulate):
    """It is made at the failure itself, and labelled."""
    rows = simulate(upkeep=RUN_TO_FAILURE).telemetry
    last = rows[rows.remaining_time == 0.0]

    assert len(last) > 5
    assert last.label.all()


def test_a_surge_is_over_when_the_consumer_takes_the_usual_again(simulate):
    """After some hours, for all pumps at once."""
    events = simulate(n_stations=4, upkeep={"inspections": False}).events
    surges = events[events.kind == "demand_surge"]

    assert len(surges) > 5
    assert hours_between(surges, "onset_at", "ended_at").median() < 24.0


def test_a_friday_evening_is_two_days_off():
    """Counted from the first day's place in the week: the shift is over, and begins on Monday."""
    works = Upkeep()

    assert works.closed_time(8 * HOUR, 5, urgent=False) == pytest.approx(47 * HOUR, abs=1e-3)
    assert works.closed_time(8 * HOUR, 4, urgent=False) == 0.0
