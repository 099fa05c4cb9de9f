"""Shadow models of a fit: what somebody who can fit the residual again tells of the real rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from simgen.core import RequestError, Streams
from simgen.metrics import Sample, Score
from simgen.metrics.shadow_models import shadow_attack
from simgen.pipeline.references import SampleView
from simgen.pipeline.shapes import corrected_rows, sample_rows
from simgen.pipeline.values import sample_of
from simgen.residual import Residual, Rows, Shape

FEWEST = 4  # two pairs: each shadow is judged by the others


@dataclass(frozen=True, kw_only=True, eq=False)
class Shadows:
    """Fits of one residual to random halves of the real rows.

    Attributes:
        residual: what is fitted.
        view: the sample of the reference.
        shape: what the residual must know of it.
        simulated: its simulated rows.
        values: of the parameters that its SQL names.
    """

    residual: Residual
    view: SampleView
    shape: Shape
    simulated: pa.Table
    values: Mapping[str, Any]

    def attacked(self, real: pa.Table, n_shadows: int, seed: int) -> Score:
        """The ROC-AUC of the attack on these real rows, see `shadow_attack`."""
        sample = sample_of(self._view(real), real)
        return shadow_attack(sample, self._release, n_shadows=n_shadows, seed=seed)

    def _release(self, real: Sample, seed: int) -> Sample:
        """What the residual makes of the simulated rows when it has seen these real ones."""
        streams, pool = Streams(seed), sample_rows(self.view, self.simulated)
        fitted = self.residual.fit(pool, self._rows(real), self.shape, streams.child("fit"))
        made = fitted.correct(pool, streams.child("release"))
        rows = corrected_rows(self.simulated, self.view, self.shape, made, self.values)
        return sample_of(self._view(rows), rows)

    def _view(self, rows: pa.Table) -> SampleView:
        columns = tuple(c for c in self.view.columns if c.name in rows.column_names)
        return replace(self.view, columns=columns)

    def _rows(self, real: Sample) -> Rows:
        found = {**real.numeric, **real.categorical}
        columns = {c.name: found[c.name] for c in self.view.columns if c.corrected}
        if self.view.order:
            columns[self.view.order] = found[self.view.order]
        for name, values in ((self.view.label, real.label), (self.view.entity, real.entity)):
            if name:
                assert values is not None
                columns[name] = values
        return Rows(columns=columns, weight=real.weight)


def check_shadows(n_shadows: int, residual: Residual) -> None:
    """Raise RequestError unless so many shadows can be fitted, and their score be told."""
    if n_shadows and (n_shadows < FEWEST or n_shadows % 2):
        raise RequestError(
            f"n_shadows = {n_shadows} is out of bounds: must be 0 for none, or even and >= {FEWEST}"
        )
    if n_shadows and residual.is_private:
        raise RequestError(
            f"n_shadows = {n_shadows}: their score would tell of real rows beyond the privacy "
            f"budget of residual {residual.name}: leave it at 0"
        )
