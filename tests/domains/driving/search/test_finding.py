import numpy as np
import pytest

from simgen.core import RequestError, SearchPlan, Streams, changed
from simgen.domains.driving import CutIn, UrbanTraffic
from simgen.domains.driving.search.cases import N_NORMALS, cases_of
from simgen.domains.driving.search.encounters import outcomes_of
from simgen.domains.driving.search.finding import CutInSearch

MILD = {"cut_in.mean_inverse_time": 0.1, "cut_in.median_gap": 20.0, "cut_in.gap_spread": 0.4}


def search(about, **plan):
    return CutInSearch()(about, SearchPlan(**plan), Streams(5))


@pytest.mark.parametrize("outcome", CutInSearch.outcomes)
def test_importance_sampling_agrees_with_plain_monte_carlo(outcome):
    """By difference over both errors; from a twentieth of the simulations, and no less sure."""
    about = changed(CutIn(), MILD)
    plain = search(about, outcome=outcome, method="plain", n_simulations=400_000)
    clever = search(about, outcome=outcome, n_simulations=20_000)

    for one, other in zip(plain.estimates, clever.estimates, strict=True):
        errors = (one.high - one.low) / 3.92, (other.high - other.low) / 3.92
        assert abs(one.value - other.value) < 3.3 * np.hypot(*errors)
    assert clever.estimates[0].n_alike > 20 * clever.estimates[0].n_simulations


def test_intervals_of_short_searches_hold_the_truth():
    """Of 50 searches with a fiftieth of the usual simulations some 95 %."""
    plan = SearchPlan(outcome="collision", n_simulations=4_000, n_cases=1)
    found = [CutInSearch()(CutIn(), plan, Streams(seed)).estimates[2] for seed in range(50)]

    truth = 7.89e-5  # of ordinary changes: mean of 40 searches with 200,000
    assert sum(one.low < truth < one.high for one in found) >= 47


def test_written_cases_weigh_what_nature_has():
    """Weights average 1, and critical cases weigh together what is estimated."""
    found = search(CutIn(), outcome="collision", n_simulations=40_000, n_cases=500)
    cases = found.cases.to_pandas()

    assert cases.weight.mean() == pytest.approx(1.0)
    assert cases.critical.sum() == 250
    share = np.average(cases.critical, weights=cases.weight)
    assert share == pytest.approx(found.estimates[0].value)
    np.testing.assert_array_equal(cases.critical, cases.touched)


def test_weighted_cases_estimate_as_plain_ones_do():
    """Not only what was looked for: closing speeds and plans of all episodes, too."""
    about = CutIn()
    found = search(about, n_simulations=100_000, n_cases=40_000, critical_share=0.5)
    cases = found.cases.to_pandas()
    place = about.prepare(Streams(0))
    rng = Streams(8).generator("nature")
    normals, uniforms = rng.normal(size=(100_000, N_NORMALS)), rng.random((100_000, 4))
    drawn = cases_of(about.cut_in, "cut_in", about.setting(place), normals, uniforms)
    hard = outcomes_of(about, about.setting(place), drawn)["hardest_brake"]

    cut_ins = cases[cases.planned == "cut_in"]
    assert np.average(cases.planned == "cut_in", weights=cases.weight) == pytest.approx(
        about.natural_share, rel=0.04
    )
    for name in ("closing_speed", "gap"):
        assert np.average(cut_ins[name], weights=cut_ins.weight) == pytest.approx(
            drawn[name].mean(), rel=0.06
        )
    assert np.average(cut_ins.hardest_brake > 4.0, weights=cut_ins.weight) == pytest.approx(
        (hard > 4.0).mean(), rel=0.06
    )


def test_all_cases_may_be_critical():
    """Then they weigh what is critical in as many episodes."""
    found = search(CutIn(), n_simulations=20_000, n_cases=100, critical_share=1.0)
    cases = found.cases.to_pandas()

    assert cases.critical.all()
    assert cases.weight.sum() == pytest.approx(100 * found.estimates[0].value)


def test_same_seed_same_cases():
    """And another seed finds others."""
    plan = SearchPlan(n_simulations=10_000, n_cases=50)
    one, two, other = (
        CutInSearch()(CutIn(), plan, Streams(seed)).cases.drop_columns("weight")
        for seed in (1, 1, 2)
    )

    assert one.equals(two)
    assert not one.equals(other)


@pytest.mark.parametrize(("about", "plan", "message"), [
    (CutIn(), {"outcome": "jam"}, "outcome = 'jam' is unknown: choose near_miss or collision"),
    (UrbanTraffic(), {}, "UrbanTraffic is no CutIn"),
    (changed(CutIn(), {"cut_in.median_gap": 190.0, "cut_in.gap_spread": 0.01,
                       "ordinary.median_gap": 190.0, "ordinary.gap_spread": 0.01}),
     {"n_simulations": 1_000, "method": "plain", "outcome": "collision"},
     "n_simulations = 1000: none of them was critical: raise it"),
])  # fmt: skip
def test_what_cannot_be_found_is_refused(about, plan, message):
    """In one line that says what would do."""
    with pytest.raises(RequestError, match=message):
        search(about, **plan)
