"""Lines in the spectra of motors and gearboxes against closed forms."""

import math

import numpy as np
import pytest
from scipy import special
from toys.machines import KEY, instant, made

from simgen.domains.industrial.bearings import catalogue
from simgen.domains.industrial.gears.features import line_spectrum, velocity
from simgen.domains.industrial.gears.gearbox import GearParameters
from simgen.domains.industrial.gears.mesh import amplification, bow_levels, sidebands
from simgen.domains.industrial.gears.signals import GearSignals
from simgen.domains.industrial.kernels.tones import make_tones, tone_window
from simgen.domains.industrial.kernels.vibration import MODE
from simgen.domains.industrial.motors.currents import (
    Motor,
    bar_sideband,
    contact_unbalance,
    phase_currents,
)
from simgen.domains.industrial.motors.features import space_vector_spectrum
from simgen.domains.industrial.motors.motor import MotorParameters
from simgen.domains.industrial.motors.signals import MotorSignals

RATE, N = 2_000.0, 20_000  # of current windows: bins of 0.1 Hz
MOTORS = MotorSignals(about=MotorParameters())
GEARS = GearSignals(about=GearParameters())
MOTOR_LOOKS, GEAR_LOOKS = ("supply_unbalance", "load_pulsation"), ("neighbour",)


def current_lines(**faults):
    """Amplitudes by frequency [Hz] of a motor's space vector, and the machine."""
    motor = made(MOTORS)._replace(bars=0.0, eccentricity=0.0, ratio=0j, path=1.0)
    at = instant(MOTORS, disturbances=MOTOR_LOOKS, **faults)
    samples = MOTORS.sample(KEY, 1, motor, at, rate=RATE, n_samples=N)
    size = np.abs(space_vector_spectrum(samples))
    features = MOTORS.measure(samples, motor, at, rate=RATE)
    width = RATE / N

    def line(frequency):
        middle = round(frequency / width)
        return size[np.arange(middle - 2, middle + 3) % N].max()

    return line, features, motor


def test_sidebands_of_broken_bars_tell_how_many_there_are():
    """At (1 - 2 s) f; Thomson and Fenger's n = 2 R / (10^(N/20) + p) gives the bars back."""
    line, features, _ = current_lines(broken_bar=0.5)
    mains, bars = features["frequency"], 2.0
    slip = 1.0 - 2.0 * features["speed"] / 60.0 / mains

    # Under full load, the torque's part of the current is sqrt(1 - 0.4^2).
    torque = math.sqrt(1.0 - 0.4**2)
    ratio = line((1.0 - 2.0 * slip) * mains) / line(mains) / torque
    # A line that falls between two bins of this taper is up to 0.83 dB lower.
    assert 2.0 * 28.0 / (1.0 / ratio + 2.0) == pytest.approx(bars, rel=0.1)
    assert features["line_lower_sideband"] == pytest.approx(torque * ratio, rel=1e-6)


def test_one_bar_of_28_is_35_decibels_down():
    """The formula's own example: 20 log10(1 / 54)."""
    motor = Motor(2, 28, catalogue()["SKF_6205"].orders, 0.02, 0.0)

    assert 20.0 * math.log10(bar_sideband(1.0, motor)) == pytest.approx(-34.65, abs=0.01)


def test_an_open_phase_carries_nothing_and_the_others_root_three():
    """Of the symmetrical components I2 = -I1."""
    ratio = np.array([-contact_unbalance(1.0)], np.complex128)

    np.testing.assert_allclose(phase_currents(ratio)[:, 0], [0.0, 3**0.5, 3**0.5], atol=1e-12)


def test_unbalanced_mains_draw_six_times_the_unbalance():
    """The negative sequence sees the motor as if its rotor were locked."""
    _, features, _ = current_lines(supply_unbalance=0.01)

    assert features["unbalance"] == pytest.approx(0.06, rel=0.05)


def test_an_eccentric_gap_shows_a_turn_away_from_the_mains():
    """At (1 +- (1 - s) / p) f, with the share that the fault has."""
    line, features, _ = current_lines(eccentricity=1.0)
    mains, turn = features["frequency"], features["speed"] / 60.0

    for frequency in (mains - turn, mains + turn):
        assert line(frequency) / line(mains) == pytest.approx(0.02, rel=0.15)


def test_a_spall_shows_its_strikes_away_from_the_mains():
    """At f +- the outer race's order times the turn."""
    line, features, _ = current_lines(outer_race_spall=1.0)
    mains, turn = features["frequency"], features["speed"] / 60.0
    away = catalogue()["SKF_6205"].orders.outer_race * turn

    for frequency in (mains - away, mains + away):
        assert line(frequency) > 5.0 * line(frequency + 3.0)


def test_forward_and_backward_currents_are_told_apart():
    """A line of each sequence, in the space vector's spectrum, has its own height and sign."""
    tones = make_tones([(1.0, 3.0, 0.4, 1.0), (3.0, 0.5, 1.0, -1.0), (2.0, 0.2, 0.0, 1.0)])
    samples = tone_window(KEY, 2, RATE, (50.0, 0.0), tones, np.zeros((3, N)))
    size = np.abs(space_vector_spectrum(samples))

    found = {f: size[round(f * N / RATE) % N] for f in (50.0, -50.0, 150.0, -150.0, 100.0)}
    expected = {50.0: 3.0, -50.0: 0.0, 150.0: 0.0, -150.0: 0.5, 100.0: 0.2}
    assert found == pytest.approx(expected, abs=1e-4)


def gear_lines(gearbox=None, speed=1.0, **faults):
    """Amplitudes of a gearbox's lines by order of the input shaft."""
    gearbox = gearbox or made(GEARS)
    at = instant(GEARS, disturbances=GEAR_LOOKS, speed=speed, **faults)
    rate, n = 12_800.0, 131_072
    samples = GEARS.sample(KEY, 3, gearbox, at, rate=rate, n_samples=n)[0].astype(np.float64)
    size, turn = line_spectrum(samples), speed * 1_470.0 / 60.0

    def line(order):
        middle = round(order * turn * n / rate)
        return size[middle - 3 : middle + 4].max()

    return line, gearbox


def balanced():
    """A gearbox whose shaft is as good as can be when it is new."""
    gearbox = made(GEARS)
    return gearbox._replace(gearbox=gearbox.gearbox._replace(turn=(0.0, 0.0)))


def test_the_mesh_stands_at_teeth_times_turn():
    """The highest line, at the order of the pinion's teeth, stands far above the noise."""
    line, _ = gear_lines()

    assert line(23.0) > 20.0 * line(23.4)
    assert line(46.0) > 10.0 * line(46.4)


@pytest.mark.parametrize(("fault", "order"), [("tooth_wear", 1.0), ("tooth_wear", 23.0 / 67.0)])
def test_worn_gears_raise_sidebands_at_the_turn_of_each(fault, order):
    """Of the pinion at once a turn, of the wheel at its own turn."""
    sound, worn = gear_lines()[0], gear_lines(**{fault: 1.0})[0]

    assert worn(23.0 + order) > 2.0 * sound(23.0 + order)


def test_a_cracked_tooth_makes_many_sidebands():
    """Fifth ones rise by more than three times, while those of a worn gear stay as they were."""
    sound = gear_lines()[0]

    assert gear_lines(tooth_crack=1.0)[0](23.0 + 5.0) > 3.0 * sound(23.0 + 5.0)
    assert gear_lines(tooth_wear=1.0)[0](23.0 + 5.0) < 3.0 * sound(23.0 + 5.0)


@pytest.mark.parametrize(
    ("fault", "order"), [("unbalance", 1.0), ("misalignment", 2.0), ("looseness", 0.5)]
)
def test_each_fault_of_the_shaft_has_its_order(fault, order):
    """Once a turn, twice a turn, and every second turn."""
    sound, faulty = gear_lines()[0], gear_lines(**{fault: 1.0})[0]

    rises = {one: faulty(one) / sound(one) for one in (0.5, 1.0, 2.0, 7.3)}
    assert max(rises, key=rises.get) == order
    assert rises[order] > 4.0


@pytest.mark.parametrize(("place", "order"), [(0.0, 1.0), (1.0, 2.0)])
def test_a_bend_shows_at_one_turn_or_beside_the_coupling_at_two(place, order):
    """Added at once and twice a turn: 0.3 of the first in the middle, twice it at the end."""
    line, _ = gear_lines(gearbox=balanced()._replace(bend_place=place), bent_shaft=1.0)
    first, second = bow_levels(place)

    assert [line(1.0), line(2.0)] == pytest.approx([first, second], rel=0.2)
    assert max((1.0, 2.0), key=line) == order
    assert line(order) > 10.0 * line(order + 0.4)


def test_unbalance_goes_with_speed_squared_and_a_bend_does_not():
    """At half the speed a quarter of the line at the turn is left of one, and all of the other."""

    def line(fault, speed):
        return gear_lines(gearbox=balanced(), speed=speed, **{fault: 1.0})[0](1.0)

    # A line that falls between two bins of this taper is up to 15 % lower.
    assert line("unbalance", 0.5) == pytest.approx(0.25 * line("unbalance", 1.0), rel=0.15)
    assert line("bent_shaft", 0.5) == pytest.approx(line("bent_shaft", 1.0), rel=0.15)


def test_sidebands_are_those_of_modulation():
    """To first order of the Bessel series of (1 + m cos q) cos(o + b sin q)."""
    depth, twist = 0.06, 0.03
    lower, upper = sidebands(depth, twist)
    j0, j1 = special.jv(0, twist), special.jv(1, twist)

    assert lower == pytest.approx(0.5 * depth * j0 - j1, rel=2e-3)
    assert upper == pytest.approx(0.5 * depth * j0 + j1, rel=2e-3)


def test_a_mode_amplifies_by_one_over_twice_its_damping():
    """And what is far below it not at all."""
    mode = np.array([(1_000.0, 0.02, 1.0, 1.0)], MODE)

    found = amplification(mode, np.array([1_000.0, 1.0]))
    np.testing.assert_allclose(found, [1.0 / (2.0 * 0.02), 1.0], rtol=1e-5)


def test_velocity_of_a_tone_is_acceleration_over_angular_frequency():
    """0.1 g at 50 Hz is 2.207 mm/s, root mean square."""
    time = np.arange(12_800) / 12_800.0
    samples = 0.1 * np.sin(2.0 * np.pi * 50.0 * time)

    expected = 0.1 * 9.80665e3 / (2.0 * np.pi * 50.0) / math.sqrt(2.0)
    assert velocity(samples, 12_800.0) == pytest.approx(expected, rel=1e-6)


def test_tones_keep_their_size_and_angle():
    """Between samples the kernel's rotation drifts by no more than rounding."""
    tones = make_tones([(7.3, 2.0, 0.5, 0.0)])
    samples = tone_window(KEY, 4, 12_800.0, (24.5, 0.0), tones, np.zeros((1, 8_000)))[0]
    frequency, time = 7.3 * 24.5, np.arange(8_000) / 12_800.0
    basis = np.exp(-2j * np.pi * frequency * time)
    # Least squares for one tone: in phase and across.
    design = np.stack([basis.real, basis.imag]).T
    fitted = np.linalg.lstsq(design, samples.astype(np.float64), rcond=None)[0]

    assert math.hypot(*fitted) == pytest.approx(2.0, rel=1e-5)
    np.testing.assert_allclose(design @ fitted, samples, atol=2e-5)
