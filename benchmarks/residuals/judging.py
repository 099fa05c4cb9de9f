"""How good rows are, judged on real rows that nobody fitted or tuned on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

import numpy as np

from benchmarks.residuals.references import ROOT, Reference
from simgen.core import Streams
from simgen.kernels.arrays import Flags, Floats
from simgen.metrics import Sample, Score
from simgen.metrics.c2st import ClassifierTwoSample
from simgen.metrics.membership_inference import MembershipInference
from simgen.metrics.resampling import entity_codes
from simgen.metrics.utility import Learner, Rows as Labelled, learners, why_undefined
from simgen.residual import Rows

N_RESAMPLES = 60  # of the final test's entities, behind every interval

# A change of one of these may give other scores of the same rows.
FILES = [
    Path(__file__),
    *(
        ROOT / "simgen" / "metrics" / f"{name}.py"
        for name in (
            "attacks",
            "c2st",
            "membership_inference",
            "models",
            "neighbours",
            "resampling",
            "space",
            "utility",
            "weighted",
        )
    ),
]

Utility = dict[str, dict[str, list[float]]]  # measures by model class; see `Judge.utility`


@dataclass(frozen=True, kw_only=True, eq=False)
class Judge:
    """The real rows as models read them, and the final test's resamples.

    Attributes:
        reference: whose rows are judged.
        real: development rows and then final ones, `fitted` where they are the former.
        final: the final rows alone.
        resamples: how often each final row counts `(r, n)`: once, then Poisson(1) by entity.
    """

    reference: Reference
    real: Sample
    final: Sample
    resamples: Floats

    @classmethod
    def of(cls, reference: Reference, train: Rows, final: Rows) -> Self:
        """The judge of rows that were learned from `train`."""
        sides = [reference.example.sample(rows) for rows in (train, final)]
        whole = reference.example.sample(joined(train, final))
        is_train = np.arange(whole.n_rows) < train.n_rows
        codes = entity_codes(sides[1].entity, final.n_rows)
        generator = Streams(0).child("judging").generator("resamples")
        counts = generator.poisson(1.0, (N_RESAMPLES, int(codes.max()) + 1))[:, codes]
        return cls(
            reference=reference,
            real=replace(whole, fitted=is_train),
            final=sides[1],
            resamples=np.vstack([np.ones(final.n_rows), counts]),
        )

    def whole(self, made: Rows, seed: int) -> dict[str, Any]:
        """Every score of rows learned from all development rows; JSON would hold it."""
        synthetic = self.reference.example.sample(made)
        obeys = self.reference.shape.obeys(made)
        n_compared = np.arange(min(made.n_rows, self.final.n_rows))
        members = MembershipInference().compute(self.real, synthetic)
        return {
            "utility": self.utility(synthetic, seed),
            "c2st": error(ClassifierTwoSample().compute(self.final, synthetic.take(n_compared))),
            "membership": _membership(members),
            "broken_share": float(np.mean(~np.logical_and.reduce([*obeys.values()]))),
            "broken_by_rule": {name: float(np.mean(~kept)) for name, kept in obeys.items()},
            "prevalence": float(np.mean(made.columns[self.reference.shape.label])),
        }

    def real_alone(self, seed: int) -> dict[str, Any]:
        """How many real rows there are, and how good models trained on the development rows are."""
        real, final = self.real, self.final
        assert real.label is not None
        assert real.fitted is not None
        assert final.label is not None
        n_rare = int(final.label.sum())
        return {
            "n_real": {"development": int(real.fitted.sum()), "final": final.n_rows},
            "n_rare": {"development": int(real.label.sum()) - n_rare, "final": n_rare},
            "utility": {
                name: self._tested(learner, learner.real.take(real.fitted), seed)
                for name, learner in learners(real, final).items()
            },
        }

    def utility(self, synthetic: Sample, seed: int) -> Utility:
        """How good models trained on synthetic rows are: by model class, then by measure.

        Average precision and ROC-AUC at the final test's own prevalence, `(1 + r)` numbers each:
        of the final test as it is, then of its resamples. Empty where no model can be trained.
        """
        if why_undefined(self.final, synthetic):
            return {}
        return {
            name: self._tested(learner, learner.synthetic, seed)
            for name, learner in learners(self.real, synthetic).items()
        }

    def added(self, made: Rows, seed: int) -> dict[str, Utility]:
        """How good models are that were trained on the made rows, alone and beside the real ones.

        Beside them, made rows weigh half of each class.
        """
        assert self.real.fitted is not None
        alone, beside = {}, {}
        for name, learner in learners(self.real, self.reference.example.sample(made)).items():
            real = learner.real.take(self.real.fitted)
            alone[name] = self._tested(learner, learner.synthetic, seed)
            beside[name] = self._tested(learner, together(real, learner.synthetic), seed)
        return {"utility": alone, "augmented": beside}

    def _tested(self, learner: Learner, train: Labelled, seed: int) -> dict[str, list[float]]:
        assert self.real.fitted is not None
        test = learner.real.take(~self.real.fitted)
        chance = learner.fit(train, seed)(test.features)
        precision, area = ranked(chance, test.label, self.resamples)
        return {"average_precision": precision.tolist(), "roc_auc": area.tolist()}


def ranked(chance: Floats, label: Flags, weights: Floats) -> tuple[Floats, Floats]:
    """Average precision and ROC-AUC `(r,)` of chances `(n,)` for each row of weights `(r, n)`.

    As scikit-learn defines them, for all weights at once: one by one they take longer than the
    models.
    """
    order = np.argsort(-chance, kind="stable")
    # Rows of one chance come together: only their last is a threshold.
    last = np.append(np.diff(chance[order]) != 0, True)
    hits, alarms = (
        np.cumsum(weights[:, order] * truth[order], axis=1)[:, last] for truth in (label, ~label)
    )
    rise, run = np.diff(hits, prepend=0.0), np.diff(alarms, prepend=0.0)
    of_all = np.maximum(hits + alarms, np.finfo(np.float64).tiny)
    precision = (rise * hits / of_all).sum(axis=1) / hits[:, -1]
    area = (run * (hits - rise / 2)).sum(axis=1) / (hits[:, -1] * alarms[:, -1])
    return precision, area


def joined(first: Rows, second: Rows) -> Rows:
    """The rows of both."""
    return Rows.of(
        {name: np.concatenate([v, second.columns[name]]) for name, v in first.columns.items()}
    )


def together(real: Labelled, synthetic: Labelled) -> Labelled:
    """Both, so that each weighs half of every class: many synthetic rows don't drown few real."""
    sides = []
    for rows in (real, synthetic):
        n_of_class = np.where(rows.label, rows.label.sum(), (~rows.label).sum())
        sides.append(replace(rows, weight=real.weight.sum() / n_of_class))
    return sides[0].joined(sides[1])


def error(score: Score) -> dict[str, Any]:
    """A score as value and half its interval; what is undefined says why."""
    if score.value is None:
        return {"undefined": score.reason}
    return _interval({"value": score.value, "low": score.low, "high": score.high})


def _interval(part: Mapping[str, Any]) -> dict[str, Any]:
    """Half an interval that ends at a bound of the range is the half that doesn't."""
    value = part["value"]
    return {"value": value, "error": max(part["high"] - value, value - part["low"])}


def _membership(score: Score) -> dict[str, Any]:
    """Area by group of rows, and the share found at 1 % false alarms."""
    if score.value is None:
        return {"undefined": score.reason}
    found = score.details["found_at_1_percent_false_alarms"]
    return {
        name: _interval(part) | {"found": found[name]}
        for name, part in score.details["parts"].items()
    }
