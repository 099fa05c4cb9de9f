"""Rows: what a residual takes and gives, the rows of one flat table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from simgen.kernels.arrays import Flags, Floats

Indices = npt.NDArray[np.int64]
Columns = Mapping[str, npt.NDArray[Any]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Rows:
    """Weighted rows of a flat table.

    Attributes:
        columns: arrays by column name, each `(n,)`: numbers (NaN where a row has none), strings,
            flags or instants.
        weight: how many rows of nature each row stands for `(n,)`.

    Raises:
        ValueError: columns differ in length, or a weight is negative or not finite.
    """

    columns: Columns
    weight: Floats

    def __post_init__(self) -> None:
        if any(values.shape != self.weight.shape for values in self.columns.values()):
            raise ValueError("columns and weight of rows differ in length")
        if not np.all((self.weight >= 0) & np.isfinite(self.weight)):
            raise ValueError("weights of rows must be finite and >= 0")

    @classmethod
    def of(cls, columns: Columns) -> Rows:
        """Rows that weigh 1 each."""
        return cls(columns=columns, weight=np.ones(len(next(iter(columns.values())))))

    @property
    def n_rows(self) -> int:
        """How many rows there are, whatever they weigh."""
        return len(self.weight)

    def take(self, rows: Indices | Flags) -> Rows:
        """The given rows, by index or by mask."""
        columns = {name: values[rows] for name, values in self.columns.items()}
        return Rows(columns=columns, weight=self.weight[rows])
