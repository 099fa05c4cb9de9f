"""A pump drives water round; what is done to it shows where physics says."""

from itertools import pairwise

import duckdb
import numpy as np
import pandas as pd
import pytest

from simgen.core import RequestError, Role, Streams, build
from simgen.des import run
from simgen.domains.industrial import DOMAIN, PumpRig
from simgen.domains.industrial.circuit.faults import FAULTS, KINDS, LIKENESS, Kind
from simgen.domains.industrial.circuit.kernels import RIG, STEP, circuit_flow, steady, warmed
from simgen.domains.industrial.circuit.schema import RUNS
from simgen.domains.industrial.circuit.session import make_session, operate


def only(kind, **more):
    """Runs to which one kind alone is done, as far as it goes."""
    shares = {f"faults.{name}": Kind(share=0.0) for name in KINDS}
    whole = {f"faults.{kind}": Kind(share=1.0, least=1.0), "faults.normal_share": 0.0}
    return shares | whole | {"run_seconds": (600, 601), "faults.mean_time": 200.0} | more


def changes(tables, column, measure="mean"):
    """A column while something is done, less the same before, by run."""
    rows = tables["telemetry"].to_pandas()
    onset = tables["events"].to_pandas().set_index("entity_id").onset_at
    during = rows[rows.severity == 1.0].groupby("run_id")[column].agg(measure)
    before = rows[rows["at"] < rows.run_id.map(onset)].groupby("run_id")[column].agg(measure)
    return during - before


def change(tables, column, measure="mean"):
    """The same, the mean of all runs."""
    return changes(tables, column, measure).mean()


def test_flow_goes_with_speed():
    """The affinity law of a circuit without a lift."""
    assert circuit_flow(0.5, 0.0, 0.0) == pytest.approx(0.5)
    assert circuit_flow(1.0, 0.3, 0.6) == pytest.approx(2.0 * circuit_flow(0.5, 0.3, 0.6))


def test_a_valve_throttles_by_the_square_of_its_area():
    """Half the area makes four times its loss, wherever it stands."""
    closed = 0.5 / 0.75  # takes half of the area
    expected = 1.0 / np.sqrt(1.0 + 0.12 * 3.0)

    assert circuit_flow(1.0, closed, 0.0) == pytest.approx(expected)
    assert circuit_flow(1.0, 0.0, closed) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("kind", "column", "least", "most"),
    [
        ("suction_valve_closing", "flow", -40.0, -8.0),
        ("discharge_valve_closing", "flow", -40.0, -8.0),
        ("leak", "flow", -8.0, -1.0),
        ("rotor_imbalance", "accelerometer_1", 0.03, 0.5),
        ("rotor_imbalance", "flow", -0.3, 0.3),
        ("cavitation", "accelerometer_2", 0.01, 0.5),
        ("hot_water", "thermocouple", 5.0, 7.0),
        ("overfill", "thermocouple", -1.2, -0.3),
        ("speed_step", "thermocouple", -0.3, 0.3),
        ("shaking_floor", "accelerometer_1", 0.002, 0.5),
        ("shaking_floor", "flow", -0.3, 0.3),
    ],
)
def test_faults_show_where_they_should(simulate, kind, column, least, most):
    """Valves and leaks in the flow, imbalance in vibration alone, heat in the fluid."""
    assert least < change(simulate(only(kind)), column) < most


def test_a_motor_goes_faster_or_slower(simulate):
    """A step of the speed lowers the flow as often as it raises it, and takes the current along."""
    flow = changes(simulate(only("speed_step")), "flow")
    rig, done = np.zeros(1, RIG)[0], np.zeros(10)
    rig["speed"], rig["level"] = 0.8, 1.0
    usual = steady(rig, done)
    done[STEP] = 1.0
    found = {}
    for rig["step"] in (-1.0, 1.0):
        found[float(rig["step"])] = steady(rig, done)[3] / usual[3] - 1.0

    assert (flow.abs() > 1.0).all()
    assert 0.3 < (flow > 0.0).mean() < 0.7
    assert found[-1.0] == pytest.approx(-found[1.0])
    assert found[1.0] > 0.03


def test_a_shaking_floor_is_no_weaker_than_an_imbalance(simulate):
    """It moves either place by an amount of its own, often as far as a rotor out of balance."""
    places = ("accelerometer_1", "accelerometer_2")
    floor = [changes(simulate(only("shaking_floor")), name) for name in places]
    turn = changes(simulate(only("rotor_imbalance")), places[0])

    assert 0.3 < floor[0].mean() / turn.mean() < 1.0
    assert (floor[0] > 1.2 * floor[1]).any()
    assert (floor[1] > 1.2 * floor[0]).any()


def test_gas_scatters_the_flow(simulate):
    """Its mean says little, its deviation all."""
    assert change(simulate(only("two_phase_flow")), "flow", "std") > 15.0


def test_only_faults_are_labelled(simulate):
    """A faster motor and a floor that shakes are no faults, and say what they resemble."""
    tables = simulate({"n_sessions": 8})
    events, rows = tables["events"].to_pandas(), tables["telemetry"].to_pandas()

    assert set(events.kind) == {*FAULTS, *LIKENESS}
    assert set(rows[rows.label].event_kind) <= set(FAULTS)
    assert (events.lookalike_of == events.kind.map(lambda kind: LIKENESS.get(kind, ""))).all()


def test_the_operator_knows_when_it_is_done(simulate):
    """At its end, and rightly."""
    events = simulate()["events"].to_pandas()

    assert (events.observed_at == events.ended_at).all()
    assert (events.observed_label == (events.lookalike_of == "")).all()


def test_slight_faults_are_seen_late_or_never(simulate):
    """What is done is detectable some seconds after it began; a hardly closed valve, not at all."""
    slight = only("suction_valve_closing") | {
        "faults.suction_valve_closing": Kind(share=1.0, least=0.0)
    }
    weak, strong = (simulate(p)["events"].to_pandas() for p in (slight, only("hot_water")))

    assert weak.detectable_at.isna().any()
    assert strong.detectable_at.notna().all()
    assert (strong.detectable_at > strong.onset_at).all()


def test_the_meter_counts_whole_litres(simulate):
    """And the pressure sensor steps of a third of a bar."""
    rows = simulate()["telemetry"].to_pandas()

    assert (rows.flow % 1.0 == 0.0).all()
    assert rows.pressure.round(6).nunique() < 15


def test_one_speed_a_session(simulate):
    """Runs of a day share it, days do not."""
    runs = simulate()["runs"].to_pandas().groupby("session_id").speed

    assert (runs.agg(np.ptp) == 0.0).all()
    assert runs.first().is_unique


def test_a_run_begins_as_warm_as_the_one_before_ended():
    """Water and motor warm and cool on from run to run, by the law by which they do within one."""
    about = build(PumpRig, {"run_seconds": [6_000, 6_001]})
    rng = Streams(3).generator("session")
    session = make_session(about, 1, Streams(3).key("readings"), rng)
    session.fluid = session.hall + 20.0
    run(session.env, operate(session), until=float("inf"))

    for one, following in pairwise(session.runs):
        body, fluid = warmed(one.rig, following.started_at - one.started_at)
        assert following.rig["body"] == pytest.approx(body)
        assert following.rig["fluid"] == pytest.approx(fluid, abs=1.0)


def test_ids_do_not_tell_what_was_done(simulate):
    """Runs and events count for themselves, so no number is left out after a run with an event."""
    tables = simulate({"n_sessions": 1})

    assert (np.diff(tables["runs"]["run_id"]) == 1).all()
    assert (np.diff(np.sort(tables["events"]["event_id"])) == 1).all()


def test_what_was_done_is_for_judges_alone():
    """It is what a model shall find out."""
    assert next(one for one in RUNS.fields if one.name == "done").role is Role.ORACLE


def test_a_motor_starts_a_run_about_as_warm_as_it_gets(simulate):
    """It ran all day at this speed: its temperature rises in as many runs as it falls."""
    tables = simulate({"n_sessions": 8})
    rows = tables["telemetry"].to_pandas()
    rows["second"] = rows.groupby("run_id").cumcount()
    first = rows[rows.second < 60].groupby("run_id")
    last = rows[rows.second >= rows.groupby("run_id").second.transform("max") - 60]
    rise = last.groupby("run_id").temperature.mean() - first.temperature.mean()

    assert abs(rise.mean()) < 0.1


def test_the_reference_compares_with_the_calm_beginning(simulate):
    """A row a second from the 210th on; calm rows lie around 0."""
    tables = simulate({"run_seconds": (600, 601), "faults.normal_share": 0.9})
    with duckdb.connect() as connection:
        for name in ("runs", "telemetry"):
            connection.register(name, tables[name])
        rows = connection.sql(DOMAIN.view("skab")).to_arrow_table().to_pandas()
    runs = tables["runs"].to_pandas()
    calm = rows[~rows.label & (rows.event_kind == "")]

    assert len(rows) == len(runs) * (600 - 210)
    assert rows.second_of_run.min() == 210
    assert abs(calm.flow_change.median()) < 0.01
    assert abs(calm.first_change.median()) < 0.02


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"run_seconds": [100, 100]}, "is no range"),
        ({"speeds": [0.9, 0.5]}, "is no range"),
        ({"start_date": "soon"}, "is no date"),
        ({"faults": {name: {"share": 0.0} for name in KINDS}}, "no kind of fault has a share"),
    ],
)
def test_contradictions_are_refused(values, message):
    """In one line."""
    with pytest.raises(RequestError, match=message):
        build(PumpRig, values)


def test_runs_without_anything_done(simulate):
    """Where the share of normal runs is nearly whole, few events are left."""
    tables = simulate({"faults.normal_share": 0.99})

    assert pd.Series(tables["runs"]["done"].to_pylist()).eq("").mean() > 0.8
