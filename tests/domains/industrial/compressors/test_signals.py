"""Each defect of a compressor shows where an analyst would look, and look-alikes elsewhere."""

from dataclasses import replace

import numpy as np
import pytest
from toys.machines import KEY, conditions, instant, made

from simgen.domains.industrial.compressors.compressor import (
    RECIPROCATING,
    SCREW,
    CompressorParameters,
    built,
    machines_with,
    rated_power,
    working,
)
from simgen.domains.industrial.compressors.fan import FAN_RATE, fan_speed
from simgen.domains.industrial.compressors.signals import CompressorSignals
from simgen.domains.industrial.fleet.components import component_table

SIGNALS = CompressorSignals(about=CompressorParameters())
LOOKS = ("hot_coolant", "humid_air", "pulsing_consumer")


def machine(kind):
    """One of a kind, as it was built."""
    return made(SIGNALS)._replace(kind=kind)


def features(kind, **values):
    """Of a window under the given conditions."""
    at, one = instant(SIGNALS, disturbances=LOOKS, **values), machine(kind)
    samples = SIGNALS.sample(KEY, 5, one, at, rate=12_800.0, n_samples=8_192)
    return SIGNALS.measure(samples, one, at, rate=12_800.0)


def test_noise_is_as_loud_at_any_rate():
    """Half as much a sample at four times the rate, of which the modes make the same."""

    def stiff(rate):
        # Cold oil adds rolling noise and nothing else.
        cold, warm = (
            SIGNALS.sample(
                KEY,
                5,
                machine(SCREW),
                instant(SIGNALS, disturbances=LOOKS, warmth=warmth),
                rate=rate,
                n_samples=int(2.0 * rate),
            )[0]
            for warmth in (0.0, 60.0)
        )
        return (cold - warm).std()

    assert stiff(51_200.0) == pytest.approx(stiff(12_800.0), rel=0.1)


def steady(kind, name, **values):
    """What a channel reads in the long run."""
    at = conditions(SIGNALS, disturbances=LOOKS, **values)
    return float(np.broadcast_to(SIGNALS.steady(machine(kind), at)[name], 1)[0])


@pytest.mark.parametrize(
    ("kind", "defect", "feature", "least"),
    [
        (RECIPROCATING, "first_valve_leakage", "interstage_lack", 1.08),
        (RECIPROCATING, "second_valve_leakage", "interstage_excess", 1.08),
        (RECIPROCATING, "second_valve_leakage", "band_high", 1.3),
        (SCREW, "intercooler_fouling", "interstage_excess", 1.08),
        (SCREW, "filter_clogging", "interstage_lack", 1.03),
        (SCREW, "rotor_wear", "line_lobes", 2.5),
        (SCREW, "outer_race_spall", "envelope_outer_race", 3.0),
        (RECIPROCATING, "ring_wear", "rms", 1.2),
        (RECIPROCATING, "valve_spring_fatigue", "interstage_excess", 1.08),
        (RECIPROCATING, "valve_spring_fatigue", "kurtosis", 1.2),
        (SCREW, "fan_unbalance", "line_fan", 3.0),
        (RECIPROCATING, "fan_unbalance", "line_fan", 3.0),
        (SCREW, "belt_wear", "line_belt", 3.0),
        (RECIPROCATING, "belt_wear", "line_belt", 3.0),
    ],
)
def test_a_defect_raises_its_feature(kind, defect, feature, least):
    """At its worst, by so many times over the sound machine."""
    assert features(kind, **{defect: 1.0})[feature] > least * features(kind)[feature]


@pytest.mark.parametrize(
    ("kind", "defect", "channel", "least"),
    [
        (SCREW, "filter_clogging", "suction_pressure", -0.05),
        (SCREW, "intercooler_fouling", "interstage_temperature", 30.0),
        (SCREW, "intercooler_fouling", "discharge_temperature", 25.0),
        (SCREW, "intercooler_fouling", "power", 3.0),
        (RECIPROCATING, "first_valve_leakage", "flow", -2.0),
        (RECIPROCATING, "first_valve_leakage", "first_temperature", 4.0),
        (RECIPROCATING, "second_valve_leakage", "discharge_temperature", 6.0),
        (RECIPROCATING, "ring_wear", "flow", -1.0),
        (SCREW, "rotor_wear", "flow", -1.5),
        (SCREW, "outer_race_spall", "oil_temperature", 8.0),
        (SCREW, "oil_pump_wear", "oil_pressure", -1.0),
        (SCREW, "desiccant_ageing", "dew_point", 25.0),
        (SCREW, "outer_race_spall", "vibration", 2.0),
        (RECIPROCATING, "valve_spring_fatigue", "discharge_temperature", 6.0),
        (RECIPROCATING, "valve_spring_fatigue", "flow", -0.3),
        (SCREW, "intake_valve_stiction", "pressure_swing", 0.1),
        (SCREW, "intake_valve_stiction", "power_swing", 2.0),
        (SCREW, "fan_unbalance", "vibration", 1.0),
        (SCREW, "belt_wear", "outlet_temperature", 1.5),
        (SCREW, "belt_wear", "dew_point", 0.8),
    ],
)
def test_a_defect_moves_its_channel(kind, defect, channel, least):
    """At its worst, by so much, up or down."""
    moved = steady(kind, channel, **{defect: 1.0}) - steady(kind, channel)

    assert moved / least > 1.0


@pytest.mark.parametrize("kind", [SCREW, RECIPROCATING])
def test_temperatures_are_those_of_real_machines(kind):
    """Dry screws 150 to 210 degree Celsius, cooled pistons 100 to 150, at 20 in the hall."""
    low, high = (150.0, 210.0) if kind == SCREW else (100.0, 150.0)

    assert low < steady(kind, "discharge_temperature", hall=20.0) < high
    assert 80.0 < steady(kind, "power", hall=20.0) < 130.0


@pytest.mark.parametrize("defect", ["rotor_wear", "outer_race_spall", "intercooler_fouling"])
def test_oil_warms_as_a_row_of_telemetry_has_it(defect):
    """`warmed` gives that channel of `steady`, which does not hang on how warm the oil is."""
    at = [conditions(SIGNALS, warmth=t, disturbances=LOOKS, **{defect: 0.7}) for t in (5.0, 60.0)]
    one = machine(SCREW)
    alone = SIGNALS.warmed(one, at[0])

    np.testing.assert_array_equal(alone, SIGNALS.steady(one, at[0])["oil_temperature"])
    np.testing.assert_array_equal(alone, SIGNALS.warmed(one, at[1]))


def test_machines_side_by_side_work_as_each_alone():
    """One of them stands for all conditions; several have one each."""
    machines = [machine(kind) for kind in (SCREW, RECIPROCATING)]
    about, alone = SIGNALS.about, conditions(SIGNALS, disturbances=LOOKS, ring_wear=0.5)
    both = replace(
        alone,
        **{name: np.repeat(getattr(alone, name), 2) for name in ("speed", "load", "hall")},
        severity={name: np.repeat(size, 2) for name, size in alone.severity.items()},
        disturbance={name: np.repeat(size, 2) for name, size in alone.disturbance.items()},
    )
    together = working(about, built(about, *machines), both)

    for place, one in enumerate(machines):
        assert together[place] == working(about, built(about, one), alone)[0]
        assert together[place] == working(about, built(about, one), both)[1]


def test_hot_coolant_looks_like_a_fouled_cooler_but_cools_the_same():
    """Both heat the air between the stages; only fouling changes the share that is taken off."""
    hot = {"hot_coolant": 12.0}
    first, cooled = "first_temperature", "interstage_temperature"
    share = {}
    for name, what, coolant in (
        ("sound", {}, 24.0),
        ("hot", hot, 36.0),
        ("fouled", {"intercooler_fouling": 0.3}, 24.0),
    ):
        before, behind = steady(SCREW, first, **what), steady(SCREW, cooled, **what)
        share[name] = (before - behind) / (before - coolant)

    assert steady(SCREW, cooled, **hot) > steady(SCREW, cooled) + 8.0
    assert share["hot"] == pytest.approx(share["sound"], abs=1e-6)
    assert share["fouled"] < 0.9 * share["sound"]


@pytest.mark.parametrize("defect", ["fan_unbalance", "belt_wear", "valve_spring_fatigue"])
def test_a_defect_marks_windows_more_as_it_grows(defect):
    """What it adds grows from severity 0.2 to 0.6 to 1."""

    def window(**values):
        at = instant(SIGNALS, disturbances=LOOKS, **values)
        one = machine(RECIPROCATING)
        return SIGNALS.sample(KEY, 5, one, at, rate=12_800.0, n_samples=8_192).astype(np.float64)

    added = [np.square(window(**{defect: size}) - window())[0].sum() for size in (0.2, 0.6, 1.0)]
    assert 0.0 < added[0] < added[1] < added[2]


def test_a_hunting_pressure_reaches_the_windows_in_pieces():
    """Their means spread by half the swing's share of the header's pressure, and not if sound."""
    hunting, calm = (
        [
            SIGNALS.sample(
                KEY,
                number,
                machine(SCREW),
                instant(SIGNALS, disturbances=LOOKS, intake_valve_stiction=severity),
                rate=12_800.0,
                n_samples=1_024,
            )[1].mean()
            for number in range(60)
        ]
        for severity in (1.0, 0.0)
    )
    # A ratio of pressures to the power 1/2 of a swing of 0.3 / 1.4 bar about 8.
    expected = 0.5 * 0.3 / 1.4 / 8.01 * np.mean(calm)

    assert np.ptp(calm) < 0.02
    assert np.ptp(hunting) == pytest.approx(expected, rel=0.25)


def test_a_tired_spring_looks_like_a_leak_but_fades_at_low_speed():
    """Both heat the second stage; in a slow turn a plate has the time to shut, a gap to leak."""
    heat = {
        defect: [
            steady(RECIPROCATING, "discharge_temperature", speed=speed, **{defect: 1.0})
            - steady(RECIPROCATING, "discharge_temperature", speed=speed)
            for speed in (0.4, 1.0)
        ]
        for defect in ("valve_spring_fatigue", "second_valve_leakage")
    }

    assert heat["valve_spring_fatigue"][1] == pytest.approx(
        heat["second_valve_leakage"][1], rel=0.4
    )
    assert heat["valve_spring_fatigue"][0] < 0.35 * heat["valve_spring_fatigue"][1]
    assert heat["second_valve_leakage"][0] > heat["second_valve_leakage"][1]


def test_a_tired_spring_knocks_and_a_leak_hisses():
    """The one makes strikes higher, the other what is between them louder."""
    spring, leak = (
        features(RECIPROCATING, **{defect: 1.0})
        for defect in ("valve_spring_fatigue", "second_valve_leakage")
    )

    assert spring["kurtosis"] > 1.5 * features(RECIPROCATING)["kurtosis"] > 1.5 * leak["kurtosis"]
    assert leak["band_low"] > 1.3 * spring["band_low"]


def test_stiction_is_that_of_one_machine_and_gulps_are_of_all():
    """Both swing a screw's pressure and power; only a consumer's swing those of pistons, too."""
    for name in ("pressure_swing", "power_swing"):
        for kind, moved in ((SCREW, True), (RECIPROCATING, False)):
            calm = steady(kind, name)
            assert steady(kind, name, pulsing_consumer=0.15) > 1.5 * calm
            assert machines_with("intake_valve") == (SCREW,)
            assert not moved or steady(kind, name, intake_valve_stiction=0.7) > 1.5 * calm


def test_the_fan_is_found_where_its_belt_lets_it_turn():
    """To a few turns a minute, by a window of less than a second."""
    for wear in (0.0, 0.5, 1.0):
        expected = 60.0 * FAN_RATE * fan_speed(wear)
        found = features(SCREW, speed=0.8, belt_wear=wear)["fan_speed"]
        assert found == pytest.approx(expected, abs=20.0)


def test_multiples_of_the_shaft_are_not_taken_for_the_fan_or_its_belt():
    """At every speed a sound machine's lines stay below those of an ill one."""
    speeds = np.linspace(0.35, 1.0, 40)
    for kind in (SCREW, RECIPROCATING):
        found = [features(kind, speed=speed) for speed in speeds]
        for name in ("line_fan", "line_belt"):
            lines = np.array([one[name] for one in found])
            assert lines.max() < 2.0 * np.median(lines)


def test_pistons_have_valves_and_screws_have_rotors():
    """What one kind lacks cannot fail in it."""
    assert machines_with("first_valves") == (RECIPROCATING,)
    assert machines_with("rotors") == (SCREW,)
    assert set(machines_with("intercooler")) == {SCREW, RECIPROCATING}
    assert not SIGNALS.has(machine(SCREW), "rings")
    kinds = component_table("compressors").kinds
    assert sum(SIGNALS.has(machine(SCREW), kind) for kind in kinds) == 9


def test_a_sensor_that_sends_nothing_is_measured():
    """A window of zeros has no pressure, and still no division by nothing."""
    at = instant(SIGNALS, disturbances=LOOKS)
    nothing = np.zeros((2, 8_192), np.float32)
    found = SIGNALS.measure(nothing, machine(SCREW), at, rate=12_800.0)

    assert all(np.isfinite(value) for value in found.values())


@pytest.mark.parametrize(
    ("rated_flow", "header_pressure"), [(20.0, 7.0), (500.0, 7.0), (0.5, 7.0), (20.0, 15.0)]
)
@pytest.mark.parametrize("kind", [SCREW, RECIPROCATING])
def test_oil_is_as_warm_in_large_machines_as_in_small_ones(kind, rated_flow, header_pressure):
    """Its motor is made for the flow and the pressure, and the rise is that of its power."""
    about = CompressorParameters(rated_flow=rated_flow, header_pressure=header_pressure)
    signals = CompressorSignals(about=about)
    found = signals.steady(machine(kind), conditions(signals, disturbances=LOOKS))

    assert found["oil_temperature"].item() == pytest.approx(47.5, abs=1.5)
    assert found["power"].item() == pytest.approx(rated_power(about), rel=0.2)
