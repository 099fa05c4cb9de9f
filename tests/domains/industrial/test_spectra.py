"""Features of windows whose values are known."""

import numpy as np
import pytest

from simgen.core import Streams
from simgen.domains.industrial.spectra import (
    band_levels,
    envelope_lines,
    envelope_spectrum,
    mean_frequency,
    moments,
)

RATE = 12_000.0  # [Hz]
TIME = np.arange(12_000) / RATE  # [s]


def test_moments_of_a_sine():
    """Root mean square 1 over root 2, kurtosis 3/2, crest factor root 2; the mean is ignored."""
    found = moments((np.sin(2.0 * np.pi * 100.0 * TIME) + 0.3)[None])

    assert found["rms"][0] == pytest.approx(np.sqrt(0.5))
    assert found["peak"][0] == pytest.approx(1.0)
    assert found["kurtosis"][0] == pytest.approx(1.5)
    assert found["crest_factor"][0] == pytest.approx(np.sqrt(2.0))


@pytest.mark.parametrize("frequency", [50.0, 400.0])
def test_the_mean_frequency_of_a_tone_is_its_own(frequency):
    """Whatever its level."""
    tone = 0.3 * np.sin(2.0 * np.pi * frequency * TIME) + 1.0

    assert mean_frequency(tone[None], RATE)[0] == pytest.approx(frequency, rel=0.01)


def test_moments_of_noise():
    """Gaussian noise has a kurtosis of 3."""
    noise = Streams(1).generator("noise").normal(0.0, 0.2, (5, 20_000))

    np.testing.assert_allclose(moments(noise)["kurtosis"], 3.0, atol=0.2)


def test_a_stuck_sensor_has_no_motion():
    """All features are finite."""
    found = moments(np.full((2, 512), 0.7))

    assert all(np.isfinite(values).all() for values in found.values())
    np.testing.assert_allclose(found["rms"], 0.0, atol=1e-12)


@pytest.mark.parametrize(
    ("frequency", "band"), [(60.0, "band_low"), (1_000.0, "band_mid"), (3_000.0, "band_high")]
)
def test_a_tone_lies_in_its_band(frequency, band):
    """Its root mean square is that of its band, and no other band holds any of it."""
    levels = band_levels(0.4 * np.sin(2.0 * np.pi * frequency * TIME)[None], RATE)

    assert levels.pop(band)[0] == pytest.approx(0.4 / np.sqrt(2.0))
    assert all(values[0] < 1e-9 for values in levels.values())


def test_the_envelope_of_a_modulated_tone():
    """The modulation shows as a line of its own amplitude."""
    modulated = (1.0 + 0.5 * np.cos(2.0 * np.pi * 107.0 * TIME)) * np.sin(
        2.0 * np.pi * 3_000.0 * TIME
    )

    frequency, amplitudes = envelope_spectrum(modulated[None], RATE)
    assert frequency[amplitudes[0].argmax()] == pytest.approx(107.0)
    assert amplitudes[0].max() == pytest.approx(0.5, rel=1e-3)


def test_lines_are_found_by_order_at_any_speed():
    """The same order at two speeds; an order without a line does not stand out."""
    rates = np.array([20.0, 30.0])
    noise = 0.02 * Streams(2).generator("noise").normal(size=(2, len(TIME)))
    modulation = 1.0 + 0.5 * np.cos(2.0 * np.pi * np.outer(3.585 * rates, TIME))
    windows = modulation * np.sin(2.0 * np.pi * 3_000.0 * TIME) + noise

    lines = envelope_lines(
        *envelope_spectrum(windows, RATE), rates, {"outer": 3.585, "inner": 5.415}
    )
    assert np.all(lines["outer"] > 10.0)
    assert np.all(lines["inner"] < 5.0)
