"""The search of `driving/cut_in`: how rare a critical case is, and cases to render."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from simgen.core import Estimate, Found, RequestError, Scenario, SearchPlan, Streams
from simgen.domains.driving.cut_in import CutIn
from simgen.domains.driving.search.cases import N_NORMALS, Cases, Setting, cases_of
from simgen.domains.driving.search.encounters import outcomes_of
from simgen.domains.driving.search.files import table_of
from simgen.domains.driving.search.sampling import (
    Proposal,
    fit_proposal,
    nature,
    resample,
    share_of,
)
from simgen.kernels.arrays import Floats

_NOTE = (
    "The search knows the ego and who changes lanes alone, on straight lanes: other traffic makes "
    "an episode less critical, or more. The weights hold all the same."
)
_TOUCHED = -1.0  # score of a collision [s]
_TOLD = ("touched", "least_time", "least_gap", "hardest_brake", "impact_speed")
_AT_ONCE = 100_000  # cases that are simulated together, for memory's sake
_N_TRIES = 1_000  # at drawing cases that are not critical
_PILOT_SHARE = 0.05  # each round of fitting takes so much more; assumption
_LEAST_PILOT = 2_000  # a proposal fitted to 500 gave intervals that covered 91 %


@dataclass(frozen=True, kw_only=True)
class Stratum:
    """Episodes in which the same is planned."""

    planned: str
    natural_share: float
    weights: Floats  # draws of nature that each case stands for (n,)
    critical: npt.NDArray[np.bool_]  # which cases are (n,)
    cases: Cases  # the critical ones (m,)
    outcomes: npt.NDArray[np.void]  # `kernels.OUTCOME` of these (m,)

    @property
    def shares(self) -> Floats:
        """Nature's share of episodes that each critical case stands for `(m,)`."""
        found: Floats = self.natural_share * self.weights[self.critical] / len(self.weights)
        return found


@dataclass(frozen=True, kw_only=True)
class CutInSearch:
    """Looks for cut-ins, and ordinary changes of lanes, that end badly."""

    outcomes: ClassVar[Mapping[str, str]] = {
        "near_miss": "time to collision below criteria.near_miss_time, or a collision",
        "collision": "the ego and who changes lanes touch",
    }

    def __call__(self, scenario: Scenario[Any], plan: SearchPlan, streams: Streams) -> Found:
        """Estimates, and cases of which some are critical.

        Raises:
            RequestError: the outcome is unknown, or nothing critical was found.
        """
        if not isinstance(scenario, CutIn):
            raise RequestError(f"{type(scenario).__name__} is no CutIn: search driving/cut_in")
        outcome = plan.outcome or next(iter(self.outcomes))
        if outcome not in self.outcomes:
            raise RequestError(
                f"outcome = {outcome!r} is unknown: choose {' or '.join(self.outcomes)}"
            )
        place = scenario.prepare(streams.child("shared"))
        lot = _Lot(about=scenario, setting=scenario.setting(place), outcome=outcome)
        strata = [
            lot.explore(planned, natural, plan, streams.child(planned))
            for planned, natural in _shares(scenario).items()
        ]
        return Found(
            estimates=_estimates(strata, outcome, self.outcomes[outcome]),
            cases=_chosen(lot, strata, plan, streams.child("cases")),
            note=_NOTE,
        )


@dataclass(frozen=True, kw_only=True)
class _Lot:
    """What is simulated, and what counts."""

    about: CutIn
    setting: Setting
    outcome: str

    def explore(
        self, planned: str, natural_share: float, plan: SearchPlan, streams: Streams
    ) -> Stratum:
        """Simulate half of what the plan asks for, after rounds that fit where to draw."""
        rng, n = streams.generator("draws"), plan.n_simulations // 2
        proposal = nature(N_NORMALS)
        if plan.method == "cross_entropy":
            n_pilot = max(int(_PILOT_SHARE * n), _LEAST_PILOT)
            proposal = fit_proposal(
                lambda normals: self.score(self.simulate(planned, normals, rng)[1]),
                self.level, N_NORMALS, n_pilot, rng,
            )  # fmt: skip
        return self.draw(planned, natural_share, proposal, n, rng)

    def draw(
        self, planned: str, natural_share: float, proposal: Proposal, n: int,
        rng: np.random.Generator,
    ) -> Stratum:  # fmt: skip
        """Cases of one plan, simulated; those that are not critical are forgotten at once."""
        parts = []
        for first in range(0, n, _AT_ONCE):
            normals, weights = proposal.draw(min(_AT_ONCE, n - first), rng)
            cases, outcomes = self.simulate(planned, normals, rng)
            critical = self.score(outcomes) <= self.level
            parts.append((weights, critical, cases[critical], outcomes[critical]))
        weights, critical, cases, outcomes = map(np.concatenate, zip(*parts, strict=True))
        return Stratum(
            planned=planned, natural_share=natural_share, weights=weights, critical=critical,
            cases=cases, outcomes=outcomes,
        )  # fmt: skip

    def simulate(
        self, planned: str, normals: Floats, rng: np.random.Generator
    ) -> tuple[Cases, npt.NDArray[np.void]]:
        """Cases made of normal numbers, and what comes of them."""
        law = self.about.cut_in if planned == "cut_in" else self.about.ordinary
        cases = cases_of(law, planned, self.setting, normals, rng.random((len(normals), 4)))
        return cases, outcomes_of(self.about, self.setting, cases)

    @property
    def level(self) -> float:
        """The score of what is just critical [s]."""
        if self.outcome == "collision":
            return _TOUCHED
        # What is critical lies below the bound, not on it.
        return float(np.nextafter(self.about.criteria.near_miss_time, 0.0))

    def score(self, outcomes: npt.NDArray[np.void]) -> Floats:
        """How near to a collision `(n,)` [s]: the least time to one, or -1 for one."""
        return np.where(outcomes["touched"], _TOUCHED, outcomes["least_time"])


def _shares(about: CutIn) -> dict[str, float]:
    """Nature's share of episodes by what is planned, but for those in which nothing is."""
    return {
        "cut_in": about.natural_share,
        "lane_change": (1.0 - about.natural_share) * about.ordinary_share,
    }


def _estimates(strata: list[Stratum], outcome: str, doc: str) -> tuple[Estimate, ...]:
    """Of an episode, and of one by what is planned."""
    rows = {
        "of all episodes": [(one.natural_share, one.weights, one.critical) for one in strata],
        **{f"of those with a {one.planned}": [(1.0, one.weights, one.critical)] for one in strata},
    }
    found = []
    for name, parts in rows.items():
        share = share_of(parts)
        low, high = share.interval
        found.append(
            Estimate(
                name=f"{outcome}, {name}", doc=doc, value=share.value, low=low,
                high=high, n_simulations=share.n_draws, n_found=share.n_found,
                n_alike=share.n_alike,
            )
        )  # fmt: skip
    return tuple(found)


def _chosen(lot: _Lot, strata: list[Stratum], plan: SearchPlan, streams: Streams) -> pa.Table:
    """Critical cases and others, in random order; weights have the mean 1 if there are both."""
    rng = streams.generator("choice")
    shares, cases, outcomes = (
        np.concatenate([getattr(one, name) for one in strata])
        for name in ("shares", "cases", "outcomes")
    )
    share = float(shares.sum())
    if share <= 0.0:
        raise RequestError(
            f"n_simulations = {plan.n_simulations}: none of them was critical: raise it, or choose "
            "another outcome"
        )
    n_critical = min(max(round(plan.critical_share * plan.n_cases), 1), plan.n_cases)
    rows = resample(shares, n_critical, rng)
    cases, outcomes = cases[rows], outcomes[rows]
    n_calm = plan.n_cases - n_critical
    if n_calm:
        calm = _calm(lot, n_calm, rng)
        cases, outcomes = np.append(cases, calm[0]), np.append(outcomes, calm[1])
    stand_for = np.concatenate([
        np.full(n_critical, share * plan.n_cases / n_critical),
        np.full(n_calm, (1.0 - share) * plan.n_cases / max(n_calm, 1)),
    ])  # fmt: skip
    order = rng.permutation(plan.n_cases)
    outcomes = outcomes[order]
    told = {"critical": lot.score(outcomes) <= lot.level}
    told |= {name: np.ascontiguousarray(outcomes[name]) for name in _TOLD}
    return table_of(cases[order], stand_for[order], lot.setting.map, told)


def _calm(lot: _Lot, n: int, rng: np.random.Generator) -> tuple[Cases, npt.NDArray[np.void]]:
    """Cases as nature has them, without those that are critical."""
    shares = _shares(lot.about)
    rest = 1.0 - sum(shares.values())
    parts: list[tuple[Cases, npt.NDArray[np.void]]] = []
    for _ in range(_N_TRIES):
        planned = rng.choice([*shares, ""], size=n, p=[*shares.values(), rest])
        for name in np.unique(planned):
            normals = rng.normal(size=(int((planned == name).sum()), N_NORMALS))
            cases, outcomes = lot.simulate(str(name), normals, rng)
            calm = lot.score(outcomes) > lot.level
            parts.append((cases[calm], outcomes[calm]))
        if sum(len(cases) for cases, _ in parts) >= n:
            break
    else:
        raise RequestError("nearly every case is critical: choose another outcome")
    cases, outcomes = (np.concatenate(column) for column in zip(*parts, strict=True))
    chosen = rng.permutation(len(cases))[:n]
    return cases[chosen], outcomes[chosen]
