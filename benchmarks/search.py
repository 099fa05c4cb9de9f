"""How many cut-ins a second the search tier steps, against as many episodes of the traffic engine.

Processor time of one thread; the rounds alternate. Nothing is rendered in either, and no record
is written: both go from drawn cases to least times to collision. The episodes are the cheapest
that there are: ego and who changes lanes alone.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
from _measure import alternate, emit, medians, verdict

from simgen.core import SearchPlan, Streams
from simgen.domains.driving import CutIn
from simgen.domains.driving.episode import record
from simgen.domains.driving.scenario import Given
from simgen.domains.driving.search.cases import N_NORMALS, cases_of
from simgen.domains.driving.search.encounters import outcomes_of
from simgen.domains.driving.search.finding import CutInSearch
from simgen.worlds.road.traffic import Traffic, TrafficRules

N_CASES = 300_000
N_EPISODES = 100
N_ROUNDS = 5
BAR = 300_000.0  # cases a second and core


def main() -> None:
    """Print the table."""
    about = CutIn(n_vehicles=0)
    place = about.prepare(Streams(0))
    setting = about.setting(place)
    rng = Streams(1).generator("cases")
    normals, uniforms = rng.normal(size=(N_CASES, N_NORMALS)), rng.random((N_CASES, 4))
    cases = cases_of(about.cut_in, "cut_in", setting, normals, uniforms)
    given = replace(place, given=Given(cases=cases[:N_EPISODES], weights=np.ones(N_EPISODES)))

    def episodes() -> npt.NDArray[np.float64]:
        least = np.full(N_EPISODES, np.inf)
        for number in range(N_EPISODES):
            own = Streams(3).child(f"episode_{number}")
            traffic = Traffic(place.town, TrafficRules(), own)
            script, _ = about.begin(given, number, traffic, own.generator("script"))
            going = record(script, round(about.duration / about.step_time), with_snapshots=False)
            least[number] = np.nanmin(going.time_to_collision, initial=np.inf)
        return least

    plan = SearchPlan(n_simulations=N_CASES)
    took = alternate(
        {
            "steps": lambda: outcomes_of(about, setting, cases),
            "whole": lambda: CutInSearch()(about, plan, Streams(1)),
            "episodes": episodes,
        },
        after=lambda: None,
        n_rounds=N_ROUNDS,
    )
    rates = {
        "steps": N_CASES / medians(took["steps"]).cpu,
        "whole": N_CASES / medians(took["whole"]).cpu,
        "episodes": N_EPISODES / medians(took["episodes"]).cpu,
    }
    print(f"search, drawn cases to outcomes  {rates['steps']:12,.0f} cases/s")
    print(f"search, whole: map, fit, draws   {rates['whole']:12,.0f} cases/s")
    print(f"episodes of the traffic engine   {rates['episodes']:12,.0f} cases/s")
    print(f"search over its bar {verdict(rates['steps'] / BAR, 1.0)}")
    emit("search", ratio_to_episodes=rates["steps"] / rates["episodes"], **rates)


if __name__ == "__main__":
    main()
