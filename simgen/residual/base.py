"""The residual contract: learn how simulated rows differ from real ones, then correct them."""

from __future__ import annotations

import platform
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from simgen.core import (
    Parameters,
    RequestError,
    RunError,
    Streams,
    find_classes,
    parameter,
    plain,
)
from simgen.kernels.arrays import Floats
from simgen.residual.drawing import prevalence
from simgen.residual.rows import Indices, Rows
from simgen.residual.shape import Free, Shape

Arrays = Mapping[str, npt.NDArray[Any]]

FORMAT = 1  # goes up when readers of model cards must change
FEWEST_ROWS = 100  # of either side: fewer show no distribution; assumption
FEWEST_OF_A_CLASS = 10  # of either side; assumption

# Another version of one of these may give another model from the same rows and seed.
_MAKERS = ("simgen", "numpy", "numba", "scikit-learn")


@dataclass(frozen=True, kw_only=True, eq=False)
class Correction:
    """What became of some rows.

    Attributes:
        rows: the corrected rows `(m,)`.
        source: which of the given rows each was `(m,)`, ascending.
        n_broken: how many corrected rows were dropped because they broke a rule, by rule.
    """

    rows: Rows
    source: Indices
    n_broken: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Learned:
    """What a fit found: arrays that make the model, and facts for its card."""

    arrays: Arrays
    details: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Residual(Parameters, ABC):
    """A way to correct simulated rows toward real ones.

    Subclass as a frozen, keyword-only dataclass in a module of `simgen.residual`: it is found
    there. `_learn` gives plain arrays and `revive` makes the model from them, so that a model read
    from its folder is the one that was fitted.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    doc: ClassVar[str]
    privacy: ClassVar[str]  # what a fitted model holds of the real rows
    completes: ClassVar[bool] = False  # whether it makes columns that the simulator does not
    keeps_histories: ClassVar[bool] = False  # whether rows of an entity stay or go together
    # Whether nothing exact about real rows may leave a fit: they are neither counted nor told to be
    # too few, and what is learned has noise that no seed repeats.
    is_private: ClassVar[bool] = False

    max_broken_share: float = parameter(
        0.01,
        minimum=0,
        maximum=1,
        doc="Share of corrected rows that may break a rule and be dropped; more is an error.",
    )

    def fit(self, simulated: Rows, real: Rows, shape: Shape, streams: Streams) -> FittedResidual:
        """Learn how `simulated` differs from `real`.

        Rows that break a rule of the shape are left out on both sides, and counted in the card
        unless the residual is private.

        Raises:
            RequestError: rows do not have the shape, a side or a class has too few of them, or
                the residual is not made for such a shape.
        """
        if shape.completed and not self.completes:
            able = [name for name, kind in find_residuals().items() if kind.completes]
            raise RequestError(
                f"residual {self.name} can't make the columns that the simulator lacks "
                f"({', '.join(shape.completed[:3])}...): take {' or '.join(able)}"
            )
        if shape.order and not self.keeps_histories:
            raise RequestError(
                f"residual {self.name} draws rows one by one and would tear histories apart: take "
                f"transport, or a shape without order = {shape.order}"
            )
        sides: dict[str, Free] = {}
        facts: dict[str, Any] = {}
        for whose, rows in (("simulated", simulated), ("real", real)):
            sides[whose], broken = _obedient(rows, shape, whose)
            if whose == "simulated" or not self.is_private:
                facts[whose] = _facts(sides[whose], shape, whose) | {"left out": broken}
        learned = self._learn(sides["simulated"], sides["real"], shape, streams)
        card = {
            "format": FORMAT,
            "residual": self.name,
            "parameters": plain(self),
            "privacy": self.privacy,
            "shape": shape.plain(),
            "seed": streams.seed,
            "streams": list(streams.path),
            "rows": facts,
            "details": dict(learned.details),
            "python": platform.python_version(),
            "versions": {package: version(package) for package in _MAKERS},
        }
        return self.revive(shape, card, learned.arrays)

    @abstractmethod
    def _learn(self, simulated: Free, real: Free, shape: Shape, streams: Streams) -> Learned:
        """What the model needs, from rows that have the shape and obey its rules."""

    @abstractmethod
    def revive(self, shape: Shape, card: Mapping[str, Any], arrays: Arrays) -> FittedResidual:
        """The model that the arrays make; KeyError or ValueError if they are not of this kind."""


@dataclass(frozen=True, kw_only=True, eq=False)
class FittedResidual(ABC):
    """A correction that was learned; `card` says from what."""

    residual: Residual
    shape: Shape
    card: Mapping[str, Any]
    arrays: Arrays

    def apply(self, rows: Rows, streams: Streams) -> Rows:
        """The rows as corrected, with the columns they had; see `correct`."""
        return self.correct(rows, streams).rows

    def correct(self, rows: Rows, streams: Streams) -> Correction:
        """Correct simulated rows, and say what became of them.

        Some are left out, so that labels come as often as in reality; labels stay as they are.

        Raises:
            RequestError: the rows do not have the shape.
            RunError: too many corrected rows break a rule.
        """
        self.shape.check(rows, "simulated", complete=False)
        free = self.shape.free(rows)
        source = self._draw(free, streams)
        moved = self._move(free.take(source), streams)
        made = rows.take(source)
        if moved is not None:
            made = self.shape.restore(moved, made)
        obeys = self.shape.obeys(made)
        n_broken = {name: int((~kept).sum()) for name, kept in obeys.items()}
        kept = np.logical_and.reduce([np.ones(made.n_rows, np.bool_), *obeys.values()])
        if self.shape.order:  # a history goes whole
            entity = free.entity[source]
            kept = ~np.isin(entity, entity[~kept])
        if (~kept).sum() > self.residual.max_broken_share * made.n_rows:
            raise RunError(
                f"{(~kept).sum()} of {made.n_rows} corrected rows break a rule ({n_broken}), more "
                f"than max_broken_share = {self.residual.max_broken_share:g}: declare free "
                f"parametrisations in which the rules hold"
            )
        if kept.all():
            return Correction(rows=made, source=source, n_broken=n_broken)
        return Correction(rows=made.take(kept), source=source[kept], n_broken=n_broken)

    @abstractmethod
    def _draw(self, free: Free, streams: Streams) -> Indices:
        """Which rows to keep, ascending."""

    @abstractmethod
    def _move(self, free: Free, streams: Streams) -> Floats | None:
        """The free numbers `(n, d)` that rows receive; None where all keep their own."""


@cache
def find_residuals() -> Mapping[str, type[Residual]]:
    """Every residual of this package by name, in the order of names."""
    return find_classes("simgen.residual", Residual)


def _obedient(rows: Rows, shape: Shape, whose: str) -> tuple[Free, dict[str, int]]:
    """The rows of one side that weigh something and obey the rules, and how many break each."""
    shape.check(rows, whose, complete=whose == "real")
    # Rules may read columns that simulated rows get later.
    obeys = {} if shape.completed and whose == "simulated" else shape.obeys(rows)
    free = shape.free(rows)
    kept = np.logical_and.reduce([rows.weight > 0, *obeys.values()])
    return free.take(kept), {name: int((~own).sum()) for name, own in obeys.items()}


def _facts(free: Free, shape: Shape, whose: str) -> dict[str, Any]:
    """The numbers of one side for the card; RequestError if it has too few rows."""
    if free.n_rows < FEWEST_ROWS:
        raise RequestError(
            f"the {whose} side has {free.n_rows} rows that weigh something and obey the rules: "
            f"{FEWEST_ROWS} are needed"
        )
    n_rare = int(free.label.sum())
    if shape.label and min(n_rare, free.n_rows - n_rare) < FEWEST_OF_A_CLASS:
        raise RequestError(
            f"the {whose} side has {n_rare} rare rows of {free.n_rows}: "
            f"{FEWEST_OF_A_CLASS} of each class are needed"
        )
    return {
        "rows": free.n_rows,
        "rare rows": n_rare,
        "entities": int(free.entity.max()) + 1,
        "prevalence": prevalence(free) if shape.label else None,
    }
