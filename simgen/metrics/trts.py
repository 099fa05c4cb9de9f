"""Whether a model trained on real rows finds its way among synthetic ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar, Literal

from simgen.metrics.experiments import Experiment, Plan
from simgen.metrics.utility import Learner, Rows


@dataclass(frozen=True, kw_only=True)
class TrainRealTestSynthetic(Experiment):
    """Average precision on synthetic rows of a model trained on real ones, over that on real ones.

    Esteban, Hyland and Raetsch (2017), Real-valued (medical) time series generation. Far below 1
    the synthetic labels contradict the real ones; above 1 they are easier to tell than real ones.
    """

    name: ClassVar[str] = "trts"
    title: ClassVar[str] = "A model trained on real rows, tested on it"
    doc: ClassVar[str] = (
        "Average precision on synthetic rows of boosted trees trained on real rows, over theirs on "
        "other real rows: below 1 the labels disagree, above 1 they are easier than real ones."
    )
    direction: ClassVar[Literal["higher", "lower"]] = "higher"
    close: ClassVar[float] = 0.85
    far: ClassVar[float] = 0.60
    by_default: ClassVar[bool] = False
    sources: ClassVar[Mapping[str, str]] = MappingProxyType(
        {"synthetic": "tested on synthetic rows", "real": "tested on real rows"}
    )

    def _plan(self, learner: Learner, train: Rows, test: Rows) -> Plan:
        return {"synthetic": (train, learner.synthetic), "real": (train, test)}
