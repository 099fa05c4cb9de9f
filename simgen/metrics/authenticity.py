"""Whether the synthetic rows are new, or real ones slightly changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from simgen.core import parameter
from simgen.metrics.alpha_precision import whole
from simgen.metrics.base import Family, Metric, Sample, Score
from simgen.metrics.neighbours import affordable, nearest, why_alone
from simgen.metrics.resampling import bootstrap, drawn, entity_codes
from simgen.metrics.space import Space
from simgen.metrics.weighted import mean


@dataclass(frozen=True, kw_only=True)
class Authenticity(Metric):
    """Share of synthetic rows farther from their nearest real row than that is from real others.

    Alaa et al. (2022), How faithful is your synthetic data?, section 3.3. The real rows are those
    that the generator was fitted on, where that is known; others are those of another entity. Rows
    of one nature score one third in one dimension and one half in many: that often nearest
    neighbours are not each other's. At an equal distance a row counts half. All those real rows are
    searched.
    """

    name: ClassVar[str] = "authenticity"
    title: ClassVar[str] = "New rather than copied"
    doc: ClassVar[str] = (
        "Share of synthetic rows that are not nearer to a real row than other real rows are: "
        "one third to one half for new rows, 0 for copies."
    )
    range: ClassVar[tuple[float, float]] = (0.0, 1.0)
    ideal: ClassVar[float] = 0.4
    direction: ClassVar[Literal["higher", "lower"]] = "higher"
    close: ClassVar[float] = 0.30
    far: ClassVar[float] = 0.15
    family: ClassVar[Family] = "privacy"
    sees_fitted: ClassVar[bool] = True

    max_rows: int = parameter(4_000, minimum=100, doc="Synthetic rows looked at.")
    n_resamples: int = parameter(50, minimum=2, doc="Resamples behind the interval.")

    def _score(self, real: Sample, synthetic: Sample) -> Score:
        generator = self._generator()
        space = Space.of(real, synthetic)
        if real.fitted is not None:
            real = real.take(real.fitted)
        if real.n_rows == 0:
            return Score.undefined("there are no fitted real rows")
        codes = entity_codes(real.entity, real.n_rows)
        if reason := why_alone(codes):
            return Score.undefined(reason)
        # Every real row may have been copied, however it weighs.
        n_rows = affordable(2 * real.n_rows, self.max_rows)
        synthetic = drawn(synthetic, n_rows, generator)
        points = space.place(real)
        distance, neighbour = nearest(space.place(synthetic), points)
        found, place = np.unique(neighbour, return_inverse=True)
        usual = nearest(points[found], points, apart=(codes[found], codes))[0][place]
        is_new = np.where(distance == usual, 0.5, distance > usual)
        score = bootstrap(
            lambda _, weight: {"authenticity": mean(is_new, weight)},
            real,
            synthetic,
            n_resamples=self.n_resamples,
            generator=generator,
        )
        return whole(score)
