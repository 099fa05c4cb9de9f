"""Whether the synthetic rows lie in the bulk of the real ones as often as real rows do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Literal

import numpy as np

from simgen.core import parameter
from simgen.kernels.arrays import Floats
from simgen.metrics.base import Family, Metric, Sample, Score
from simgen.metrics.resampling import bootstrap, thin
from simgen.metrics.space import Space
from simgen.metrics.weighted import mean, quantiles

ALPHAS = np.linspace(0.05, 0.95, 19)  # shares of the rows nearest the centre


@dataclass(frozen=True, kw_only=True)
class AlphaPrecision(Metric):
    """1 - 2 integral |P(alpha) - alpha|, P(alpha) the share of synthetic rows in the alpha-support.

    Alaa et al. (2022), How faithful is your synthetic data?, equations 3 and 8, in the mixed space
    of the columns rather than in a learned one: the alpha-support is the ball about the mean of the
    real rows that holds a share alpha of them.
    """

    name: ClassVar[str] = "alpha_precision"
    title: ClassVar[str] = "As typical as real rows"
    doc: ClassVar[str] = (
        "Share of synthetic rows among the alpha most typical real ones, over all alpha: 1 where "
        "it is alpha, 0 where every row is typical or none is (alpha-precision)."
    )
    range: ClassVar[tuple[float, float]] = (0.0, 1.0)
    ideal: ClassVar[float] = 1.0
    direction: ClassVar[Literal["higher", "lower"]] = "higher"
    close: ClassVar[float] = 0.90
    far: ClassVar[float] = 0.70
    family: ClassVar[Family] = "coverage"

    max_rows: int = parameter(20_000, minimum=100, doc="Rows of each sample looked at.")
    n_resamples: int = parameter(50, minimum=2, doc="Resamples behind the interval.")

    def _score(self, real: Sample, synthetic: Sample) -> Score:
        generator = self._generator()
        real, synthetic = (thin(side, self.max_rows, generator) for side in (real, synthetic))
        space = Space.of(real, synthetic)
        points = space.place(real)
        centre = np.average(points, axis=0, weights=real.weight)
        real_radius, synthetic_radius = (
            np.linalg.norm(side - centre, axis=1) for side in (points, space.place(synthetic))
        )

        def precision(real_weight: Floats, synthetic_weight: Floats) -> dict[str, float | None]:
            if not real_weight.any():
                return {"alpha-precision": None}
            reach = quantiles(real_radius, real_weight, ALPHAS)
            inside = [mean(synthetic_radius <= radius, synthetic_weight) for radius in reach]
            # Ties hold more than alpha of the real rows themselves: those are the share to meet.
            due = [mean(real_radius <= radius, real_weight) for radius in reach]
            return {"alpha-precision": integrated(inside, due)}

        score = bootstrap(
            precision, real, synthetic, n_resamples=self.n_resamples, generator=generator
        )
        return whole(score)


def integrated(found: list[float | None], due: list[float | None]) -> float | None:
    """1 less twice the mean gap of two curves, at least 0; None where one does not exist."""
    gaps = [abs(a - b) for a, b in zip(found, due, strict=True) if a is not None and b is not None]
    return max(0.0, 1.0 - 2.0 * float(np.mean(gaps))) if gaps else None


def whole(score: Score) -> Score:
    """The score without its parts, where its only part is the score."""
    details = {key: value for key, value in score.details.items() if key != "parts"}
    return replace(score, details=details)
