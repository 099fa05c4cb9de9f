"""How far a fit can be trusted: what the data say, and whether any parameters reproduce them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from simgen.calibration.inference import FARTHEST, Posterior, standard
from simgen.kernels.arrays import Flags, Floats

_MARGIN = 0.5  # spreads beyond the farthest simulation before a summary counts as unreachable
_LEAST_VARIANCE = 0.01  # in any direction [spread^2]: few simulations may leave one without any
_FALSE_ALARMS = 0.01  # chance that any summary of a simulator that is right is called missed
_UNLIKELY = 0.01  # share of simulations as odd as reality at which no parameters fit; assumption


def narrowing(posterior: Posterior) -> Floats:
    """How much of each parameter's prior variance the data took away `(d,)`: 0 none, 1 all.

    Posterior contraction, Betancourt (2018), Calibrating model-based inferences and decisions. May
    be below 0, where draws pile up at both ends.
    """
    mean = posterior.weight @ posterior.units
    variance = posterior.weight @ (posterior.units - mean) ** 2
    contraction: Floats = 1.0 - variance / (1.0 / 12.0)  # of the uniform law on [0, 1]
    return contraction


@dataclass(frozen=True, kw_only=True, eq=False)
class Oddness:
    """How an observation lies to the cloud of simulations over the whole plausible range.

    Attributes:
        distance: Mahalanobis distance from the cloud's middle.
        farther_share: share of simulations and observation together that are as far away as that
            from all others, or farther.
        n_simulations: how many simulations make the cloud.
        is_out_of_reach: summaries that lie beyond what any simulation gave, by a margin. (k,)
    """

    distance: float
    farther_share: float
    n_simulations: int
    is_out_of_reach: Flags

    @property
    def is_odd(self) -> bool:
        """Whether it lies too far away as a whole.

        If some parameters fit, this happens by chance once in a hundred fits; with fewer than 99
        simulations, of which one in a hundred is none, once in their number and one.
        """
        return self.farther_share <= max(_UNLIKELY, 1 / (self.n_simulations + 1))


def oddness(summaries: Floats, observed: Floats) -> Oddness:
    """Judge an observation `(k,)` against simulations `(n, k)` from the prior.

    Each of them and the observation is compared with all the others. If the observation is one more
    simulation, it takes any place among their distances equally often, whatever law they have
    (Vovk, Gammerman, Shafer, 2005, Algorithmic learning in a random world).
    """
    _, spread = standard(summaries)
    low, high = summaries.min(axis=0), summaries.max(axis=0)
    out = (observed < low - _MARGIN * spread) | (observed > high + _MARGIN * spread)
    distances = _distances_to_others(np.vstack([observed, summaries]))
    return Oddness(
        distance=float(distances[0]),
        farther_share=float((distances >= distances[0]).mean()),
        n_simulations=len(summaries),
        is_out_of_reach=out,
    )


def _distances_to_others(values: Floats) -> Floats:
    """The Mahalanobis distance of each row of `(n, k)` from the cloud of the other rows `(n,)`."""
    n = len(values)
    middle, spread = standard(values)
    places = (values - middle) / np.where(spread > 0, spread, 1.0)
    gaps = np.clip(places, -FARTHEST, FARTHEST)
    gaps -= gaps.mean(axis=0)
    scatter = gaps.T @ gaps / (n - 2) + _LEAST_VARIANCE * np.eye(values.shape[1])
    with threadpool_limits(1):
        squares = (gaps * np.linalg.solve(scatter, gaps.T).T).sum(axis=1)
    # Sherman and Morrison (1950): the inverse without a row follows from that with all of them.
    own = n / ((n - 1) * (n - 2))
    distances: Floats = np.sqrt(squares / (1 - own * squares)) * n / (n - 1)
    return distances


@dataclass(frozen=True, kw_only=True, eq=False)
class Reproduction:
    """How each observed summary lies to runs with some parameters.

    Attributes:
        mean: of the runs. (k,)
        low: 2.5 % of the runs lie below. (k,)
        high: 2.5 % of the runs lie above. (k,)
        miss: observed less mean, in standard deviations of the runs; 0 where all agree. (k,)
        tail_share: twice the share of runs on the observation's farther side. (k,)
        bound: on the size of a miss: chance alone seldom sends any of them beyond.
    """

    mean: Floats
    low: Floats
    high: Floats
    miss: Floats
    tail_share: Floats
    bound: float

    @property
    def is_missed(self) -> Flags:
        """Whether each summary is too far off for chance `(k,)`."""
        return np.abs(self.miss) > self.bound


def reproduction(runs: Floats, observed: Floats) -> Reproduction:
    """Compare an observation `(k,)` with runs `(n, k)`.

    A posterior predictive check: Gelman, Meng, Stern (1996), Posterior predictive assessment of
    model fitness, Statistica Sinica 6.
    """
    n, n_summaries = runs.shape
    mean, spread = runs.mean(axis=0), runs.std(axis=0, ddof=1)
    gap = observed - mean
    with np.errstate(divide="ignore", invalid="ignore"):
        miss = np.where(gap == 0, 0.0, gap / spread)
    bound = stats.t.ppf(1 - _FALSE_ALARMS / (2 * n_summaries), n - 1) * np.sqrt(1 + 1 / n)
    above = (runs >= observed).sum(axis=0)
    below = (runs <= observed).sum(axis=0)
    tail = np.minimum(1.0, 2 * (np.minimum(above, below) + 1) / (n + 1))
    low, high = np.quantile(runs, [0.025, 0.975], axis=0)
    return Reproduction(
        mean=mean,
        low=low,
        high=high,
        miss=miss,
        tail_share=tail,
        bound=float(bound),
    )
