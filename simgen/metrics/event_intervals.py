"""How far the times between the events of one entity are off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from simgen.core import parameter
from simgen.kernels.arrays import Floats
from simgen.metrics.base import Family, Metric, Sample, Score
from simgen.metrics.histories import intervals, whole_entities, why_undefined
from simgen.metrics.resampling import bootstrap, each
from simgen.metrics.weighted import Distance, kolmogorov_smirnov

BURST = 0.1  # of the median interval of the real rows


@dataclass(frozen=True, kw_only=True)
class EventIntervals(Metric):
    """Kolmogorov-Smirnov distance of the times since an entity's event before, and of bursts.

    A burst interval is one below a tenth of the real median; the second part is the difference of
    their shares. The value is the mean of both.
    """

    name: ClassVar[str] = "event_intervals"
    title: ClassVar[str] = "Times between events"
    doc: ClassVar[str] = (
        "Largest gap between the distributions of the time since the entity's event before, and "
        "difference of the shares of intervals below a tenth of the real median; mean of both."
    )
    range: ClassVar[tuple[float, float]] = (0.0, 1.0)
    ideal: ClassVar[float] = 0.0
    direction: ClassVar[Literal["higher", "lower"]] = "lower"
    close: ClassVar[float] = 0.05
    far: ClassVar[float] = 0.20
    family: ClassVar[Family] = "fidelity"

    max_rows: int = parameter(100_000, minimum=100, doc="Rows of each sample, whole entities.")
    n_resamples: int = parameter(50, minimum=2, doc="Resamples behind the interval.")

    def _score(self, real: Sample, synthetic: Sample) -> Score:
        if reason := why_undefined(real, synthetic):
            return Score.undefined(reason)
        generator = self._generator()
        real, synthetic = (
            whole_entities(side, self.max_rows, generator) for side in (real, synthetic)
        )
        times = intervals(real), intervals(synthetic)
        if not all(np.isfinite(side).any() for side in times):
            return Score.undefined("no entity looked at has two rows")
        distances = {
            "time since the event before": kolmogorov_smirnov(*times),
            "bursts": _bursts(*times),
        }
        return bootstrap(
            each(distances),
            real,
            synthetic,
            n_resamples=self.n_resamples,
            generator=generator,
        )


def _bursts(real: Floats, synthetic: Floats) -> Distance:
    bound = BURST * float(np.nanmedian(real))

    def distance(real_weight: Floats, synthetic_weight: Floats) -> float | None:
        shares = []
        for values, weight in ((real, real_weight), (synthetic, synthetic_weight)):
            mass = weight[~np.isnan(values)].sum()
            if mass == 0:
                return None
            shares.append(float(weight[values < bound].sum() / mass))
        return abs(shares[0] - shares[1])

    return distance
