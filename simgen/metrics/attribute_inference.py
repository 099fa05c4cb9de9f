"""Whether the synthetic rows give away an attribute of those the generator was fitted on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Literal

import numpy as np

from simgen.core import parameter
from simgen.metrics.base import Family, Flags, Floats, Metric, Sample, Score
from simgen.metrics.membership_inference import why_undefined
from simgen.metrics.neighbours import nearest
from simgen.metrics.pair_dependence import binned
from simgen.metrics.resampling import bootstrap, thin
from simgen.metrics.space import Space
from simgen.metrics.weighted import mean


@dataclass(frozen=True, kw_only=True)
class AttributeInference(Metric):
    """How much more often an attacker guesses an attribute of a fitted row than of a held-out one.

    Giomi et al. (2023), A unified framework for quantifying privacy risk in synthetic data: the
    attacker knows all columns but one and takes that one from the nearest synthetic row; held-out
    rows show what the columns give away of anyone. A number is guessed if its tenth is. The value
    is the difference of the shares guessed, at least 0, mean over columns. Every row counts once.
    """

    name: ClassVar[str] = "attribute_inference"
    title: ClassVar[str] = "Guessing what someone's row says"
    doc: ClassVar[str] = (
        "Share of hidden values guessed from the nearest synthetic row for real rows the generator "
        "was fitted on, beyond that for other real rows; mean over the columns."
    )
    range: ClassVar[tuple[float, float]] = (0.0, 1.0)
    ideal: ClassVar[float] = 0.0
    direction: ClassVar[Literal["higher", "lower"]] = "lower"
    close: ClassVar[float] = 0.05
    far: ClassVar[float] = 0.15
    family: ClassVar[Family] = "privacy"
    sees_fitted: ClassVar[bool] = True

    max_rows: int = parameter(2_000, minimum=100, doc="Fitted and held-out rows attacked, each.")
    max_synthetic_rows: int = parameter(10_000, minimum=100, doc="Synthetic rows looked at.")
    n_resamples: int = parameter(50, minimum=2, doc="Resamples behind the interval.")

    def _score(self, real: Sample, synthetic: Sample) -> Score:
        if reason := why_undefined(real):
            return Score.undefined(reason)
        if len(real.numeric) + len(real.categorical) < 2:
            return Score.undefined("there are fewer than two columns")
        assert real.fitted is not None
        generator = self._generator()
        synthetic = thin(synthetic, self.max_synthetic_rows, generator)
        whole = replace(real, weight=np.ones(real.n_rows))
        fitted, others = (
            thin(whole.take(mask), self.max_rows, generator) for mask in (real.fitted, ~real.fitted)
        )
        space = Space.of(real, synthetic)
        hits, usual_hits = (_guessed(side, synthetic, space) for side in (fitted, others))
        return bootstrap(
            lambda *weights: {
                name: _excess(hits[name], usual_hits[name], weights)
                for name in hits
                if name in usual_hits
            },
            fitted,
            others,
            n_resamples=self.n_resamples,
            generator=generator,
        )


def _guessed(targets: Sample, synthetic: Sample, space: Space) -> dict[str, Flags]:
    """For each column, whether the value of each row attacked was guessed `(n,)`."""
    hits = {}
    for name, (truth, known) in binned(targets, synthetic).items():
        points, released = (space.place(side, without=name) for side in (targets, synthetic))
        _, neighbour = nearest(points, released)
        hits[name] = truth == known[neighbour]
    return hits


def _excess(hits: Flags, usual_hits: Flags, weights: tuple[Floats, Floats]) -> float | None:
    found, usual = mean(hits, weights[0]), mean(usual_hits, weights[1])
    return None if found is None or usual is None else max(0.0, found - usual)
