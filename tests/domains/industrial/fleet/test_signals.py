"""Each defect shows where an analyst would look for it, and look-alikes where they would not."""

import numpy as np
import pytest
from toys.machines import KEY, conditions, instant, made

from simgen.domains.industrial.fleet.components import component_table
from simgen.domains.industrial.gears.gearbox import GearParameters
from simgen.domains.industrial.gears.signals import GearSignals
from simgen.domains.industrial.motors.motor import MotorParameters
from simgen.domains.industrial.motors.signals import MotorSignals
from simgen.domains.industrial.presses.press import PressParameters
from simgen.domains.industrial.presses.signals import PressSignals

MOTORS, GEARS = MotorSignals(about=MotorParameters()), GearSignals(about=GearParameters())
PRESSES = PressSignals(about=PressParameters())
LOOKS = {
    MOTORS: ("supply_unbalance", "load_pulsation"),
    GEARS: ("neighbour",),
    PRESSES: ("warm_water", "air_in_oil"),
}
WINDOWS = {MOTORS: (2_000.0, 16_384), GEARS: (12_800.0, 16_384), PRESSES: (100.0, 6_000)}


def features(signals, seed=1, **values):
    """Of a window under the given conditions."""
    machine, (rate, n) = made(signals, seed), WINDOWS[signals]
    at = instant(signals, disturbances=LOOKS[signals], **values)
    samples = signals.sample(KEY, seed, machine, at, rate=rate, n_samples=n)
    return signals.measure(samples, machine, at, rate=rate)


def steady(signals, name, **values):
    """What a channel reads in the long run."""
    at = conditions(signals, disturbances=LOOKS[signals], **values)
    return float(np.broadcast_to(signals.steady(made(signals), at)[name], 1)[0])


@pytest.mark.parametrize("signals", [MOTORS, GEARS, PRESSES], ids=lambda one: one.noun)
def test_what_warms_is_the_same_alone_and_whatever_its_warmth(signals):
    """`warmed` gives that channel of `steady`, under every defect and at every temperature.

    In arrays and, to the last bit, in plain numbers.
    """
    machine, looks = made(signals), LOOKS[signals]
    for name in ("", *component_table(signals.table).defects, *looks):
        about = {"disturbances": looks, "load": 0.8, **({name: 0.02} if name else {})}
        cold, warm = (conditions(signals, warmth=t, **about) for t in (5.0, 60.0))
        alone = signals.warmed(machine, cold)

        np.testing.assert_array_equal(alone, signals.steady(machine, cold)[signals.warming])
        np.testing.assert_array_equal(alone, signals.warmed(machine, warm))
        assert alone.item() == signals.warmed(machine, instant(signals, warmth=5.0, **about))


@pytest.mark.parametrize(
    ("signals", "defect", "feature", "least"),
    [
        (MOTORS, "broken_bar", "line_lower_sideband", 10.0),
        (MOTORS, "eccentricity", "line_eccentricity", 5.0),
        (MOTORS, "turn_short", "unbalance", 5.0),
        (MOTORS, "turn_short", "line_third", 2.5),
        (MOTORS, "phase_loss", "unbalance", 30.0),
        (MOTORS, "outer_race_spall", "line_outer_race", 5.0),
        (MOTORS, "inner_race_spall", "line_inner_race", 5.0),
        (GEARS, "tooth_wear", "line_mesh_3", 2.0),
        (GEARS, "tooth_crack", "residual_kurtosis", 1.5),
        (GEARS, "tooth_crack", "envelope_turn", 2.0),
        (GEARS, "outer_race_spall", "envelope_outer_race", 4.0),
        (GEARS, "inner_race_spall", "envelope_inner_race", 4.0),
        (GEARS, "misalignment", "line_double", 4.0),
        (GEARS, "unbalance", "line_turn", 4.0),
        (GEARS, "bent_shaft", "line_double", 3.0),
        (GEARS, "looseness", "line_half", 4.0),
        (GEARS, "looseness", "line_multiples", 3.0),
        (PRESSES, "valve_lag", "answer_time", 2.5),
        (PRESSES, "pump_leakage", "flow_slope", 5.0),
        (PRESSES, "gas_loss", "ripple", 1.2),
    ],
)
def test_a_defect_raises_its_feature(signals, defect, feature, least):
    """At its worst, by so many times over the sound machine."""
    assert features(signals, **{defect: 1.0})[feature] > least * features(signals)[feature]


@pytest.mark.parametrize(
    ("signals", "defect", "channel", "least"),
    [
        (MOTORS, "broken_bar", "speed", -3.0),
        (MOTORS, "turn_short", "winding_temperature", 15.0),
        (MOTORS, "phase_loss", "current_b", -30.0),
        (MOTORS, "phase_loss", "current_a", 20.0),
        (MOTORS, "outer_race_spall", "bearing_temperature", 20.0),
        (MOTORS, "eccentricity", "vibration", 1.0),
        (GEARS, "tooth_wear", "debris", 10.0),
        (GEARS, "tooth_wear", "oil_temperature", 5.0),
        (GEARS, "inner_race_spall", "bearing_temperature", 15.0),
        (GEARS, "unbalance", "vibration", 2.0),
        (GEARS, "bent_shaft", "vibration", 1.0),
        (PRESSES, "cooler_fouling", "oil_temperature", 30.0),
        (PRESSES, "cooler_fouling", "return_temperature", 30.0),
        (PRESSES, "pump_leakage", "flow", -4.0),
        (PRESSES, "pump_leakage", "pressure", -40.0),
    ],
)
def test_a_defect_moves_its_channel(signals, defect, channel, least):
    """At its worst, by so much, up or down."""
    moved = steady(signals, channel, **{defect: 1.0}) - steady(signals, channel)

    assert moved / least > 1.0


@pytest.mark.parametrize("signals", [MOTORS, GEARS, PRESSES], ids=lambda one: one.noun)
def test_every_defect_marks_windows_more_as_it_grows(signals):
    """What it adds grows from severity 0.2 to 0.6 to 1."""
    rate, n = WINDOWS[signals]
    machine = made(signals)

    def window(**values):
        at = instant(signals, disturbances=LOOKS[signals], **values)
        return signals.sample(KEY, 5, machine, at, rate=rate, n_samples=n).astype(np.float64)

    sound = window()
    # A cooler shows in a window by the oil's warmth alone, which is given here.
    for defect in sorted({*component_table(signals.table).defects} - {"cooler_fouling"}):
        added = [np.square(window(**{defect: size}) - sound).sum() for size in (0.2, 0.6, 1.0)]
        assert 0.0 < added[0] < added[1] < added[2], defect


def test_a_bend_shakes_a_slow_gearbox_more_and_unbalance_less():
    """A force is an acceleration: if it does not know of speed, velocity falls with it.

    That of unbalance goes with its square, and velocity with it itself.
    """
    added = {
        defect: [
            steady(GEARS, "vibration", speed=speed, **{defect: 1.0})
            - steady(GEARS, "vibration", speed=speed)
            for speed in (0.75, 1.0)
        ]
        for defect in ("bent_shaft", "unbalance")
    }

    assert added["bent_shaft"][0] > 1.2 * added["bent_shaft"][1]
    assert added["unbalance"][0] == pytest.approx(0.75 * added["unbalance"][1], rel=0.03)


def test_load_that_pulsates_looks_like_broken_bars():
    """Its sidebands are as high as those of bars, wherever they stand."""
    pulsating = [features(MOTORS, seed, load_pulsation=0.02) for seed in range(1, 30)]
    sound = features(MOTORS)["line_lower_sideband"]

    assert max(one["line_lower_sideband"] for one in pulsating) > 5.0 * sound


def test_unbalanced_mains_look_like_shorted_turns():
    """In the negative sequence, and less in the third harmonic."""
    mains, short = features(MOTORS, supply_unbalance=0.02), features(MOTORS, turn_short=1.0)

    assert mains["unbalance"] == pytest.approx(short["unbalance"], rel=0.3)
    assert mains["line_third"] < 0.8 * short["line_third"]


def test_a_neighbour_looks_like_unbalance():
    """Near one turn; but its own turn is another."""
    found = [features(GEARS, seed, neighbour=0.1)["line_turn"] for seed in range(1, 12)]

    assert max(found) > 4.0 * features(GEARS)["line_turn"]


def test_warm_water_looks_like_a_fouled_cooler():
    """Both warm the oil on either side of the cooler alike, as heat has to leave there."""
    sound, fouled, warm = (
        {name: steady(PRESSES, name, **what) for name in ("oil_temperature", "return_temperature")}
        for what in ({}, {"cooler_fouling": 0.4}, {"warm_water": 10.0})
    )
    cooled = [one["oil_temperature"] - one["return_temperature"] for one in (sound, fouled, warm)]

    assert warm["oil_temperature"] > sound["oil_temperature"] + 5.0
    assert fouled["oil_temperature"] > sound["oil_temperature"] + 5.0
    assert cooled == pytest.approx([cooled[0]] * 3)


def test_air_in_oil_softens_as_lost_gas_does_not():
    """Pressure falls more slowly with air, and faster without gas."""
    sound = features(PRESSES)["fall_time"]

    assert features(PRESSES, air_in_oil=1.0)["fall_time"] > 1.05 * sound
    assert features(PRESSES, gas_loss=1.0)["fall_time"] < 0.95 * sound


def test_cold_oil_looks_like_a_defect():
    """A gearbox hisses and shakes, and the valve of a press answers late."""
    assert features(GEARS, warmth=5.0)["rms"] > 1.2 * features(GEARS)["rms"]
    # Tones of mesh and turns, which are most of the velocity, know nothing of the oil.
    assert steady(GEARS, "vibration", warmth=5.0) > 1.1 * steady(GEARS, "vibration")
    assert steady(MOTORS, "vibration", warmth=5.0) > 1.5 * steady(MOTORS, "vibration")
    late, usual = (features(PRESSES, warmth=warmth)["answer_time"] for warmth in (5.0, 45.0))
    assert late > 1.3 * usual


def test_slip_rises_with_load():
    """Rated at rated load, and about nothing without."""
    assert steady(MOTORS, "speed") == pytest.approx(1_470.0, rel=2e-4)
    assert steady(MOTORS, "speed", load=0.05) == pytest.approx(1_498.5, rel=2e-4)
    assert steady(MOTORS, "current_a") == pytest.approx(41.0, rel=0.02)


def test_the_mesh_rises_with_load_and_speed():
    """A sound gearbox is louder at work, so that a level alone says little."""
    loud, quiet = features(GEARS, load=1.4), features(GEARS, load=0.5, speed=0.75)

    assert loud["line_mesh_1"] > 1.5 * quiet["line_mesh_1"]


def test_a_stuck_clamp_is_measured_without_dividing_by_nothing():
    """A window of zeros has no mains."""
    at, machine = instant(MOTORS, disturbances=LOOKS[MOTORS]), made(MOTORS)
    found = MOTORS.measure(np.zeros((3, 16_384), np.float32), machine, at, rate=2_000.0)

    assert all(np.isfinite(value) for value in found.values())
