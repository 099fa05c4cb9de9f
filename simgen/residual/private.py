"""Corrections learned from noised counts alone: differentially private for each entity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, ClassVar

import numpy as np

from simgen.core import Streams, parameter
from simgen.kernels.arrays import Floats
from simgen.residual.base import Arrays, FittedResidual, Learned, Residual
from simgen.residual.drawing import Thinning, draw, thinning_to
from simgen.residual.marginals import (
    Bins,
    Workload,
    dependence,
    public_bins,
    workload,
)
from simgen.residual.potentials import (
    Noised,
    Weighing,
    credibility,
    effective_rows,
    fit_potentials,
    sums,
)
from simgen.residual.privacy import (
    Release,
    at_most_each,
    noise_scale,
    release,
    secure_order,
    sensitivity,
    spent,
)
from simgen.residual.rows import Indices
from simgen.residual.shape import Free, Shape
from simgen.residual.stretching import Stretch, learn_stretch

# How many times a row counts in the tables of no, one and two columns: small tables say most of
# what a few rare rows can say above the noise. Chosen, like `n_pairs`, `prior_share` and
# `max_ratio`, on one simulator corrected toward another: real rows would have had to pay for it.
_TIMES = (2, 2, 1)
_MOST_ROWS = 100_000  # simulated rows of a class that weights are fitted on; assumption


@dataclass(frozen=True, kw_only=True)
class Private(Residual):
    """Stretches and draws simulated rows until they agree with noised tables of the real ones.

    Simulated rows are public. Of the real rows only counts by label, by column and label, and by
    pair of columns and label are taken, in bins that come from vocabularies and simulated rows,
    with discrete Gaussian noise in every cell. All else follows from these tables: numbers move
    within each class so that bins hold what the tables say, and rows are drawn with weights that
    make pairs agree, as in PMW-Pub (Liu et al. 2021, Leveraging public data for practical private
    query release). We depart from it: all tables are asked at once, not the worst one in each
    round, and the simulator is a prior where tables say less than their noise.

    An entity more or less changes no table further than the noise hides, whoever looks and
    whatever they know. The real rows count once each: a weight has no bound that is public. That
    real rows lack a column or hold a word outside its vocabulary is told to whoever fits, as an
    error, and so is not covered.
    """

    name: ClassVar[str] = "private"
    title: ClassVar[str] = "Private marginals"
    doc: ClassVar[str] = (
        "Numbers move and rows are drawn until tables of one and two columns agree with noised "
        "tables of the real rows."
    )
    privacy: ClassVar[str] = (
        "Nothing but counts with discrete Gaussian noise: differentially private for each entity, "
        "at the budget in this card. A second fit on the same real rows costs as much again."
    )
    is_private: ClassVar[bool] = True

    epsilon: float = parameter(
        1.0,
        minimum=0.01,
        maximum=20,
        doc="Budget: by how much the log odds of anything about one entity may change.",
    )
    delta: float = parameter(
        1e-6,
        above=0,
        maximum=1e-3,
        doc="Probability beyond the budget: below one over the number of entities, by far.",
    )
    rows_per_entity: int = parameter(
        1, minimum=1, maximum=1000, doc="Rows of one entity that count, chosen at random."
    )
    n_bins: int = parameter(8, minimum=2, maximum=100, doc="Bins of a number.")
    n_pairs: int = parameter(20, minimum=0, doc="Pairs of columns that are counted together.")
    prior_share: float = parameter(
        0.3,
        above=0,
        doc="What simulated rows weigh beside real ones in how columns hang together.",
    )
    max_ratio: float = parameter(
        3.0, minimum=1, doc="A row is drawn at most so many times as often as the average row."
    )

    def _learn(self, simulated: Free, real: Free, shape: Shape, streams: Streams) -> Learned:
        bins = public_bins(simulated, shape, self.n_bins)
        told, shared = dependence(simulated, bins)
        asked = workload(told, bins, self.n_pairs)
        noised, budget = self._measured(real, bins, asked, shape)
        classes = [_Class.of(simulated, bins, *part) for part in enumerate(noised)]
        shares = [each.shares(bins) for each in classes]
        stretch = learn_stretch(simulated, shape, bins, shares, shared)
        potential = np.zeros((2, sum(asked.sizes)))
        generator = streams.generator("simulated")
        for code, each in enumerate(classes):
            potential[code] = each.potential(stretch, asked, self.prior_share, generator)
        weighing = Weighing(workload=asked, potential=potential)
        totals = [tables.total for tables in noised]
        thinning, details = thinning_to(
            weighing.ratio(stretch.codes(simulated), simulated.label),
            simulated,
            totals[1] / sum(totals) if shape.label else 0.0,
            max_ratio=self.max_ratio,
        )
        arrays = thinning.arrays() | stretch.arrays() | weighing.arrays()
        details["prior shares of columns"] = [each.prior_share for each in classes]
        return Learned(arrays=arrays, details=details | {"budget": budget})

    def _measured(
        self, real: Free, bins: Bins, asked: Workload, shape: Shape
    ) -> tuple[list[Noised], dict[str, Any]]:
        """The noised tables of each class, and what they cost: all that is seen of real rows."""
        times = tuple(_TIMES[len(query)] for query in asked.queries)
        moves = tuple(each * self.rows_per_entity for each in times)
        scale = noise_scale(self.epsilon, self.delta, moves)
        order = secure_order(real.n_rows)
        counted = real.take(at_most_each(real.entity, self.rows_per_entity, order))
        labels = (False, True) if shape.label else (False,)
        repeated = np.repeat(times, asked.sizes)
        counts = [
            repeated * asked.counts(bins.codes(counted.values[counted.label == label]))
            for label in labels
        ]
        released = release(np.concatenate(counts), scale, moves)
        noised = [
            Noised.of(part / repeated, (scale / repeated) ** 2, asked.sizes)
            for part in np.split(released.counts, len(labels))
        ]
        return noised, self._budget(shape, moves, scale, released)

    def _budget(
        self, shape: Shape, moves: tuple[int, ...], scale: float, released: Release
    ) -> dict[str, Any]:
        """What the fit cost, for the card."""
        return {
            "epsilon": self.epsilon,
            "delta": self.delta,
            "epsilon spent": spent(scale, moves, self.delta, self.epsilon),
            "neighbours": f"one {shape.entity or 'row'} more or less, with all its rows",
            "rows of one entity that count": self.rows_per_entity,
            "tables": len(moves),
            "cells": len(released.counts),
            "sensitivity": sensitivity(moves),
            "moves": list(moves),
            "noise scale": scale,
            "rho": released.rho,
            "mechanism": f"discrete Gaussian of OpenDP {version('opendp')}, one release",
            "accountant": f"privacy loss distributions of dp-accounting {version('dp-accounting')}",
            "noise": "secure, not seeded: no seed repeats this fit",
            "weights of real rows": "not used: each counts as one",
            "public": "the shape, the parameters, and all that simulated rows tell",
        }

    def revive(self, shape: Shape, card: Mapping[str, Any], arrays: Arrays) -> FittedResidual:
        """See `Residual.revive`."""
        stretch = Stretch.from_arrays(arrays, shape)
        return FittedPrivate(
            residual=self,
            shape=shape,
            card=card,
            arrays=arrays,
            thinning=Thinning.from_arrays(arrays),
            stretch=stretch,
            weighing=Weighing.from_arrays(arrays, stretch.bins),
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Class:
    """Simulated rows of one class, and what the tables say of it."""

    rows: Free
    noised: Noised
    simulated: tuple[Floats, ...]  # what they weigh in each bin, by column
    prior_share: float  # of each column alone, by `credibility`

    @classmethod
    def of(cls, simulated: Free, bins: Bins, code: int, noised: Noised) -> _Class:
        """One class of the simulated rows."""
        rows = simulated.take(simulated.label == bool(code))
        codes = bins.codes(rows.values)
        mass = tuple(
            np.bincount(codes[:, place], rows.weight, n_bins).astype(np.float64)
            for place, n_bins in enumerate(bins.n_bins)
        )
        prior_share = credibility(
            noised.tables(1, 1 + len(mass)), np.concatenate(mass) / rows.weight.sum()
        )
        return cls(rows=rows, noised=noised, simulated=mass, prior_share=prior_share)

    def shares(self, bins: Bins) -> tuple[Floats, ...]:
        """By column, the share of each bin `(n_bins,)`, as far as it is known."""
        found = []
        for place, n_bins in enumerate(bins.n_bins):
            prior = self.simulated[place]
            table = self.noised.tables(1 + place, 2 + place)
            found.append(
                prior * np.exp(self._fit(table, [np.arange(n_bins)], prior, self.prior_share))
            )
        return tuple(found)

    def potential(
        self,
        stretch: Stretch,
        asked: Workload,
        prior_share: float,
        generator: np.random.Generator,
    ) -> Floats:
        """The potential of each cell `(n_cells,)`, with which the mean ratio of rows is 1."""
        part = self.rows.take(generator.permutation(self.rows.n_rows)[:_MOST_ROWS])
        cells = list(asked.cells(stretch.codes(part)))
        potential = self._fit(self.noised, cells, part.weight, prior_share)
        tilt = np.exp(sums(cells, potential, part.n_rows))
        potential[0] -= np.log(np.average(tilt, weights=part.weight))  # every row is in that cell
        return potential

    def _fit(
        self, noised: Noised, cells: list[Indices], weight: Floats, prior_share: float
    ) -> Floats:
        return fit_potentials(
            noised,
            cells,
            weight,
            n_simulated=effective_rows(self.rows.weight),
            prior_share=prior_share,
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class FittedPrivate(FittedResidual):
    """Where bins begin among simulated rows, and how often rows of each cell are drawn."""

    thinning: Thinning
    stretch: Stretch
    weighing: Weighing

    def _draw(self, free: Free, streams: Streams) -> Indices:
        ratio = self.weighing.ratio(self.stretch.codes(free), free.label)
        return draw(self.thinning.chance(ratio, free.label), free.label, streams.generator("draw"))

    def _move(self, free: Free, streams: Streams) -> Floats | None:
        return self.stretch.values(free, self.shape, streams.generator("move"))
