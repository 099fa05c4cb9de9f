"""What a component is, how it may fail, and how a defect grows until then."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from simgen.domains.industrial.kernels.stations import N_POINTS
from simgen.kernels.arrays import Floats


class Mode(Protocol):
    """A way in which a component fails: its life until then, in hours in use, is Weibull."""

    @property
    def defect(self) -> str:
        """What grows until then."""

    @property
    def shape(self) -> float:
        """Of the Weibull law."""

    @property
    def scale(self) -> float:
        """Of the Weibull law [h]."""

    @property
    def mean_growth_time(self) -> float:
        """Mean time in use from defect to failure [h]."""

    def course(self, rng: np.random.Generator) -> Floats:
        """Severities over that time, rising from 0 to 1 `(N_POINTS,)`."""


class Kind(Protocol):
    """What a component is."""

    @property
    def kind(self) -> str:
        """Its name."""

    @property
    def modes(self) -> tuple[Mode, ...]:
        """How it may fail: competing risks, of which the first to strike is the only one."""


def gamma_course(rng: np.random.Generator, shape: float) -> Floats:
    """A gamma process, given that it ends at 1: its increments over their sum `(N_POINTS,)`.

    Args:
        rng: for the increments.
        shape: of the law of what is added over the whole course: the higher, the straighter.
    """
    steps = rng.gamma(shape / (N_POINTS - 1), 1.0, N_POINTS - 1) + 1e-9
    course = np.zeros(N_POINTS)
    steps.cumsum(out=course[1:])
    course /= steps.sum()
    return course
