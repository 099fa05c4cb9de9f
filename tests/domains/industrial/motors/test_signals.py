"""What a motor tells follows from its plate, its load, its speed and its faults."""

from types import SimpleNamespace

import numpy as np
import pytest
from toys.machines import KEY, conditions, instant, made

from simgen.core import RequestError, Streams, build
from simgen.domains.industrial import MotorFleet
from simgen.domains.industrial.fleet.scenario import make_hall
from simgen.domains.industrial.motors.currents import Motor, mains, phase_currents, tones, unbalance
from simgen.domains.industrial.motors.features import space_vector_spectrum
from simgen.domains.industrial.motors.heat import BREAKDOWN, CLASS_F
from simgen.domains.industrial.motors.motor import MotorParameters
from simgen.domains.industrial.motors.signals import MotorSignals

SIGNALS, RATE = MotorSignals(about=MotorParameters()), 2_000.0
LOOKS = ("supply_unbalance", "load_pulsation")


def steady(name, **values):
    """What a channel reads in the long run."""
    at = conditions(SIGNALS, disturbances=LOOKS, **values)
    return float(np.broadcast_to(SIGNALS.steady(made(SIGNALS), at)[name], 1)[0])


def features(n=16_384, window=1, **values):
    """Of a window under the given conditions."""
    at, machine = instant(SIGNALS, disturbances=LOOKS, **values), made(SIGNALS)
    samples = SIGNALS.sample(KEY, window, machine, at, rate=RATE, n_samples=n)
    return SIGNALS.measure(samples, machine, at, rate=RATE)


def faults(**values):
    """As the formulas for tones take them."""
    return SIGNALS.faults(made(SIGNALS), instant(SIGNALS, disturbances=LOOKS, **values))


def test_the_plate_holds_at_rated_load():
    """The mains give what the shaft does over the efficiency, and slip is taken off the turns."""
    assert steady("power") == pytest.approx(22.0 / 0.92, rel=1e-6)
    assert SIGNALS.ratings()["rated_speed"] == pytest.approx(1_470.0)


@pytest.mark.parametrize("load", [1.0, 0.5])
def test_unbalanced_mains_heat_by_twice_the_square_of_their_per_cent(load):
    """Of the rated rise at rated current, in per cent, and with the current's square elsewhere."""
    machine = made(SIGNALS)._replace(ratio=0j)
    sound, ill = (
        SIGNALS.warmed(
            machine, instant(SIGNALS, disturbances=LOOKS, load=load, supply_unbalance=size)
        )
        for size in (0.0, 0.03)
    )

    current = 0.4**2 + (1.0 - 0.4**2) * load * load
    assert ill - sound == pytest.approx(75.0 * 0.02 * 3.0**2 * current, rel=1e-6)


def test_heat_and_shaking_add_up():
    """A fifth of the winding's rise reaches the bearing; a pulsating load shakes as a power."""
    winding, bearing = (
        steady(name, load=1.0) - steady(name, load=0.5)
        for name in ("winding_temperature", "bearing_temperature")
    )
    shakes = [steady("vibration", load_pulsation=size) for size in (0.0, 0.03)]

    assert bearing == pytest.approx(0.2 * winding)
    assert shakes[1] ** 2 - shakes[0] ** 2 == pytest.approx(1.2**2, rel=1e-6)


def test_broken_bars_stand_at_even_multiples_of_the_slip():
    """On either side of the mains, at twice and at four times it."""
    motor = Motor(2, 28, SIGNALS._orders, 0.02, 0.0)
    found = tones(
        motor, faults(broken_bar=1.0), slip=0.02, load_share=0.9, ratio=0.01, phases=np.zeros(20)
    )
    near = {round(order, 6) for order, *_ in found if 0.9 < order < 1.1}

    assert near - {1.0, 0.98, 1.02} == {0.92, 0.96, 1.04, 1.08}


def test_each_cause_of_unbalance_has_its_angle():
    """Shorted turns that of their phase; mains that of the event, over the locked rotor."""
    both = faults(supply_unbalance=90.01)._replace(turn_short=0.02)

    assert unbalance(both, 0j, 0.0, 0.0) == pytest.approx(0.02 + 0.06j)


@pytest.mark.parametrize("phase", [0, 1, 2])
def test_an_open_phase_has_no_current(phase):
    """Whichever it is."""
    lost = faults(phase_loss=1.0)
    currents = phase_currents(np.array([unbalance(lost, 0j, 0.0, phase * 2.0 * np.pi / 3.0)]))

    assert currents.argmin() == phase
    assert currents.min() == pytest.approx(0.0, abs=1e-12)


def test_any_phase_may_have_the_bad_contact():
    """One in each motor, of which each is the lowest in some."""
    at = conditions(SIGNALS, disturbances=LOOKS, phase_loss=0.8)
    values = [SIGNALS.steady(made(SIGNALS, seed), at) for seed in range(40)]
    lowest = [np.argmin([one[f"current_{x}"].item() for x in "abc"]) for one in values]

    assert np.bincount(lowest, minlength=3).min() > 5


def test_unbalanced_mains_pull_one_way_in_a_hall_and_another_next_time():
    """Of any size that they are given, and in any direction."""
    look = build(MotorFleet, {}).lookalikes.supply_unbalance
    machine = SimpleNamespace(rng=Streams(7).generator("machine"))
    found = mains(np.array([look.size(machine) for _ in range(400)]))
    low, high = look.unbalances

    assert ((abs(found) > low - 1e-9) & (abs(found) < high + 1e-9)).all()
    assert abs((found / abs(found)).mean()) < 0.15
    # A hall's motors have nothing of their own in it.
    assert len({SIGNALS.faults(made(SIGNALS, k), look_at(90.02)).supply for k in range(9)}) == 1


def look_at(size):
    """Conditions under unbalanced mains."""
    return instant(SIGNALS, disturbances=LOOKS, supply_unbalance=size)


@pytest.mark.parametrize("about", [{"broken_bar": 0.5}, {"load_pulsation": 0.02}], ids="".join)
def test_windows_of_a_motor_begin_anywhere_in_its_beat(about):
    """The envelope of a window that is a fraction of a beat long leans any way."""
    machine, at = made(SIGNALS), instant(SIGNALS, disturbances=LOOKS, load=0.8, **about)

    def start(window):
        samples = SIGNALS.sample(KEY, window, machine, at, rate=RATE, n_samples=8_192)
        a, b, c = samples.astype(float)
        envelope = abs(a + b * np.exp(2j * np.pi / 3.0) + c * np.exp(-2j * np.pi / 3.0))
        spectrum = np.fft.rfft((envelope - envelope.mean()) * np.hanning(8_192))
        return np.angle(spectrum[2 + abs(spectrum[2:20]).argmax()])

    found = [start(window) for window in range(60)]
    assert abs(np.exp(1j * np.array(found)).mean()) < 0.4


def test_a_bar_that_begins_to_crack_changes_next_to_nothing():
    """Chance is the same with it and without, though slip is not."""
    sound, cracked = (
        SIGNALS.sample(
            KEY,
            1,
            made(SIGNALS),
            instant(SIGNALS, disturbances=LOOKS, load=0.8, broken_bar=severity),
            rate=RATE,
            n_samples=16_384,
        )
        for severity in (0.0, 1e-3)
    )

    assert (cracked - sound).std() < 0.1 * SIGNALS.floor()


@pytest.mark.parametrize("speed", [0.3, 0.6])
def test_an_inverter_slows_all_that_is_measured(speed):
    """Its frequency is the mains'; a load takes as many turns and as much current as before."""
    rated, slow = (features(load=0.8, speed=one, broken_bar=1.0) for one in (1.0, speed))
    lost = 1_500.0 - steady("speed", load=0.8, broken_bar=1.0)
    turns = steady("speed", load=0.8, speed=speed, broken_bar=1.0)

    assert turns == pytest.approx(1_500.0 * speed - lost)
    assert steady("current_a", speed=speed) == steady("current_a")
    assert steady("power", speed=speed) < (speed + 0.1) * steady("power")
    assert steady("vibration", speed=speed) == pytest.approx(speed * steady("vibration"), rel=0.05)
    assert slow["frequency"] == pytest.approx(50.0 * speed, rel=2e-3)
    assert slow["speed"] == pytest.approx(turns, rel=2e-3)
    assert slow["line_lower_sideband"] == pytest.approx(rated["line_lower_sideband"], rel=0.05)


def test_a_long_window_finds_the_line_of_broken_bars():
    """Though the mains are off, the tachometer rounds, and bins are a turn a minute wide."""
    short = features(load=0.8, broken_bar=0.5)["line_lower_sideband"]
    found = [
        features(131_072, window, load=0.8, broken_bar=0.5)["line_lower_sideband"]
        for window in range(6)
    ]

    assert found == pytest.approx([short] * 6, rel=0.15)


def test_what_is_too_fast_for_the_rate_is_not_folded_back():
    """The slots of forty bars pass at 1034 Hz, which half the rate of 1000 Hz would mirror."""
    signals = MotorSignals(about=MotorParameters(n_rotor_bars=40))
    at = instant(signals, disturbances=LOOKS, load=0.8, eccentricity=1.0)
    samples = signals.sample(KEY, 1, made(signals), at, rate=RATE, n_samples=16_384)
    size, width = np.abs(space_vector_spectrum(samples)), RATE / 16_384
    mirrored = -round((RATE - 1_034.0) / width)

    assert size[mirrored - 80 : mirrored + 80].max() < 1e-3 * size.max()


@pytest.mark.parametrize("defect", ["", "turn_short", "phase_loss"])
def test_a_relay_allows_what_warms_the_winding_to_its_class(defect):
    """Whatever it suffers from; and a cool one as much as does not stall it."""
    about = {"disturbances": LOOKS, **({defect: 1.0} if defect else {})}
    machine, at = made(SIGNALS), instant(SIGNALS, **about)
    most = SIGNALS.most_load(machine, at)
    cool = MotorSignals(about=MotorParameters(warming=0.0))

    assert most < BREAKDOWN
    assert SIGNALS.warmed(machine, instant(SIGNALS, load=most, **about)) == pytest.approx(CLASS_F)
    assert cool.most_load(machine, at) == BREAKDOWN


def test_a_relay_sheds_load_and_gives_it_back():
    """When a spell begins, and while a contact becomes bad and is good again."""
    about = build(MotorFleet, MotorFleet.small)
    streams = Streams(7)
    hall = make_hall(about, about.blocks()[0], about.prepare(streams), streams)
    machine = hall.fleet[0]
    hall.start(machine, 1.0, 3.0)
    sound = machine.duty.load
    part = next(one for one in machine.parts if one.mode.defect == "phase_loss")
    part.event = hall.begin(machine, "phase_loss")
    part.age = part.life
    hall.advance(machine)
    ill, part.event = machine.duty.load, None
    hall.advance(machine)

    assert 1.4 < sound < 1.8
    assert ill < 0.5 * sound
    assert machine.duty.load == sound
    hall.start(machine, 1.0, 0.7)
    assert machine.duty.load == 0.7


def test_a_motor_that_may_stand_still_is_refused():
    """At a speed that the slip of the largest load takes up."""
    with pytest.raises(RequestError, match=r"operation\.speeds starts at 0\.3.*above 0\.4"):
        build(MotorFleet, {"operation": {"speeds": [0.3, 1.0]}, "motor": {"rated_slip": 0.2}})
    with pytest.raises(RequestError, match=r"operation\.speeds"):
        build(MotorFleet, {"operation": {"speeds": [0.5, 1.2]}})
