"""Membership inference where the generator can be fitted again: shadow models."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from simgen.core import Streams
from simgen.kernels.arrays import Flags, Floats
from simgen.metrics.attacks import Fold, judged, labels, learned, signs
from simgen.metrics.base import Indices, Sample, Score
from simgen.metrics.membership_inference import FEWEST
from simgen.metrics.resampling import entity_codes, half, thin
from simgen.metrics.space import Space

# From the rows to fit on and a seed to the synthetic rows that are released.
Release = Callable[[Sample, int], Sample]

MAX_ROWS = 2_000  # attacked, the rare ones first
MAX_SYNTHETIC_ROWS = 5_000  # of each release that are looked at


def shadow_attack(
    real: Sample,
    release: Release,
    *,
    n_shadows: int = 8,
    n_resamples: int = 50,
    seed: int = 0,
) -> Score:
    """ROC-AUC of an attack that knows how the generator treats each row with and without it.

    Shadows come in pairs: the generator fitted on a random half of the entities, and on the other
    half (Shokri et al., 2017, Membership inference attacks against machine learning models).
    Boosted trees read a row's distances to the released rows, overall and of its class, as they are
    and less their mean over the shadows of other pairs that were fitted without it: what is usual
    for this row (Carlini et al., 2022, Membership inference attacks from first principles, there
    with a normal law in place of trees). To attack a shadow the model learns from all other
    shadows and the other half of the entities. Every row counts once; intervals resample entities.

    Args:
        real: all real rows; `fitted` is not looked at.
        release: fits the generator and draws from it; called once for each shadow. The rows it gets
            have entities numbered from 0.
        n_shadows: an even number of shadows, at least 4.
        n_resamples: resamples behind the interval.
        seed: of the halves, the generator's seeds and the models.

    Raises:
        ValueError: there are fewer than 4 shadows, or an odd number.
    """
    if n_shadows < 4 or n_shadows % 2:
        raise ValueError(f"n_shadows = {n_shadows}: must be an even number >= 4")
    codes = entity_codes(real.entity, real.n_rows)
    if (n_entities := int(codes.max(initial=-1)) + 1) < 2 * FEWEST:
        return Score.undefined(f"there are {n_entities} entities: {2 * FEWEST} are needed")
    generator = Streams(seed).child("metrics").generator("shadow_models")
    whole = replace(real, weight=np.ones(real.n_rows), entity=codes, fitted=None)
    targets = thin(whole, MAX_ROWS, generator)
    known = replace(real, entity=codes, fitted=None)
    # As for every metric, one thread: more would add in an order of their own.
    with threadpool_limits(1):
        shadows = []
        for chosen in _halves(codes, n_shadows, generator):
            made = release(known.take(chosen), int(generator.integers(2**31)))
            released = thin(made, MAX_SYNTHETIC_ROWS, generator)
            shadows.append(_Shadow.of(known, chosen, targets, released))
        folds = _folds(shadows, targets, seed, generator)
        score = judged(folds, targets, targets, n_resamples=n_resamples, generator=generator)
    if score.value is None:
        return score
    return score.detailed(shadows=n_shadows, rows_attacked=targets.n_rows)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Shadow:
    """One fitted generator: what its release shows of each target `(n, f)`, and whom it knew."""

    signs: Floats
    is_fitted: Flags

    @classmethod
    def of(cls, real: Sample, chosen: Flags, targets: Sample, released: Sample) -> _Shadow:
        """The shadow that was fitted on the chosen real rows `(m,)`, as seen from the targets."""
        assert real.entity is not None
        assert targets.entity is not None
        space = Space.of(real, real)
        points = space.place(targets), space.place(released)
        return cls(
            signs=signs(*points, label=labels(targets, released)),
            is_fitted=np.isin(targets.entity, real.entity[chosen]),
        )


def _halves(entity: Indices, n_shadows: int, generator: np.random.Generator) -> Iterator[Flags]:
    """Which real rows each shadow is fitted on `(m,)`: a random half, the other, a random half."""
    for _ in range(n_shadows // 2):
        chosen = half(entity, generator)
        yield chosen
        yield ~chosen


def _folds(
    shadows: Sequence[_Shadow], targets: Sample, seed: int, generator: np.random.Generator
) -> list[Fold]:
    assert targets.entity is not None
    first = half(entity_codes(targets.entity, targets.n_rows), generator)
    features = [_calibrated(shadows, place) for place in range(len(shadows))]
    folds = []
    for place, shadow in enumerate(shadows):
        others = [other for other in range(len(shadows)) if other != place]
        suspicion = np.zeros(targets.n_rows)
        for side in (first, ~first):
            suspicion[~side] = learned(
                np.concatenate([features[other][side] for other in others]),
                np.concatenate([shadows[other].is_fitted[side] for other in others]),
                features[place][~side],
                seed=seed,
            )
            folds.append(Fold(suspicion=suspicion, is_fitted=shadow.is_fitted, attacked=~side))
    return folds


def _calibrated(shadows: Sequence[_Shadow], place: int) -> Floats:
    """The signs of a shadow, and less those usual for each row: without it, in other pairs.

    Each pair has one shadow without the row. The own pair would tell by its absence which it is.
    """
    others = [shadow for other, shadow in enumerate(shadows) if other // 2 != place // 2]
    without = np.stack([~shadow.is_fitted for shadow in others])[:, :, None]
    usual = (np.stack([shadow.signs for shadow in others]) * without).sum(axis=0)
    usual /= without.sum(axis=0)
    found = shadows[place].signs
    return np.hstack([found, found - usual])
