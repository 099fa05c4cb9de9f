"""The order of a fit: explore the plausible range, look closer where it matters, check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simgen.calibration.inference import Posterior, infer
from simgen.calibration.prior import spread_evenly
from simgen.core import RunError, Streams
from simgen.kernels.arrays import Floats

# From places in the unit cube (n, d), and the number of the first of these simulations, to their
# summaries (n, k); NaN where a simulation has none.
Simulate = Callable[[Floats, int], Floats]

EXPLORING_SHARE = 0.5  # of the simulations, in the first round
_BOX_LEVELS = np.array([0.005, 0.995])  # of the first posterior
_BOX_MARGIN = 0.2  # of the box's side, added at both ends
FEWEST_WHOLE = 40  # simulations of a round with all summaries
FEWEST_CHECKS = 5  # runs of a check with all summaries


@dataclass(frozen=True, kw_only=True, eq=False)
class Fit:
    """What the rounds gave.

    Attributes:
        posterior: what is plausible now.
        explored_summaries: of the first round, all over the unit cube. (n, k)
        low: lower corner of the box that the second round looked at. (d,)
        high: its upper corner. (d,)
        before: summaries of runs with the scenario's own parameters. (m, k)
        after: summaries of runs with draws from the posterior. (m, k)
        n_left_out: simulations that lacked a summary that reality has, and so don't resemble it.
    """

    posterior: Posterior
    explored_summaries: Floats
    low: Floats
    high: Floats
    before: Floats
    after: Floats
    n_left_out: int


def fit(
    simulate: Simulate,
    observed: Floats,
    start: Floats,
    *,
    n_simulations: int,
    n_checks: int,
    streams: Streams,
    noise: Floats | None = None,
) -> Fit:
    """Fit parameters to the observed summaries.

    The second round draws from the part of the prior that the first one left: a truncated prior, as
    in Deistler, Goncalves, Macke (2022), Truncated proposals for scalable and hassle-free
    simulation-based inference. Inside of that box all simulations of both rounds were drawn evenly,
    so none needs a weight.

    Args:
        simulate: runs simulations, numbered from 0 over all rounds.
        observed: summaries of reality. (k,)
        start: where the scenario's own parameters lie. (d,)
        n_simulations: of both rounds together.
        n_checks: runs with the scenario's own parameters, and as many from the posterior.
        streams: of all chance here; the simulations have their own.
        noise: covariance of what reality's sampling adds to a simulation's own noise. (k, k)

    Raises:
        RunError: too few simulations have all summaries that reality has.
    """
    run = _noisy(simulate, noise, streams)
    n_first = round(EXPLORING_SHARE * n_simulations)
    corners = np.zeros(len(start)), np.ones(len(start))
    units = spread_evenly(n_first, *corners, streams.generator("explore"))
    summaries = run(units, 0)
    low, high = _box(_infer(units, summaries, observed, streams.generator("first")))
    closer = spread_evenly(n_simulations - n_first, low, high, streams.generator("zoom"))
    units = np.vstack([units, closer])
    summaries = np.vstack([summaries, run(closer, n_first)])
    inside = np.all((units >= low) & (units <= high), axis=1)
    posterior = _infer(units[inside], summaries[inside], observed, streams.generator("second"))
    draws = posterior.drawn(n_checks, streams.generator("check"))
    whole = _is_whole(summaries)
    exploring = whole & (np.arange(n_simulations) < n_first)
    return Fit(
        posterior=posterior,
        explored_summaries=summaries[exploring],
        low=low,
        high=high,
        before=_complete(run(np.tile(start, (n_checks, 1)), n_simulations)),
        after=_complete(run(draws, n_simulations + n_checks)),
        n_left_out=int((~whole).sum()),
    )


def _noisy(simulate: Simulate, noise: Floats | None, streams: Streams) -> Simulate:
    """The simulator, with noise of the given covariance on its summaries."""
    if noise is None:
        return simulate
    variance, axes = np.linalg.eigh(noise)
    root = (axes * np.sqrt(np.maximum(variance, 0.0))).T

    def run(units: Floats, first: int) -> Floats:
        given = simulate(units, first)
        chance = streams.generator(f"noise_{first}").standard_normal(given.shape)
        noisy: Floats = given + chance @ root
        return noisy

    return run


def _infer(
    units: Floats, summaries: Floats, observed: Floats, generator: np.random.Generator
) -> Posterior:
    whole = _is_whole(summaries)
    if whole.sum() < FEWEST_WHOLE:
        raise RunError(
            f"{whole.sum()} of {len(whole)} simulations have every summary that the reference has, "
            f"{FEWEST_WHOLE} are needed: make the simulated world larger, or simulate more often"
        )
    return infer(units[whole], summaries[whole], observed, generator)


def _complete(summaries: Floats) -> Floats:
    """The runs of a check that have all summaries."""
    whole = _is_whole(summaries)
    if whole.sum() < FEWEST_CHECKS:
        raise RunError(
            f"{whole.sum()} of {len(whole)} runs have every summary that the reference has, "
            f"{FEWEST_CHECKS} are needed: make the simulated world larger"
        )
    return summaries[whole]


def _box(posterior: Posterior) -> tuple[Floats, Floats]:
    """The corners `(d,)` of the box that holds nearly all of the posterior, and some more."""
    low, high = posterior.quantiles(_BOX_LEVELS)
    margin = _BOX_MARGIN * (high - low)
    return np.maximum(low - margin, 0.0), np.minimum(high + margin, 1.0)


def _is_whole(summaries: Floats) -> npt.NDArray[np.bool_]:
    return np.asarray(np.isfinite(summaries).all(axis=1))
