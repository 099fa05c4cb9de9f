"""Column: what a residual must know of a column, declared by whoever knows the world behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from simgen.core import RequestError
from simgen.kernels.arrays import Floats
from simgen.residual.rows import Columns

Values = npt.NDArray[Any]
Forward = Callable[[Columns], Values]  # reads its own column and those before it
Inverse = Callable[[Values, Columns], Values]  # free numbers and the columns before, corrected
Cause = Callable[[Columns], Values]  # a number, from the columns before, corrected


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column that a residual may correct.

    Attributes:
        name: its name.
        categories: its closed vocabulary, neighbours next to each other where they have an order;
            empty for a number.
        whole: whether its free numbers are whole, such as ages and counts; between others a
            corrected value may fall anywhere.
        forward: its free number: one that no other column bounds, such as a vehicle's age in place
            of its year, or a logarithm. The column itself by default.
        inverse: the column from its free number.
        simulated: whether the simulator makes it; if not, it is drawn from what real rows have
            there, given the columns before.
        causes: what it answers to besides the free numbers before it, such as a debt that follows
            from a statement and a payment.
        lags: in a history, how many earlier values are causes of all columns of a row.
    """

    name: str
    categories: tuple[str, ...] | tuple[bool, ...] | tuple[int, ...] = ()
    whole: bool = False
    forward: Forward | None = None
    inverse: Inverse | None = None
    simulated: bool = True
    causes: tuple[Cause, ...] = ()
    lags: int = 0

    def __post_init__(self) -> None:
        if (self.forward is None) != (self.inverse is None):
            raise ValueError(f"column {self.name}: forward and inverse come together")
        if self.categories and self.forward is not None:
            raise ValueError(f"column {self.name}: a category is free as it is")

    def caused(self, columns: Columns) -> Floats:
        """Its further causes as numbers `(n, c)`."""
        n_rows = len(next(iter(columns.values())))
        table = np.empty((n_rows, len(self.causes)))
        for place, cause in enumerate(self.causes):
            table[:, place] = cause(columns)
        return table

    @property
    def discrete(self) -> bool:
        """Whether nothing lies between two neighbouring values."""
        return self.whole or bool(self.categories)

    def free(self, columns: Columns) -> Floats:
        """The column's free numbers `(n,)`, codes for a category; RequestError for no such word."""
        values = columns[self.name]
        if not self.categories:
            numbers: Floats = (self.forward(columns) if self.forward else values).astype(np.float64)
            return numbers
        vocabulary = np.asarray(self.categories)
        order = np.argsort(vocabulary, kind="stable")
        place = np.searchsorted(vocabulary[order], values).clip(max=len(order) - 1)
        codes = order[place]
        if odd := [str(value) for value in np.unique(values[vocabulary[codes] != values])][:3]:
            raise RequestError(
                f"column {self.name} holds {odd}, not in its vocabulary {self.categories}"
            )
        free_codes: Floats = codes.astype(np.float64)
        return free_codes

    @property
    def dtype(self) -> np.dtype[Any]:
        """What it is made of where the simulated rows have no such column."""
        if self.categories:
            return np.asarray(self.categories).dtype
        return np.dtype(np.int64 if self.whole else np.float64)

    def restored(self, free: Floats, columns: Columns) -> Values:
        """The column `(n,)` from its free numbers and the columns before it, of the type it has."""
        dtype = columns[self.name].dtype if self.name in columns else self.dtype
        if self.categories:
            words = np.asarray(self.categories)[free.astype(np.int64)]
            return words if dtype.kind == "U" else words.astype(dtype)
        values = self.inverse(free, columns) if self.inverse else free
        return np.rint(values).astype(dtype) if dtype.kind in "iu" else values.astype(dtype)
