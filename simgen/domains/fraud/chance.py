"""Single draws for one event after the other, without the cost of `Generator.choice`."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Generic, TypeVar

import numpy as np

Item = TypeVar("Item")


def pick(rng: np.random.Generator, items: Sequence[Item]) -> Item:
    """One of the items, all alike."""
    return items[int(rng.random() * len(items))]


class Weighted(Generic[Item]):
    """Items of which some are likelier."""

    def __init__(self, weights: dict[Item, float]) -> None:
        self._items = tuple(weights)
        self._cumulative = list(accumulate(weights.values()))

    def draw(self, rng: np.random.Generator) -> Item:
        """One of the items, by weight."""
        return self._items[bisect_right(self._cumulative, rng.random() * self._cumulative[-1])]
