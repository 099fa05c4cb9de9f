"""What an analyst measures on a vibration window: moments, bands and lines of the envelope.

Single precision stays single, as samples are kept in: spectra then take half the time, and differ
by a millionth of the largest line.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
from scipy import fft

from simgen.domains.industrial.kernels.windows import central_moments, stand_out
from simgen.domains.industrial.transforms import (
    Samples,
    Spectra,
    low_lines,
    moduli,
    real_spectra,
)
from simgen.kernels.arrays import Floats

BANDS = {  # [Hz]; below 5 kHz, so that they exist at 10 kHz and more
    "band_low": (10.0, 500.0),
    "band_mid": (500.0, 2_000.0),
    "band_high": (2_000.0, 5_000.0),
}
ENVELOPE_BAND = BANDS["band_high"]  # where housings ring when struck
HANN = (0.5, 0.5)
# Harris (1978), On the use of windows for harmonic analysis with the discrete Fourier transform.
# Proceedings of the IEEE 66: minimum 4-sample Blackman-Harris.
BLACKMAN_HARRIS = (0.35875, 0.48829, 0.14128, 0.01168)
_SEARCHED = 0.02  # how far from its kinematic frequency a line is looked for, relative: slip
_AROUND = 6  # bins on either side whose median is the line's surroundings


def features(
    windows: Samples, rate: float, shaft_rate: Floats, orders: Mapping[str, float]
) -> dict[str, Samples]:
    """All that is measured here, each `(n,)`, from one transform of each window.

    Args:
        windows: acceleration. (n, samples) [g]
        rate: samples per second. [Hz]
        shaft_rate: see `envelope_lines`. (n,) [Hz]
        orders: see `envelope_lines`.
    """
    n, measured, spectrum = windows.shape[1], _measured(windows), real_spectra(windows)
    return {
        **_moments(measured),
        "mean_frequency": _mean_frequency(measured, rate),
        **_band_levels(spectrum, n, rate),
        **envelope_lines(*envelope_of(spectrum, n, rate), shaft_rate, orders),
    }


def moments(windows: Samples) -> dict[str, Floats]:
    """Root mean square and peak [g], kurtosis (3 if Gaussian) and crest factor, all `(n,)`.

    Args:
        windows: acceleration, of which the mean is taken off first. (n, samples) [g]
    """
    return _moments(_measured(windows))


def _moments(measured: Floats) -> dict[str, Floats]:
    mean_square, fourth, peak, _ = measured
    # A stuck sensor gives windows without any motion.
    safe = np.maximum(mean_square, 1e-20)
    return {
        "rms": np.sqrt(mean_square),
        "peak": peak,
        "kurtosis": fourth / safe**2,
        "crest_factor": peak / np.sqrt(safe),
    }


def mean_frequency(windows: Samples, rate: float) -> Floats:
    """The root mean square slope over the root mean square, over 2 pi `(n,)` [Hz].

    The slope is that between two samples, so a tone near half the rate reads low.

    Args:
        windows: acceleration, of which the mean is taken off first. (n, samples) [g]
        rate: samples per second. [Hz]

    References:
        Hjorth (1970), EEG analysis based on time domain properties (there called mobility).
        Electroencephalography and Clinical Neurophysiology 29.
    """
    return _mean_frequency(_measured(windows), rate)


def _mean_frequency(measured: Floats, rate: float) -> Floats:
    mean_square, _, _, steps = measured
    slope = np.sqrt(steps) * rate
    return np.asarray(slope / np.maximum(2.0 * np.pi * np.sqrt(mean_square), 1e-12))


def _measured(windows: Samples) -> Floats:
    """What `central_moments` fills in `(4, n)`."""
    out = np.empty((4, len(windows)))
    central_moments(windows, out)
    return out


def band_levels(windows: Samples, rate: float) -> dict[str, Floats]:
    """The root mean square within each of `BANDS`, each `(n,)` [g].

    Args:
        windows: acceleration. (n, samples) [g]
        rate: samples per second. [Hz]
    """
    return _band_levels(real_spectra(windows), windows.shape[1], rate)


def _band_levels(spectrum: Spectra, n: int, rate: float) -> dict[str, Floats]:
    """The same from the spectrum of windows of `n` samples."""
    levels = {}
    for name, band in BANDS.items():
        lines = spectrum[:, _lines(n, rate, band)]
        # The sum of squares of real and imaginary parts.
        parts = lines.view(lines.real.dtype)
        levels[name] = np.sqrt(np.vecdot(parts, parts) * (2.0 / n**2))
    return levels


@cache
def _lines(n: int, rate: float, band: tuple[float, float]) -> slice:
    """Places of the lines of a window's spectrum that lie within a band."""
    first, last = np.searchsorted(fft.rfftfreq(n, 1.0 / rate), band)
    return slice(int(first), int(last))


def envelope_spectrum(
    windows: Samples, rate: float, band: tuple[float, float] = ENVELOPE_BAND
) -> tuple[Floats, Samples]:
    """Frequencies `(m,)` [Hz] and amplitudes `(n, m)` [g] of the envelope within a band.

    The analytic signal is made by leaving out what lies outside the band and at negative
    frequencies; its modulus, less the mean, is transformed again. It is sampled as the window is:
    what noise folds back into the first lines is 0.5 % of them.

    Args:
        windows: acceleration. (n, samples) [g]
        rate: samples per second. [Hz]
        band: lowest and highest frequency kept. [Hz]

    References:
        Randall, Antoni (2011), Rolling element bearing diagnostics: a tutorial. Mechanical
        Systems and Signal Processing 25.
    """
    n = windows.shape[1]
    # The modulus does not ask where the band lies.
    rows = moduli(real_spectra(windows)[:, _lines(n, rate, band)], n)
    envelopes = rows.transpose(0, 2, 1).reshape(windows.shape)
    return _as_lines(np.abs(real_spectra(envelopes)), n, rate)


def envelope_of(spectra: Spectra, n: int, rate: float) -> tuple[Floats, Samples]:
    """The first lines of that within `ENVELOPE_BAND`, up to an eighth of the rate or more.

    Args:
        spectra: first halves of those of windows of acceleration. (w, n // 2 + 1) [g]
        n: samples of a window.
        rate: samples per second. [Hz]
    """
    rows = moduli(spectra[:, _lines(n, rate, ENVELOPE_BAND)], n)
    return _as_lines(low_lines(rows), n, rate)


def _as_lines(sizes: Samples, n: int, rate: float) -> tuple[Floats, Samples]:
    """Frequencies and amplitudes from the moduli of an envelope's spectrum `(w, m)`."""
    sizes *= sizes.dtype.type(4.0 / n**2)
    sizes[:, 0] = 0.0
    return _frequencies(sizes.shape[1], rate / n), sizes


@cache
def _frequencies(m: int, width: float) -> Floats:
    """Those of a spectrum's lines `(m,)`, the same for all windows and not to be written to."""
    frequency = np.asarray(np.arange(m) * width)
    frequency.flags.writeable = False
    return frequency


def cosine_taper(n: int, weights: tuple[float, ...], *, periodic: bool = True) -> Floats:
    """A sum of cosines that fades a window of samples in and out `(n,)`.

    `scipy.signal.windows` gives the same numbers; to import it takes longer than a small run does.

    Args:
        n: samples.
        weights: of the cosines of 0, 1, 2, ... turns, as `HANN`.
        periodic: whether one more sample would be the first again; else the last is as the first.
    """
    angles = np.linspace(-np.pi, np.pi, n + 1 if periodic else n)[:n]
    cosines = (weight * np.cos(k * angles) for k, weight in enumerate(weights))
    return np.asarray(sum(cosines, np.zeros(n)))


def envelope_lines(
    frequency: Floats, amplitudes: Samples, shaft_rate: Floats, orders: Mapping[str, float]
) -> dict[str, Samples]:
    """How far the envelope's line at each order stands out of its surroundings, each `(n,)`.

    The highest amplitude within 2 % and at least one bin of the order, over the median of the
    bins around.

    Args:
        frequency: as from `envelope_spectrum`. (m,) [Hz]
        amplitudes: as from `envelope_spectrum`. (n, m) [g]
        shaft_rate: turns per second in each window. (n,) [Hz]
        orders: lines looked for, per turn of the shaft.
    """
    lines: dict[str, Samples] = {}
    for name, order in orders.items():
        places = order * shaft_rate / frequency[1]
        lines[name] = np.empty(len(amplitudes), amplitudes.dtype)
        stand_out(amplitudes, places, _SEARCHED, _AROUND, lines[name])
    return lines
