"""Whether the synthetic rows give away which real rows the generator was fitted on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Any, ClassVar, Literal

import numpy as np
from sklearn.metrics import roc_auc_score, roc_curve

from simgen.core import parameter
from simgen.metrics.base import Family, Flags, Floats, Metric, Sample, Score
from simgen.metrics.neighbours import nearest
from simgen.metrics.resampling import bootstrap, entity_codes, half, thin
from simgen.metrics.space import Space

FEWEST = 20  # fitted and held-out rows of a group that is told apart
REVERSED = 0.45  # below this area the attack is worse than a coin toss for some other reason
_SMALL = 1e-9  # keeps the logarithm of a copy's distance finite


@dataclass(frozen=True, kw_only=True)
class MembershipInference(Metric):
    """ROC-AUC of an attack that tells fitted rows from held-out ones, knowing the synthetic rows.

    DOMIAS (van Breugel et al., 2023, Membership inference attacks against synthetic data through
    overfitting detection) with nearest neighbours for densities: the score of a row is log of its
    distance to the reference rows over that to the synthetic ones. The held-out entities are
    halved: one half is the attacker's reference, the other is attacked, then the other way round.
    Every row counts once, whatever it weighs. `details` has the share of fitted rows found at 1 %
    false alarms (Carlini et al., 2022, Membership inference attacks from first principles).
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
        targets, reference = _joined(fitted, others), others
        chosen = half(entity_codes(others.entity, others.n_rows), generator)
        points, known = space.place(targets), space.place(reference)
        is_fitted = np.arange(targets.n_rows) < fitted.n_rows
        log_released = np.log(nearest(points, released)[0] + _SMALL)
        folds = []
        for side in (chosen, ~chosen):
            suspicion = np.log(nearest(points, known[side])[0] + _SMALL) - log_released
            folds.append((suspicion, np.concatenate([is_fitted[is_fitted], ~side])))
        groups = _groups(targets)
        score = bootstrap(
            lambda weight, _: {
                name: _area(folds, is_fitted, weight * group) for name, group in groups.items()
            },
            targets,
            synthetic,
            n_resamples=self.n_resamples,
            generator=generator,
            combine=itemgetter(0),
        )
        if score.high is not None and score.high < REVERSED:
            return Score.undefined(
                f"held-out rows lie nearer to the synthetic rows than fitted ones (area "
                f"{score.value:.2f}): the split is swapped, or its sides differ in nature"
            )
        found = {
            name: _found_at_1_percent(folds, is_fitted, targets.weight * group)
            for name, group in groups.items()
        }
        rows = {"rows_attacked": [fitted.n_rows, others.n_rows]}
        details = {**score.details, "found_at_1_percent_false_alarms": found, **rows}
        return replace(score, details=details)


Folds = list[tuple[Floats, Flags]]  # suspicion of each row, and whether it is attacked


def why_undefined(real: Sample) -> str:
    """Why nothing can be said of fitted against held-out rows; "" if something can."""
    if real.fitted is None:
        return "it is not stated which real rows the generator was fitted on"
    for name, mask in (("fitted", real.fitted), ("held-out", ~real.fitted)):
        codes = entity_codes(real.entity, real.n_rows)
        if (n_entities := len(np.unique(codes[mask]))) < FEWEST:
            return f"there are {n_entities} {name} entities: {FEWEST} are needed"
    return ""


def _joined(fitted: Sample, others: Sample) -> Sample:
    """What is attacked and resampled: the label, entity and weight of both, one below the other."""
    parts: dict[str, Any] = {
        side: {
            name: np.concatenate([values, getattr(others, side)[name]])
            for name, values in getattr(fitted, side).items()
        }
        for side in ("numeric", "categorical")
    }
    for name in ("label", "entity", "weight"):
        if getattr(fitted, name) is not None:
            parts[name] = np.concatenate([getattr(fitted, name), getattr(others, name)])
    return Sample(**parts)


def _groups(targets: Sample) -> Mapping[str, Flags]:
    groups = {"all rows": np.ones(targets.n_rows, bool)}
    return groups if targets.label is None else {**groups, "rare rows": targets.label}


def _attacked(folds: Folds, is_fitted: Flags, weight: Floats) -> list[tuple[Flags, Floats, Floats]]:
    """Truth, suspicion and weight of the rows of each fold; none if a fold lacks a side."""
    rows = [(mask & (weight > 0), suspicion) for suspicion, mask in folds]
    if any(min((is_fitted & m).sum(), (~is_fitted & m).sum()) == 0 for m, _ in rows):
        return []
    return [(is_fitted[mask], suspicion[mask], weight[mask]) for mask, suspicion in rows]


def _area(folds: Folds, is_fitted: Flags, weight: Floats) -> float | None:
    areas = [
        roc_auc_score(truth, suspicion, sample_weight=mass)
        for truth, suspicion, mass in _attacked(folds, is_fitted, weight)
    ]
    return float(np.mean(areas)) if areas else None


def _found_at_1_percent(folds: Folds, is_fitted: Flags, weight: Floats) -> float | None:
    shares = []
    for truth, suspicion, mass in _attacked(folds, is_fitted, weight):
        alarms, hits, _ = roc_curve(truth, suspicion, sample_weight=mass)
        shares.append(np.interp(0.01, alarms, hits))
    return float(np.mean(shares)) if shares else None
