"""How far the distribution of each number is off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from simgen.core import parameter
from simgen.metrics.base import Family, Metric, Sample, Score
from simgen.metrics.resampling import bootstrap, each, thin
from simgen.metrics.weighted import kolmogorov_smirnov


@dataclass(frozen=True, kw_only=True)
class MarginalKolmogorovSmirnov(Metric):
    """Kolmogorov-Smirnov distance sup|F_real - F_synthetic| of each numeric column, averaged."""

    name: ClassVar[str] = "marginal_ks"
    title: ClassVar[str] = "Numbers, one at a time"
    doc: ClassVar[str] = (
        "Largest gap between the real and the synthetic distribution function "
        "(Kolmogorov-Smirnov), mean over the numeric columns."
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
        if not real.numeric:
            return Score.undefined("there is no numeric column")
        generator = self._generator()
        real, synthetic = (thin(side, self.max_rows, generator) for side in (real, synthetic))
        distances = {
            name: kolmogorov_smirnov(values, synthetic.numeric[name])
            for name, values in real.numeric.items()
        }
        return bootstrap(
            each(distances),
            real,
            synthetic,
            n_resamples=self.n_resamples,
            generator=generator,
        )
