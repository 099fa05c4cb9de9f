"""What is measured on three currents whose components are known."""

import numpy as np
import pytest

from simgen.domains.industrial.motors.features import measure_currents

RATE = 2_000.0  # [Hz]


def currents(n, *components):
    """Three phases of components of a frequency [Hz], a peak [A] and a sequence."""
    time, lag = np.arange(n) / RATE, 2.0 * np.pi / 3.0 * np.arange(3)[:, None]
    return sum(
        peak * np.cos(2.0 * np.pi * frequency * time - sequence * lag)
        for frequency, peak, sequence in components
    ).astype(np.float32)


def measured(samples):
    """All features, of a motor at 1470 rpm."""
    return measure_currents(
        samples, RATE, tachometer=lambda _: 1_470.0, n_pole_pairs=2, races=(3.6, 5.4)
    )


@pytest.mark.parametrize(("n", "error"), [(20_000, 1e-3), (20_002, 0.03)])
def test_components_are_told_apart(n, error):
    """Mains on either side and harmonics have their sizes; between two bins a line is lower."""
    samples = currents(
        n, (50.0, 40.0, 1.0), (50.0, 2.0, -1.0), (150.0, 1.0, 1.0), (250.0, 0.5, -1.0)
    )
    found = measured(samples)

    assert found["frequency"] == pytest.approx(50.0, abs=0.005)
    assert found["unbalance"] == pytest.approx(0.05, rel=error)
    assert found["line_third"] == pytest.approx(0.025, rel=error)
    assert found["line_fifth"] == pytest.approx(0.0125, rel=error)
    assert found["line_races"] < 1e-4
    # The root of the harmonics' squares over that of the mains' two components.
    assert found["distortion"] == pytest.approx(np.hypot(1.0, 0.5) / np.hypot(40.0, 2.0), rel=error)


def test_each_phase_has_its_own_level():
    """Backward current is in step with the forward one in the first phase alone."""
    samples = currents(20_000, (50.0, 40.0, 1.0), (50.0, 4.0, -1.0))
    found = measured(samples)

    others = np.sqrt((40.0**2 + 4.0**2 - 40.0 * 4.0) / 2.0)
    assert found["rms_a"] == pytest.approx(44.0 / np.sqrt(2.0), rel=1e-6)
    assert found["rms_b"] == pytest.approx(others, rel=1e-6)
    assert found["rms_c"] == pytest.approx(others, rel=1e-6)


def test_sidebands_are_found_on_either_side_of_the_mains():
    """Twice the slip away, each with its own size."""
    samples = currents(20_000, (50.0, 40.0, 1.0), (48.0, 0.8, 1.0), (52.0, 0.4, 1.0))
    found = measured(samples)

    assert found["line_lower_sideband"] == pytest.approx(0.02, rel=0.05)
    assert found["line_upper_sideband"] == pytest.approx(0.01, rel=0.05)


def test_lines_of_a_long_window_are_found_where_the_tachometer_puts_them_wrong():
    """It reads to half a turn a minute, which is four bins of four minutes."""
    samples = currents(524_288, (50.0, 40.0, 1.0), (48.015, 0.8, 1.0))

    assert measured(samples)["line_lower_sideband"] == pytest.approx(0.02, rel=0.05)
