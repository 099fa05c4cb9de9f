"""A station shares its load, and others take over when one is out."""

from dataclasses import fields

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from toys.worlds import blocks, joined, world

from simgen.core import RequestError, Streams, build
from simgen.domains.industrial import CompressorStation
from simgen.domains.industrial.compressors import rules
from simgen.domains.industrial.compressors.lookalikes import HotCoolant
from simgen.domains.industrial.events import Event
from simgen.domains.industrial.fleet.components import component_table
from simgen.domains.industrial.fleet.scenario import make_hall

NEW = {"first_age": 0.0, "ageing": 1e-3, "growing": 1e-3}


def test_others_take_over_when_one_is_out():
    """While fewer may run, the works still get nearly all of what they ask for."""
    supply = world(CompressorStation, operation={"mean_demand": 0.35}).supply
    out = supply[supply.n_available == 2]

    assert len(out)
    assert out.supplied.sum() > 0.97 * out.demand.sum()


def test_too_much_demand_takes_the_pressure_down():
    """All run at full speed, the header sags, and what is asked for is not all given."""
    supply = world(CompressorStation, **NEW, n_days=8, operation={"mean_demand": 1.3}).supply
    short = supply[supply.supplied < supply.demand]

    assert len(short) > 0.3 * len(supply)
    assert (short.n_running == short.n_available).all()
    assert short.header_pressure.mean() < 0.97 * supply.header_pressure.max()


def test_who_runs_shares_the_load():
    """At one time all that run have the same share of their speed."""
    found = world(CompressorStation, **NEW, n_days=8, operation={"mean_demand": 0.6})
    rows = found.telemetry.merge(found.machines, on="machine_id")
    share = rows.speed / rows.rated_speed
    spread = share.groupby([rows["at"], rows.hall_id]).agg(["size", np.ptp])

    assert (spread["size"] > 1).any()
    assert spread["ptp"].max() < 0.01


@pytest.mark.parametrize(("mean_demand", "reciprocating_share"), [(0.3, 0.0), (2.0, 1.0)])
def test_what_is_supplied_is_what_the_machines_give(mean_demand, reciprocating_share):
    """At part speed, where gaps leak more of it, and at low pressure, where pistons give more."""
    about = {"compressor": {"reciprocating_share": reciprocating_share}}
    demand = {"operation": {"mean_demand": mean_demand}}
    found = world(CompressorStation, **NEW, **about, **demand, n_days=8)
    rows = found.telemetry.merge(found.machines, on="machine_id")
    given = rows.groupby(["at", "hall_id"]).flow.agg(["sum", "size"]).reset_index()
    both = pd.merge_asof(given, found.supply.sort_values("at"), on="at", by="hall_id")
    both = both[both["size"] == both.n_running]

    assert len(both) > 400
    assert (both["sum"] / both.supplied).median() == pytest.approx(1.0, abs=0.0015)


@pytest.fixture(scope="module")
def calm_stations():
    """Eight weeks of a demand that one machine alone always meets, and that knows no hour."""
    return world(
        CompressorStation,
        **NEW,
        n_days=56,
        operation={"mean_demand": 0.1, "night_share": 1.0},
        upkeep={"services": False},
        watching={"telemetry_interval": 7_200.0, "window_interval": 500.0},
        lookalikes={"load_step": {"share": 0.0}},
    )


def test_duty_is_handed_on_every_week(calm_stations):
    """Whoever has run least runs next, although the one before it would do."""
    use = calm_stations.components.groupby("machine_id").use_time.max()
    rows = calm_stations.telemetry.merge(calm_stations.machines, on="machine_id")
    week = (rows["at"].dt.day_of_year // 7).rename("week")

    assert (calm_stations.supply.n_running == 1).all()
    assert use.min() > 0.5 * use.max() > 100.0
    assert rows.groupby([rows.hall_id, week]).machine_id.nunique().max() <= 2


def test_demand_scatters_as_much_from_step_to_step_as_in_the_long_run(calm_stations):
    """Its logarithm has the deviation that is given, however much of it lasts."""
    supply = calm_stations.supply
    mood = np.log(supply.demand / (0.1 * 3 * 20.0))

    assert len(mood) > 600
    assert mood.std() == pytest.approx(0.12, rel=0.15)


def test_another_begins_before_those_in_use_are_at_full_speed():
    """At 95 % of it, wherever there is another that may run."""
    found = world(CompressorStation, **NEW, n_days=8, operation={"mean_demand": 0.6})
    rows = found.telemetry.merge(found.machines, on="machine_id").sort_values("at")
    rows = pd.merge_asof(rows, found.supply.sort_values("at"), on="at", by="hall_id")
    share = rows.speed / rows.rated_speed
    spare = rows.n_running < rows.n_available

    assert 0.9 < share[spare].max() < 0.96


def test_the_control_sees_what_hot_coolant_takes():
    """A machine whose air is cooled worse is taken for as much as it gives then."""
    streams, about = Streams(7), build(CompressorStation, CompressorStation.small)
    station = make_hall(about, about.blocks()[0], about.prepare(streams), streams)
    usual = station.flows(station.fleet)
    event = Event(event_id=1, machine=1, kind=HotCoolant.kind, onset_at=0.0, size=15.0)
    station.fleet[1].disturbances[HotCoolant.kind] = event
    hot = station.flows(station.fleet)
    event.ended_at = 1.0

    np.testing.assert_array_equal(hot[[0, 2]], usual[[0, 2]])
    assert 0.9 * usual[1] < hot[1] < 0.999 * usual[1]
    np.testing.assert_array_equal(station.flows(station.fleet), usual)


@pytest.mark.parametrize("name", ["median_load", "load_spread", "mean_run_time", "mean_stand_time"])
def test_nobody_says_how_a_machine_of_a_station_runs_alone(name):
    """Its control does, from what the works ask for."""
    with pytest.raises(RequestError, match=rf"unknown parameter operation\.{name}"):
        build(CompressorStation, {"operation": {name: 0.5}})


def test_a_machine_that_never_ran_sends_nothing():
    """In two days of little demand one machine does all, and the others stand by."""
    found = world(CompressorStation, **NEW, n_days=2, operation={"mean_demand": 0.1})
    ran = found.telemetry.machine_id.nunique()

    assert ran == 2
    assert len(found.machines) == 6


def test_a_worn_machine_makes_all_run_faster():
    """What rings and valves lose, speed has to make up for."""
    about = {"operation": {"mean_demand": 0.5}, "compressor": {"reciprocating_share": 1.0}}
    sound = world(CompressorStation, **NEW, **about, n_days=6).telemetry
    blind = {"upkeep": {"inspections": False, "services": False, "opportunities": False}}
    few = {"watching": {"window_interval": 500.0}}
    worn = world(CompressorStation, **about, **blind, **few, first_age=30_000.0).telemetry
    leaks = worn[worn.event_kind.isin(["first_valve_leakage", "ring_wear"]) & (worn.severity > 0.5)]

    assert len(leaks)
    per_flow = leaks.speed.sum() / leaks.flow.sum()
    assert per_flow > 1.02 * sound.speed.sum() / sound.flow.sum()


@pytest.mark.parametrize(
    "defect", ["valve_spring_fatigue", "intake_valve_stiction", "fan_unbalance", "belt_wear"]
)
def test_fans_belts_and_valves_fail_in_a_small_station(defect):
    """Windows and telemetry show each, and some are seen before they end."""
    found = world(CompressorStation, seed=5, ageing=160.0, n_days=16)
    events = found.events[found.events.kind == defect]

    assert len(events)
    assert events.detectable_at.notna().any()
    assert (found.windows.event_kind == defect).any()
    assert (found.telemetry.event_kind == defect).any()


def test_a_consumer_swings_all_and_a_sticking_valve_one():
    """What rows of its station say of the pressure's swing while each goes on."""
    rows = world(CompressorStation, seed=5, ageing=160.0, n_days=16).telemetry
    calm = rows[rows.event_kind == ""].pressure_swing.median()
    gulps = rows[rows.event_kind == "pulsing_consumer"]
    stuck = rows[(rows.event_kind == "intake_valve_stiction") & (rows.severity > 0.5)]

    assert gulps.groupby("machine_id").pressure_swing.median().min() > 1.2 * calm
    assert stuck.pressure_swing.median() > 1.5 * calm


def test_halls_do_not_depend_on_one_another():
    """One more station leaves the rows of the others as they are."""
    few = blocks(CompressorStation, n_machines=6, n_days=4)
    many = blocks(CompressorStation, n_machines=9, n_days=4)

    assert many[:2] == few


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_a_rule_holds_where_machines_wear_out(rule):
    """With three times as many failures as the small station has."""
    assert all(np.all(rule(block)) for block in blocks(CompressorStation, ageing=100.0, n_days=16))


@pytest.mark.parametrize(
    ("column", "value"), [("supplied", 1e6), ("n_running", 99), ("header_pressure", 1.0)]
)
def test_a_wrong_value_of_the_supply_is_noticed(column, value):
    """One row in which all that is asked for is given."""
    tables = blocks(CompressorStation)[0]
    supply = tables["supply"]
    given = supply["supplied"].to_numpy() == supply["demand"].to_numpy()
    values = supply[column].to_pylist()
    values[int(np.flatnonzero(given)[0])] = value
    place = supply.schema.get_field_index(column)
    field = supply.schema.field(place)
    wrong = tables | {"supply": supply.set_column(place, field, pa.array(values, field.type))}

    own = (rules.air_is_given_by_who_runs, rules.one_header_has_one_pressure)
    assert all(np.all(rule(tables)) for rule in own)
    assert not all(np.all(rule(wrong)) for rule in own)


def test_the_table_has_words_for_all_that_may_be_found():
    """Every defect and disturbance; each cascade's ends exist; look-alikes resemble a defect."""
    about = build(CompressorStation, {})
    table = component_table("compressors")

    assert set(table.troubles) == {one.kind for one in about.lookalikes.disturbances}
    assert {one.cause for one in table.cascades} <= set(table.defects)
    assert {one.component for one in table.cascades} <= set(table.kinds)
    assert all(
        getattr(about.lookalikes, field.name).resembles in table.defects
        for field in fields(about.lookalikes)
    )


def test_one_machine_goes_on_where_nothing_is_asked_for():
    """What it gives is blown off."""
    parts = blocks(CompressorStation, operation={"night_share": 0.0})

    for tables in parts:
        assert all(rule(tables).all() for rule in rules.RULES)
    supply = joined(parts)["supply"].to_pandas()
    assert ((supply.demand == 0.0) & (supply.supplied == 0.0) & (supply.n_running > 0)).any()


def test_worn_screws_stay_within_physics():
    """Also at the lowest speed, at which gaps leak the most."""
    telemetry = world(
        CompressorStation,
        ageing=300.0,
        operation={"mean_demand": 0.15, "night_share": 0.2},
        upkeep={"inspections": False, "services": False},
        compressor={"reciprocating_share": 0.0},
    ).telemetry
    sound = telemetry[telemetry.sensor_fault == ""]

    assert (sound.power > 0.0).all()
    assert (sound.interstage_pressure > 0.9).all()
    assert sound.discharge_temperature.max() < 400.0
