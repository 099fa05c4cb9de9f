"""Rows made anew in causal order: column by column and, in histories, step by step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from simgen.kernels.arrays import Floats
from simgen.residual.shape import Free, Shape

# The numbers a column receives, given its place, the rows as they came and as made so far; None
# where they keep their own.
Give = Callable[[int, Free, Free], Floats | None]


def in_causal_order(shape: Shape, free: Free, give: Give) -> Floats:
    """The free numbers `(n, d)` that rows receive when each is given after its causes.

    In a history the first rows of all entities are made first, then the second ones, so that what
    a row answers to of its past has been made before it.
    """
    made = np.empty_like(free.values)
    history = shape.history(free.entity, free.columns)
    for rows in history.steps():
        made[rows] = _step(shape, free.take(rows), history.past(made, rows), give)
    return made


def _step(shape: Shape, free: Free, past: Floats, give: Give) -> Floats:
    columns = dict(free.columns)
    made = replace(free, values=np.empty_like(free.values), columns=columns, past=past)
    for place, column in enumerate(shape.columns):
        given = give(place, free, made)
        if given is None:
            made.values[:, place] = free.values[:, place]
        else:
            made.values[:, place] = given
            columns[column.name] = column.restored(given, columns)
    return made.values
