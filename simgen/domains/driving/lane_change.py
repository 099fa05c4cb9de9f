"""How much room those leave who change into the ego's lane."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import log_ndtr, ndtr

from simgen.core import Parameters, RequestError, parameter
from simgen.kernels.arrays import Floats


@dataclass(frozen=True, kw_only=True)
class LaneChange(Parameters):
    """How somebody changes into the ego's lane.

    Gap and inverse time to collision at its beginning have the forms of Zhao et al. (2016),
    Accelerated evaluation of automated vehicles safety in lane-change scenarios, IEEE T-ITS 18,
    595, with a lognormal gap; all numbers are assumptions.
    """

    median_gap: float = parameter(
        12.0, doc="To the ego, bumper to bumper, as it begins.", unit="m", above=0.5,
        maximum=200.0, plausible=(5.0, 40.0), scale="log",
    )  # fmt: skip
    gap_spread: float = parameter(
        0.6, doc="Standard deviation of its logarithm.", minimum=0.0, maximum=2.0
    )
    mean_inverse_time: float = parameter(
        0.3, doc="Mean of one over the time to collision then.", unit="1/s", above=0.0,
        maximum=2.0, plausible=(0.02, 0.5), scale="log",
    )  # fmt: skip
    min_time: float = parameter(
        2.0, doc="That the change takes at least.", unit="s", minimum=1.0, maximum=10.0
    )
    max_time: float = parameter(
        4.0, doc="That it takes at most.", unit="s", minimum=1.0, maximum=15.0
    )

    def check(self) -> None:
        """Times come in order.

        Raises:
            RequestError: they don't.
        """
        if self.min_time > self.max_time:
            raise RequestError(
                f"min_time = {self.min_time:g} s is more than max_time = {self.max_time:g} s: "
                "lower it"
            )

    def of(self, normals: Any) -> tuple[Floats, Floats, Floats]:
        """Gaps [m], closing speeds [m/s] and times [s], from standard normal numbers `(n, 3)`.

        Each column is turned into its quantity by quantiles: the greater the number, the greater
        the gap, the inverse time to collision and the time that the change takes.
        """
        gap = self.median_gap * np.exp(self.gap_spread * normals[:, 0])
        inverse = -self.mean_inverse_time * log_ndtr(-normals[:, 1])
        time = self.min_time + (self.max_time - self.min_time) * ndtr(normals[:, 2])
        return gap, gap * inverse, time


@dataclass(frozen=True, kw_only=True)
class Ordinary(LaneChange):
    """A change that leaves room. All numbers are assumptions."""

    median_gap: float = parameter(
        20.0, doc="To the ego, bumper to bumper, as it begins.", unit="m", above=0.5, maximum=200.0
    )
    mean_inverse_time: float = parameter(
        0.04, doc="Mean of one over the time to collision then.", unit="1/s", above=0.0,
        maximum=2.0,
    )  # fmt: skip
    min_time: float = parameter(
        3.0, doc="That the change takes at least.", unit="s", minimum=1.0, maximum=10.0
    )
    max_time: float = parameter(
        6.0, doc="That it takes at most.", unit="s", minimum=1.0, maximum=15.0
    )
