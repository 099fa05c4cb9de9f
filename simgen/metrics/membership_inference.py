"""Whether the synthetic rows give away which real rows the generator was fitted on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Literal

import numpy as np

from simgen.core import parameter
from simgen.metrics.attacks import SMALL, Fold, joined, judged
from simgen.metrics.base import Family, Metric, Sample, Score
from simgen.metrics.neighbours import nearest
from simgen.metrics.resampling import entity_codes, half, thin
from simgen.metrics.space import Space

FEWEST = 20  # fitted and held-out entities that are told apart


@dataclass(frozen=True, kw_only=True)
class MembershipInference(Metric):
    """ROC-AUC of an attack that tells fitted rows from held-out ones, knowing the synthetic rows.

    DOMIAS (van Breugel et al., 2023, Membership inference attacks against synthetic data through
    overfitting detection) with nearest neighbours for densities: the score of a row is log of its
    distance to the reference rows over that to the synthetic ones. The held-out entities are
    halved: one half is the attacker's reference, the other is attacked, then the other way round.
    Every row counts once, whatever it weighs. Of more than `max_synthetic_rows` released rows a
    random part is seen, so that copies of some people may be missed in a large release.
    """

    name: ClassVar[str] = "membership_inference"
    title: ClassVar[str] = "Telling who was in the real data"
    doc: ClassVar[str] = (
        "ROC-AUC of an attack that tells the real rows the generator was fitted on from other real "
        "rows (DOMIAS): 0.5 is a coin toss."
    )
    range: ClassVar[tuple[float, float]] = (0.0, 1.0)
    ideal: ClassVar[float] = 0.5
    direction: ClassVar[Literal["higher", "lower"]] = "lower"
    close: ClassVar[float] = 0.55
    far: ClassVar[float] = 0.65
    family: ClassVar[Family] = "privacy"
    sees_fitted: ClassVar[bool] = True

    max_rows: int = parameter(4_000, minimum=100, doc="Fitted and held-out rows attacked, each.")
    max_synthetic_rows: int = parameter(20_000, minimum=100, doc="Synthetic rows looked at.")
    n_resamples: int = parameter(50, minimum=2, doc="Resamples behind the interval.")

    def _score(self, real: Sample, synthetic: Sample) -> Score:
        if reason := why_undefined(real):
            return Score.undefined(reason)
        assert real.fitted is not None
        generator = self._generator()
        space = Space.of(real, synthetic)
        whole = replace(real, weight=np.ones(real.n_rows))
        fitted, others = (
            thin(whole.take(mask), self.max_rows, generator) for mask in (real.fitted, ~real.fitted)
        )
        released = space.place(thin(synthetic, self.max_synthetic_rows, generator))
        targets = joined(fitted, others)
        chosen = half(entity_codes(others.entity, others.n_rows), generator)
        points, known = space.place(targets), space.place(others)
        is_fitted = np.arange(targets.n_rows) < fitted.n_rows
        log_released = np.log(nearest(points, released)[0] + SMALL)
        folds = []
        for side in (chosen, ~chosen):
            suspicion = np.log(nearest(points, known[side])[0] + SMALL) - log_released
            attacked = np.concatenate([is_fitted[is_fitted], ~side])
            folds.append(Fold(suspicion=suspicion, is_fitted=is_fitted, attacked=attacked))
        score = judged(folds, targets, synthetic, n_resamples=self.n_resamples, generator=generator)
        if score.value is None:
            return score
        return score.detailed(rows_attacked=[fitted.n_rows, others.n_rows])


def why_undefined(real: Sample) -> str:
    """Why nothing can be said of fitted against held-out rows; "" if something can."""
    if real.fitted is None:
        return "it is not stated which real rows the generator was fitted on"
    for name, mask in (("fitted", real.fitted), ("held-out", ~real.fitted)):
        codes = entity_codes(real.entity, real.n_rows)
        if (n_entities := len(np.unique(codes[mask]))) < FEWEST:
            return f"there are {n_entities} {name} entities: {FEWEST} are needed"
    return ""
