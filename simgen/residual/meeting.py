"""Where simulated rows meet as they are corrected: who falls into which leaf of each law."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from simgen.kernels.arrays import Flags, Floats
from simgen.residual.causal_order import in_causal_order
from simgen.residual.forest import features
from simgen.residual.law import Law
from simgen.residual.peers import Peers
from simgen.residual.rows import Indices
from simgen.residual.shape import Free, Shape


class Met(NamedTuple):
    """Rows that fell into the leaves of a law: `(n, t)`, and `(n,)` each."""

    leaves: Indices
    values: Floats
    label: Flags
    weight: Floats

    def peers(self, law: Law, apart: Flags) -> Peers:
        """Among whom others of a leaf find their rank."""
        return Peers.of(
            self.leaves,
            self.values,
            self.label,
            self.weight,
            apart=apart,
            discrete=law.leaves.discrete,
        )


def meet(
    laws: Sequence[Law],
    simulated: Free,
    shape: Shape,
    *,
    trust: float,
    generator: np.random.Generator,
) -> list[Peers | None]:
    """The simulated values in each leaf of each column's law; None where none are simulated.

    Rows fall by their causes as corrected so far, then get a corrected value themselves. So those
    that meet in a leaf are alike in what decides there, and their ranks are uniform in it, however
    coarse the leaf.

    Args:
        laws: of each column.
        simulated: the rows.
        shape: their shape.
        trust: in which share of leaves the classes meet, so that simulated differences between
            them come through where the law itself tells none; in others each meets its own.
        generator: draws trees and leaves.
    """
    apart = [generator.random(law.forest.n_leaves) >= trust for law in laws]
    met: list[list[Met]] = [[] for _ in laws]

    def give(place: int, before: Free, after: Free) -> Floats:
        column, law = shape.columns[place], laws[place]
        causes = features(after.label, after.causes(place, column))
        if not column.simulated:
            return law.draws(causes, generator)
        leaves = law.all_leaves(causes)
        now = Met(leaves, before.values[:, place], before.label, before.weight)
        met[place].append(now)
        own = law.some_leaves(causes, generator)
        peers = now.peers(law, apart[place])
        return law.leaves.quantiles(own, peers.own_ranks(own, now.label, now.values, generator))

    in_causal_order(shape, simulated, give)
    return [
        Met(*(np.concatenate(parts) for parts in zip(*steps, strict=True))).peers(law, split)
        if steps
        else None
        for law, steps, split in zip(laws, met, apart, strict=True)
    ]
