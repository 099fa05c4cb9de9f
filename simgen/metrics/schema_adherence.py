"""How many rows hold values that no real row holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from simgen.core import parameter
from simgen.kernels.arrays import Flags, Floats
from simgen.metrics.base import Family, Metric, Sample, Score
from simgen.metrics.resampling import bootstrap
from simgen.metrics.weighted import mean


@dataclass(frozen=True, kw_only=True)
class SchemaAdherence(Metric):
    """The least share of synthetic rows within a column's real range or vocabulary, over columns.

    Boundary and category adherence as SDMetrics defines them: an absent value is within where some
    real row has none. Its diagnostic report averages columns; here the worst one decides. All real
    rows count, those a generator was fitted on too. A range seen in few rows is narrow: of n rows
    of the same nature 2 of n + 1 lie outside on average.
    """

    name: ClassVar[str] = "schema_adherence"
    title: ClassVar[str] = "Values within the real ones"
    doc: ClassVar[str] = (
        "Share of synthetic rows whose number lies between the least and the largest real one, or "
        "whose category some real row has; the least over the columns."
    )
    range: ClassVar[tuple[float, float]] = (0.0, 1.0)
    ideal: ClassVar[float] = 1.0
    direction: ClassVar[Literal["higher", "lower"]] = "higher"
    close: ClassVar[float] = 0.99
    far: ClassVar[float] = 0.95
    family: ClassVar[Family] = "fidelity"
    sees_fitted: ClassVar[bool] = True

    n_resamples: int = parameter(50, minimum=2, doc="Resamples behind the interval.")

    def _score(self, real: Sample, synthetic: Sample) -> Score:
        within = {
            name: _in_range(values, synthetic.numeric[name])
            for name, values in real.numeric.items()
        }
        within |= {
            name: np.isin(synthetic.categorical[name], words)
            for name, words in real.categorical.items()
        }
        if not within:
            return Score.undefined("there is no column")
        score = bootstrap(
            lambda _, weight: {name: mean(flags, weight) for name, flags in within.items()},
            real,
            synthetic,
            n_resamples=self.n_resamples,
            generator=self._generator(),
            combine=np.min,
        )
        outside = {name: int((~flags).sum()) for name, flags in within.items()}
        return score.detailed(rows_outside=outside)


def _in_range(real: Floats, synthetic: Floats) -> Flags:
    """Whether each synthetic value `(m,)` lies among the real ones `(n,)`."""
    present = real[~np.isnan(real)]
    low, high = present.min(initial=np.inf), present.max(initial=-np.inf)
    within: Flags = (synthetic >= low) & (synthetic <= high)
    return within | np.isnan(synthetic) if len(present) < len(real) else within
