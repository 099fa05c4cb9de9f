"""Telemetry and windows of a gearbox tell of the same housing."""

import numpy as np
import pytest
from toys.machines import KEY, conditions, instant, made
from toys.worlds import world

from simgen.domains.industrial import GearboxLine
from simgen.domains.industrial.fleet.components import component_table
from simgen.domains.industrial.gears.features import line_spectrum
from simgen.domains.industrial.gears.gearbox import GearParameters
from simgen.domains.industrial.gears.mesh import mesh_levels
from simgen.domains.industrial.gears.signals import GearSignals, _faults, _rolling

SIGNALS = GearSignals(about=GearParameters())
DEFECTS = component_table(SIGNALS.table).defects


def both(seed, **values):
    """Velocity in telemetry, without noise, and in a window of one machine [mm/s]."""
    machine, values = made(SIGNALS, seed), values | {"disturbances": ("neighbour",)}
    at = instant(SIGNALS, **values)
    samples = SIGNALS.sample(KEY, seed, machine, at, rate=12_800.0, n_samples=16_384)
    found = SIGNALS.measure(samples, machine, at, rate=12_800.0)
    steady = SIGNALS.steady(machine, conditions(SIGNALS, **values))
    return steady["vibration"].item(), found["velocity"]


@pytest.mark.parametrize("speed", [0.85, 1.0])
@pytest.mark.parametrize(
    "about",
    [{}, {"load": 0.4}, {"warmth": 5.0}, *({defect: 1.0} for defect in DEFECTS)],
    ids=lambda about: "".join(about) or "sound",
)
def test_velocity_is_the_same_in_telemetry_and_windows(about, speed):
    """Of sound and of ill machines; a window is short, so that noise and strikes differ in it."""
    pairs = np.array([both(seed, speed=speed, **about) for seed in range(1, 9)])
    ratio = pairs[:, 0] / pairs[:, 1]

    assert np.median(ratio) == pytest.approx(1.0, abs=0.08)
    assert np.all((ratio > 0.75) & (ratio < 1.4))


def test_noise_is_as_loud_at_any_rate():
    """Half as much a sample at four times the rate, of which the modes make the same."""

    def stiff(rate):
        # Cold oil adds rolling noise and nothing else.
        cold, warm = (
            SIGNALS.sample(
                KEY,
                1,
                made(SIGNALS),
                instant(SIGNALS, disturbances=("neighbour",), warmth=warmth),
                rate=rate,
                n_samples=int(2.0 * rate),
            )
            for warmth in (0.0, 60.0)
        )
        return (cold - warm).std()

    assert stiff(51_200.0) == pytest.approx(stiff(12_800.0), rel=0.1)


def test_a_neighbour_beats_from_anywhere():
    """Windows of one machine catch it in step with the turn, against it, and between."""
    machine, looks = made(SIGNALS), {"disturbances": ("neighbour",)}
    turn = np.exp(-2j * np.pi * 24.5 / 12_800.0 * np.arange(2_048))

    def sample(window, **values):
        at = instant(SIGNALS, **looks, **values)
        return SIGNALS.sample(KEY, window, machine, at, rate=12_800.0, n_samples=2_048)[0]

    def lead(window):
        sound = sample(window)
        neighbour, own = sample(window, neighbour=0.1), sample(window, unbalance=1.0)
        return np.angle(turn @ (neighbour - sound)) - np.angle(turn @ (own - sound))

    found = np.array([lead(window) for window in range(200)])
    assert abs(np.exp(1j * found).mean()) < 0.2


def test_a_neighbour_shakes_telemetry_as_it_shakes_windows():
    """Though it beats with the turn, which a window is too short to average."""
    ratio = [np.divide(*both(seed, neighbour=0.08)) for seed in range(1, 9)]

    assert np.median(ratio) == pytest.approx(1.0, abs=0.1)


def test_telemetry_at_many_speeds_is_that_of_each():
    """Rows in any order of speed, each as if it were alone."""
    machine, speeds = made(SIGNALS), np.array([1.0, 0.75, 0.9, 0.75])
    alone = [
        SIGNALS.steady(
            machine,
            conditions(
                SIGNALS, speed=speed, looseness=0.5, neighbour=0.0, disturbances=("neighbour",)
            ),
        )
        for speed in speeds
    ]
    at = conditions(SIGNALS, disturbances=("neighbour",), looseness=0.5)
    many = {name: np.repeat(getattr(at, name), 4) for name in ("load", "hall", "warmth")}
    severity = {name: np.repeat(size, 4) for name, size in at.severity.items()}
    disturbance = {name: np.repeat(size, 4) for name, size in at.disturbance.items()}
    together = SIGNALS.steady(
        machine, type(at)(speed=speeds, severity=severity, disturbance=disturbance, **many)
    )

    expected = np.concatenate([one["vibration"] for one in alone])
    np.testing.assert_array_equal(together["vibration"], expected)
    assert expected[1] == expected[3]


def test_debris_is_counted():
    """Whole particles, which vary as counts do: by the root of their mean."""
    found = world(GearboxLine, ageing=1e-3, first_age=0.0).telemetry
    counted = found.groupby("machine_id").debris.agg(["mean", "var", "size"])

    assert (found.debris >= 0.0).all()
    assert (found.debris % 1.0 == 0.0).all()
    assert counted["size"].min() > 300
    assert (counted["var"] / counted["mean"]).between(0.8, 1.25).all()


def steady(name, **values):
    """What a channel reads in the long run."""
    at = conditions(SIGNALS, disturbances=("neighbour",), **values)
    return SIGNALS.steady(made(SIGNALS), at)[name].item()


def levels(speed=1.0, load=1.0, **values):
    """Of the mesh's multiples [g]."""
    faults = _faults(made(SIGNALS), instant(SIGNALS, disturbances=("neighbour",), **values))
    return mesh_levels(made(SIGNALS).gearbox, faults, speed, load)


def test_the_plate_tells_the_teeth():
    """Of both gears."""
    assert (SIGNALS.ratings()["n_pinion"], SIGNALS.ratings()["n_wheel"]) == (23.0, 67.0)


def test_oil_and_bearing_warm_from_the_hall():
    """Oil with speed, the bearing with the hall, and cold oil takes power."""
    slow, usual = (steady("oil_temperature", speed=speed) - 18.0 for speed in (0.5, 1.0))
    cool, warm = (steady("bearing_temperature", hall=hall) for hall in (18.0, 30.0))

    assert slow == pytest.approx(0.5 * usual)
    assert warm - cool == pytest.approx(12.0)
    assert steady("power", warmth=5.0) > steady("power", warmth=60.0) + 0.2


def test_worn_teeth_shed_with_load():
    """Half as much at half of it, over what a sound gearbox sheds."""
    half, full = (
        steady("debris", load=load, tooth_wear=1.0) - steady("debris", load=load)
        for load in (0.5, 1.0)
    )

    assert half == pytest.approx(0.5 * full)


def test_the_mesh_rises_with_the_square_of_speed_and_its_second_multiple_with_an_offset():
    """Misalignment doubles the second multiple at its worst and leaves the others."""
    sound = levels()

    assert levels(speed=0.5) == pytest.approx([0.25 * level for level in sound])
    assert levels(misalignment=1.0) == pytest.approx([sound[0], 2.0 * sound[1], *sound[2:]])


def test_noise_rises_faster_than_speed():
    """With its power of one and a half."""
    slow, usual = (
        _rolling(made(SIGNALS), instant(SIGNALS, disturbances=("neighbour",), speed=speed), 0.0)
        for speed in (0.5, 1.0)
    )

    assert slow == pytest.approx(0.5**1.5 * usual)


def test_only_the_inner_race_carries_its_spall_through_the_load():
    """The outer race stands still."""
    both = {"inner_race_spall": 1.0, "outer_race_spall": 1.0}

    assert [row["zone_order"] for row in SIGNALS._strikes(both, 1.0, 1.0)] == [0.0, 1.0]


def test_what_is_too_fast_for_the_rate_is_not_folded_back():
    """Three hundred teeth mesh at 7350 Hz, which half the rate of 6400 Hz would mirror."""
    signals = GearSignals(about=GearParameters(n_pinion=300, n_wheel=600))
    at = instant(signals, disturbances=("neighbour",))
    samples = signals.sample(KEY, 1, made(signals), at, rate=12_800.0, n_samples=16_384)
    mirrored = round((12_800.0 - 7_350.0) / 12_800.0 * 16_384)
    size = line_spectrum(samples[0].astype(np.float64))

    assert (
        size[mirrored - 20 : mirrored + 20].max() < 4.0 * size[mirrored - 90 : mirrored - 40].max()
    )
