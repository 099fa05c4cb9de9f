"""Approximate Bayesian computation: from simulations and an observation to a posterior.

1. Every parameter is guessed from the summaries by ridge regression, and the guesses take the
   summaries' place (Fearnhead and Prangle, 2012, Constructing summary statistics for approximate
   Bayesian computation, JRSS B 74). With some hundred simulations, squares of the summaries made
   guesses worse. Each simulation is guessed by a model that did not see it, since guesses that did
   would lie too near the truth and make the posterior too narrow.
2. The simulations nearest to the observation are kept, weighted by nearness, and moved to it along
   a local line (Beaumont, Zhang, Balding, 2002, Approximate Bayesian computation in population
   genetics, Genetics 162), with a spread that may change along the way (Blum and Francois, 2010,
   Non-linear regression models for approximate Bayesian computation, Statistics and Computing 20).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit
from sklearn.linear_model import RidgeCV
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from simgen.kernels.arrays import Floats

KEPT_SHARE = 0.5  # of the simulations, the nearest ones; the line corrects for the distance
FEWEST_KEPT = 60  # a line and a spread for a handful of parameters need as many
N_FOLDS = 10
PENALTIES = np.logspace(-1.0, 5.0, 13)  # of the ridge; chosen by leave-one-out error
FARTHEST = 6.0  # spreads: beyond, a summary's distance says nothing more
EDGE = 1e-6  # of the unit cube, so that logits are finite
LARGEST_STRETCH = 2.0  # of a residual, either way


@dataclass(frozen=True, kw_only=True, eq=False)
class Posterior:
    """Weighted draws from what the data leave plausible, as places in the unit cube."""

    units: Floats  # (m, d)
    weight: Floats  # (m,), sums to 1

    def quantiles(self, levels: Floats) -> Floats:
        """Of each parameter at `levels` `(q,)`: `(q, d)`."""
        columns = [_quantiles(column, self.weight, levels) for column in self.units.T]
        return np.stack(columns, axis=1)

    def drawn(self, n: int, generator: np.random.Generator) -> Floats:
        """`n` draws that weigh the same `(n, d)`, spread as evenly as weights allow."""
        places = (np.arange(n) + generator.random()) / n
        rows = np.searchsorted(np.cumsum(self.weight)[:-1], places)
        return generator.permutation(self.units[rows])

    def centre(self, held: Floats) -> Floats:
        """The most plausible place `(d,)` where some parameters are held, NaN in `held` elsewhere.

        By the normal law with the posterior's mean and covariance; without any held, the mean.
        Medians, each taken by itself, may lie where no draw does.
        """
        free = np.isnan(held)
        centre: Floats = self.weight @ self.units
        if not free.all():
            spread = np.atleast_2d(np.cov(self.units, rowvar=False, aweights=self.weight))
            across, within = spread[np.ix_(free, ~free)], spread[np.ix_(~free, ~free)]
            centre[free] += across @ np.linalg.pinv(within) @ (held - centre)[~free]
        return np.where(free, np.clip(centre, 0.0, 1.0), held)


def infer(
    units: Floats, summaries: Floats, observed: Floats, generator: np.random.Generator
) -> Posterior:
    """What is plausible of the parameters, given the observed summaries.

    Args:
        units: where each simulation's parameters lie, drawn evenly from a box. (n, d)
        summaries: what each simulation gave, finite. (n, k)
        observed: what reality gave. A summary beyond what any simulation reached counts as the
            nearest one reached: a line that goes on beyond would promise what no run has shown.
            (k,)
        generator: says which simulations are guessed together.
    """
    scaled, goal = _standardised(summaries, observed)
    logits = logit(np.clip(units, EDGE, 1.0 - EDGE))
    with threadpool_limits(1):  # threads would add in an order of their own
        guesses, guess = _guesses(scaled, logits, goal, generator)
        weight = _nearness(guesses - guess, logits - guesses)
        kept = weight > 0
        gaps, weight = (guesses - guess)[kept], weight[kept] / weight.sum()
        moved = _moved(logits[kept], gaps, weight)
    return Posterior(units=expit(moved), weight=weight)


def standard(summaries: Floats) -> tuple[Floats, Floats]:
    """Middle and spread `(k,)` of each summary over simulations `(n, k)`, unmoved by outliers.

    The spread is 0 only where all simulations agree.
    """
    low, middle, high = np.quantile(summaries, [0.16, 0.5, 0.84], axis=0)
    half = (high - low) / 2
    return middle, np.where(half > 0, half, summaries.std(axis=0))


def _standardised(summaries: Floats, observed: Floats) -> tuple[Floats, Floats]:
    """Summaries `(n, k)` and observation `(k,)` in spreads from the middle."""
    middle, spread = standard(summaries)
    unit = np.where(spread > 0, spread, 1.0)
    reached = np.clip(observed, summaries.min(axis=0), summaries.max(axis=0))
    scaled, goal = (
        np.clip((side - middle) / unit, -FARTHEST, FARTHEST) for side in (summaries, reached)
    )
    return scaled, goal


def _guesses(
    scaled: Floats, logits: Floats, goal: Floats, generator: np.random.Generator
) -> tuple[Floats, Floats]:
    """Each simulation's parameters guessed from its summaries `(n, d)`, and the observation's."""
    fold = generator.permutation(len(scaled)) % N_FOLDS
    guesses, of_goal = np.empty_like(logits), np.zeros((N_FOLDS, logits.shape[1]))
    for number in range(N_FOLDS):
        out = fold == number
        model = RidgeCV(PENALTIES, alpha_per_target=True).fit(scaled[~out], logits[~out])
        guesses[out] = model.predict(scaled[out]).reshape(-1, logits.shape[1])
        of_goal[number] = model.predict(goal[None, :]).ravel()
    return guesses, of_goal.mean(axis=0)


def _nearness(gaps: Floats, errors: Floats) -> Floats:
    """Epanechnikov weights `(n,)` of the simulations nearest to the observation.

    Args:
        gaps: of the guesses to the observation's. (n, d)
        errors: of the guesses: where they are large, a gap means little. (n, d)
    """
    distance = np.sqrt(((gaps / errors.std(axis=0)) ** 2).sum(axis=1))
    n_kept = min(len(distance), max(FEWEST_KEPT, round(KEPT_SHARE * len(distance))))
    reach = np.sort(distance)[n_kept - 1] * (1 + 1e-9) + 1e-12  # the last one kept counts
    weight: Floats = np.maximum(0.0, 1.0 - (distance / reach) ** 2)
    return weight


def _moved(logits: Floats, gaps: Floats, weight: Floats) -> Floats:
    """The kept simulations' parameters `(m, d)`, as they would be at the observation."""
    design = np.column_stack([np.ones(len(gaps)), gaps])
    root = np.sqrt(weight)[:, None]
    line, *_ = np.linalg.lstsq(design * root, logits * root, rcond=None)
    residuals = logits - design @ line
    logs = np.log(residuals**2 + 1e-12)
    spread_line, *_ = np.linalg.lstsq(design * root, logs * root, rcond=None)
    stretch = np.exp((spread_line[0] - design @ spread_line) / 2)
    stretch = np.clip(stretch, 1 / LARGEST_STRETCH, LARGEST_STRETCH)
    # A line fitted to few points lies too near them.
    n_effective = 1.0 / (weight**2).sum()
    lost = min(design.shape[1], n_effective / 2)
    moved: Floats = line[0] + residuals * stretch * np.sqrt(n_effective / (n_effective - lost))
    return moved


def _quantiles(values: Floats, weight: Floats, levels: Floats) -> Floats:
    """Those of draws whose weight sums to 1, on lines from the middle of a draw to the next."""
    order = np.argsort(values, kind="stable")
    mass = np.cumsum(weight[order])
    return np.interp(levels, mass - weight[order] / 2, values[order])
