"""No correction: what the others are compared with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from simgen.core import Streams
from simgen.kernels.arrays import Floats
from simgen.residual.base import Arrays, FittedResidual, Learned, Residual
from simgen.residual.rows import Indices
from simgen.residual.shape import Free, Shape


@dataclass(frozen=True, kw_only=True)
class Identity(Residual):
    """Leaves simulated rows as they are."""

    name: ClassVar[str] = "identity"
    title: ClassVar[str] = "No correction"
    doc: ClassVar[str] = "Simulated rows stay as they are."
    privacy: ClassVar[str] = "Counts of real rows, in the card."
    keeps_histories: ClassVar[bool] = True

    def _learn(self, simulated: Free, real: Free, shape: Shape, streams: Streams) -> Learned:
        del simulated, real, shape, streams
        return Learned(arrays={}, details={})

    def revive(self, shape: Shape, card: Mapping[str, Any], arrays: Arrays) -> FittedResidual:
        """See `Residual.revive`."""
        return FittedIdentity(residual=self, shape=shape, card=card, arrays=arrays)


@dataclass(frozen=True, kw_only=True, eq=False)
class FittedIdentity(FittedResidual):
    """Gives back what it is given."""

    def _draw(self, free: Free, streams: Streams) -> Indices:
        del streams
        return np.arange(free.n_rows)

    def _move(self, free: Free, streams: Streams) -> Floats | None:
        del free, streams
        return None
