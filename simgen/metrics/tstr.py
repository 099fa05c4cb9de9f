"""Whether a model trained on synthetic rows works on real ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar, Literal

from simgen.metrics.experiments import Experiment, Plan
from simgen.metrics.utility import Learner, Rows


@dataclass(frozen=True, kw_only=True)
class TrainSyntheticTestReal(Experiment):
    """Average precision of a model trained on synthetic rows over one trained on real ones.

    Esteban, Hyland and Raetsch (2017), Real-valued (medical) time series generation. Both models
    are of one class and tested on the same half of the real entities; the other half trains the
    real one.
    """

    name: ClassVar[str] = "tstr"
    title: ClassVar[str] = "A model trained on it, tested on real rows"
    doc: ClassVar[str] = (
        "Average precision on real rows of boosted trees trained on synthetic rows, over that of "
        "the same trees trained on real rows: 1 is as good as real data."
    )
    direction: ClassVar[Literal["higher", "lower"]] = "higher"
    close: ClassVar[float] = 0.90
    far: ClassVar[float] = 0.70
    sources: ClassVar[Mapping[str, str]] = MappingProxyType(
        {"synthetic": "trained on synthetic rows", "real": "trained on real rows"}
    )

    def _plan(self, learner: Learner, train: Rows, test: Rows) -> Plan:
        return {"synthetic": (learner.synthetic, test), "real": (train, test)}
