"""A rig's records tell what its machines lived through."""

import numpy as np
import pandas as pd
import pytest
from toys.worlds import tables_of

from simgen.core import RequestError, build
from simgen.domains.industrial import BearingRig
from simgen.domains.industrial.bearings import catalogue
from simgen.domains.industrial.rig.schema import RARE_KINDS
from simgen.domains.industrial.spectra import envelope_spectrum

HOUR = pd.Timedelta(hours=1)


def within(rows, event):
    """The rows of an event's machine while it lasted."""
    mine = rows[rows.machine_id == event.entity_id]
    return mine[(mine["at"] >= event.onset_at) & (mine["at"] <= event.ended_at)]


def test_every_kind_of_event_happens(world):
    """Spalls of all parts, and everything that resembles them."""
    assert set(world.events.kind.cat.categories) == set(world.events.kind)


def test_some_bearings_seize_and_others_are_saved(world):
    """Condition monitoring removes bearings before they fail: their lives are censored."""
    removed = world.bearings[world.bearings.removed_at.notna()].merge(world.machines)

    assert set(removed.removal) == {"failure", "inspection"}
    failed = removed.groupby("monitored").failed.mean()
    assert failed[False] == 1.0
    assert failed[True] < 0.9


def test_a_failure_is_told_alike_everywhere(world):
    """Failures, bearings and events agree on mode, instant and use."""
    told = world.failures.merge(world.bearings, on="bearing_id", suffixes=("", "_of_bearing"))
    spalls = world.events[world.events.severity == world.rig.defects.failure_size]

    assert len(told) == world.bearings.failed.sum() == len(spalls) > 3
    assert (told.use_time == told.use_time_of_bearing).all()
    assert set(zip(told.machine_id, told["at"], told["mode"], strict=True)) == set(
        zip(spalls.entity_id, spalls.ended_at, spalls.kind, strict=True)
    )


def test_no_remaining_time_without_a_failure(world):
    """What was replaced in time or is alive at the end is censored."""
    rows = world.windows.merge(world.bearings[["bearing_id", "failed"]])

    assert (rows.remaining_time.notna() == rows.failed).all()
    assert rows.failed.nunique() == 2


def test_remaining_time_and_use_add_up_to_the_life(world):
    """At any window of a bearing that seizes."""
    rows = world.windows.merge(world.failures, on="bearing_id", suffixes=("", "_of_life"))

    np.testing.assert_allclose(
        rows.use_time + rows.remaining_time, rows.use_time_of_life, atol=1e-5
    )


def test_labels_follow_the_spall(world):
    """A record is labelled exactly while its bearing has a spall."""
    for rows in (world.telemetry, world.windows):
        np.testing.assert_array_equal(rows.label, rows.spall_size > 0.0)
        assert set(rows.event_kind[rows.label]) <= set(RARE_KINDS)


def test_the_vibration_of_a_worn_bearing_stands_out(world):
    """Shortly before seizure its level is several times the usual one, before a spall it is not."""
    sound = world.windows[world.windows.event_kind == ""]
    usual = sound.groupby("machine_id").rms.median()
    worn = world.windows[(world.windows.spall_size > 1.0) & (world.windows.sensor_fault == "")]

    assert len(worn) > 5
    assert (worn.rms / worn.machine_id.map(usual)).median() > 4.0
    assert (sound.rms / sound.machine_id.map(usual)).quantile(0.9) < 2.0


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("inner_race_spall", "line_inner_race"),
        ("outer_race_spall", "line_outer_race"),
        ("ball_spall", "line_ball"),
    ],
)
def test_each_spall_shows_at_its_own_line(world, kind, line):
    """The envelope's line of the struck part stands out more than in sound bearings."""
    windows = world.windows[world.windows.sensor_fault == ""]
    struck = windows[(windows.event_kind == kind) & (windows.spall_size > 0.3)]

    assert len(struck) >= 5
    assert struck[line].median() > 1.2 * windows[line][windows.event_kind == ""].median()


@pytest.mark.parametrize(
    ("kind", "part"), [("inner_race_spall", "inner_race"), ("outer_race_spall", "outer_race")]
)
def test_the_envelope_of_a_sharp_pit_peaks_at_its_frequency(world, kind, part):
    """BPFI and BPFO are within a bin of the highest line, save where the load zone is narrow."""
    windows = world.windows[(world.windows.sensor_fault == "") & (world.windows["kurtosis"] > 4.0)]
    struck = windows[(windows.event_kind == kind) & (windows.spall_size > 0.2)]
    struck = struck.merge(world.waveforms, on="window_id")
    frequency, amplitudes = envelope_spectrum(
        np.stack(struck.acceleration), world.rig.monitoring.sample_rate
    )
    fault = getattr(catalogue()[world.rig.bearing].orders, part) * struck.speed / 60.0
    peak = frequency[1:][amplitudes[:, 1:].argmax(1)]

    assert len(struck) >= 10
    assert np.mean(np.abs(peak - fault) <= frequency[1]) > 0.7


def test_machines_tell_the_orders_of_their_bearing(world):
    """As Case Western gives them for the SKF 6205: BPFO, BPFI, twice BSF, FTF."""
    orders = world.machines[["outer_race_order", "inner_race_order", "ball_order", "cage_order"]]

    np.testing.assert_allclose(
        orders * [1.0, 1.0, 2.0, 1.0],
        [[3.5848, 5.4152, 2 * 2.3567, 0.39828]] * len(orders),
        rtol=3e-4,
    )


def test_a_new_spall_can_not_be_seen(world):
    """It is there for a while before a window shows it; what could be seen was there before."""
    spalls = world.events[world.events.kind.isin(RARE_KINDS) & world.events.detectable_at.notna()]

    assert (spalls.detectable_at - spalls.onset_at).median() > 3 * HOUR


def test_heat_tells_of_load_and_cold_starts(world):
    """Load warms; a cold start begins cold."""
    telemetry = world.telemetry[world.telemetry.sensor_fault == ""]
    kinds = telemetry.groupby("event_kind", observed=True).temperature.median()

    assert kinds["load_step"] > kinds[""] + 3.0
    assert kinds["cold_start"] < kinds[""] - 3.0


def test_faulty_sensors_read_as_they_must(world):
    """Stuck readings don't change, lost ones are null, clipped ones stay below the bound."""
    broken = world.telemetry.groupby(["sensor_fault", "event_id"], observed=True).temperature
    spread, lost = broken.std(), broken.apply(lambda values: values.isna().mean())

    assert (spread.get("stuck", pd.Series([0.0])) < 1e-9).all()
    assert lost["dropout"].between(0.1, 0.5).any()
    assert world.telemetry.temperature[world.telemetry.sensor_fault != "dropout"].notna().all()


def test_alarms_call_the_crew_and_false_ones_are_seen_through(world):
    """An alarm opens an inspection; where no spall is found the look-alike is known as such."""
    orders = world.work_orders
    inspections = orders[orders.kind == "inspection"]
    events = world.events[world.events.observed_reason == "inspection"]

    assert len(world.alarms[world.alarms.raised]) >= len(inspections) > 3
    assert {"spall"} < set(inspections.finding) - {""}
    assert set(events.observed_label) == {True, False}
    right = events.observed_label == events.kind.isin(RARE_KINDS)
    assert right.mean() > 0.7


def test_unmonitored_machines_raise_no_alarm(world):
    """They run to failure."""
    unmonitored = world.machines.machine_id[~world.machines.monitored]

    assert not world.alarms.machine_id.isin(unmonitored).any()
    inspected = world.work_orders[world.work_orders.kind == "inspection"]
    assert not inspected.machine_id.isin(unmonitored).any()


def test_a_share_of_the_windows_keeps_its_samples(world):
    """A quarter, each as long as asked for, and the features are theirs."""
    kept = world.waveforms.merge(world.windows, on="window_id")
    found = [np.std(samples.astype(float)) for samples in kept.acceleration]

    assert len(kept) == pytest.approx(0.25 * len(world.windows), rel=0.02)
    assert {len(samples) for samples in kept.acceleration} == {2_048}
    np.testing.assert_allclose(found, kept.rms, rtol=1e-4, atol=1e-6)


def test_looseness_causes_spalls(simulate):
    """A foot that is always loose ages its bearing faster, and is named as the cause."""
    often = {"looseness": {"rate": 1_000.0, "mean_time": 300.0, "ageing": 5.0}}
    values = {"n_machines": 8, "n_days": 30, "monitoring": {"window_interval": 1e4}}
    loose = simulate(**values, lookalikes=often)
    firm = simulate(**values, lookalikes={"looseness": {"rate": 0.0}})

    spalls = loose.events[loose.events.kind.isin(RARE_KINDS)]
    assert len(spalls) > firm.events.kind.isin(RARE_KINDS).sum()
    assert (spalls.caused_by > 0).any()


def test_who_seizes_is_served_before_what_can_wait(simulate):
    """Also where somebody had been asked for before, for something else."""
    short = {"scale": 300.0}
    world = simulate(
        n_machines=8,
        machines_per_hall=8,
        n_days=60,
        defects={"mean_growth_time": 40.0, "inner_race": short, "outer_race": short, "ball": short},
        maintenance={
            "machines_per_technician": 8,
            "service_interval": 40.0,
            "mean_service_time": 20.0,
        },
        monitoring={"n_samples": 2_048, "monitored_share": 0.0},
    )
    orders, failures = world.work_orders, world.failures
    overtaken = 0
    for machine, seized_at in zip(failures["machine_id"], failures["at"], strict=True):
        own = orders[(orders["machine_id"] == machine) & (orders["started_at"] >= seized_at)]
        if own.empty:
            continue
        waiting = orders[(orders["opened_at"] < seized_at) & (orders["started_at"] > seized_at)]
        services = waiting[waiting["finding"] == "nothing"]
        assert (services["started_at"] >= own["started_at"].iloc[0]).all()
        overtaken += len(services)

    assert overtaken > 10


def test_services_delay_spalls(simulate):
    """Greased every day as good as new, a part that only wears out hardly ever spalls."""
    wear = {part: {"shape": 3.0, "scale": 400.0} for part in ("inner_race", "outer_race", "ball")}
    values = {
        "n_machines": 6,
        "n_days": 40,
        "defects": wear,
        "monitoring": {"window_interval": 1e4},
    }
    never = simulate(**values, maintenance={"service_interval": 1e6})
    daily = simulate(**values, maintenance={"service_interval": 20.0, "restoration": 1.0})

    n_never, n_daily = (w.events.kind.isin(RARE_KINDS).sum() for w in (never, daily))
    assert n_daily < 0.3 * n_never


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"start_date": "yesterday"}, "write it as 2024-01-31"),
        ({"defects": {"initial_size": 1.0, "failure_size": 0.5}}, "initial_size = 1 mm"),
        ({"bearing": "SKF_1"}, "SKF_6205"),
    ],
)
def test_contradictions_are_refused(values, said):
    """One line names the value and the remedy."""
    with pytest.raises(RequestError, match=said):
        build(BearingRig, values)


@pytest.mark.parametrize(
    "values",
    [
        {"n_machines": 1, "n_days": 1},
        {"n_machines": 1, "n_days": 1, "operation": {"mean_stand_time": 1e4}},
        {"n_machines": 2, "n_days": 2, "operation": {"mean_run_time": 0.2, "mean_spell_time": 0.2}},
        {"n_machines": 2, "n_days": 3, "bearing": "MB_ER10K", "monitoring": {"n_samples": 1_500}},
        {"n_machines": 2, "n_days": 3, "monitoring": {"waveform_share": 0.0}},
        {
            "n_machines": 3,
            "n_days": 5,
            "defects": {
                "mean_growth_time": 0.5,
                "inner_race": {"scale": 1.5},
                "outer_race": {"scale": 1.5},
            },
            "maintenance": {"machines_per_technician": 100, "mean_replacement_time": 0.1},
        },
    ],
    ids=[
        "one day",
        "never starts",
        "short spells",
        "other bearing",
        "no waveforms",
        "seizes daily",
    ],
)
def test_odd_worlds_obey_the_rules(values):
    """Nothing running, everything failing, and what lies between."""
    rig = build(BearingRig, values)
    for block in tables_of(rig):
        for rule in rig.invariants:
            assert np.all(rule(block)), rule.__name__
