"""Whether the synthetic rows give away an attribute of those the generator was fitted on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Literal

import numpy as np

from simgen.core import parameter
from simgen.kernels.arrays import Flags, Floats
from simgen.metrics.base import Family, Metric, Sample, Score
from simgen.metrics.membership_inference import why_undefined
from simgen.metrics.neighbours import affordable, nearest
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
    n_resamples: int = parameter(50, minimum=2, doc="Resamples behind the interval.")

    def _score(self, real: Sample, synthetic: Sample) -> Score:
        if reason := why_undefined(real):
            return Score.undefined(reason)
        if (n_columns := len(real.numeric) + len(real.categorical)) < 2:
            return Score.undefined("there are fewer than two columns")
        assert real.fitted is not None
        generator = self._generator()
        whole = replace(real, weight=np.ones(real.n_rows))
        # Both sides look without each column in turn; placing takes as long as one of them.
        n_rows = affordable(3 * n_columns * synthetic.n_rows, self.max_rows)
        fitted, others = (
            thin(whole.take(mask), n_rows, generator) for mask in (real.fitted, ~real.fitted)
        )
        space = Space.of(real, synthetic)
        hits, usual_hits = _guessed((fitted, others), synthetic, space)
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


def _guessed(
    sides: tuple[Sample, Sample], synthetic: Sample, space: Space
) -> tuple[dict[str, Flags], dict[str, Flags]]:
    """For either side and column, whether the value of each row attacked was guessed `(n,)`."""
    hits: tuple[dict[str, Flags], dict[str, Flags]] = {}, {}
    values = [dict(binned(side, synthetic)) for side in sides]
    for name in values[0] | values[1]:
        released = space.place(synthetic, without=name)
        for found, side, codes in zip(hits, sides, values, strict=True):
            if name in codes:
                truth, known = codes[name]
                _, neighbour = nearest(space.place(side, without=name), released)
                found[name] = truth == known[neighbour]
    return hits


def _excess(hits: Flags, usual_hits: Flags, weights: tuple[Floats, Floats]) -> float | None:
    found, usual = mean(hits, weights[0]), mean(usual_hits, weights[1])
    return None if found is None or usual is None else max(0.0, found - usual)
