"""Whether synthetic rows help a model that has real ones already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import ClassVar, Literal

import numpy as np

from simgen.core import parameter
from simgen.kernels.arrays import Floats
from simgen.metrics.experiments import Experiment, Plan
from simgen.metrics.utility import Learner, Rows


@dataclass(frozen=True, kw_only=True)
class Augmentation(Experiment):
    """Average precision of a model trained on real and synthetic rows over one on real rows alone.

    Within each class the synthetic rows weigh `synthetic_share` of all.
    """

    name: ClassVar[str] = "augmentation"
    title: ClassVar[str] = "A model trained on real rows and it"
    doc: ClassVar[str] = (
        "Average precision on real rows of boosted trees trained on real and synthetic rows, over "
        "that of the same trees trained on real rows alone: above 1 the synthetic rows help."
    )
    direction: ClassVar[Literal["higher", "lower"]] = "higher"
    close: ClassVar[float] = 0.97
    far: ClassVar[float] = 0.85
    by_default: ClassVar[bool] = False
    sources: ClassVar[Mapping[str, str]] = MappingProxyType(
        {"augmented": "trained on both", "real": "trained on real rows"}
    )

    synthetic_share: float = parameter(
        0.5, above=0, below=1, doc="What the synthetic rows of a class weigh of all its rows."
    )

    def _plan(self, learner: Learner, train: Rows, test: Rows) -> Plan:
        shares = ((train, 1 - self.synthetic_share), (learner.synthetic, self.synthetic_share))
        real, synthetic = (replace(rows, weight=_scaled(rows, share)) for rows, share in shares)
        return {"augmented": (real.joined(synthetic), test), "real": (train, test)}


def _scaled(rows: Rows, share: float) -> Floats:
    """The weights `(n,)`, those of each class `share` in sum."""
    total = [rows.weight[rows.label == value].sum() for value in (False, True)]
    scaled: Floats = rows.weight * share / np.where(rows.label, total[1], total[0])
    return scaled
