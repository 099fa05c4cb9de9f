"""What a fit of parameters found, and what its user must know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from simgen.calibration import Fit, Oddness, Prior, Reproduction, narrowing
from simgen.core import Free
from simgen.kernels.arrays import Floats
from simgen.pipeline.references import Reference

SAYS_LITTLE = 0.3  # narrowing below which the data say nothing; a toy without any reached 0.28
_LEVELS = np.array([0.025, 0.5, 0.975])
_MOST_NAMED = 6  # summaries in a sentence
_SIDES = ("low", "high")
EDGE = 0.05  # of the plausible range, at either end
EDGE_SHARE = 0.5  # of the posterior in there that makes a parameter lean against the end


@dataclass(frozen=True, kw_only=True)
class FittedParameter:
    """One parameter after the fit."""

    about: Free
    value: float  # the one to use: its present value where the data say nothing
    median: float
    low: float  # of the 95 % interval
    high: float
    narrowing: float  # how much of the prior variance the data took away
    leans: str  # "low" or "high": the end of its plausible range that it leans against; or ""

    @property
    def is_told(self) -> bool:
        """Whether the data say something about it."""
        return self.narrowing >= SAYS_LITTLE


@dataclass(frozen=True, kw_only=True)
class FittedParameters:
    """What `fit_parameters` found.

    Attributes:
        scenario: the name of the scenario, or its class's.
        reference: the reference.
        parameters: by name.
        names: of the summaries compared. (k,)
        observed: what the real rows give. (k,)
        fit: simulations and posterior.
        prior: what was held for plausible.
        oddness: of the real summaries among simulations from the whole plausible range.
        before: how the scenario's own parameters reproduce the real summaries.
        after: how the fitted ones do.
        settings: what the fit depends on.
        folder: where it was written.
    """

    scenario: str
    reference: Reference
    parameters: Mapping[str, FittedParameter]
    names: Sequence[str]
    observed: Floats
    fit: Fit
    prior: Prior
    oddness: Oddness
    before: Reproduction
    after: Reproduction
    settings: Mapping[str, Any]
    folder: Path

    @property
    def values(self) -> dict[str, float]:
        """The fitted values by dotted name, of the parameters that the data say something about."""
        return {name: fitted.value for name, fitted in self.parameters.items() if fitted.is_told}

    @property
    def is_misspecified(self) -> bool:
        """Whether no plausible parameters give all that the real rows give."""
        named = self.oddness.is_out_of_reach | self.after.is_missed
        return bool(named.any()) or self.oddness.is_odd

    @property
    def warnings(self) -> list[str]:
        """What a user of the fit must know, a sentence each."""
        return list(_warnings(self))


def fitted_parameters(
    chosen: Sequence[Free], prior: Prior, found: Fit
) -> dict[str, FittedParameter]:
    """Each parameter's value and interval, by name.

    A parameter that the data say nothing about stays as it is, and the others take the values most
    plausible beside it.
    """
    narrowed = narrowing(found.posterior)
    start = prior.units(np.array([[about.value for about in chosen]]))[0]
    held = np.where(narrowed < SAYS_LITTLE, np.clip(start, 0.0, 1.0), np.nan)
    centre = prior.values(found.posterior.centre(held)[None, :])[0]
    low, median, high = prior.values(found.posterior.quantiles(_LEVELS))
    units, weight = found.posterior.units, found.posterior.weight
    piles = weight @ (units < EDGE), weight @ (units > 1.0 - EDGE)
    return {
        about.name: FittedParameter(
            about=about,
            value=about.value if narrowed[i] < SAYS_LITTLE else float(f"{centre[i]:.4g}"),
            median=float(median[i]),
            low=float(low[i]),
            high=float(high[i]),
            narrowing=float(narrowed[i]),
            leans=next(
                (side for side, pile in zip(_SIDES, piles, strict=True) if pile[i] > EDGE_SHARE), ""
            ),
        )
        for i, about in enumerate(chosen)
    }


def _warnings(fitted: FittedParameters) -> Iterator[str]:
    for name, parameter in fitted.parameters.items():
        about = parameter.about
        if not parameter.is_told:
            yield (
                f"The data say nothing about {name}: it stays at {about.value:g}, any value from "
                f"{parameter.low:.3g} to {parameter.high:.3g} is as plausible."
            )
        elif parameter.leans:
            end = about.low if parameter.leans == "low" else about.high
            yield (
                f"{name} leans against the end of its plausible range, {end:g}: "
                f"either the range is too narrow, or the model lacks something."
            )
    names = np.array(fitted.names)
    if (out := fitted.oddness.is_out_of_reach).any():
        yield f"No plausible parameters reach {_listed(names[out].tolist())}."
    if fitted.oddness.is_odd:
        yield (
            "No parameters fit: taken together, the real summaries lie outside of what simulations "
            f"over the whole plausible range give (distance {fitted.oddness.distance:.1f}, reached "
            f"by {100 * fitted.oddness.farther_share:.1f} % of these and reality). Intervals say "
            "what fits least badly, not what is true."
        )
    missed = fitted.after.is_missed & ~fitted.oddness.is_out_of_reach
    if missed.any():
        order = np.argsort(-np.abs(fitted.after.miss[missed]), kind="stable")
        yield (
            f"The model lacks something: with the fitted parameters, it still misses "
            f"{_listed(names[missed][order].tolist())}. Intervals say what fits least badly."
        )


def _listed(names: Sequence[str]) -> str:
    rest = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return "; ".join(map(str, names[:_MOST_NAMED])) + rest
