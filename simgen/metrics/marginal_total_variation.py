"""How far the shares of each category are off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from simgen.core import parameter
from simgen.metrics.base import Family, Metric, Sample, Score
from simgen.metrics.resampling import bootstrap, each, thin
from simgen.metrics.weighted import shared_codes, total_variation


@dataclass(frozen=True, kw_only=True)
class MarginalTotalVariation(Metric):
    """Total variation distance between the shares of each categorical column, averaged."""

    name: ClassVar[str] = "marginal_total_variation"
    title: ClassVar[str] = "Categories, one at a time"
    doc: ClassVar[str] = (
        "Share of rows that would have to change category (total variation), "
        "mean over the categorical columns."
    )
    range: ClassVar[tuple[float, float]] = (0.0, 1.0)
    ideal: ClassVar[float] = 0.0
    direction: ClassVar[Literal["higher", "lower"]] = "lower"
    close: ClassVar[float] = 0.05
    far: ClassVar[float] = 0.20
    family: ClassVar[Family] = "fidelity"

    max_rows: int = parameter(200_000, minimum=100, doc="Rows of each sample looked at.")
    n_resamples: int = parameter(100, minimum=2, doc="Resamples behind the interval.")

    def _score(self, real: Sample, synthetic: Sample) -> Score:
        if not real.categorical:
            return Score.undefined("there is no categorical column")
        generator = self._generator()
        real, synthetic = (thin(side, self.max_rows, generator) for side in (real, synthetic))
        distances = {
            name: total_variation(*shared_codes(values, synthetic.categorical[name])[:2])
            for name, values in real.categorical.items()
        }
        return bootstrap(
            each(distances),
            real,
            synthetic,
            n_resamples=self.n_resamples,
            generator=generator,
        )
