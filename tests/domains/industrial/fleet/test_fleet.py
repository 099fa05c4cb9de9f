"""A fleet wears, is watched and is repaired, whatever its machines are."""

from dataclasses import fields

import duckdb
import numpy as np
import pandas as pd
import pytest

from simgen.core import RequestError, Streams, build
from simgen.domains.industrial import DOMAIN, GearboxLine, HydraulicPress, MotorFleet
from simgen.domains.industrial.fleet.components import component_table
from simgen.domains.industrial.fleet.scenario import make_hall

FEW_WINDOWS = {"watching": {"window_interval": 200.0}}
# Run to failure.
BLIND = FEW_WINDOWS | {
    "upkeep": {"inspections": False, "services": False, "opportunities": False},
    "typing_error_share": 0.0,
}
# Nothing fails, but sensors do.
NEW = {
    "first_age": 0.0,
    "ageing": 1e-3,
    "growing": 1e-3,
    "lookalikes": {"sensor_fault": {"rate": 80.0}},
}


def test_remaining_time_counts_down_to_the_failure(simulate):
    """Between two rows of a machine before one failure, it falls by the time in use."""
    rows = simulate().telemetry
    for _, mine in rows.groupby("machine_id"):
        left, use = mine.remaining_time.to_numpy(), mine.use_time.to_numpy()
        same = np.diff(left) < 0.0
        np.testing.assert_allclose(np.diff(left)[same], -np.diff(use)[same], atol=1e-4)
    assert (rows.remaining_time == 0.0).sum() == len(simulate().failures)


def test_whether_it_fails_soon_is_unknown_where_records_end(simulate):
    """Null within the horizon of the end, failure or not; elsewhere true where little is left."""
    for name in ("motor_fleet", "gearbox_line"):
        for table in ("telemetry", "windows"):
            rows = getattr(simulate(name), table)
            soon, left = rows.fails_soon, rows.remaining_time
            last = simulate(name).telemetry.groupby("machine_id").use_time.max()
            # An hour more or less, for what follows the last row.
            censored = rows.machine_id.map(last) - rows.use_time

            later = censored >= 72.0
            assert soon[~(left <= 72.0) & (censored < 71.0)].isna().all()
            assert (soon[~(left <= 72.0) & later] == False).all()  # noqa: E712 - null is neither
            # Three days but for what follows the last row.
            near = simulate(name).telemetry["at"].max() - rows["at"] < pd.Timedelta("70h")
            assert soon[near].isna().all()
            assert soon[left <= 72.0].notna().any()
            far = simulate(name).telemetry["at"].max() - rows["at"] > pd.Timedelta("10D")
            assert soon[(left <= 72.0) & far].notna().all()
            assert soon[left <= 72.0].dropna().all()


def test_mains_trouble_a_whole_hall(simulate):
    """Their unbalance begins and ends at once for all of its motors, and for no other hall's."""
    world = simulate()
    events = world.events[world.events.kind == "supply_unbalance"]
    halls = world.machines.set_index("machine_id").hall_id
    cured = events.observed_at.notna()

    for onset, some in events.groupby("onset_at"):
        assert len(set(halls[some.entity_id])) == 1, onset
        assert len(some) == 3
    # The crew tells the utility for one motor; its neighbours' trouble goes on.
    assert events[~cured].groupby("onset_at").ended_at.nunique().max() == 1


def test_a_defect_raises_alarms_that_bring_the_crew(simulate):
    """Some inspections follow alarms and find defects before they fail."""
    world = simulate()
    found = world.work_orders[world.work_orders.kind == "inspection"]
    defects = component_table("motors").defects

    assert found.finding.isin(defects).any()
    raised = world.alarms[world.alarms.raised]
    first = raised.groupby("machine_id")["at"].min()
    for order in found.itertuples():
        assert first[order.machine_id] <= order.opened_at


def test_without_upkeep_machines_run_to_failure(simulate):
    """No part leaves but by its failure, and everything that was seen is a failure."""
    world = simulate(**BLIND)

    assert set(world.components.removal) <= {"", "failure"}
    assert set(world.events.observed_reason) <= {"", "failure"}
    assert len(world.failures)


def test_a_failed_machine_stands_until_its_part_is_renewed(simulate):
    """The replacement of what failed is urgent, begins after the failure and ends the silence."""
    world = simulate(**BLIND)
    parts = world.components.set_index("component_id")
    for failure in world.failures.itertuples():
        removed = parts.removed_at[failure.component_id]
        later = world.telemetry[
            (world.telemetry.machine_id == failure.machine_id)
            & (world.telemetry["at"] > failure.at)
        ]
        if len(later):
            assert later["at"].min() >= removed


def test_a_spall_wears_the_air_gap(simulate):
    """Eccentricity that began while the bearing was worn names the spall as its cause."""
    events = simulate(**BLIND).events
    caused = events[(events.kind == "eccentricity") & (events.caused_by != 0)]
    causes = events.set_index("event_id").loc[caused.caused_by]

    assert len(caused)
    assert set(causes.kind) <= {"outer_race_spall", "inner_race_spall"}
    assert (causes.entity_id.to_numpy() == caused.entity_id.to_numpy()).all()


def test_a_component_has_one_defect_at_a_time(simulate):
    """Competing modes: the one that comes first is the only one until the part is renewed."""
    world = simulate("gearbox_line", **BLIND)
    gears = world.events[world.events.kind.isin(["tooth_wear", "tooth_crack"])]
    for _, mine in gears.groupby("entity_id"):
        ordered = mine.sort_values("onset_at")
        assert (ordered.ended_at.shift().dropna() <= ordered.onset_at.iloc[1:]).all()


def first_hall(about):
    """The first hall of a fleet at the start."""
    streams = Streams(1)
    days = about.prepare(streams.child("shared"))
    return make_hall(about, about.blocks()[0], days, streams.child("blocks"))


def rates(hall):
    """Equivalent hours an hour of each component of a hall's first machine."""
    kinds = [kind.kind for kind in hall.table.components]
    return dict(zip(kinds, hall.pace(hall.fleet[0]).rates, strict=True))


def rates_at(about, *, load, temperature):
    """The same of one that begins to work."""
    hall = first_hall(about)
    hall.start(hall.fleet[0], 1.0, load)
    hall.fleet[0].temperature = temperature
    return rates(hall)


def test_load_wears_and_heat_ages():
    """Bearings by the cube of load, windings by the temperature of themselves and not by load."""
    about = MotorFleet(ageing=2.0)
    cool, warm = (rates_at(about, load=1.0, temperature=t) for t in (120.0, 130.0))
    heavy = rates_at(about, load=1.2, temperature=120.0)

    assert cool["bearing"] == pytest.approx(2.0)
    assert heavy["bearing"] == pytest.approx(2.0 * 1.2**3)
    assert heavy["winding"] == pytest.approx(cool["winding"])
    assert warm["winding"] / cool["winding"] == pytest.approx(2.0, rel=0.05)


def test_rates_follow_what_they_depend_on():
    """Under one duty, windings age faster as they warm, bearings do not; less load spares those."""
    hall = first_hall(MotorFleet())
    found = []
    for until, load in ((3_600.0, 1.0), (7_200.0, None), (10_800.0, 0.5)):
        if load is not None:
            hall.start(hall.fleet[0], 1.0, load)
        found.append(rates(hall))
        hall.env.run(until=until)
        hall.advance(hall.fleet[0])
    cold, warm, light = found

    assert warm["winding"] > 2.0 * cold["winding"]
    assert warm["bearing"] == cold["bearing"]
    assert light["bearing"] == pytest.approx(warm["bearing"] / 8.0)


def test_a_sound_fleet_has_no_labels(simulate):
    """Look-alikes go on, and none of them is a rare event."""
    world = simulate(**NEW)

    assert not world.telemetry.label.any()
    assert not world.windows.label.any()
    assert len(world.failures) == 0
    assert (world.windows.trace == 0.0).all()
    assert (world.events.lookalike_of != "").all()


def test_a_share_of_the_windows_is_kept(simulate):
    """With samples of every channel, all of one length."""
    world = simulate("gearbox_line")

    assert len(world.waveforms) == pytest.approx(0.1 * len(world.windows), abs=6.0)
    assert set(world.waveforms.acceleration.map(len)) == {8_192}


def test_survival_view_reads_the_components(simulate):
    """Duration, event and entry of each life."""
    components = simulate().components
    connection = duckdb.connect()
    connection.register("components", components)
    lives = connection.sql(DOMAIN.view("component_survival")).df()

    assert (lives.duration > lives.entry).all()
    assert lives.event.sum() == components.failed.sum()


def test_notes_name_parts_in_words_of_the_trade(simulate):
    """A replaced winding is called by one of its names, slips apart."""
    orders = simulate(**BLIND).work_orders
    notes = orders[(orders.finding == "turn_short") & (orders.kind == "replacement")].note
    kinds = {kind.kind: kind for kind in component_table("motors").components}

    done = notes[notes != ""]
    named = [any(word in note for word in kinds["winding"].called) for note in done]
    assert len(done)
    assert np.mean(named) > 0.9


def test_halls_do_not_depend_on_one_another(simulate_blocks):
    """One more hall leaves the rows of the others as they are."""
    few = simulate_blocks("gearbox_line", n_machines=6, n_days=6)
    many = simulate_blocks("gearbox_line", n_machines=9, n_days=6)

    assert many[:2] == few


@pytest.mark.parametrize("kind", [MotorFleet, GearboxLine, HydraulicPress])
def test_a_date_that_is_none_is_refused(kind):
    """With the value and the remedy."""
    with pytest.raises(RequestError, match="start_date = 'soon' is no date: write it as"):
        kind(start_date="soon")


def test_a_looser_rule_keeps_what_a_file_leaves_out():
    """Half of an alarm's rule given, the rest stays this scenario's and not the rule's own."""
    about = build(MotorFleet, {"watching": {"unbalance": {"persistence": 5}}})

    assert about.watching.unbalance.persistence == 5
    assert about.watching.unbalance.alarm_factor == MotorFleet().watching.unbalance.alarm_factor
    assert about.lookalikes.load_step.resembles == "broken_bar"


def test_time_in_use_is_the_sum_of_runs(simulate):
    """A component that was there from the start was in use as long as its machine."""
    world = simulate(**NEW)
    use = world.components.groupby("machine_id").use_time
    last = world.telemetry.groupby("machine_id").use_time.max()

    np.testing.assert_allclose(use.max(), use.min())
    assert ((use.max() - last) >= 0.0).all()


def test_a_window_too_short_for_a_cycle_is_refused():
    """With what it has to be."""
    with pytest.raises(RequestError, match="less than a cycle of 90 s: raise it to 9000"):
        build(HydraulicPress, {"press": {"cycle_time": 90.0}})


@pytest.mark.parametrize("kind", [MotorFleet, GearboxLine, HydraulicPress])
def test_a_table_has_words_for_all_that_may_be_found(kind):
    """Every defect, and every disturbance from outside; each component and cascade exists."""
    about = kind()
    table = component_table(about.signals().table)

    assert set(table.troubles) == {one.kind for one in about.lookalikes.disturbances}
    assert all(table.words.findings.values())
    assert all(table.words.parts.values())
    assert {one.cause for one in table.cascades} <= set(table.defects)
    assert {one.component for one in table.cascades} <= set(table.kinds)
    assert all(
        getattr(about.lookalikes, field.name).resembles in table.defects
        for field in fields(about.lookalikes)
    )


def test_a_gas_that_oil_cannot_compress_is_refused():
    """Oil is let off before it gets into the accumulator."""
    press = {"precharge": 200.0, "relief_pressure": 190.0}
    with pytest.raises(RequestError, match=r"press\.precharge = 200 bar is not below .*: lower it"):
        build(HydraulicPress, {"press": press})


@pytest.mark.parametrize("name", ["gearbox_line", "motor_fleet", "hydraulic_press"])
def test_work_that_takes_no_time_ends_what_a_machine_did(simulate, name):
    """It is at rest then, and starts anew."""
    world = simulate(name, upkeep={"mean_inspection_time": 0.0, "mean_service_time": 0.0})
    orders = world.work_orders.dropna(subset="finished_at")

    assert (orders.finished_at == orders.started_at).any()


def test_oil_is_not_hotter_than_a_press_allows(simulate):
    """Beyond some 100 degree Celsius it trips."""
    hard = {"median_load": 2.0, "mean_hall_temperature": 35.0, "mean_run_time": 200.0}
    telemetry = simulate("hydraulic_press", operation=hard, upkeep={"inspections": False}).telemetry
    oil = telemetry.oil_temperature[telemetry.sensor_fault == ""]

    assert 95.0 < oil.max() < 104.0
