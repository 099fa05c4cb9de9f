"""Whether synthetic rows repeat real ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from simgen.core import parameter
from simgen.kernels.arrays import Flags, Floats
from simgen.metrics.alpha_precision import whole
from simgen.metrics.base import Family, Indices, Metric, Sample, Score
from simgen.metrics.resampling import bootstrap, entity_codes, thin
from simgen.metrics.weighted import mean


@dataclass(frozen=True, kw_only=True)
class ExactCopies(Metric):
    """Share of synthetic rows that equal a real one, less that of real rows equal to another.

    Rows are equal if they are in every column, numbers to twelve digits: through a logarithm and
    back they change in the sixteenth. The other row is of another entity. Where it is
    known what the generator was fitted on, copies are of those rows, and the share of the held-out
    rows that equal one of them is taken off. At least 0.
    """

    name: ClassVar[str] = "exact_copies"
    title: ClassVar[str] = "Exact copies"
    doc: ClassVar[str] = (
        "Share of synthetic rows equal to a real row in every column, beyond the share of real "
        "rows that equal a real row of someone else."
    )
    range: ClassVar[tuple[float, float]] = (0.0, 1.0)
    ideal: ClassVar[float] = 0.0
    direction: ClassVar[Literal["higher", "lower"]] = "lower"
    close: ClassVar[float] = 0.02
    far: ClassVar[float] = 0.10
    family: ClassVar[Family] = "privacy"
    sees_fitted: ClassVar[bool] = True

    max_rows: int = parameter(200_000, minimum=100, doc="Synthetic rows looked at.")
    n_resamples: int = parameter(50, minimum=2, doc="Resamples behind the interval.")

    def _score(self, real: Sample, synthetic: Sample) -> Score:
        if not real.numeric and not real.categorical:
            return Score.undefined("there is no column")
        generator = self._generator()
        synthetic = thin(synthetic, self.max_rows, generator)
        real_codes, synthetic_codes = _row_codes(real, synthetic)
        if real.fitted is None:
            control, repeats = real, _repeats(real_codes, entity_codes(real.entity, real.n_rows))
            copies = np.isin(synthetic_codes, real_codes)
        else:
            control = real.take(~real.fitted)
            repeats = np.isin(real_codes[~real.fitted], real_codes[real.fitted])
            copies = np.isin(synthetic_codes, real_codes[real.fitted])
        usually = mean(repeats, control.weight)
        if usually is not None and 1 - usually < self.far:  # what copies of every row would score
            return Score.undefined(
                f"{100 * usually:.0f} % of the real rows equal one of someone else: "
                "copies can't be told from them"
            )

        def excess(real_weight: Floats, synthetic_weight: Floats) -> dict[str, float | None]:
            found, usual = mean(copies, synthetic_weight), mean(repeats, real_weight)
            known = found is not None and usual is not None
            return {"excess": max(0.0, found - usual) if known else None}  # type: ignore[operator]

        score = whole(
            bootstrap(excess, control, synthetic, n_resamples=self.n_resamples, generator=generator)
        )
        if score.value is None:
            return score
        return score.detailed(
            share_of_synthetic=mean(copies, synthetic.weight), share_of_real=usually
        )


def _row_codes(real: Sample, synthetic: Sample) -> tuple[Indices, Indices]:
    """A number for each row of both samples; equal rows have equal numbers."""
    codes = np.zeros(real.n_rows + synthetic.n_rows, np.int64)
    for side in ("numeric", "categorical"):
        for name, values in getattr(real, side).items():
            both = np.concatenate([values, getattr(synthetic, side)[name]])
            both = _to_twelve_digits(both) if side == "numeric" else both
            column = np.unique(both, return_inverse=True)[1]
            joint = codes * (int(column.max()) + 1) + column
            codes = np.unique(joint, return_inverse=True)[1]
    return codes[: real.n_rows], codes[real.n_rows :]


def _to_twelve_digits(values: Floats) -> Floats:
    share, power = np.frexp(values)
    rounded: Floats = np.ldexp(np.rint(np.ldexp(share, 40)), power - 40)
    return rounded


def _repeats(rows: Indices, entities: Indices) -> Flags:
    """Whether each row is repeated by another entity `(n,)`."""
    pairs = np.unique(np.column_stack([rows, entities]), axis=0)
    return np.bincount(pairs[:, 0])[rows] > 1
