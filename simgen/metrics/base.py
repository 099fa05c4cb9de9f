"""The metric contract: two weighted samples in, one score with its interval out."""

from __future__ import annotations

import math
import typing
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from types import MappingProxyType
from typing import Any, ClassVar, Literal

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from simgen.core import Parameters, Streams, find_classes, parameter
from simgen.kernels.arrays import Flags, Floats

Indices = npt.NDArray[np.int64]

Family = Literal["utility", "fidelity", "coverage", "privacy"]
FAMILIES: tuple[Family, ...] = typing.get_args(Family)  # in the order of reports

_OPTIONAL = ("label", "entity", "kind", "subgroup", "at", "fitted")  # columns of a sample
FEWEST_ROWS = 50  # below this no metric here says more than its own noise
FEWEST_ENTITIES = 5  # fewer do not show how far entities differ: no interval; assumption


@dataclass(frozen=True, kw_only=True, eq=False)
class Sample:
    """Weighted rows of one table, column by column.

    Attributes:
        numeric: numbers by column name, each `(n,)`; NaN where a row has none.
        categorical: strings by column name, each `(n,)`; "" where a row has none.
        label: whether each row belongs to the rare class `(n,)`; None if nobody labelled them.
        entity: whom each row is about `(n,)`; None if every row stands alone.
        weight: how many rows of nature each row stands for `(n,)`.
        kind: of which kind each rare row is `(n,)`; "" elsewhere; None if nobody told.
        subgroup: to which group of a stated kind each row belongs `(n,)`; None if none is stated.
        at: when each row happened `(n,)`, in any one unit; None if rows have no time.
        fitted: whether the generator was fitted on each row `(n,)`; None if it was fitted on none.
        obeys: whether each row obeys each rule, by name, each `(n,)`; a unique key is a rule too.

    Raises:
        ValueError: lengths differ, or a weight is negative or not finite.
    """

    numeric: Mapping[str, Floats]
    weight: Floats
    categorical: Mapping[str, npt.NDArray[np.str_]] = field(default_factory=dict)
    label: Flags | None = None
    entity: npt.NDArray[Any] | None = None
    kind: npt.NDArray[np.str_] | None = None
    subgroup: npt.NDArray[np.str_] | None = None
    at: Floats | None = None
    fitted: Flags | None = None
    obeys: Mapping[str, Flags] = field(default_factory=dict)

    def __post_init__(self) -> None:
        columns = [*self.numeric.values(), *self.categorical.values(), *self.obeys.values()]
        columns += [getattr(self, name) for name in _OPTIONAL]
        if any(column is not None and len(column) != self.n_rows for column in columns):
            raise ValueError("columns of a sample differ in length")
        if not np.all((self.weight >= 0) & np.isfinite(self.weight)):
            raise ValueError("weights of a sample must be finite and >= 0")

    @property
    def n_rows(self) -> int:
        """How many rows there are, whatever they weigh."""
        return len(self.weight)

    def take(self, rows: Indices | Flags) -> Sample:
        """The given rows, by index or by mask."""
        return Sample(
            numeric={name: values[rows] for name, values in self.numeric.items()},
            categorical={name: values[rows] for name, values in self.categorical.items()},
            weight=self.weight[rows],
            obeys={name: obeys[rows] for name, obeys in self.obeys.items()},
            **{
                name: None if (values := getattr(self, name)) is None else values[rows]
                for name in _OPTIONAL
            },
        )


@dataclass(frozen=True, kw_only=True)
class Score:
    """What a metric found: a value and its 95 % interval, or why there is none.

    A value without an interval says why in `details["no_interval"]`.

    Raises:
        ValueError: a number is NaN; a value that does not exist is None, with a reason.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    reason: str = ""
    details: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        if any(number is not None and math.isnan(number) for number in self._numbers):
            raise ValueError("a score is NaN: say Score.undefined and why")
        if (self.value is None) != bool(self.reason):
            raise ValueError("a score has either a value or a reason for having none")

    @property
    def _numbers(self) -> tuple[float | None, ...]:
        return self.value, self.low, self.high

    @classmethod
    def undefined(cls, reason: str) -> Score:
        """No score, because of `reason`."""
        return cls(value=None, reason=reason)

    def detailed(self, **more: Any) -> Score:
        """The score with more details."""
        return replace(self, details={**self.details, **more})

    def plain(self) -> dict[str, Any]:
        """The score as JSON would hold it."""
        number = {"value": self.value, "low": self.low, "high": self.high}
        about = {"reason": self.reason} if self.reason else {"details": dict(self.details)}
        return number | about


@dataclass(frozen=True, kw_only=True)
class Metric(Parameters, ABC):
    """A way to compare two samples; the class says how to read its score.

    Subclass as a frozen, keyword-only dataclass in a module of `simgen.metrics`: it is found there.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    doc: ClassVar[str]
    range: ClassVar[tuple[float, float]]
    ideal: ClassVar[float]  # what two samples of the same nature score, noise aside
    direction: ClassVar[Literal["higher", "lower"]]  # which way is better
    close: ClassVar[float]  # up to here a score is good; assumption, as any such line is
    far: ClassVar[float]  # beyond here it is bad; assumption
    family: ClassVar[Family]  # what it is about
    by_default: ClassVar[bool] = True  # False: only when asked for by name, as it takes long
    sees_fitted: ClassVar[bool] = False  # False: real rows a generator was fitted on are left out

    seed: int = parameter(0, minimum=0, doc="Seed of the metric's own chance.")

    def compute(self, real: Sample, synthetic: Sample) -> Score:
        """Score `synthetic` against `real`.

        Raises:
            ValueError: the samples have different columns.
        """
        if (set(real.numeric), set(real.categorical)) != (
            set(synthetic.numeric),
            set(synthetic.categorical),
        ):
            raise ValueError("the real and the synthetic sample have different columns")
        if real.fitted is not None:
            if n_entities := _n_straddling(real.entity, real.fitted):
                return Score.undefined(
                    f"{n_entities} entities have rows that the generator was fitted on and others"
                )
            if not self.sees_fitted:
                real = real.take(~real.fitted)
        samples = {"real": real, "synthetic": synthetic}
        for name, sample in samples.items():
            if sample.n_rows < FEWEST_ROWS:
                return Score.undefined(
                    f"the {name} sample has {sample.n_rows} rows: {FEWEST_ROWS} are needed"
                )
            if not sample.weight.any():
                return Score.undefined(f"the rows of the {name} sample weigh nothing")
        # Threads wait for each other on a busy machine, and add in an order of their own.
        with threadpool_limits(1):
            score = self._score(real, synthetic)
        return _without_interval(score, reason) if (reason := _why_no_interval(samples)) else score

    @classmethod
    def level(cls, value: float | None) -> Literal["close", "off", "far", "unknown"]:
        """How far off a value of this metric is, in a word."""
        if value is None:
            return "unknown"
        sign = 1 if cls.direction == "lower" else -1
        if sign * value <= sign * cls.close:
            return "close"
        return "off" if sign * value <= sign * cls.far else "far"

    @abstractmethod
    def _score(self, real: Sample, synthetic: Sample) -> Score:
        """The score of two samples that have the same columns and enough rows."""

    def _generator(self) -> np.random.Generator:
        return Streams(self.seed).child("metrics").generator(self.name)


def _n_straddling(entity: npt.NDArray[Any] | None, fitted: Flags) -> int:
    """How many entities are on both sides: what a model learned of them would be tested on them."""
    if entity is None:
        return 0
    return len(np.intersect1d(entity[fitted], entity[~fitted]))


def _why_no_interval(samples: Mapping[str, Sample]) -> str:
    """Why entities can't be resampled; "" if they can."""
    for name, sample in samples.items():
        if (n_entities := _n_entities(sample)) < FEWEST_ENTITIES:
            there = "is 1" if n_entities == 1 else f"are {n_entities}"
            return f"there {there} {name} of the {FEWEST_ENTITIES} entities that an interval needs"
    return ""


def _n_entities(sample: Sample) -> int:
    """How many entities have rows that weigh something; as many as an interval needs, or fewer."""
    if sample.entity is None:
        return min(FEWEST_ENTITIES, int(np.count_nonzero(sample.weight)))
    rest = sample.entity[sample.weight > 0]
    for n_found in range(FEWEST_ENTITIES):
        if len(rest) == 0:
            return n_found
        rest = rest[rest != rest[0]]
    return FEWEST_ENTITIES


def _without_interval(score: Score, reason: str) -> Score:
    """The score, its interval and those of its parts taken away."""
    if score.low is None and score.high is None:
        return score
    details = dict(score.details) | {"no_interval": reason}
    if parts := score.details.get("parts"):
        none = {"low": None, "high": None}
        details["parts"] = {name: {**part, **none} for name, part in parts.items()}
    return replace(score, low=None, high=None, details=details)


@cache
def find_metrics() -> Mapping[str, type[Metric]]:
    """Every metric of this package by name, in the order of names."""
    return find_classes("simgen.metrics", Metric)
