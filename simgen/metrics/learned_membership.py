"""Whether an attack that was shown who was in the real data finds the others who were."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

import numpy as np

from simgen.core import parameter
from simgen.kernels.arrays import Flags, Floats
from simgen.metrics.attacks import Fold, joined, judged, labels, learned, signs
from simgen.metrics.base import Family, Metric, Sample, Score
from simgen.metrics.membership_inference import why_undefined
from simgen.metrics.neighbours import affordable
from simgen.metrics.resampling import entity_codes, half, thin
from simgen.metrics.space import Space


@dataclass(frozen=True, kw_only=True)
class LearnedMembership(Metric):
    """ROC-AUC of an attack that was shown the membership of half of the real entities.

    Shokri et al. (2017), Membership inference attacks against machine learning models, train such
    an attack on models of their own. A released data set can't be made again, so here the attack
    learns from the release itself: boosted trees read the distances of a row to the synthetic rows,
    to those of its class and to other held-out rows, for fitted and held-out rows of one half of
    the entities, and attack the other half. It knows more of who was fitted than an outsider
    would, and less of how the generator treats the very row; where the generator can be fitted
    again, `simgen.metrics.shadow_models` is the stronger test. Every row counts once.
    """

    name: ClassVar[str] = "learned_membership"
    title: ClassVar[str] = "Telling who was in the real data, from examples"
    doc: ClassVar[str] = (
        "ROC-AUC of a model that tells fitted real rows from others by their distances to the "
        "synthetic rows, having seen which of other people's rows were fitted: 0.5 is a coin toss."
    )
    range: ClassVar[tuple[float, float]] = (0.0, 1.0)
    ideal: ClassVar[float] = 0.5
    direction: ClassVar[Literal["higher", "lower"]] = "lower"
    close: ClassVar[float] = 0.55
    far: ClassVar[float] = 0.65
    family: ClassVar[Family] = "privacy"
    sees_fitted: ClassVar[bool] = True

    max_rows: int = parameter(2_500, minimum=100, doc="Fitted and held-out rows attacked, each.")
    n_resamples: int = parameter(50, minimum=2, doc="Resamples behind the interval.")

    def _score(self, real: Sample, synthetic: Sample) -> Score:
        if reason := why_undefined(real):
            return Score.undefined(reason)
        assert real.fitted is not None
        generator = self._generator()
        whole = replace(real, weight=np.ones(real.n_rows))
        # Either side looks for the nearest, the fifth, which takes twice as long, and by class.
        n_rows = affordable(2 * 4 * synthetic.n_rows, self.max_rows)
        fitted, others = (
            thin(whole.take(mask), n_rows, generator) for mask in (real.fitted, ~real.fitted)
        )
        targets, space = joined(fitted, others), Space.of(real, synthetic)
        points = space.place(targets)
        near = signs(points, space.place(synthetic), label=labels(targets, synthetic))
        chosen, folds = _half(others, generator), list[Fold]()
        for kept in (chosen, ~chosen):
            # An attacked row among the reference would share its distances with its neighbours.
            usual = signs(points, space.place(others.take(kept)))
            features = np.hstack([near, usual, usual - near[:, : usual.shape[1]]])
            folds += self._folds(features, fitted, others, ~kept, generator)
        score = judged(folds, targets, synthetic, n_resamples=self.n_resamples, generator=generator)
        if score.value is None:
            return score
        return score.detailed(rows_attacked=[fitted.n_rows, others.n_rows])

    def _folds(
        self,
        features: Floats,
        fitted: Sample,
        others: Sample,
        attacked: Flags,
        generator: np.random.Generator,
    ) -> Iterator[Fold]:
        """The fitted rows and the attacked of the others: either half shown, the other attacked."""
        is_fitted = np.arange(len(features)) < fitted.n_rows
        candidate = np.concatenate([np.ones(fitted.n_rows, np.bool_), attacked])
        shown = np.zeros(len(features), np.bool_)
        # Each side is halved by itself, so that as many of both are shown.
        halved = _half(fitted, generator), _half(others.take(attacked), generator)
        shown[candidate] = np.concatenate(halved)
        for side in (shown, candidate & ~shown):
            rest = candidate & ~side
            suspicion = np.zeros(len(features))
            suspicion[rest] = learned(
                features[side], is_fitted[side], features[rest], seed=self.seed
            )
            yield Fold(suspicion=suspicion, is_fitted=is_fitted, attacked=rest)


def _half(sample: Sample, generator: np.random.Generator) -> Flags:
    return half(entity_codes(sample.entity, sample.n_rows), generator)
