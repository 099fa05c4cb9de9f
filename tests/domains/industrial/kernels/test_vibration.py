"""Vibration windows obey the kinematics and the statistics they are made from."""

import numpy as np
import pytest
from scipy import signal, stats

from simgen.core import Streams
from simgen.domains.industrial.kernels.rolling import noise_share
from simgen.domains.industrial.kernels.vibration import (
    DEFECT,
    MODE,
    RUNNING,
    load_at,
    vibrate,
    warm_up,
)
from simgen.domains.industrial.spectra import envelope_spectrum

RATE, SHAFT_RATE = 12_000.0, 29.95  # [Hz]
MODES = np.array([(600.0, 0.02, 1.0, 1.0)], MODE)


def noise(rate, n, window=1, **defect):
    """Acceleration that noise of levels as at 12 kHz makes, with what a defect adds, at a rate."""
    running, record = np.zeros(1, RUNNING), np.zeros(1, DEFECT)
    running["shaft_rate"], running["rolling"] = SHAFT_RATE, 0.1 * noise_share(rate, RATE)
    for name, value in defect.items():
        record[name] = value
    record["roughness"] *= noise_share(rate, RATE)
    out, key = np.empty(n, np.float32), Streams(5).key("windows")
    squares = vibrate(key, window, rate, running[0], MODES, np.zeros((0, 2)), record[0], out)
    return out, squares


@pytest.mark.parametrize("rate", [48_000.0, 200_000.0])
def test_noise_is_as_loud_at_any_rate(rate):
    """That of sound contacts, and what a rough one adds."""
    about = {"order": 3.6, "zone": 1e3, "roughness": 0.2}
    _, squares = noise(rate, int(2.0 * rate), **about)
    _, usual = noise(RATE, int(2.0 * RATE), **about)

    np.testing.assert_allclose(squares, usual, rtol=0.2)


@pytest.mark.parametrize("rate", [RATE, 200_000.0])
def test_a_window_begins_as_loud_as_it_goes_on(rate):
    """At any rate: modes have forgotten that they began at rest."""
    n = int(0.03 * rate)
    samples = np.array([noise(rate, n, window)[0] for window in range(300)])

    assert samples[:, : n // 10].std() == pytest.approx(samples[:, n // 2 :].std(), rel=0.1)


def test_a_warm_up_takes_forty_milliseconds():
    """In whole lots of 256 samples, and never less than two of them."""
    rates = (2_000.0, 12_000.0, 12_800.0, 12_900.0, 200_000.0)

    assert [warm_up(rate) for rate in rates] == [512, 512, 512, 768, 8_192]


def strikes(orders, fault):
    """What a defect of each part does, and the frequency [Hz] at which its envelope peaks."""
    return {
        "inner_race": ({"order": orders.inner_race, "zone_order": 1.0}, orders.inner_race),
        "outer_race": ({"order": orders.outer_race, "phase": 0.4}, orders.outer_race),
        "ball": ({"order": 2 * orders.ball, "zone_order": orders.cage}, 2 * orders.ball),
        "cage": ({"order": orders.cage}, orders.cage),
    }[fault]


@pytest.mark.parametrize("fault", ["inner_race", "outer_race", "ball", "cage"])
def test_the_envelope_peaks_at_the_faults_order(window, orders, fault):
    """Within one bin of the kinematic frequency, though strikes slip by 1 %."""
    defect, order = strikes(orders, fault)
    samples, _ = window(amplitude=1.0, slip=0.01, spread=0.1, **defect)

    frequency, amplitudes = envelope_spectrum(samples[None].astype(float), RATE)
    peak = frequency[1:][amplitudes[0, 1:].argmax()]
    assert abs(peak - order * SHAFT_RATE) <= frequency[1]


def test_a_defect_on_the_inner_race_is_modulated_by_the_shaft(window, orders):
    """It passes through the load zone once a turn: sidebands a shaft's rate apart."""
    samples, _ = window(amplitude=1.0, order=orders.inner_race, zone_order=1.0)
    steady, _ = window(amplitude=1.0, order=orders.outer_race)

    def line(of, at):
        frequency, amplitudes = envelope_spectrum(of[None].astype(float), RATE)
        return amplitudes[0, np.abs(frequency - at).argmin()] / amplitudes[0, 1:].max()

    assert line(samples, SHAFT_RATE) > 0.3
    assert line(steady, SHAFT_RATE) < 0.1


def test_without_a_defect_nothing_is_added(window):
    """Noise of many contacts is Gaussian; the added mean square is 0."""
    samples, (square, added) = window()

    assert added == 0.0
    assert square == pytest.approx(np.mean(samples.astype(float) ** 2), rel=1e-4)
    assert stats.kurtosis(samples) == pytest.approx(0.0, abs=0.5)


def test_strikes_make_it_impulsive_and_roughness_does_not(window, orders):
    """Kurtosis tells a sharp spall from a worn surface of the same energy."""
    order = orders.outer_race
    sharp, (_, sharp_added) = window(amplitude=1.0, order=order)
    rough, (_, rough_added) = window(roughness=0.09, order=order)

    assert sharp_added == pytest.approx(rough_added, rel=0.5)
    assert stats.kurtosis(sharp) > 5.0
    assert stats.kurtosis(rough) < 1.0


def test_a_ball_that_wanders_swells_and_fades(window):
    """Its hiss is as strong on average, but comes and goes over some hundredths of a second."""

    def swelling(wander):
        samples, (_, added) = window(order=4.7, roughness=0.5, rolling=0.0, wander=wander)
        frequency, amplitudes = envelope_spectrum(samples[None].astype(float), RATE)
        slow = (frequency > 2.0) & (frequency < 20.0)
        return amplitudes[0, slow].mean() / amplitudes[0, ~slow].mean(), added

    (steady, as_strong), (wandering, added) = swelling(0.0), swelling(0.5)
    assert wandering > 2.0 * steady
    assert added == pytest.approx(as_strong, rel=0.4)


def test_load_that_turns_with_the_shaft_marks_what_stands_still(window, orders):
    """The outer race's strikes get sidebands; the inner race turns with that load and gets none."""

    def sideband(order, sway, **defect):
        samples, _ = window(amplitude=1.0, order=order, sway=sway, zone=1e3, **defect)
        frequency, amplitudes = envelope_spectrum(samples[None].astype(float), RATE)
        near = np.abs(frequency - (order + 1.0) * SHAFT_RATE) < 1.5
        return amplitudes[0, near].max() / amplitudes[0, 1:].max()

    assert sideband(orders.outer_race, 0.5) > 0.15
    assert sideband(orders.outer_race, 0.0) < 0.05
    assert sideband(orders.inner_race, 0.5, zone_order=1.0) < 0.05


def test_twice_the_strike_adds_four_times_the_energy(window, orders):
    """The structure answers linearly."""
    _, (_, once) = window(amplitude=0.5, order=orders.outer_race)
    _, (_, twice) = window(amplitude=1.0, order=orders.outer_race)

    assert twice == pytest.approx(4.0 * once)


def test_the_structure_rings_in_its_modes(window, orders):
    """Strikes show at the mode that answers them, rolling noise at the other."""
    for values, mode in (({"amplitude": 5.0, "order": orders.outer_race}, 3_000.0), ({}, 1_040.0)):
        samples, _ = window(**values)
        frequency, power = signal.welch(samples, RATE, nperseg=2_048)
        above = frequency > 200.0
        assert frequency[above][power[above].argmax()] == pytest.approx(mode, rel=0.05)


def test_a_wobbling_shaft_smears_its_lines(window):
    """The second multiple of the turn stands out less when the speed varies."""

    def line(wobble):
        samples, _ = window(rolling=0.0, wobble=wobble)
        amplitudes = np.abs(np.fft.rfft(samples)) * 2.0 / len(samples)
        return amplitudes[58:62].max()

    assert line(0.0) == pytest.approx(np.hypot(0.02, 0.01), rel=0.1)
    assert line(0.02) < 0.8 * line(0.0)


def test_a_window_depends_on_its_number_alone(window):
    """Asked for again, it is the same; the next one is another."""
    np.testing.assert_array_equal(window(number=4)[0], window(number=4)[0])
    assert not np.array_equal(window(number=4)[0], window(number=5)[0])


def test_load_zone():
    """Full load below, none opposite to it without preload, and some with."""
    assert load_at(0.0, 0.5) == pytest.approx(1.0)
    assert load_at(np.pi, 0.5) == 0.0
    assert load_at(np.pi / 3, 0.5) == pytest.approx(0.5**1.5)
    assert load_at(np.pi, 2.0) == pytest.approx(0.5**1.5)
