"""Precision, recall, density and coverage: do the synthetic rows lie where the real ones do?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from simgen.core import parameter
from simgen.metrics.base import Family, Metric, Sample, Score
from simgen.metrics.neighbours import overlap, why_alone
from simgen.metrics.resampling import bootstrap, entity_codes, even
from simgen.metrics.space import Space
from simgen.metrics.weighted import mean


@dataclass(frozen=True, kw_only=True)
class PrecisionRecallDensityCoverage(Metric):
    """The least of precision, recall, density (at most 1) and coverage among neighbours.

    Naeem et al. (2020), Reliable fidelity and diversity metrics for generative models. A row's
    neighbourhood reaches to its k-th neighbour of its own sample, rows of its own entity apart.
    Precision: share of the synthetic rows in a real neighbourhood; density: in how many, over k;
    recall: share of the real rows in a synthetic neighbourhood; coverage: share of the real
    neighbourhoods that hold a synthetic row. Intervals resample entities, not neighbourhoods.
    """

    name: ClassVar[str] = "prdc"
    title: ClassVar[str] = "Among real neighbours"
    doc: ClassVar[str] = (
        "The least of four shares: synthetic rows among real ones (precision; density counts how "
        "many), real rows among synthetic ones (recall) and with one beside them (coverage)."
    )
    range: ClassVar[tuple[float, float]] = (0.0, 1.0)
    ideal: ClassVar[float] = 1.0
    direction: ClassVar[Literal["higher", "lower"]] = "higher"
    close: ClassVar[float] = 0.85
    far: ClassVar[float] = 0.60
    family: ClassVar[Family] = "coverage"

    max_rows: int = parameter(4_000, minimum=100, doc="Rows of each sample looked at.")
    n_neighbours: int = parameter(5, minimum=1, doc="Neighbours that a neighbourhood reaches to.")
    n_resamples: int = parameter(100, minimum=2, doc="Resamples behind the interval.")

    def _score(self, real: Sample, synthetic: Sample) -> Score:
        generator = self._generator()
        space = Space.of(real, synthetic)
        real, synthetic = even(real, synthetic, self.max_rows, generator)
        if real.n_rows <= self.n_neighbours:
            return Score.undefined(f"{real.n_rows} rows are left once they are drawn by weight")
        sides = [entity_codes(side.entity, side.n_rows) for side in (real, synthetic)]
        if reason := why_alone(*sides, k=self.n_neighbours):
            return Score.undefined(reason)
        found = overlap(
            space.place(real),
            space.place(synthetic),
            k=self.n_neighbours,
            apart=(sides[0], sides[1]),
        )
        return bootstrap(
            lambda real_weight, synthetic_weight: {
                "precision": mean(found.precise, synthetic_weight),
                "density": _at_most_1(mean(found.dense, synthetic_weight)),
                "recall": mean(found.recalled, real_weight),
                "coverage": mean(found.covered, real_weight),
            },
            real,
            synthetic,
            n_resamples=self.n_resamples,
            generator=generator,
            combine=np.min,
        )


def _at_most_1(value: float | None) -> float | None:
    return None if value is None else min(1.0, value)
