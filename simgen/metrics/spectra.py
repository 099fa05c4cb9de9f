"""How far the frequencies in an entity's history are off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from simgen.core import parameter
from simgen.kernels.arrays import Floats
from simgen.metrics.base import Family, Indices, Metric, Sample, Score
from simgen.metrics.histories import in_time, intervals, whole_entities, why_undefined
from simgen.metrics.resampling import bootstrap, each
from simgen.metrics.space import Space
from simgen.metrics.weighted import Distance

FEWEST_STEPS, MOST_STEPS = 8, 64  # rows of a window; fewer show no frequency
FEWEST_WINDOWS = 20  # of each sample; fewer average to no spectrum; assumption
SIDES = ("real", "synthetic")
_FLAT = 1e-9  # share of its largest value below which a sum is taken for 0


@dataclass(frozen=True, kw_only=True)
class Spectra(Metric):
    """Share of a number's power that lies at other frequencies, mean over the numbers.

    Each history is cut into windows of up to 64 rows (Welch, 1967, The use of fast Fourier
    transform for the estimation of power spectra; here without overlap and taper). A window's
    power at each frequency is that of the generalised Lomb-Scargle periodogram (Zechmeister and
    Kuerster, 2009), since rows may come at any time; divided by its sum, so that its size and the
    level of an entity play no part. Frequencies reach to one half per median interval of the real
    rows. Numbers count by their place among the real ones. The distance is half the summed
    difference of the mean spectra. Where there are few windows, chance alone makes it larger than
    0: compare it with that of two halves of the real rows.
    """

    name: ClassVar[str] = "spectra"
    title: ClassVar[str] = "Frequencies in histories"
    doc: ClassVar[str] = (
        "Share of the power spectrum of a number, over the history of its entity, that lies at "
        "other frequencies; mean over the numbers."
    )
    range: ClassVar[tuple[float, float]] = (0.0, 1.0)
    ideal: ClassVar[float] = 0.0
    direction: ClassVar[Literal["higher", "lower"]] = "lower"
    close: ClassVar[float] = 0.10
    far: ClassVar[float] = 0.25
    family: ClassVar[Family] = "fidelity"

    max_rows: int = parameter(20_000, minimum=100, doc="Rows of each sample, whole entities.")
    n_resamples: int = parameter(50, minimum=2, doc="Resamples behind the interval.")

    def _score(self, real: Sample, synthetic: Sample) -> Score:
        generator = self._generator()
        if reason := why_undefined(real, synthetic):
            return Score.undefined(reason)
        sides = real, synthetic = [
            whole_entities(side, self.max_rows, generator) for side in (real, synthetic)
        ]
        step = float(np.nanmedian(intervals(real)))
        if step <= 0:
            return Score.undefined("most rows happen at the instant of the row before")
        windows = [_windows(side) for side in sides]
        if (n_windows := min(_n_windows(codes) for codes in windows)) < FEWEST_WINDOWS:
            return Score.undefined(
                f"a sample has {n_windows} windows of {FEWEST_STEPS} rows of one entity: "
                f"{FEWEST_WINDOWS} are needed"
            )
        frequencies = np.arange(1, MOST_STEPS // 2 + 1) / (MOST_STEPS * step)
        spectra = _of_columns(sides, windows, frequencies)
        distances = {name: _distance(held, windows) for name, held in spectra.items()}
        score = bootstrap(
            each(distances),
            real,
            synthetic,
            n_resamples=self.n_resamples,
            generator=generator,
        )
        means: dict[str, dict[str, list[float]]] = {name: {} for name in spectra}
        for name, both in spectra.items():
            for whose, held, codes, side in zip(SIDES, both, windows, sides, strict=True):
                if (mean := _mean(held, codes, side.weight)) is not None:
                    means[name][whose] = mean.tolist()
        return score.detailed(frequencies=frequencies.tolist(), spectra=means)


def _of_columns(
    sides: list[Sample], windows: list[Indices], frequencies: Floats
) -> dict[str, list[Floats]]:
    """The spectra of the windows `(w, f)` of both sides, by column."""
    space = Space.of(*sides)
    places = [space.place(side) for side in sides]
    return {
        name: [
            _spectra(held[:, column], side, codes, frequencies)
            for held, side, codes in zip(places, sides, windows, strict=True)
        ]
        for column, name in enumerate(sides[0].numeric)
    }


def _windows(sample: Sample) -> Indices:
    """The window that each row belongs to, as a number from 0 `(n,)`; -1 for none."""
    entity, order = in_time(sample)
    place = np.arange(len(order)) - np.searchsorted(entity[order], entity[order])
    starts = np.cumsum(place % MOST_STEPS == 0) - 1
    enough = np.bincount(starts) >= FEWEST_STEPS
    codes = np.full(sample.n_rows, -1)
    codes[order] = np.where(enough, np.cumsum(enough) - 1, -1)[starts]
    return codes


def _n_windows(codes: Indices) -> int:
    return int(codes.max(initial=-1)) + 1


def _spectra(values: Floats, sample: Sample, codes: Indices, frequencies: Floats) -> Floats:
    """The normalised periodogram of each window `(w, f)`; NaN where the values do not vary.

    Zechmeister and Kuerster (2009), equations 5 to 15, with equal weights: the best sine and
    constant at each frequency, and how much of the variance they explain.
    """
    assert sample.at is not None
    inside = codes >= 0
    window, n_windows = codes[inside], _n_windows(codes)
    counts = np.bincount(window, minlength=n_windows)

    def mean(terms: Floats) -> Floats:
        return np.bincount(window, terms, n_windows) / counts

    # An instant far from 0 would cost the sines their digits.
    since = sample.at[inside] - mean(sample.at[inside])[window]
    centred = values[inside] - mean(values[inside])[window]
    variance = mean(centred**2)
    power = np.zeros((n_windows, len(frequencies)))
    for place, frequency in enumerate(frequencies):
        angle = 2 * np.pi * frequency * since
        cosine, sine = np.cos(angle), np.sin(angle)
        cosine, sine = (part - mean(part)[window] for part in (cosine, sine))
        of_cosine, of_sine = mean(centred * cosine), mean(centred * sine)
        cc, ss, cs = mean(cosine**2), mean(sine**2), mean(cosine * sine)
        determinant = cc * ss - cs**2
        # At half the sampling rate a sine vanishes at every row, and the cosine stands alone.
        whole = determinant > _FLAT
        both = ss * of_cosine**2 + cc * of_sine**2 - 2 * cs * of_cosine * of_sine
        one = np.where(cc >= ss, of_cosine**2, of_sine**2) / np.maximum(np.maximum(cc, ss), _FLAT)
        power[:, place] = np.where(whole, both / np.where(whole, determinant, 1.0), one)
    total = power.sum(axis=1)
    known = (variance > _FLAT) & (total > 0)
    normalised: Floats = np.where(
        known[:, None], power / np.where(known, total, 1.0)[:, None], np.nan
    )
    return normalised


def _mean(spectra: Floats, codes: Indices, weight: Floats) -> Floats | None:
    """The mean spectrum `(f,)`, windows weighing as their rows do; None if nothing weighs."""
    inside = codes >= 0
    known = ~np.isnan(spectra[:, 0])
    mass = np.bincount(codes[inside], weight[inside], len(spectra))[known]
    if mass.sum() == 0:
        return None
    mean: Floats = mass @ spectra[known] / mass.sum()
    return mean


def _distance(spectra: list[Floats], windows: list[Indices]) -> Distance:
    def distance(*weights: Floats) -> float | None:
        real, synthetic = (
            _mean(held, codes, weight)
            for held, codes, weight in zip(spectra, windows, weights, strict=True)
        )
        if real is None or synthetic is None:
            return None
        return float(np.abs(real - synthetic).sum() / 2)

    return distance
