"""A station feeds its consumer, wears, and shows it."""

import duckdb
import numpy as np
import pandas as pd
import pytest

from simgen.core import RequestError, build
from simgen.domains.industrial import DOMAIN, PumpStation
from simgen.domains.industrial.pumps.station import Station

SOUND = {kind: {"scale": 1e8} for kind in ("bearing", "seal", "impeller", "winding")}


def only(kind, **values):
    """Components of which one kind fails."""
    return {"components": SOUND | {"first_age": 0.0} | {kind: values}}


def test_ids_on_record_do_not_count_what_is_hidden(simulate):
    """A pump's parts, orders and events are numbered each for themselves, without a gap."""
    world = simulate()
    for rows, names in (
        (world.components, ["machine_id", "component_id"]),
        (world.work_orders, ["machine_id", "order_id"]),
        (world.events, ["entity_id", "event_id"]),
    ):
        ids = rows[names].to_numpy()
        for pump in np.unique(ids[:, 0]):
            own = np.sort(ids[ids[:, 0] == pump, 1])
            np.testing.assert_array_equal(own, pump * Station.NUMBERS + 1 + np.arange(len(own)))


def test_a_standby_pump_takes_over(simulate):
    """While one pump is out, the others feed the consumer."""
    supply = simulate(lookalikes={"demand_surge": {"rate": 0.0}}).supply
    out = supply.n_available == 2

    assert out.any()
    assert (supply[out].n_running > 0).any()
    assert supply[out].supplied.sum() > 0.99 * supply[out].asked.sum()


def test_a_single_pump_that_fails_starves_the_consumer(simulate):
    """The tank lasts for some hours, and then nothing comes."""
    supply = simulate(
        hydraulics={"n_pumps": 1}, upkeep={"mean_lead_time": 10.0, "n_spares": 0}
    ).supply
    empty = supply.volume <= 1e-6

    assert empty.any()
    assert (supply[empty].supplied < supply[empty].asked).any()
    after = supply.groupby("station_id").volume.shift() > 250.0
    np.testing.assert_allclose(supply[after].supplied, supply[after].asked)


def test_the_tank_keeps_account(simulate):
    """What sound pumps deliver is what the consumer takes and the tank gains."""
    world = simulate(components=SOUND, watching={"telemetry_interval": 60.0}, n_days=6)
    delivered = world.telemetry.flow.sum() / 60.0
    supply = world.supply.groupby("station_id")
    gained = supply.volume.last().sum() - 2 * 300.0

    assert delivered == pytest.approx(supply.supplied.sum().sum() + gained, rel=0.02)


def test_worn_bearings_wear_their_seals(simulate):
    """A seal whose leak began while its bearing was worn names that as the cause."""
    events = simulate(n_stations=6, upkeep={"inspections": False, "services": False}).events
    leaks = events[(events.kind == "seal_leak") & (events.caused_by != 0)]
    causes = events.set_index("event_id").loc[leaks.caused_by]

    assert len(leaks)
    assert set(causes.kind) == {"bearing_wear"}
    assert (causes.entity_id.to_numpy() == leaks.entity_id.to_numpy()).all()
    assert (causes.onset_at.to_numpy() <= leaks.onset_at.to_numpy()).all()


@pytest.mark.parametrize(
    ("kind", "column", "sign"),
    [
        ("bearing", "vibration", 1),
        ("bearing", "temperature", 1),
        ("seal", "flow", -1),
        ("impeller", "discharge_pressure", -1),
        ("impeller", "flow", -1),
        ("winding", "temperature", 1),
    ],
)
def test_a_defect_shows_where_it_should(simulate, kind, column, sign):
    """Rows of a bad defect lie on their side of those of sound pumps."""
    values = only(kind, scale=400.0, mean_growth_time=100.0)
    quiet = {"lookalikes": {n: {"rate": 0.0} for n in ("demand_surge", "clogged_strainer")}}
    sensors = {"lookalikes": quiet["lookalikes"] | {"sensor_fault": {"rate": 0.0}}}
    blind = {"inspections": False, "services": False, "opportunities": False}
    rows = simulate(**values, **sensors, upkeep=blind, n_stations=4).telemetry
    # Settled after the start, on one pump alone.
    bad, sound = rows[rows.severity > 0.7], rows[rows.severity == 0.0]

    assert len(bad) > 5
    assert sign * (bad[column].median() - sound[column].median()) > 0.2 * sound[column].std()


def test_a_clogged_strainer_starves_its_pump(simulate):
    """Suction pressure falls, flow falls, and cavitation shakes the pump."""
    rows = simulate(components=SOUND, lookalikes={"sensor_fault": {"rate": 0.0}}).telemetry
    clogged = rows[(rows.event_kind == "clogged_strainer") & (rows.suction_pressure < -0.5)]
    clean = rows[rows.event_kind == ""]

    assert len(clogged)
    assert clogged.flow.median() < 0.95 * clean.flow.median()
    assert clogged.vibration.median() > 1.1 * clean.vibration.median()


def test_remaining_time_is_known_only_before_a_failure(simulate):
    """It falls as use grows; who is alive at the end is censored."""
    rows = simulate().telemetry
    known = rows[rows.remaining_time.notna()]
    sums = known.use_time + known.remaining_time
    failures = simulate().failures

    off = np.abs(np.subtract.outer(sums.to_numpy(), failures.use_time.to_numpy())).min(1)
    assert off.max() <= 1e-6  # [h], in which it is told
    assert rows.remaining_time.isna().any()


def test_whether_it_fails_soon_is_unknown_where_records_end(simulate):
    """Of readings with less than the horizon left in the records, of failures as of all others."""
    rows = simulate().telemetry
    left = rows.groupby("machine_id").use_time.transform("max") - rows.use_time
    known, sooner = rows.fails_soon.notna(), rows.remaining_time <= 72.0
    end = rows["at"].max() - rows["at"] < pd.Timedelta("3D")

    assert known[~sooner & (left >= 72.0)].all()
    assert not known[~sooner & (left < 71.0)].any()
    assert not known[end].any()
    assert known[sooner].any()
    # A pump runs a third of the time at least: ten days hold three in use.
    assert known[sooner & (rows["at"].max() - rows["at"] > pd.Timedelta("10D"))].all()
    assert (rows.fails_soon[known] == sooner[known]).all()


def test_the_survival_view_has_late_entry(simulate):
    """Parts that were old at the start come under observation at that age."""
    components = simulate().components  # noqa: F841 - DuckDB reads it by name
    lives = duckdb.sql(DOMAIN.view("component_survival")).df()

    assert (lives.duration > lives.entry).all()
    assert (lives.entry > 0.0).any()
    assert lives.event.any()
    assert not lives.event.all()


def test_the_crew_learns_of_failures_and_overlooks_some_defects(simulate):
    """A failure is known; a look-alike that was looked at is known for what it was if named so."""
    events = simulate(
        n_stations=6,
        upkeep={"misnaming_share": 0.0},
        lookalikes={"clogged_strainer": {"rate": 60.0}, "sensor_fault": {"rate": 60.0}},
        watching={name: {"baseline_windows": 6} for name in ("vibration", "deficit", "warmth")},
    ).events
    rare = events[events.lookalike_of == ""]
    seen = events[(events.lookalike_of != "") & events.observed_at.notna()]

    assert rare[rare.observed_reason == "failure"].observed_label.astype(bool).all()
    assert rare.observed_label.isna().any()
    assert len(seen)
    assert not seen.observed_label.astype(bool).any()


def test_day_and_week_shape_the_demand(simulate):
    """More is asked for in the morning than at night, and less at weekends."""
    supply = simulate(lookalikes={"demand_surge": {"rate": 0.0}}).supply
    begun = supply["at"] - pd.Timedelta(hours=1)
    asked = supply.asked.groupby(begun.dt.hour).mean()

    assert asked[7] > 2.5 * asked[2]
    weekend = begun.dt.day_of_week >= 5
    assert supply[weekend].asked.mean() < 0.95 * supply[~weekend].asked.mean()


def test_a_pump_must_lose_head_with_flow():
    """Otherwise pumps in parallel have no common point; said in one line, with the remedy."""
    with pytest.raises(RequestError, match=r"best_head = 60 m is no less than .*: lower it"):
        build(PumpStation, {"hydraulics": {"best_head": 60.0}})


@pytest.mark.parametrize("head", [45.0, 80.0])
def test_pumps_must_reach_a_full_tank(head):
    """Otherwise nothing would flow; new pumps have 50 m, of which the tank takes 5."""
    line = rf"static_head \+ tank_height = {head:g} \+ 5 m is no less than .*: lower the first"
    with pytest.raises(RequestError, match=line):
        build(PumpStation, {"hydraulics": {"static_head": head}})
    assert build(PumpStation, {"hydraulics": {"static_head": 44.9}})


def test_a_start_must_be_a_date():
    """Said in one line, with an example."""
    with pytest.raises(RequestError, match="write it as 2024-01-31"):
        build(PumpStation, {"start_date": "January"})
