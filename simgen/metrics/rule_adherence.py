"""How many rows break a rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from simgen.core import parameter
from simgen.kernels.arrays import Floats
from simgen.metrics.base import Family, Metric, Sample, Score
from simgen.metrics.resampling import bootstrap
from simgen.metrics.weighted import mean


@dataclass(frozen=True, kw_only=True)
class RuleAdherence(Metric):
    """The least share of synthetic rows that obey a rule, over the rules.

    As the validity and key scores of a diagnostic report (SDMetrics), which average; here the worst
    rule decides. A rule that real rows break is none: their share of breaches is forgiven, and
    `details` counts both. A key that must be unique and a foreign key are rules too.
    """

    name: ClassVar[str] = "rule_adherence"
    title: ClassVar[str] = "Rules obeyed"
    doc: ClassVar[str] = (
        "Share of synthetic rows that obey the rule which the most of them break; what real rows "
        "break as often is forgiven. A unique key is a rule."
    )
    range: ClassVar[tuple[float, float]] = (0.0, 1.0)
    ideal: ClassVar[float] = 1.0
    direction: ClassVar[Literal["higher", "lower"]] = "higher"
    close: ClassVar[float] = 0.999
    far: ClassVar[float] = 0.99
    family: ClassVar[Family] = "fidelity"
    sees_fitted: ClassVar[bool] = True

    n_resamples: int = parameter(50, minimum=2, doc="Resamples behind the interval.")

    def _score(self, real: Sample, synthetic: Sample) -> Score:
        if not real.obeys:
            return Score.undefined("no rule is stated")
        if set(real.obeys) != set(synthetic.obeys):
            return Score.undefined("the samples state different rules")

        def adherence(*weights: Floats) -> Mapping[str, float | None]:
            found = {}
            for name, real_obeys in real.obeys.items():
                usual = mean(~real_obeys, weights[0])
                broken = mean(~synthetic.obeys[name], weights[1])
                known = usual is not None and broken is not None
                found[name] = 1 - max(0.0, broken - usual) if known else None  # type: ignore[operator]
            return found

        score = bootstrap(
            adherence,
            real,
            synthetic,
            n_resamples=self.n_resamples,
            generator=self._generator(),
            combine=np.min,
        )
        sides = {"real": real, "synthetic": synthetic}
        rules = {
            name: {side: int((~sample.obeys[name]).sum()) for side, sample in sides.items()}
            for name in real.obeys
        }
        return score.detailed(rows_that_break=rules)
