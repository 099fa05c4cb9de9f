"""Batches of pieces: harder or thinner than usual, and what that makes of each cut."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from simgen.core import HOUR, MINUTE
from simgen.domains.industrial.milling.shop import every_cut, products, tools
from simgen.domains.industrial.milling.wear import deepest

if TYPE_CHECKING:
    from simgen.domains.industrial.milling.cell import Cell, Mill
    from simgen.domains.industrial.milling_cell import MillingCell

WARMING = 50.0 * MINUTE  # time constant of a spindle [s]; assumption
_SOFT = 0.6  # share of stiffness that a drawbar without force takes; assumption
_FULL_CHATTER = 0.5  # beyond the deepest stable cut, relative, at which it is full; assumption


@dataclass(frozen=True, kw_only=True, slots=True)
class BatchCut:
    """A cut of every piece of a batch, and what is the same in all of them."""

    place: int  # in `every_cut`
    tool: str
    time: float  # that it takes [s]
    minutes: float  # the same [min]
    hours: float  # by which parts of the mill age in it, of their tables [h]
    warming: float  # share of the way to its temperature that the spindle goes in it
    hardness: float  # over the usual
    stiffness: float  # of a piece, over that of a thick one
    life: float  # of a usual tool in such cuts [min]
    planned: float  # share of a usual tool's life in usual material
    sound_chatter: float  # with a strong clamp

    def chatter(self, weakness: float) -> float:
        """How far it chatters where the clamp is weak, 0 strong, 1 without force."""
        if weakness == 0.0:
            return self.sound_chatter
        return _chatter(self.place, self.stiffness * (1.0 - _SOFT * weakness))


def next_batch(cell: Cell, mill: Mill) -> tuple[BatchCut, ...]:
    """The cuts of a product; some batches are harder or thinner than others."""
    looks, rng = cell.about.lookalikes, mill.rng
    product = products()[int(rng.integers(len(products())))]
    hard, thin = looks.hard_batch, looks.thin_wall
    hardness = rng.lognormal(0.0, cell.about.operation.hardness_spread)
    stiffness, chance, mill.batch = 1.0, rng.random(), None
    if chance < hard.share:
        hardness *= rng.uniform(*hard.factors)
        mill.batch = cell.begin(mill, hard.kind, lookalike_of=hard.resembles)
    elif chance < hard.share + thin.share:
        stiffness = rng.uniform(*thin.factors)
        mill.batch = cell.begin(mill, thin.kind, lookalike_of=thin.resembles)
    return tuple(
        _planned(cell.about, place, hardness, stiffness) for place in _places(product.kind)
    )


@cache
def _places(kind: str) -> tuple[int, ...]:
    """Of a product's cuts in `every_cut`."""
    return tuple(place for place, (one, _) in enumerate(every_cut()) if one.kind == kind)


def _planned(about: MillingCell, place: int, hardness: float, stiffness: float) -> BatchCut:
    product, cut = every_cut()[place]
    tool, minutes = tools()[cut.tool], cut.time / MINUTE
    return BatchCut(
        place=place,
        tool=cut.tool,
        time=cut.time,
        minutes=minutes,
        hours=cut.time / HOUR * about.ageing,
        warming=1.0 - math.exp(-cut.time / WARMING),
        hardness=hardness,
        stiffness=stiffness,
        life=about.tools.life(tool, cut, product.material, hardness),
        planned=minutes / about.tools.life(tool, cut, product.material, 1.0),
        sound_chatter=_chatter(place, stiffness),
    )


def _chatter(place: int, stiffness: float) -> float:
    """How far a cut chatters, by its depth over the deepest stable one.

    Args:
        place: of the cut in `every_cut`.
        stiffness: of tool, piece and clamp over that of the tool.
    """
    product, cut = every_cut()[place]
    tool = tools()[cut.tool]
    depth = cut.depth / deepest(cut, tool, product.material, tool.stiffness * stiffness)
    return min(max((depth - 1.0) / _FULL_CHATTER, 0.0), 1.0)
