"""Causal conditional transport: each record keeps its own rank and receives the real quantile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from simgen.core import Streams, parameter
from simgen.residual.base import Arrays, FittedResidual, Learned, Residual
from simgen.residual.causal_order import in_causal_order
from simgen.residual.drawing import (
    Thinning,
    class_weights,
    draw_at_most,
    draw_classes,
    draw_enough,
    learn_thinning,
)
from simgen.residual.forest import features
from simgen.residual.law import Law, learn_law
from simgen.residual.rows import Floats, Indices
from simgen.residual.shape import Column, Free, Shape


@dataclass(frozen=True, kw_only=True)
class Transport(Residual):
    """Moves records, column by column in causal order, to the conditional quantiles of real rows.

    A triangular map (Rosenblatt 1952, Remarks on a multivariate transformation), with bagged trees
    as conditional distributions (Meinshausen 2006, Quantile regression forests) and a Bayesian
    bootstrap of the real entities (Rubin 1981). Simulated rows join the real ones with the weight
    n0 / (n0 + n) has in credibility theory (Buehlmann 1967, Experience rating and credibility): as
    a prior worth n0 rows, split between the classes as the real rows are.
    """

    name: ClassVar[str] = "transport"
    title: ClassVar[str] = "Causal conditional transport"
    doc: ClassVar[str] = (
        "Each record keeps its rank given its causes among simulated rows, and receives the value "
        "at that rank given its corrected causes among real rows."
    )
    privacy: ClassVar[str] = (
        "Values of every real row, column by column: as confidential as the rows themselves. "
        "A continuous value comes back exactly only where several entities share it. Not "
        "differentially private."
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
    prior_rows: float = parameter(
        1000.0, above=0, unit="real rows", doc="What the simulated rows weigh beside real ones."
    )
    max_prior_share: float = parameter(
        1.0, above=0, doc="The same as a multiple of the real rows, where those are few."
    )
    simulated_per_real: float = parameter(
        2.0, above=0, doc="Simulated rows of each class learned from, per real row of the class."
    )
    max_real_rows: float = parameter(
        100_000.0, minimum=100, unit="rows", doc="Real rows of each class learned from at most."
    )

    def _learn(self, simulated: Free, real: Free, shape: Shape, streams: Streams) -> Learned:
        thinning, details = learn_thinning(
            np.ones(simulated.n_rows), simulated, real, max_ratio=1.0
        )
        # Prevalence has been learned from all; a law given the class needs no more rows than these.
        most = (self.max_real_rows, self.max_real_rows)
        real = real.take(draw_at_most(real, most, streams.generator("real")))
        used = simulated.take(
            draw_enough(simulated, real, self.simulated_per_real, streams.generator("simulated"))
        )
        arrays = thinning.arrays()
        prior = min(self.max_prior_share, self.prior_rows / real.n_rows)
        weights = list(self._weights(used, real, prior, streams))
        both = _joined(real, used)
        others = [way[real.n_rows :] / way[real.n_rows :].mean() for way in weights]
        generator = streams.generator("growth")
        for place, column in enumerate(shape.columns):
            sides = [("simulated", used, others), ("corrected", both, weights)]
            if not column.simulated:
                sides = [("corrected", real, [way[: real.n_rows] for way in weights])]
            for side, rows, ways in sides:
                law = learn_law(
                    rows,
                    place,
                    column,
                    ways,
                    leaf_weight=self.leaf_rows,
                    cause_share=self.cause_share,
                    generator=generator,
                )
                arrays |= law.arrays(_prefix(place, side))
        about = {
            "real rows learned from": real.n_rows,
            "simulated rows learned from": used.n_rows,
            "prior share": prior,
        }
        return Learned(arrays=arrays, details=details | about)

    def _weights(
        self, simulated: Free, real: Free, prior: float, streams: Streams
    ) -> Iterator[Floats]:
        """For each tree, what each real and then each simulated row weighs."""
        generator = streams.generator("bootstrap")
        own = class_weights(real)
        other = simulated.weight.copy()
        for label in np.unique(simulated.label):
            rows = simulated.label == label
            other[rows] *= prior * own[real.label == label].sum() / other[rows].sum()
        n_entities = int(real.entity.max()) + 1
        for _ in range(self.n_trees):
            counts = generator.exponential(size=n_entities)[real.entity]
            others = generator.exponential(size=simulated.n_rows)
            yield np.concatenate([own * counts, other * others])

    def revive(self, shape: Shape, card: Mapping[str, Any], arrays: Arrays) -> FittedResidual:
        """See `Residual.revive`."""
        laws = tuple(
            (
                _law(arrays, place, column, "simulated") if column.simulated else None,
                _law(arrays, place, column, "corrected"),
            )
            for place, column in enumerate(shape.columns)
        )
        return FittedTransport(
            residual=self,
            shape=shape,
            card=card,
            arrays=arrays,
            thinning=Thinning(limit=arrays["limit"], scale=arrays["scale"]),
            laws=laws,
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class FittedTransport(FittedResidual):
    """For each column, its law among simulated rows, if they have it, and among corrected ones."""

    thinning: Thinning
    laws: tuple[tuple[Law | None, Law], ...]

    def _draw(self, free: Free, streams: Streams) -> Indices:
        whole = bool(self.shape.order)
        return draw_classes(self.thinning, free, streams.generator("draw"), whole=whole)

    def _move(self, free: Free, streams: Streams) -> Floats | None:
        generator = streams.generator("move")

        def give(place: int, before: Free, after: Free) -> Floats:
            column, (simulated, corrected) = self.shape.columns[place], self.laws[place]
            causes = features(after.label, after.causes(place, column))
            if simulated is None:
                return corrected.draws(causes, generator)
            own = features(before.label, before.causes(place, column))
            ranks = simulated.ranks(own, before.values[:, place], generator)
            return corrected.quantiles(causes, ranks)

        return in_causal_order(self.shape, free, give)


def _joined(real: Free, simulated: Free) -> Free:
    return Free(
        values=np.concatenate([real.values, simulated.values]),
        label=np.concatenate([real.label, simulated.label]),
        entity=np.concatenate([real.entity, simulated.entity + real.entity.max() + 1]),
        weight=np.concatenate([real.weight, simulated.weight]),
        columns={
            name: np.concatenate([real.columns[name], simulated.columns[name]])
            for name in real.columns.keys() & simulated.columns.keys()
        },
        past=np.concatenate([real.past, simulated.past]),
    )


def _law(arrays: Arrays, place: int, column: Column, side: str) -> Law:
    return Law.from_arrays(arrays, _prefix(place, side), discrete=column.discrete)


def _prefix(place: int, side: str) -> str:
    return f"{place}.{side}."
