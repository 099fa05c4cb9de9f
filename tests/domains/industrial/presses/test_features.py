"""What is measured on a work cycle is what NumPy finds, and what a fall of known shape has."""

import numpy as np
import pytest
from toys.machines import KEY, instant, made

from simgen.domains.industrial.presses.features import measure_cycle
from simgen.domains.industrial.presses.press import Command, PressParameters
from simgen.domains.industrial.presses.signals import PressSignals

RATE = 100.0


@pytest.fixture(scope="module")
def cycle():
    """A window of 6,007 samples, its command, and its features."""
    signals = PressSignals(about=PressParameters())
    at = instant(signals, disturbances=("warm_water", "air_in_oil"), pump_leakage=0.3)
    samples = signals.sample(KEY, 7, made(signals), at, rate=RATE, n_samples=6_007)
    command = signals.about.command(RATE, 6_007)
    return samples.astype(np.float64), command, measure_cycle(samples, command, RATE)


def test_levels_and_spread_are_those_of_numpy(cycle):
    """Means, percentiles, deviations, slope, and work over energy."""
    (pressure, flow, power), _, found = cycle
    rest = pressure[1:-1] - 0.5 * (pressure[:-2] + pressure[2:])
    expected = {
        "pressure_mean": pressure.mean(),
        "pressure_low": np.percentile(pressure, 1.0),
        "pressure_high": np.percentile(pressure, 99.0),
        "pressure_spread": pressure.std(),
        "ripple": rest.std() / np.sqrt(1.5),
        "flow_mean": flow.mean(),
        "flow_slope": -np.polyfit(pressure, flow, 1)[0],
        "power_mean": power.mean(),
        "efficiency": (pressure * flow).sum() / 600.0 / power.sum(),
    }

    assert {name: found[name] for name in expected} == pytest.approx(expected, rel=1e-9)


def test_a_command_names_its_largest_opening(cycle):
    """From the sample at which the valve is told to open by 0.2 until it is told to close."""
    _, command, _ = cycle
    first, end = command.opens

    assert command.opening[first - 1 : first + 1].tolist() == [0.80, 1.00]
    assert np.ptp(command.opening[first:end]) == 0.0
    assert command.opening[end] == 0.84


def fallen(pressure):
    """How late and how long a pressure falls that is asked to from sample 100 to 900."""
    samples = np.stack([pressure, np.ones(1_000), np.ones(1_000)]).astype(np.float32)
    command = Command(np.zeros(1_000), (100, 900))
    features = measure_cycle(samples, command, RATE)
    return features["answer_time"], features["fall_time"]


def test_an_exponential_fall_takes_the_logarithm_of_nine():
    """From a tenth to nine tenths, and begins when it does."""
    late = np.arange(1_000) - 130.0
    pressure = 180.0 - 30.0 * np.where(late > 0.0, 1.0 - np.exp(-late / 80.0), 0.0)
    answer, fall = fallen(pressure)

    assert fall == pytest.approx(0.80 * np.log(9.0), abs=0.02)
    assert answer == pytest.approx(0.30 - 0.80 * np.log(0.9), abs=0.02)


def test_what_does_not_fall_has_no_times():
    """Half a running mean, and nothing: less than 1 bar is no fall."""
    assert fallen(np.full(1_000, 150.0)) == (0.05, 0.0)


def test_a_window_of_zeros_is_measured_without_dividing_by_nothing(cycle):
    """A stuck sensor."""
    found = measure_cycle(np.zeros((3, 6_007), np.float32), cycle[1], RATE)

    assert all(np.isfinite(value) for value in found.values())
