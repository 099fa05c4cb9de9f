"""Features of windows whose values are known."""

import numpy as np
import pytest
from scipy import signal
from scipy.signal import windows as tapers

from simgen.core import Streams
from simgen.domains.industrial.spectra import (
    BLACKMAN_HARRIS,
    HANN,
    band_levels,
    cosine_taper,
    envelope_lines,
    envelope_spectrum,
    features,
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


def test_the_envelope_of_noise_is_sampled_finely_enough():
    """What folds back into the lines that are looked for is less than a hundredth of them."""
    noise = Streams(2).generator("noise").normal(size=(20, 4_096))
    frequency, amplitudes = envelope_spectrum(noise, RATE, (2_000.0, 5_000.0))

    spectrum = np.fft.rfft(noise)
    spectrum[:, np.abs(np.fft.rfftfreq(4_096, 1.0 / RATE) - 3_500.0) > 1_500.0] = 0.0
    fine = np.abs(signal.hilbert(np.fft.irfft(spectrum, 8 * 4_096)))
    expected = np.abs(np.fft.rfft(fine)) * 2.0 / 4_096
    low = np.flatnonzero((frequency > 0.0) & (frequency < 200.0))
    folded = amplitudes[:, low] - expected[:, low]
    assert np.sqrt(np.mean(folded**2) / np.mean(expected[:, low] ** 2)) < 0.01
    assert frequency[1] == pytest.approx(RATE / 4_096)


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


def test_all_features_are_those_of_each_window_alone():
    """Also of long windows at different speeds, whose lines are looked for over several bins."""
    windows = Streams(2).generator("windows").normal(0.0, 0.2, (3, 36_000)).astype(np.float32)
    shaft_rate, orders = np.array([15.0, 30.0, 60.0]), {"inner": 5.4, "shaft": 1.0}
    found = features(windows, RATE, shaft_rate, orders)

    for i in range(3):
        one, turn = windows[i : i + 1], shaft_rate[i : i + 1]
        alone = {
            **moments(one),
            "mean_frequency": mean_frequency(one, RATE),
            **band_levels(one, RATE),
            **envelope_lines(*envelope_spectrum(one, RATE), turn, orders),
        }
        assert set(alone) == set(found)
        for name, value in alone.items():
            assert found[name][i] == pytest.approx(value[0], rel=1e-6), name


def test_tapers_are_those_of_scipy():
    """Periodic ones, and one that ends as it begins."""
    for n in (500, 501):
        assert cosine_taper(n, HANN) == pytest.approx(tapers.hann(n, sym=False), abs=1e-15)
        assert cosine_taper(n, HANN, periodic=False) == pytest.approx(tapers.hann(n), abs=1e-15)
        expected = tapers.blackmanharris(n, sym=False)
        assert cosine_taper(n, BLACKMAN_HARRIS) == pytest.approx(expected, abs=1e-15)
