"""How rare something is, from few simulations: importance sampling over standard normal numbers.

A proposal is fitted by the cross-entropy method (Rubinstein, Kroese (2004), The Cross-Entropy
Method, chapter 3), as Zhao et al. (2016) did for lane changes. A share of nature is mixed into it
(Hesterberg (1995), Weighted average importance sampling and defensive mixture distributions,
Technometrics 37, 185), so that no weight exceeds one over that share.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simgen.kernels.arrays import Floats

Score = Callable[[Floats], Floats]

DEFENSIVE_SHARE = 0.2  # of a proposal's draws that are nature's; assumption
_ELITE_SHARE = 0.1  # of a round's draws that the next proposal is fitted to: Rubinstein, Kroese
_LEAST_SPREAD = 0.3  # of a proposal: one that is too narrow misses part of what it looks for
_WIDER = 1.2  # than the draws it is fitted to, for the same reason, while nature's is not reached
_N_ROUNDS = 8  # at most until the level is reached
_N_MORE = 1  # that are fitted to what is looked for itself, not to the best of a round before
_NORMAL_95 = 1.959964  # quantile of the standard normal distribution


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """Independent normal numbers, and nature's standard normal ones mixed in."""

    mean: Floats  # (d,)
    spread: Floats  # standard deviations (d,)
    natural_share: float = DEFENSIVE_SHARE

    def draw(self, n: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
        """Numbers `(n, d)`, and how many of nature's draws each stands for `(n,)`."""
        normals = rng.normal(size=(n, len(self.mean)))
        shifted = rng.random(n) >= self.natural_share
        normals[shifted] = self.mean + self.spread * normals[shifted]
        standard = (normals - self.mean) / self.spread
        log_ratio = 0.5 * (normals**2 - standard**2).sum(axis=1) - np.log(self.spread).sum()
        density = self.natural_share + (1.0 - self.natural_share) * np.exp(log_ratio)
        return normals, 1.0 / density


def nature(n_numbers: int) -> Proposal:
    """Draws as nature does: plain Monte Carlo."""
    return Proposal(mean=np.zeros(n_numbers), spread=np.ones(n_numbers), natural_share=1.0)


def fit_proposal(
    score: Score, level: float, n_numbers: int, n_draws: int, rng: np.random.Generator
) -> Proposal:
    """A proposal under which a score of at most `level` is common.

    Levels come down round by round until a tenth of the draws reach what is looked for; then it is
    fitted to such draws once more. Without that, and as narrow as they lie, one proposal in a
    hundred for collisions of ordinary changes missed a part of them, and no interval told.

    Args:
        score: how near each draw comes `(n,)`, from numbers `(n, n_numbers)`; the less, the nearer.
        level: of what is looked for.
        n_numbers: that a draw is made of.
        n_draws: by round.
        rng: where draws come from.
    """
    proposal, n_more = nature(n_numbers), _N_MORE
    for _ in range(_N_ROUNDS + _N_MORE):
        normals, weights = proposal.draw(n_draws, rng)
        scores = score(normals)
        reached = max(float(np.quantile(scores, _ELITE_SHARE)), level)
        elite = scores <= reached
        share = weights[elite] / weights[elite].sum()
        mean = share @ normals[elite]
        spread = np.sqrt(share @ (normals[elite] - mean) ** 2)
        spread = np.maximum(spread, np.minimum(_WIDER * spread, 1.0))
        proposal = Proposal(mean=mean, spread=np.maximum(spread, _LEAST_SPREAD))
        if reached <= level and not n_more:
            break
        n_more -= reached <= level
    return proposal


@dataclass(frozen=True, kw_only=True)
class Share:
    """An estimated share, with a 95 % interval."""

    value: float
    error: float  # standard error
    n_draws: int
    n_found: int  # draws that count
    n_alike: float  # draws of plain Monte Carlo that would tell as much

    @property
    def interval(self) -> tuple[float, float]:
        """Normal; where nothing was found, up to 3 in as many draws (the rule of three)."""
        if not self.n_found:
            return 0.0, min(3.0 / self.n_draws, 1.0)
        reach = _NORMAL_95 * self.error
        return max(self.value - reach, 0.0), min(self.value + reach, 1.0)


def share_of(strata: list[tuple[float, Floats, npt.NDArray[np.bool_]]]) -> Share:
    """The share of what is found, over strata: nature's share of each, weights, and who counts."""
    value = variance = 0.0
    n_draws = n_found = 0
    for natural, weights, found in strata:
        counted = weights * found
        value += natural * float(counted.mean())
        variance += natural**2 * float(counted.var()) / len(counted)
        n_draws, n_found = n_draws + len(counted), n_found + int(found.sum())
    alike = value * (1.0 - value) / variance if variance > 0.0 else math.nan
    return Share(
        value=value, error=math.sqrt(variance), n_draws=n_draws, n_found=n_found, n_alike=alike
    )


def resample(weights: Floats, n: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Rows `(n,)`, each as often as its weight says: systematic resampling, then shuffled."""
    edges = np.cumsum(weights)
    places = (np.arange(n) + rng.random()) / n * edges[-1]
    rows = np.minimum(np.searchsorted(edges, places, side="right"), len(weights) - 1)
    return rng.permutation(rows)
