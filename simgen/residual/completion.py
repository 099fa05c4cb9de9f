"""Completion: columns that the simulator does not make, drawn as real rows have them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from simgen.core import Streams, parameter
from simgen.kernels.arrays import Floats
from simgen.residual.base import Arrays, FittedResidual, Learned, Residual
from simgen.residual.causal_order import in_causal_order
from simgen.residual.drawing import Thinning, class_weights, draw_classes, learn_thinning
from simgen.residual.forest import features
from simgen.residual.growth import Learner
from simgen.residual.law import Law
from simgen.residual.rows import Indices
from simgen.residual.shape import Free, Shape


@dataclass(frozen=True, kw_only=True)
class Completion(Residual):
    """Adds columns one by one, each drawn given the label and all columns before it.

    Sequential synthesis with trees (Reiter 2005, Using CART to generate partially synthetic public
    use microdata), smoothed: bagged with a Bayesian bootstrap of the real entities (Rubin 1981),
    and interpolated between the values in a leaf instead of drawn among them. What the simulator
    makes stays as it is; `transport` corrects that as well.
    """

    name: ClassVar[str] = "completion"
    title: ClassVar[str] = "Completion"
    doc: ClassVar[str] = (
        "Columns that the simulator does not make are drawn from real rows' conditional "
        "distributions; the others stay as they are."
    )
    privacy: ClassVar[str] = (
        "Values of every real row in the completed columns: as confidential as the rows "
        "themselves. Not differentially private."
    )
    completes: ClassVar[bool] = True
    keeps_histories: ClassVar[bool] = True

    n_trees: int = parameter(10, minimum=1, doc="Trees for each column.")
    leaf_rows: float = parameter(
        8.0, above=0, unit="real rows", doc="Least weight of the rows in a leaf."
    )
    cause_share: float = parameter(
        0.6, above=0, maximum=1, doc="Share of the causes that each split chooses from."
    )

    def _learn(self, simulated: Free, real: Free, shape: Shape, streams: Streams) -> Learned:
        thinning, details = learn_thinning(
            np.ones(simulated.n_rows), simulated, real, max_ratio=1.0
        )
        arrays = thinning.arrays()
        chance = streams.generator("bootstrap")
        n_entities = int(real.entity.max()) + 1
        own = class_weights(real)
        ways = own * chance.exponential(size=(self.n_trees, n_entities))[:, real.entity]
        learner = Learner.of(
            real,
            ways,
            leaf_weight=self.leaf_rows,
            cause_share=self.cause_share,
            key=streams.key("growth"),
        )
        for place in _places(shape):
            law = learner.law(place, shape.columns[place])
            arrays |= law.arrays(f"{place}.")
        return Learned(arrays=arrays, details=details)

    def revive(self, shape: Shape, card: Mapping[str, Any], arrays: Arrays) -> FittedResidual:
        """See `Residual.revive`."""
        laws = {
            place: Law.from_arrays(arrays, f"{place}.", shape.columns[place])
            for place in _places(shape)
        }
        return FittedCompletion(
            residual=self,
            shape=shape,
            card=card,
            arrays=arrays,
            thinning=Thinning.from_arrays(arrays),
            laws=laws,
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class FittedCompletion(FittedResidual):
    """The law of each column that is added, by its place in the causal order."""

    thinning: Thinning
    laws: Mapping[int, Law]

    def _draw(self, free: Free, streams: Streams) -> Indices:
        whole = bool(self.shape.order)
        return draw_classes(self.thinning, free, streams.generator("draw"), whole=whole)

    def _move(self, free: Free, streams: Streams) -> Floats | None:
        generator = streams.generator("complete")

        def give(place: int, _: Free, made: Free) -> Floats | None:
            if place not in self.laws:
                return None
            causes = features(made.label, made.causes(place, self.shape.columns[place]))
            return self.laws[place].draws(causes, generator)

        return in_causal_order(self.shape, free, give)


def _places(shape: Shape) -> range:
    return range(len(shape.names) - len(shape.completed), len(shape.names))
