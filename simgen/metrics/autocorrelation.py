"""How far it is off what an entity's row says about its next ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from simgen.core import parameter
from simgen.kernels.arrays import Floats
from simgen.metrics.base import Family, Metric, Sample, Score
from simgen.metrics.histories import intervals, successions, whole_entities, why_undefined
from simgen.metrics.resampling import bootstrap, each
from simgen.metrics.weighted import Distance, spearman

LAGS = (1, 2)
SINCE = "time since the row before"


@dataclass(frozen=True, kw_only=True)
class Autocorrelation(Metric):
    """Half |rho_real - rho_synthetic| of each number with the entity's number one and two rows on.

    Spearman's rho over all pairs of rows of one entity that are so far apart in its history; the
    time since the row before is one more number. A pair weighs what its later row weighs.
    """

    name: ClassVar[str] = "autocorrelation"
    title: ClassVar[str] = "Histories, row after row"
    doc: ClassVar[str] = (
        "Half the difference of the rank correlations of a number with itself one and two rows "
        "later in the same entity; mean over numbers and steps."
    )
    range: ClassVar[tuple[float, float]] = (0.0, 1.0)
    ideal: ClassVar[float] = 0.0
    direction: ClassVar[Literal["higher", "lower"]] = "lower"
    close: ClassVar[float] = 0.05
    far: ClassVar[float] = 0.20
    family: ClassVar[Family] = "fidelity"

    max_rows: int = parameter(20_000, minimum=100, doc="Rows of each sample, whole entities.")
    n_resamples: int = parameter(30, minimum=2, doc="Resamples behind the interval.")

    def _score(self, real: Sample, synthetic: Sample) -> Score:
        generator = self._generator()
        if reason := why_undefined(real, synthetic):
            return Score.undefined(reason)
        real, synthetic = (
            whole_entities(side, self.max_rows, generator) for side in (real, synthetic)
        )
        distances = {
            f"{name} {lag} row{'s' if lag > 1 else ''} on": _distance(
                (real, columns[0]), (synthetic, columns[1]), lag
            )
            for name, columns in _columns(real, synthetic).items()
            for lag in LAGS
        }
        return bootstrap(
            each(distances),
            real,
            synthetic,
            n_resamples=self.n_resamples,
            generator=generator,
        )


def _columns(real: Sample, synthetic: Sample) -> dict[str, tuple[Floats, Floats]]:
    columns = {name: (values, synthetic.numeric[name]) for name, values in real.numeric.items()}
    return {**columns, SINCE: (intervals(real), intervals(synthetic))}


def _distance(real: tuple[Sample, Floats], synthetic: tuple[Sample, Floats], lag: int) -> Distance:
    pairs = [(*successions(sample, lag), values) for sample, values in (real, synthetic)]

    def distance(*weights: Floats) -> float | None:
        found = [
            spearman(values[earlier], values[later], weight[later])
            for (earlier, later, values), weight in zip(pairs, weights, strict=True)
        ]
        return None if found[0] is None or found[1] is None else abs(found[0] - found[1]) / 2

    return distance
