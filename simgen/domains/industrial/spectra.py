"""What an analyst measures on a vibration window: moments, bands and lines of the envelope."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from scipy import fft

Floats = npt.NDArray[np.float64]

BANDS = {  # [Hz]; below 5 kHz, so that they exist at 10 kHz and more
    "band_low": (10.0, 500.0),
    "band_mid": (500.0, 2_000.0),
    "band_high": (2_000.0, 5_000.0),
}
ENVELOPE_BAND = BANDS["band_high"]  # where housings ring when struck
_SEARCHED = 0.02  # how far from its kinematic frequency a line is looked for, relative: slip
_AROUND = 6  # bins on either side whose median is the line's surroundings


def moments(windows: Floats) -> dict[str, Floats]:
    """Root mean square and peak [g], kurtosis (3 if Gaussian) and crest factor, all `(n,)`.

    Args:
        windows: acceleration, of which the mean is taken off first. (n, samples) [g]
    """
    centred = windows - windows.mean(1, keepdims=True)
    square = centred * centred
    mean_square = square.mean(1)
    peak = np.abs(centred).max(1)
    # A stuck sensor gives windows without any motion.
    safe = np.maximum(mean_square, 1e-20)
    return {
        "rms": np.sqrt(mean_square),
        "peak": peak,
        "kurtosis": (square * square).mean(1) / safe**2,
        "crest_factor": peak / np.sqrt(safe),
    }


def mean_frequency(windows: Floats, rate: float) -> Floats:
    """The root mean square slope over the root mean square, over 2 pi `(n,)` [Hz].

    The slope is that between two samples, so a tone near half the rate reads low.

    Args:
        windows: acceleration, of which the mean is taken off first. (n, samples) [g]
        rate: samples per second. [Hz]

    References:
        Hjorth (1970), EEG analysis based on time domain properties (there called mobility).
        Electroencephalography and Clinical Neurophysiology 29.
    """
    slope = np.sqrt((np.diff(windows, axis=1) ** 2).mean(1)) * rate
    return np.asarray(slope / np.maximum(2.0 * np.pi * windows.std(1), 1e-12))


def band_levels(windows: Floats, rate: float) -> dict[str, Floats]:
    """The root mean square within each of `BANDS`, each `(n,)` [g].

    Args:
        windows: acceleration. (n, samples) [g]
        rate: samples per second. [Hz]
    """
    n = windows.shape[1]
    power = np.abs(fft.rfft(windows, axis=1)) ** 2 * (2.0 / n**2)
    frequency = fft.rfftfreq(n, 1.0 / rate)
    return {
        name: np.sqrt(power[:, (frequency >= low) & (frequency < high)].sum(1))
        for name, (low, high) in BANDS.items()
    }


def envelope_spectrum(
    windows: Floats, rate: float, band: tuple[float, float] = ENVELOPE_BAND
) -> tuple[Floats, Floats]:
    """Frequencies `(m,)` [Hz] and amplitudes `(n, m)` [g] of the envelope within a band.

    The analytic signal is made by leaving out what lies outside the band and at negative
    frequencies; its modulus, less the mean, is transformed again.

    Args:
        windows: acceleration. (n, samples) [g]
        rate: samples per second. [Hz]
        band: lowest and highest frequency kept. [Hz]

    References:
        Randall, Antoni (2011), Rolling element bearing diagnostics: a tutorial. Mechanical
        Systems and Signal Processing 25.
    """
    n = windows.shape[1]
    spectrum = fft.fft(windows, axis=1)
    frequency = fft.fftfreq(n, 1.0 / rate)
    spectrum[:, (frequency < band[0]) | (frequency >= band[1])] = 0.0
    envelope = 2.0 * np.abs(fft.ifft(spectrum, axis=1))
    envelope -= envelope.mean(1, keepdims=True)
    amplitudes = np.abs(fft.rfft(envelope, axis=1)) * (2.0 / n)
    return fft.rfftfreq(n, 1.0 / rate), amplitudes


def envelope_lines(
    frequency: Floats, amplitudes: Floats, shaft_rate: Floats, orders: Mapping[str, float]
) -> dict[str, Floats]:
    """How far the envelope's line at each order stands out of its surroundings, each `(n,)`.

    The highest amplitude within 2 % and at least one bin of the order, over the median of the
    bins around.

    Args:
        frequency: as from `envelope_spectrum`. (m,) [Hz]
        amplitudes: as from `envelope_spectrum`. (n, m) [g]
        shaft_rate: turns per second in each window. (n,) [Hz]
        orders: lines looked for, per turn of the shaft.
    """
    width = frequency[1]
    lines = {}
    for name, order in orders.items():
        centre = order * shaft_rate
        reach = np.maximum(1, np.rint(_SEARCHED * centre / width)).astype(np.int64)
        middle = np.rint(centre / width).astype(np.int64)
        offsets = np.arange(-_AROUND - reach.max(), _AROUND + reach.max() + 1)
        places = np.clip(middle[:, None] + offsets, 1, len(frequency) - 1)
        around = np.take_along_axis(amplitudes, places, 1)
        near = np.abs(offsets) <= reach[:, None]
        line = np.where(near, around, 0.0).max(1)
        beside = np.nanmedian(np.where(near, np.nan, around), axis=1)
        lines[name] = line / np.maximum(beside, 1e-12)
    return lines
