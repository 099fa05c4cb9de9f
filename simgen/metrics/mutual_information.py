"""How far what one column tells of another is off."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import ClassVar, Literal

import numpy as np

from simgen.core import parameter
from simgen.kernels.arrays import Floats
from simgen.metrics.base import Family, Indices, Metric, Sample, Score
from simgen.metrics.pair_dependence import binned
from simgen.metrics.resampling import bootstrap, each, thin
from simgen.metrics.weighted import change


@dataclass(frozen=True, kw_only=True)
class MutualInformation(Metric):
    """Mean |I_real(x; y) - I_synthetic(x; y)| [nat] over the pairs of columns.

    Numbers are cut into tenths of the real ones; the label, where both sides have one, is one more
    column. Few rows make columns look dependent: corrected as in Miller (1955), Note on the bias of
    information estimates, with Kish's effective number of rows.
    """

    name: ClassVar[str] = "mutual_information"
    title: ClassVar[str] = "What columns tell of each other"
    doc: ClassVar[str] = (
        "Difference of the mutual information of two columns [nat], numbers cut into tenths, the "
        "label among the columns; mean over the pairs."
    )
    range: ClassVar[tuple[float, float]] = (0.0, float("inf"))
    ideal: ClassVar[float] = 0.0
    direction: ClassVar[Literal["higher", "lower"]] = "lower"
    close: ClassVar[float] = 0.02
    far: ClassVar[float] = 0.08
    family: ClassVar[Family] = "fidelity"

    max_rows: int = parameter(20_000, minimum=100, doc="Rows of each sample looked at.")
    n_resamples: int = parameter(50, minimum=2, doc="Resamples behind the interval.")

    def _score(self, real: Sample, synthetic: Sample) -> Score:
        generator = self._generator()
        real, synthetic = (thin(side, self.max_rows, generator) for side in (real, synthetic))
        codes = dict(binned(real, synthetic))
        if real.label is not None and synthetic.label is not None:
            codes["label"] = real.label.astype(np.int64), synthetic.label.astype(np.int64)
        if len(codes) < 2:
            return Score.undefined("there are fewer than two columns")
        distances = {
            f"{first} x {second}": change(information, codes[first], codes[second])
            for first, second in combinations(codes, 2)
        }
        most = max(int(side.max()) + 1 for pair in codes.values() for side in pair)
        return bootstrap(
            each(distances),
            real,
            synthetic,
            n_resamples=self.n_resamples,
            generator=generator,
            highest=float(np.log(most)),
        )


def information(first: Indices, second: Indices, weight: Floats) -> float | None:
    """The mutual information of two columns of codes >= 0 [nat]; None if no row weighs anything."""
    total = weight.sum()
    if total <= 0:
        return None
    shape = int(first.max()) + 1, int(second.max()) + 1
    joint = np.bincount(first * shape[1] + second, weight, shape[0] * shape[1]) / total
    joint = joint.reshape(shape)
    sides = joint.sum(axis=1), joint.sum(axis=0)
    n_cells, *n_values = (int(np.count_nonzero(part)) for part in (joint, *sides))
    expected = np.outer(*sides)
    held = joint > 0
    found = float((joint[held] * np.log(joint[held] / expected[held])).sum())
    n_rows = total**2 / (weight @ weight)
    return max(0.0, found - float((n_cells - sum(n_values) + 1) / (2 * n_rows)))
