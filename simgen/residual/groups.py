"""Weighted values in groups, as arrays: each group a distribution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from simgen.kernels.arrays import Floats
from simgen.kernels.groups import (
    group_codes,
    group_quantiles,
    group_ranks,
    group_shares,
)
from simgen.residual.base import Arrays
from simgen.residual.rows import Indices


@dataclass(frozen=True, kw_only=True, eq=False)
class Groups:
    """Weighted values in groups; see `simgen.kernels.groups`.

    Attributes:
        starts: where the values of each group begin, and the end `(g + 1,)`.
        values: the values in each group, ascending; -inf for an absent one `(m,)`.
        shares: the share of the group's weight up to and including each `(m,)`.
        discrete: whether nothing lies between two neighbouring values.

    Raises:
        ValueError: a group is empty, or the arrays do not belong together.
    """

    starts: Indices
    values: Floats
    shares: Floats
    discrete: bool

    def __post_init__(self) -> None:
        # The kernels trust what they read, and a model may come from a folder.
        ends = self.starts[[0, -1]].tolist() if len(self.starts) > 1 else []
        if ends != [0, len(self.values)] or not (np.diff(self.starts) > 0).all():
            raise ValueError("groups do not cover their values")
        if self.shares.shape != self.values.shape:
            raise ValueError("values and shares of groups differ in length")

    @property
    def n_groups(self) -> int:
        """How many groups there are."""
        return len(self.starts) - 1

    def ranks(self, groups: Indices, values: Floats, generator: np.random.Generator) -> Floats:
        """The rank `(n,)` of each value in the mixture of its groups `(n, b)`.

        That of an atom is drawn within it.
        """
        chance = generator.random(len(values))
        return group_ranks(
            groups, held(values), chance, self.starts, self.values, self.shares, self.discrete
        )

    def quantiles(self, groups: Indices, ranks: Floats) -> Floats:
        """The value `(n,)` at each rank of the mixture of its groups `(n, b)`; NaN if absent."""
        parts = self.starts, self.values, self.shares
        if self.discrete:
            found = group_codes(groups, ranks, *parts, np.unique(self.values))
            return np.where(np.isneginf(found), np.nan, found)
        present = self.values[np.isfinite(self.values)]
        bounds = np.array([present.min(initial=np.inf), present.max(initial=-np.inf)])
        found = group_quantiles(groups, ranks, *parts, bounds)
        return np.where(np.isneginf(found), np.nan, found)

    def arrays(self, prefix: str) -> dict[str, Any]:
        """The groups as arrays by name."""
        return {f"{prefix}{name}": getattr(self, name) for name in ("starts", "values", "shares")}

    @classmethod
    def from_arrays(cls, arrays: Arrays, prefix: str, *, discrete: bool) -> Groups:
        """The groups whose arrays these are; KeyError or ValueError if they are not."""
        return cls(
            starts=arrays[f"{prefix}starts"].astype(np.int64),
            values=arrays[f"{prefix}values"].astype(np.float64),
            shares=arrays[f"{prefix}shares"].astype(np.float64),
            discrete=discrete,
        )

    @classmethod
    def of(
        cls,
        group: Indices,
        values: Floats,
        weight: Floats,
        entity: Indices,
        *,
        n_groups: int,
        discrete: bool,
    ) -> Groups:
        """The groups of values `(n,)`; ValueError if those of one weigh nothing.

        A continuous value that an entity has several times counts as one that weighs as much: it is
        no atom, and so does not come back exactly, unless another entity has it too.
        """
        ascending = held(values)
        if not discrete:
            order = np.lexsort((entity, ascending, group))
            keys = [np.diff(key[order]) != 0 for key in (group, entity)]
            other = keys[0] | keys[1] | (ascending[order][1:] != ascending[order][:-1])
            first = np.flatnonzero(np.concatenate([[True], other]))
            group, ascending = group[order][first], ascending[order][first]
            weight = np.add.reduceat(weight[order], first)
        starts, ordered, shares = group_shares(group, ascending, weight, n_groups)
        return cls(starts=starts, values=ordered, shares=shares, discrete=discrete)


def held(values: Floats) -> Floats:
    """The values `(n,)` as groups hold them: an absent one is -inf."""
    return np.where(np.isnan(values), -np.inf, values)
