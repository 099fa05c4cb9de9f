"""Numbers moved bin by bin, so that simulated rows fall into public bins as often as stated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from simgen.kernels.arrays import Floats
from simgen.residual.marginals import Bins
from simgen.residual.rows import Indices
from simgen.residual.shape import Column, Free, Shape

# What a column may share with another, of the entropy of the one that has less, and still move
# alone. Assumption, looked at on the simulated tables of both examples.
MOST_SHARED = 0.4


@dataclass(frozen=True, kw_only=True, eq=False)
class Stretch:
    """Where each bin begins among simulated rows of each class; its numbers move into the bin.

    Attributes:
        bins: the bins.
        starts: by column, where the second and later bins begin among simulated rows `(2, k - 1)`,
            by class.
        ends: between which numbers each column is stretched `(d, 2)`; others stay.

    Raises:
        ValueError: the parts do not belong together.
    """

    bins: Bins
    starts: tuple[Floats, ...]
    ends: Floats

    def __post_init__(self) -> None:
        shapes = [(2, len(edges)) for edges in self.bins.edges]
        if [starts.shape for starts in self.starts] != shapes or len(self.ends) != len(shapes):
            raise ValueError("a stretching has a start for each class and edge")

    def codes(self, rows: Free) -> Indices:
        """The bins that rows fall into when stretched `(n, d)`."""
        codes = np.empty(rows.values.shape, np.int64)
        for code, own in enumerate((~rows.label, rows.label)):
            began = Bins(edges=tuple(s[code] for s in self.starts), n_bins=self.bins.n_bins)
            codes[own] = began.codes(rows.values[own])
        return codes

    def values(self, rows: Free, shape: Shape, generator: np.random.Generator) -> Floats:
        """The numbers of rows when stretched `(n, d)`; ranks within a bin stay.

        A whole number counts as anywhere up to the next, at random.
        """
        codes, stretched = self.codes(rows), rows.values.copy()
        for place, column in enumerate(shape.columns):
            if column.categories:
                continue
            within = generator.random(rows.n_rows) if column.whole else 0.0
            for code, own in enumerate((~rows.label, rows.label)):
                given = (rows.values[:, place] + within)[own]
                bins = np.minimum(codes[own, place], len(self.bins.edges[place]))
                low, width = self._spans(self.starts[place][code], place, bins)
                new_low, new_width = self._spans(self.bins.edges[place], place, bins)
                share = (given - low) / np.where(width > 0, width, 1.0)
                moved = new_low + share * new_width
                moved = np.floor(moved) if column.whole else moved
                inside = (given >= self.ends[place, 0]) & (given <= self.ends[place, 1])
                stretched[own, place] = np.where(inside, moved, rows.values[own, place])
        return stretched

    def _spans(self, starts: Floats, place: int, bins: Indices) -> tuple[Floats, Floats]:
        """Where bins begin and how wide they are, each `(n,)`."""
        marks = np.concatenate([self.ends[place, :1], starts, self.ends[place, 1:]])
        return marks[bins], np.diff(marks)[bins]

    def arrays(self) -> dict[str, Any]:
        """The stretching as arrays by name."""
        parts: dict[str, Any] = {"ends": self.ends}
        for place, (edges, starts) in enumerate(zip(self.bins.edges, self.starts, strict=True)):
            parts |= {f"{place}.edges": edges, f"{place}.starts": starts}
        return parts

    @classmethod
    def from_arrays(cls, arrays: Any, shape: Shape) -> Stretch:
        """The stretching whose arrays these are; KeyError or ValueError if they are not."""
        places = range(len(shape.columns))
        edges = tuple(arrays[f"{place}.edges"].astype(np.float64) for place in places)
        return cls(
            bins=Bins.of(edges, shape),
            starts=tuple(arrays[f"{place}.starts"].astype(np.float64) for place in places),
            ends=arrays["ends"].astype(np.float64),
        )


def learn_stretch(
    simulated: Free,
    shape: Shape,
    bins: Bins,
    shares: Sequence[tuple[Floats, ...]],
    shared: Floats,
) -> Stretch:
    """The stretching with which simulated rows fall into each bin as often as stated.

    Whole numbers that have a bin each stay: nothing could move within them. So does a number that
    shares much with another column, as a payment does with the status that follows from it: moved
    alone, it would contradict that column.

    Args:
        simulated: the simulated rows.
        shape: their shape.
        bins: the bins.
        shares: for each class, and by column, how much of it falls into each bin `(n_bins,)`.
        shared: how far each hangs on each other; see `dependence` `(d, d)`.
    """
    starts, ends = [], np.zeros((len(shape.columns), 2))
    is_tied = shared.max(axis=1, initial=0.0) > MOST_SHARED
    for place, (column, edges) in enumerate(zip(shape.columns, bins.edges, strict=True)):
        values = simulated.values[:, place]
        present = values[~np.isnan(values)]
        if len(present):
            ends[place] = present.min(), present.max() + column.whole
        own = np.tile(edges, (2, 1))
        if _stretches(column, edges, present) and not is_tied[place]:
            for code, parts in enumerate(shares):
                rows = simulated.label == bool(code)
                wanted = np.cumsum(parts[place][: len(edges) + 1])
                if wanted[-1] > 0:
                    own[code] = _starts(
                        values[rows], simulated.weight[rows], wanted[:-1] / wanted[-1], own[code]
                    )
        starts.append(own)
    return Stretch(bins=bins, starts=tuple(starts), ends=ends)


def _stretches(column: Column, edges: Floats, present: Floats) -> bool:
    each_its_own = column.whole and len(np.unique(present)) == len(edges) + 1
    return not column.categories and len(edges) > 0 and not each_its_own


def _starts(values: Floats, weight: Floats, shares: Floats, otherwise: Floats) -> Floats:
    """The values `(k,)` below which the weight's share comes nearest to each of `shares`."""
    present = ~np.isnan(values)
    different, place = np.unique(values[present], return_inverse=True)
    if len(different) < 2:
        return otherwise
    below = np.cumsum(np.bincount(place, weight[present]))
    gaps = below[:-1] / below[-1]
    middles = (gaps[1:] + gaps[:-1]) / 2
    found: Floats = different[1:][np.searchsorted(middles, shares)]
    return found
