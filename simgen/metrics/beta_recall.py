"""Whether the real rows are covered by the bulk of the synthetic ones as often as is due."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from simgen.core import parameter
from simgen.kernels.arrays import Floats
from simgen.metrics.alpha_precision import ALPHAS, integrated, whole
from simgen.metrics.base import Family, Metric, Sample, Score
from simgen.metrics.neighbours import nearest, why_alone
from simgen.metrics.resampling import bootstrap, entity_codes, even
from simgen.metrics.space import Space
from simgen.metrics.weighted import mean, quantiles


@dataclass(frozen=True, kw_only=True)
class BetaRecall(Metric):
    """1 - 2 integral |R(beta) - beta|, R(beta) the share of real rows the beta-support covers.

    Alaa et al. (2022), How faithful is your synthetic data?, equations 4 and 8. A real row is
    covered if its nearest synthetic row is no farther than its k-th real neighbour (of another
    entity) and lies in the ball about the mean of the synthetic rows that holds a share beta of
    them. Intervals resample entities, not neighbourhoods.
    """

    name: ClassVar[str] = "beta_recall"
    title: ClassVar[str] = "Real variety covered"
    doc: ClassVar[str] = (
        "Share of real rows beside one of the beta most typical synthetic ones, over all beta: 1 "
        "where it is beta, less where real variety is missing (beta-recall)."
    )
    range: ClassVar[tuple[float, float]] = (0.0, 1.0)
    ideal: ClassVar[float] = 1.0
    direction: ClassVar[Literal["higher", "lower"]] = "higher"
    close: ClassVar[float] = 0.85
    far: ClassVar[float] = 0.60
    family: ClassVar[Family] = "coverage"

    max_rows: int = parameter(4_000, minimum=100, doc="Rows of each sample looked at.")
    n_neighbours: int = parameter(5, minimum=1, doc="Neighbours that a neighbourhood reaches to.")
    n_resamples: int = parameter(50, minimum=2, doc="Resamples behind the interval.")

    def _score(self, real: Sample, synthetic: Sample) -> Score:
        generator = self._generator()
        space = Space.of(real, synthetic)
        real, synthetic = even(real, synthetic, self.max_rows, generator)
        if real.n_rows <= self.n_neighbours:
            return Score.undefined(f"{real.n_rows} rows are left once they are drawn by weight")
        points, others = space.place(real), space.place(synthetic)
        codes = entity_codes(real.entity, real.n_rows)
        if reason := why_alone(codes, k=self.n_neighbours):
            return Score.undefined(reason)
        reach, _ = nearest(points, points, k=self.n_neighbours, apart=(codes, codes))
        distance, neighbour = nearest(points, others)
        radius = np.linalg.norm(
            others - np.average(others, axis=0, weights=synthetic.weight), axis=1
        )
        lies_at = np.where(distance <= reach, radius[neighbour], np.inf)

        def recall(real_weight: Floats, synthetic_weight: Floats) -> dict[str, float | None]:
            if not synthetic_weight.any():
                return {"beta-recall": None}
            bounds = quantiles(radius, synthetic_weight, ALPHAS)
            covered = [mean(lies_at <= bound, real_weight) for bound in bounds]
            due = [mean(radius <= bound, synthetic_weight) for bound in bounds]
            return {"beta-recall": integrated(covered, due)}

        score = bootstrap(
            recall, real, synthetic, n_resamples=self.n_resamples, generator=generator
        )
        return whole(score)
