"""Whether synthetic rows lie closer to real ones than real rows of different people do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Literal

import numpy as np

from simgen.core import parameter
from simgen.kernels.arrays import Floats
from simgen.metrics.alpha_precision import whole
from simgen.metrics.base import Family, Metric, Sample, Score
from simgen.metrics.neighbours import affordable, nearest
from simgen.metrics.resampling import bootstrap, drawn, entity_codes
from simgen.metrics.space import Space
from simgen.metrics.weighted import quantiles


@dataclass(frozen=True, kw_only=True)
class NearCopies(Metric):
    """Share of synthetic rows nearer to a real row than the nearest twentieth of real rows are.

    The distance to the closest record, with real rows as control: how near real rows come to real
    rows of another entity; where it is known what the generator was fitted on, how near held-out
    rows come to fitted ones. By construction real rows score `tail`. All real rows that may have
    been copied are searched. A low score is no proof of privacy (Yao et al., 2025, The DCR
    delusion): read it beside membership inference.
    """

    name: ClassVar[str] = "near_copies"
    title: ClassVar[str] = "Near copies"
    doc: ClassVar[str] = (
        "Share of synthetic rows closer to a real row than all but 5 % of real rows are to a real "
        "row of someone else: 0.05 for rows of one nature, 1 for copies."
    )
    range: ClassVar[tuple[float, float]] = (0.0, 1.0)
    ideal: ClassVar[float] = 0.05
    direction: ClassVar[Literal["higher", "lower"]] = "lower"
    close: ClassVar[float] = 0.10
    far: ClassVar[float] = 0.25
    family: ClassVar[Family] = "privacy"
    sees_fitted: ClassVar[bool] = True

    max_synthetic_rows: int = parameter(
        4_000, minimum=100, doc="Synthetic rows looked at; every real row may be what they copy."
    )
    tail: float = parameter(0.05, above=0, below=1, doc="Share of real rows taken for too near.")
    n_resamples: int = parameter(50, minimum=2, doc="Resamples behind the interval.")

    def _score(self, real: Sample, synthetic: Sample) -> Score:
        generator = self._generator()
        space = Space.of(real, synthetic)
        real = replace(real, entity=entity_codes(real.entity, real.n_rows))
        copied = real if real.fitted is None else real.take(real.fitted)
        control = copied if real.fitted is None else real.take(~real.fitted)
        for name, side in (("fitted", copied), ("held-out", control)):
            if not side.weight.any():
                return Score.undefined(f"there are no {name} real rows")
        n_rows = affordable(2 * copied.n_rows, self.max_synthetic_rows)
        control, synthetic = (drawn(side, n_rows, generator) for side in (control, synthetic))
        points = space.place(copied)
        assert control.entity is not None
        assert copied.entity is not None
        usual, _ = nearest(space.place(control), points, apart=(control.entity, copied.entity))
        if not np.isfinite(usual).all():
            return Score.undefined("a real row has no real row of another entity beside it")
        tied = float(np.average(usual == 0, weights=control.weight))
        if tied * self.far > self.tail:  # copies of every row would score tail / tied
            return Score.undefined(
                f"{100 * tied:.0f} % of the real rows equal one of someone else: "
                "copies can't be told from them"
            )
        found, _ = nearest(space.place(synthetic), points)
        score = bootstrap(
            lambda *weights: {"near": _share_nearer(found, usual, self.tail, weights)},
            control,
            synthetic,
            n_resamples=self.n_resamples,
            generator=generator,
        )
        return whole(score)


def _share_nearer(
    found: Floats, usual: Floats, tail: float, weights: tuple[Floats, Floats]
) -> float | None:
    """Share of `found` below the quantile `tail` of `usual`; of ties as much as makes up `tail`."""
    real_weight, synthetic_weight = weights
    if not real_weight.any() or not synthetic_weight.any():
        return None
    bound = quantiles(usual, real_weight, [tail])[0]
    below, tied = (
        np.average(mask, weights=real_weight) for mask in (usual < bound, usual == bound)
    )
    nearer, equal = (
        np.average(mask, weights=synthetic_weight) for mask in (found < bound, found == bound)
    )
    return float(nearer + (tail - below) / tied * equal)
