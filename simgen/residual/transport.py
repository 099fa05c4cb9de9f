"""Causal conditional transport: each record keeps its own rank and receives the real quantile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from simgen.core import Streams, parameter
from simgen.kernels.arrays import Floats
from simgen.residual.base import Arrays, FittedResidual, Learned, Residual
from simgen.residual.causal_order import in_causal_order
from simgen.residual.drawing import (
    Thinning,
    class_weights,
    draw_at_most,
    draw_classes,
    learn_thinning,
)
from simgen.residual.forest import features
from simgen.residual.growth import Learner
from simgen.residual.law import Law
from simgen.residual.meeting import meet
from simgen.residual.peers import Peers
from simgen.residual.rows import Indices
from simgen.residual.shape import Free, Shape

# What simulated rows that join real ones weigh on average: more of them would only take time.
LEAST_WEIGHT = 0.5


@dataclass(frozen=True, kw_only=True)
class Transport(Residual):
    """Moves records, column by column in causal order, to the conditional quantiles of real rows.

    A triangular map (Rosenblatt 1952, Remarks on a multivariate transformation), with bagged trees
    as conditional distributions (Meinshausen 2006, Quantile regression forests) and a Bayesian
    bootstrap of the real entities (Rubin 1981). We depart from both: a number is looked up in one
    of the trees, drawn for it, and its rank is that among the simulated rows which fall into the
    same leaf by their corrected causes. So ranks are uniform in each leaf, however coarse it is.

    Simulated rows join the real ones with the weight n0 / (n0 + n) that a prior worth n0 rows of
    each class has in credibility theory (Buehlmann 1967, Experience rating and credibility). In the
    same share of leaves, n being the rows of the rarer class, both classes are ranked together:
    what sets them apart in the simulator comes through where real rows say little of it.
    """

    name: ClassVar[str] = "transport"
    title: ClassVar[str] = "Causal conditional transport"
    doc: ClassVar[str] = (
        "Each record keeps its rank among simulated rows whose corrected causes are like its own, "
        "and receives the value at that rank among real rows with such causes."
    )
    privacy: ClassVar[str] = (
        "Values of every real row, column by column: as confidential as the rows themselves. "
        "A continuous value comes back exactly only where several entities share it, one of few "
        "decimals also where its neighbours leave no other. Not differentially private."
    )
    completes: ClassVar[bool] = True
    keeps_histories: ClassVar[bool] = True

    n_trees: int = parameter(8, minimum=1, doc="Trees for each column.")
    leaf_rows: float = parameter(
        8.0, above=0, unit="real rows", doc="Least weight of the rows in a leaf."
    )
    cause_share: float = parameter(
        0.6, above=0, maximum=1, doc="Share of the causes that each split chooses from."
    )
    prior_rows: float = parameter(
        50.0,
        above=0,
        unit="real rows",
        doc="What the simulated rows of each class weigh, beside the real ones of it.",
    )
    simulated_per_real: float = parameter(
        2.0, above=0, doc="Simulated rows of each class that meet, per real row of the class."
    )
    min_simulated_rows: float = parameter(
        5_000.0, minimum=1, unit="rows", doc="Simulated rows of each class that meet at least."
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
        used = simulated.take(self._enough(simulated, real, streams.generator("simulated")))
        laws = self._laws(used, real, shape, streams)
        trust = self.prior_rows / (self.prior_rows + rarer(real))
        peers = meet(laws, used, shape, trust=trust, generator=streams.generator("meeting"))
        arrays = thinning.arrays()
        for place, (law, met) in enumerate(zip(laws, peers, strict=True)):
            arrays |= law.arrays(_prefix(place, "corrected"))
            if met is not None:
                arrays |= met.arrays(_prefix(place, "peers"))
        about = {
            "real rows learned from": real.n_rows,
            "simulated rows learned from": used.n_rows,
            "leaves where classes meet share": trust,
        }
        return Learned(arrays=arrays, details=details | about)

    def _enough(self, simulated: Free, real: Free, generator: np.random.Generator) -> Indices:
        n_of_class = [int((real.label == label).sum()) for label in (False, True)]
        most = [max(self.min_simulated_rows, self.simulated_per_real * n) for n in n_of_class]
        return draw_at_most(simulated, most, generator)

    def _laws(self, simulated: Free, real: Free, shape: Shape, streams: Streams) -> list[Law]:
        """The law of each column among corrected rows."""
        ways = np.array(list(self._ways(simulated, real, streams)))
        learner = Learner.of(
            _joined(real, simulated),
            ways,
            leaf_weight=self.leaf_rows,
            cause_share=self.cause_share,
            key=streams.key("growth"),
        )
        real_alone = replace(learner, ways=ways * (np.arange(ways.shape[1]) < real.n_rows))
        return [
            (learner if column.simulated else real_alone).law(place, column)
            for place, column in enumerate(shape.columns)
        ]

    def _ways(self, simulated: Free, real: Free, streams: Streams) -> Iterator[Floats]:
        """For each tree, what each real and then each simulated row weighs."""
        generator = streams.generator("bootstrap")
        own = class_weights(real)
        other = simulated.weight.copy()
        chance = np.ones(simulated.n_rows)
        for label in np.unique(simulated.label):
            rows = simulated.label == label
            other[rows] *= self.prior_rows / other[rows].sum()
            chance[rows] = min(1.0, self.prior_rows / LEAST_WEIGHT / rows.sum())
        n_entities = int(real.entity.max()) + 1
        for _ in range(self.n_trees):
            counts = generator.exponential(size=n_entities)[real.entity]
            others = generator.exponential(size=simulated.n_rows) / chance
            others[generator.random(simulated.n_rows) >= chance] = 0.0
            yield np.concatenate([own * counts, other * others])

    def revive(self, shape: Shape, card: Mapping[str, Any], arrays: Arrays) -> FittedResidual:
        """See `Residual.revive`."""
        laws, peers = [], []
        for place, column in enumerate(shape.columns):
            law = Law.from_arrays(arrays, _prefix(place, "corrected"), column)
            met = None
            if column.simulated:
                met = Peers.from_arrays(arrays, _prefix(place, "peers"), discrete=column.discrete)
                if len(met.apart) != law.leaves.n_groups:
                    raise ValueError("leaves and peers of a law do not belong together")
            laws.append(law)
            peers.append(met)
        return FittedTransport(
            residual=self,
            shape=shape,
            card=card,
            arrays=arrays,
            thinning=Thinning.from_arrays(arrays),
            laws=tuple(laws),
            peers=tuple(peers),
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class FittedTransport(FittedResidual):
    """For each column its law among corrected rows and, if simulated, the peers in its leaves."""

    thinning: Thinning
    laws: tuple[Law, ...]
    peers: tuple[Peers | None, ...]

    def _draw(self, free: Free, streams: Streams) -> Indices:
        whole = bool(self.shape.order)
        return draw_classes(self.thinning, free, streams.generator("draw"), whole=whole)

    def _move(self, free: Free, streams: Streams) -> Floats | None:
        generator = streams.generator("move")

        def give(place: int, before: Free, after: Free) -> Floats:
            law, peers = self.laws[place], self.peers[place]
            causes = features(after.label, after.causes(place, self.shape.columns[place]))
            if peers is None:
                return law.draws(causes, generator)
            leaves = law.some_leaves(causes, generator)
            ranks = peers.ranks(leaves, before.label, before.values[:, place], generator)
            return law.leaves.quantiles(leaves, ranks)

        return in_causal_order(self.shape, free, give)


def rarer(rows: Free) -> int:
    """How many rows there are of the class that has fewer, of those there are."""
    return int(np.unique(rows.label, return_counts=True)[1].min())


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


def _prefix(place: int, side: str) -> str:
    return f"{place}.{side}."
