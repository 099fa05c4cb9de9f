"""Draws the search tier beside episodes of the same cases; prints the figures of docs/search.md.

Both tiers are given the same cut-ins as nature has them: once with nobody else on the road, once
with the scenario's traffic. Then rare outcomes are estimated from whole episodes, drawn by the
scenario and given by a search.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from simgen.core import SearchPlan, Streams
from simgen.domains.driving import CutIn
from simgen.domains.driving.episode import Recording, record
from simgen.domains.driving.scenario import Given, Place
from simgen.domains.driving.search.cases import N_NORMALS, Cases, cases_of
from simgen.domains.driving.search.encounters import outcomes_of
from simgen.domains.driving.search.files import cases_from
from simgen.domains.driving.search.finding import CutInSearch
from simgen.kernels.arrays import Floats
from simgen.worlds.road.traffic import Traffic, TrafficRules

PICTURE = Path(__file__).parent / "pictures" / "search-tiers.png"
N_EPISODES = 600
N_ESTIMATE = 2_000
NEVER = 20.0  # at which the picture shows that nobody closed in [s]


def given_to(place: Place, cases: Cases, weights: Floats) -> Place:
    """The place with episodes that are given."""
    return replace(place, given=Given(cases=cases, weights=weights))


def episode(about: CutIn, place: Place, number: int) -> tuple[Recording, float]:
    """One episode and its weight."""
    own = Streams(3).child(f"episode_{number}")
    traffic = Traffic(place.town, TrafficRules(), own)
    script, weight = about.begin(place, number, traffic, own.generator("script"))
    n_frames = round(about.duration / about.step_time)
    return record(script, n_frames, with_snapshots=False), weight


def outcome(going: Recording) -> tuple[bool, float]:
    """Whether ego and the other touch, and the least time to collision with him before [s]."""
    touched = bool(going.touches.any())
    until = int(np.argmax(going.touches)) if touched else len(going.touches)
    him = (going.lead == going.script.changer)[:until]  # type: ignore[attr-defined] # LaneChangeScript
    return touched, float(np.nanmin(going.time_to_collision[:until][him], initial=np.inf))


def compared(about: CutIn, cases: Cases, axes: Axes, title: str) -> None:
    """Both tiers on the same cases: a picture and a line."""
    place = given_to(about.prepare(Streams(0)), cases, np.ones(len(cases)))
    rows = [outcome(episode(about, place, number)[0]) for number in range(len(cases))]
    touched, times = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    found = outcomes_of(about, about.setting(place), cases)
    bound = about.criteria.near_miss_time
    critical = touched | (times < bound)
    theirs = found["touched"] | (found["least_time"] < bound)
    inverse = [1.0 / np.maximum(value, 0.2) for value in (times, found["least_time"])]
    print(
        f"| {title} | {100 * (touched == found['touched']).mean():.1f} % "
        f"| {100 * (critical == theirs).mean():.1f} % "
        f"| {np.corrcoef(*inverse)[0, 1]:.3f} | {100 * touched.mean():.1f} % "
        f"| {100 * found['touched'].mean():.1f} % | {100 * critical.mean():.1f} % "
        f"| {100 * theirs.mean():.1f} % |"
    )
    for mask, mark, name in ((~touched, "o", "no collision"), (touched, "x", "collision")):
        axes.plot(
            np.minimum(found["least_time"], NEVER)[mask], np.minimum(times, NEVER)[mask], mark,
            markersize=3, label=name,
        )  # fmt: skip
    axes.plot([0.0, NEVER], [0.0, NEVER], "k:", linewidth=0.8)
    axes.set(title=title, xlabel="search: least time to collision [s]", ylabel="episode [s]")
    marks = (0.0, 1.0, 2.0, 5.0, 10.0, NEVER)
    axes.set_xscale("symlog")
    axes.set_yscale("symlog")
    axes.set_xticks(marks, [f"{mark:g}" for mark in marks], minor=False)
    axes.set_yticks(marks, [f"{mark:g}" for mark in marks], minor=False)
    axes.legend()


def estimate(about: CutIn, place: Place) -> tuple[float, float]:
    """The weighted share of episodes with a near miss or a collision, and its standard error."""
    counted = np.zeros(N_ESTIMATE)
    for number in range(N_ESTIMATE):
        going, weight = episode(about, place, number)
        times = going.time_to_collision
        near = (
            going.touches.any() or np.nanmin(times, initial=np.inf) < about.criteria.near_miss_time
        )
        counted[number] = weight * near
    return float(counted.mean()), float(counted.std() / np.sqrt(N_ESTIMATE))


def whole(about: CutIn, title: str) -> None:
    """The same share from episodes that are drawn, and from a search's cases."""
    place = about.prepare(Streams(0))
    plan = SearchPlan(n_cases=N_ESTIMATE, critical_share=0.5)
    found = CutInSearch()(about, plan, Streams(1))
    cases, weights = cases_from(found.cases, "the search"), found.cases["weight"].to_numpy()
    for name, chosen in (("drawn", place), ("cases", given_to(place, cases, weights))):
        share, error = estimate(about, chosen)
        print(f"| {title} | {name} | {100 * share:.2f} % | {100 * error:.2f} % |")
    print(f"| {title} | search | {100 * found.estimates[0].value:.3f} % |")


def main() -> None:
    """Write the picture and print the tables."""
    figure = Figure(figsize=(8.0, 3.6), layout="constrained")
    alone, among = CutIn(n_vehicles=0), CutIn()
    setting = alone.setting(alone.prepare(Streams(0)))
    rng = Streams(1).generator("cases")
    normals, uniforms = rng.normal(size=(N_EPISODES, N_NORMALS)), rng.random((N_EPISODES, 4))
    cases = cases_of(alone.cut_in, "cut_in", setting, normals, uniforms)
    left, right = figure.subplots(1, 2)
    compared(alone, cases, left, "nobody else on the road")
    compared(among, cases, right, "twelve others on each lane")
    figure.savefig(PICTURE, dpi=110)
    whole(alone, "nobody else on the road")
    whole(among, "twelve others on each lane")


if __name__ == "__main__":
    main()
