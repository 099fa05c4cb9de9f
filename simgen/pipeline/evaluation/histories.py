"""The drawings of samples whose rows have a time: gaps, later rows, rhythms."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from simgen.core import Streams
from simgen.kernels.arrays import Floats
from simgen.metrics import Sample, Score
from simgen.metrics.histories import intervals, successions, whole_entities, why_undefined
from simgen.metrics.resampling import NORMAL_95, entity_codes
from simgen.metrics.weighted import spearman
from simgen.pipeline.evaluation.drawings import side_of
from simgen.pipeline.samples import Pair
from simgen.report import Figure
from simgen.report.figures import Line, frequencies, gaps, lags, spectra

N_LAGS = 8  # rows
N_STEPS = 64  # spans of time in which rows are counted
N_RESAMPLES = 20  # behind the intervals: they are drawn, not quoted
MAX_ROWS = 20_000  # of each sample looked at, whole entities


def history_figures(pair: Pair, seed: int) -> Iterator[Figure]:
    """Nothing where rows have no time; what follows within an entity only where rows have one."""
    times = pair.real.at, pair.synthetic.at
    if times[0] is None or times[1] is None:
        return
    chance = Streams(seed).generator("history_figures")
    if all(np.nanmin(at) < np.nanmax(at) for at in times if at is not None):
        yield _rhythms(pair, chance)
    if why_undefined(pair.real, pair.synthetic):
        return
    sides = [whole_entities(sample, MAX_ROWS, chance) for sample in (pair.real, pair.synthetic)]
    yield gaps(*(side_of(sample, intervals(sample)) for sample in sides))
    columns = {
        column.doc: {
            name: _by_lag(sample, sample.numeric[column.name], chance)
            for name, sample in zip(("real", "synthetic"), sides, strict=True)
        }
        for column in pair.view.columns
        if column.name in sides[0].numeric
    }
    if columns:
        yield lags(columns)


def frequency_figures(score: Score | None) -> Iterator[Figure]:
    """The mean spectra behind the score `spectra`; nothing where it is undefined."""
    if score is None or score.value is None:
        return
    parts, powers = score.details["parts"], score.details["spectra"]
    known = {
        name: {side: np.asarray(power) for side, power in sides.items()}
        for name, sides in powers.items()
        if len(sides) == 2 and name in parts
    }
    if known:
        intervals_told = {
            name: "{value:.3f} ({low:.3f} to {high:.3f})".format(**parts[name]) for name in known
        }
        yield frequencies(np.asarray(score.details["frequencies"]), known, remarks=intervals_told)


def _by_lag(sample: Sample, values: Floats, chance: np.random.Generator) -> Line:
    """Spearman's correlation of a number with the entity's number 1 to `N_LAGS` rows later."""
    pairs = [successions(sample, lag) for lag in range(1, N_LAGS + 1)]

    def measured(weight: Floats) -> Floats:
        found = [spearman(values[a], values[b], weight[b]) for a, b in pairs]
        return np.array([np.nan if rho is None else rho for rho in found])

    return _resampled(sample, measured, np.arange(1.0, N_LAGS + 1), chance)


def _rhythms(pair: Pair, chance: np.random.Generator) -> Figure:
    samples = pair.real, pair.synthetic
    spans = [float(np.nanmax(s.at) - np.nanmin(s.at)) for s in samples if s.at is not None]
    # Whole steps of time where the times are whole: fewer steps than instants would beat.
    step = max(1.0, np.ceil(min(spans) / N_STEPS)) if _is_whole(samples) else min(spans) / N_STEPS
    n_steps = max(int(min(spans) // step), 2)
    over_time, rhythms = [], []
    for sample in samples:
        counted = _counter(sample, step, n_steps)
        middle = (np.arange(n_steps) + 0.5) * step
        over_time.append(_resampled(sample, counted, middle, chance))
        period = n_steps * step / np.arange(1, n_steps // 2 + 1)

        def spectrum(weight: Floats, counted: Callable[[Floats], Floats] = counted) -> Floats:
            power = np.abs(np.fft.rfft(counted(weight) - 1 / n_steps))[1 : n_steps // 2 + 1] ** 2
            return np.asarray(power / max(float(power.sum()), 1e-300))

        rhythms.append(_resampled(sample, spectrum, period, chance))
    return spectra(over_time, rhythms, period_unit="the unit of time")


def _is_whole(samples: tuple[Sample, Sample]) -> bool:
    return all(
        sample.at is not None and bool(np.all(np.mod(sample.at[~np.isnan(sample.at)], 1) == 0))
        for sample in samples
    )


def _counter(sample: Sample, step: float, n_steps: int) -> Callable[[Floats], Floats]:
    """From weights to the share of the rows in each span of time, from the first row on."""
    assert sample.at is not None
    present = ~np.isnan(sample.at)
    place = ((sample.at - np.nanmin(sample.at)) / step)[present].astype(np.int64)
    held = place < n_steps

    def counted(weight: Floats) -> Floats:
        mass = np.bincount(place[held], weight[present][held], n_steps)
        return np.asarray(mass / max(float(mass.sum()), 1e-300))

    return counted


def _resampled(
    sample: Sample,
    measured: Callable[[Floats], Floats],
    x: Floats,
    chance: np.random.Generator,
) -> Line:
    """What is measured, and 1.96 standard errors from resampled entities."""
    codes = entity_codes(sample.entity, sample.n_rows)
    n_entities = int(codes.max()) + 1
    draws = [
        measured(sample.weight * chance.poisson(1.0, n_entities)[codes]) for _ in range(N_RESAMPLES)
    ]
    y, error = measured(sample.weight), NORMAL_95 * np.std(draws, axis=0, ddof=1)
    return Line(x=x, y=y, low=y - error, high=y + error)
