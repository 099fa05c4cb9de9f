"""Disks come, are watched, fail, are suspected, replaced and retired."""

import duckdb
import numpy as np
import pandas as pd
import pytest

from simgen.core import RequestError, Streams, build
from simgen.domains.industrial import DOMAIN, DiskFleet
from simgen.domains.industrial.disks.catalogue import catalogue

CALM = {"lookalikes.cable_error.rate": 0.0, "lookalikes.hot_rack.rate": 0.0}


def test_old_disks_entered_late(simulate):
    """What was bought before the fleet's start brings its age, and its power-on hours show it."""
    world = simulate()
    old = world.disks[world.disks.entry_age > 0.0].set_index("disk_id")
    first = world.smart.groupby("disk_id").smart_9_raw.first()

    assert len(old)
    survived = first.loc[first.index.intersection(old.index)]
    assert (survived - old.entry_age.loc[survived.index]).between(-1.0, 24.0 * 30).all()


def test_a_failed_disk_is_replaced_from_the_store(simulate):
    """By one of its model, in its slot, after its swap is done."""
    world = simulate()
    done = world.swaps.dropna(subset="finished_at")
    disks = world.disks.set_index("disk_id")
    gone = disks.loc[done.disk_id]
    follower = world.disks.merge(
        gone.assign(finished_at=done.finished_at.to_numpy())[["rack_id", "slot", "finished_at"]],
        left_on=["rack_id", "slot", "installed_at"],
        right_on=["rack_id", "slot", "finished_at"],
    )

    assert len(done) > 5
    assert len(follower) == len(done)


def test_without_spares_slots_wait(simulate):
    """A swap begins a lead time later than with a full store."""
    waits = []
    for n_spares in (0, 50):
        swaps = simulate({"care.n_spares": n_spares, "care.mean_lead_time": 20.0}).swaps
        waits.append((swaps.started_at - swaps.opened_at).mean() / pd.Timedelta("1D"))

    assert waits[0] > waits[1] + 10.0
    assert waits[1] < 2.0


def test_nobody_suspects_where_nobody_looks(simulate):
    """At a rate of 0 disks leave by failure or retirement alone."""
    assert (simulate().disks.removal == "suspicion").any()
    assert not (simulate({"care.suspicion_rate": 0.0}).disks.removal == "suspicion").any()


def test_racks_are_emptied_at_their_age(simulate):
    """On one day, and nothing comes after."""
    world = simulate({"care.retirement_age": 1.0, "n_days": 500})
    retired = world.disks[world.disks.removal == "retirement"]
    age = retired.entry_age + retired.use_time

    assert len(retired)
    assert (retired.groupby("rack_id").removed_at.agg(np.ptp) == pd.Timedelta(0)).all()
    assert age.max() == pytest.approx(365.25 * 24.0)


def test_sudden_failures_leave_no_trace(simulate):
    """Where all failures are of electronics, nothing is labelled, and nothing is detectable."""
    world = simulate({"lives.sudden_level": 10.0, "lookalikes.sector_burst.ratio": 0.0})
    rare = world.events[world.events.lookalike_of == ""]

    assert set(world.failures["mode"]) == {"electronics_failure"}
    assert rare[rare.kind == "electronics_failure"].detectable_at.isna().all()


def test_media_are_seen_before_they_fail(simulate):
    """Most of the failures of media can be seen days before; remaining time counts down to them."""
    media = {"n_days": 400, "lives.failure_level": 60.0, "lives.sudden_level": 0.0}
    world = simulate(media | {"care.suspicion_rate": 0.0} | CALM)
    failed = world.failures[world.failures["mode"] == "media_degradation"]
    events = world.events[world.events.kind == "media_degradation"].set_index("entity_id")
    seen = events.loc[failed.disk_id].detectable_at
    rows = world.smart[world.smart.disk_id.isin(failed.disk_id)]
    end = rows.disk_id.map(failed.set_index("disk_id")["at"])

    assert len(failed) > 20
    assert seen.notna().mean() > 0.7
    left = (end - rows["at"]) / pd.Timedelta("1D")
    np.testing.assert_allclose(rows.remaining_time, left, atol=1e-6)
    known = rows.fails_soon.notna()
    assert (rows.fails_soon[known] == (left <= 30.0)[known]).all()


def test_who_is_taken_out_early_is_censored(simulate):
    """Nobody knows whether a suspected disk would have failed within the horizon."""
    world = simulate()
    out = world.disks[world.disks.removal == "suspicion"]
    last = world.smart[world.smart.disk_id.isin(out.disk_id)].groupby("disk_id").tail(1)

    assert len(last)
    assert last.remaining_time.isna().all()
    assert last.fails_soon.isna().all()


@pytest.mark.parametrize("what", ["the records", "a rack"])
def test_whether_it_fails_soon_is_unknown_where_all_disks_end(simulate, what):
    """Within the horizon of the last day, of disks that fail until then as of all others."""
    many = {"lives.failure_level": 60.0, "care.suspicion_rate": 0.0}
    if what == "a rack":
        many |= {"care.retirement_age": 1.0, "n_days": 500}
    world = simulate(many)
    racks = world.disks.set_index("disk_id").rack_id
    retired = world.disks[world.disks.removal == "retirement"].groupby("rack_id").removed_at.max()
    end = pd.Timestamp("2013-04-10") + pd.Timedelta(days=500 if len(retired) else 120)
    ends = retired.reindex(racks.unique()).fillna(end)
    rows = world.smart
    last = rows.disk_id.map(racks).map(ends)
    near = last - rows["at"] < pd.Timedelta(days=30)
    failed = world.disks[world.disks.failed].disk_id

    assert rows[near & rows.disk_id.isin(failed)].shape[0] > 100
    assert rows[near].fails_soon.isna().all()
    assert rows[~near].fails_soon.notna().all()


def test_the_weather_is_as_changeable_on_the_first_day_as_on_any():
    """Of many fleets, in the mean temperature of a day over that of the season."""
    about = build(DiskFleet, {"n_days": 60})
    spread = np.std([about.prepare(Streams(seed)).season for seed in range(600)], axis=0)

    assert spread[0] == pytest.approx(0.7, abs=0.07)
    assert spread[1:].mean() == pytest.approx(0.7, abs=0.05)


def test_models_report_their_own_attributes(simulate):
    """What a model does not report is null, and what it does never is."""
    smart = simulate().smart
    for model, rows in smart.groupby("model", observed=True):
        about = next(each for each in catalogue() if each.name == model)
        for number in (10, 187, 188, 189, 196):
            column = rows[f"smart_{number}_raw"]
            assert column.notna().all() if number in about.reports else column.isna().all()


def test_a_hot_rack_warms_its_disks(simulate):
    """By the rise, while it lasts; its disks look like ones with friction, and are none."""
    smart = simulate({"lives.failure_level": 0.01}).smart
    hot = smart.event_kind == "hot_rack"
    rise = smart[hot].groupby("disk_id").smart_194_raw.mean()
    rise = rise - smart[~hot].groupby("disk_id").smart_194_raw.mean()

    assert not smart[hot].label.any()
    assert rise.mean() == pytest.approx(6.0, abs=1.0)


def test_snapshots_are_lost(simulate):
    """One by one, and for all at once while the collector is down."""
    full = simulate({"watching.lost_share": 0.0, "watching.outage_rate": 0.0}).smart
    some = simulate({"watching.lost_share": 0.2, "watching.outage_rate": 0.0}).smart
    down = simulate({"watching.lost_share": 0.0, "watching.outage_rate": 60.0}).smart

    assert len(some) / len(full) == pytest.approx(0.8, abs=0.02)
    assert full["at"].nunique() == 120 > down["at"].nunique()


def test_snapshots_may_be_rare(simulate):
    """Every tenth day only."""
    days = simulate({"watching.snapshot_interval": 10}).smart["at"].unique()

    assert len(days) == 12


def test_lives_for_survival_analysis(simulate):
    """Durations are ages, entries are those at the start, events are failures."""
    world = simulate()
    with duckdb.connect() as connection:
        connection.register("disks", world.arrow["disks"])
        lives = connection.sql(DOMAIN.view("disk_survival")).to_arrow_table().to_pandas()

    assert (lives.duration > lives.entry).all()
    assert lives.event.sum() == len(world.failures)


def test_the_reference_looks_every_thirty_days(simulate):
    """A disk's rows lie 30 days of age apart; it is positive once at most, if it went."""
    world = simulate({"n_days": 300})
    with duckdb.connect() as connection:
        for name in ("disks", "smart"):
            connection.register(name, world.arrow[name])
        rows = connection.sql(DOMAIN.view("backblaze")).to_arrow_table().to_pandas()
    rows = rows.sort_values(["disk_id", "age"])
    gone = world.disks[world.disks.removal.isin(["failure", "suspicion"])]

    assert not (rows.age % 30.0).any()
    assert rows[rows.label].disk_id.is_unique
    assert set(rows[rows.label].disk_id) <= set(gone.disk_id)
    assert rows.label.sum() > 0.5 * len(gone)
    assert (rows.reallocated_rise >= 0).all()


def test_every_fleet_has_racks():
    """Some model is bought around the start, so that even a short fleet of young racks has one."""
    about = build(DiskFleet, {"n_days": 1, "care": {"retirement_age": 0.11}})

    assert any(about.bought_between(model) for model in catalogue())


def test_a_wrong_date_is_refused():
    """The first day is written as 2024-01-31."""
    with pytest.raises(RequestError, match="is no date"):
        build(DiskFleet, {"start_date": "soon"})
