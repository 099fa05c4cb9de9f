"""Peers: the simulated values among which others find their rank."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from simgen.kernels.arrays import Flags, Floats
from simgen.kernels.gathering import gather
from simgen.kernels.groups import group_ranks, newcomer_ranks
from simgen.residual.base import Arrays
from simgen.residual.groups import held
from simgen.residual.rows import Indices


@dataclass(frozen=True, kw_only=True, eq=False)
class Peers:
    """Simulated values in leaves: those of leaf i in group 2i, or by class in 2i and 2i + 1.

    Attributes:
        starts: where the values of each group begin, and the end `(2l + 1,)`; one may be empty.
        values: the values in each group, ascending; -inf for an absent one `(m,)`.
        shares: the share of the group's weight up to and including each `(m,)`.
        apart: whether the classes of a leaf are apart `(l,)`.
        discrete: whether nothing lies between two neighbouring values.

    Raises:
        ValueError: the arrays do not belong together.
    """

    starts: Indices
    values: Floats
    shares: Floats
    apart: Flags
    discrete: bool

    def __post_init__(self) -> None:
        # The kernels trust what they read, and a model may come from a folder.
        if len(self.starts) != 2 * len(self.apart) + 1 or (np.diff(self.starts) < 0).any():
            raise ValueError("peers have no two groups for each leaf")
        if self.starts[[0, -1]].tolist() != [0, len(self.values)]:
            raise ValueError("groups do not cover their values")
        if self.shares.shape != self.values.shape:
            raise ValueError("values and shares of groups differ in length")

    @classmethod
    def of(
        cls,
        leaves: Indices,
        values: Floats,
        label: Flags,
        weight: Floats,
        *,
        apart: Flags,
        discrete: bool,
    ) -> Peers:
        """The peers of values `(n,)`, of which each is in several leaves `(n, t)`."""
        groups = np.ascontiguousarray(_groups(leaves, label, apart).T)
        starts, ascending, shares = gather(
            groups,
            held(values),
            np.broadcast_to(weight, groups.shape),
            np.arange(len(values)),
            n_leaves=2 * len(apart),
            twice=np.zeros(len(values), np.bool_),
            merge=False,
        )
        return cls(starts=starts, values=ascending, shares=shares, apart=apart, discrete=discrete)

    def own_ranks(
        self, leaves: Indices, label: Flags, values: Floats, generator: np.random.Generator
    ) -> Floats:
        """The rank `(n,)` of each value, which is one of theirs, in its leaves `(n, b)`."""
        return self._ranked(group_ranks, leaves, label, values, generator)

    def ranks(
        self, leaves: Indices, label: Flags, values: Floats, generator: np.random.Generator
    ) -> Floats:
        """The rank `(n,)` of each value, which is none of theirs, in its leaves `(n, b)`."""
        return self._ranked(newcomer_ranks, leaves, label, values, generator)

    def _ranked(
        self,
        kernel: Any,
        leaves: Indices,
        label: Flags,
        values: Floats,
        generator: np.random.Generator,
    ) -> Floats:
        groups, chance = _groups(leaves, label, self.apart), generator.random(len(values))
        ranks: Floats = kernel(
            groups, held(values), chance, self.starts, self.values, self.shares, self.discrete
        )
        return ranks

    def arrays(self, prefix: str) -> dict[str, Any]:
        """The peers as arrays by name."""
        names = (field.name for field in fields(self) if field.name != "discrete")
        return {f"{prefix}{name}": getattr(self, name) for name in names}

    @classmethod
    def from_arrays(cls, arrays: Arrays, prefix: str, *, discrete: bool) -> Peers:
        """The peers whose arrays these are; KeyError or ValueError if they are not."""
        return cls(
            starts=arrays[f"{prefix}starts"].astype(np.int64),
            values=arrays[f"{prefix}values"].astype(np.float64),
            shares=arrays[f"{prefix}shares"].astype(np.float64),
            apart=arrays[f"{prefix}apart"].astype(np.bool_),
            discrete=discrete,
        )


def _groups(leaves: Indices, label: Flags, apart: Flags) -> Indices:
    groups: Indices = 2 * leaves + (apart[leaves] & label[:, None])
    return groups
