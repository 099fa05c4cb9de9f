"""What every search of a domain must satisfy. New ones are found by themselves."""

from functools import cache

import numpy as np
import pyarrow.parquet as pq
import pytest

from simgen.core import RequestError, SearchPlan, Streams, build, find_domains

SEARCHES = {
    f"{domain.name}/{schema}": (domain.schemas[schema], search)
    for domain in find_domains().values()
    for schema, search in domain.searches.items()
}


@cache
def found(name, seed=1, outcome=""):
    kind, search = SEARCHES[name]
    plan = SearchPlan(n_simulations=4_000, n_cases=30, outcome=outcome)
    return search(build(kind, kind.small), plan, Streams(seed))


def test_there_are_searches():
    """An empty set of parameters would test nothing."""
    assert SEARCHES


@pytest.mark.parametrize("name", SEARCHES)
class TestSearch:
    """What a domain names on its card."""

    def test_every_outcome_can_be_looked_for(self, name):
        """The first is looked for unless another is named; each says what it means."""
        outcomes = SEARCHES[name][1].outcomes

        assert found(name).cases.equals(found(name, 1, next(iter(outcomes))).cases)
        for outcome, meaning in outcomes.items():
            assert meaning
            assert all(one.name.startswith(outcome) for one in found(name, 1, outcome).estimates)

    def test_estimates_are_shares_with_intervals(self, name):
        """Between 0 and 1, and the value lies within."""
        for one in found(name).estimates:
            assert 0.0 <= one.low <= one.value <= one.high <= 1.0
            assert 0 <= one.n_found <= one.n_simulations
            assert one.doc

    def test_cases_weigh_one_on_average(self, name):
        """So weighted sums over a data set of them estimate nature."""
        weights = found(name).cases["weight"].to_numpy()

        assert len(weights) == 30
        assert weights.mean() == pytest.approx(1.0)
        assert (weights > 0.0).all()

    def test_the_seed_decides(self, name):
        """The same one finds the same, another something else."""
        again = found.__wrapped__(name)

        assert again.cases.equals(found(name).cases)
        assert again.estimates == found(name).estimates
        assert not found(name, 2).cases.equals(found(name).cases)

    def test_the_scenario_takes_the_cases(self, name, tmp_path):
        """Records of the first block carry the weights of its cases."""
        kind, _ = SEARCHES[name]
        pq.write_table(found(name).cases, tmp_path / "cases.parquet")
        scenario = build(kind, {**kind.small, "cases": str(tmp_path / "cases.parquet")})
        shared = scenario.prepare(Streams(1).child("shared"))
        block = scenario.blocks()[0]
        records = {table.name for table in scenario.tables if table.is_record}
        weights = [
            set(rows.column("weight").to_numpy())
            for table, rows in scenario.simulate(block, shared, Streams(1).child("blocks"))
            if table in records
        ]

        known = found(name).cases["weight"].to_numpy()[block.start : block.stop]
        assert set().union(*weights) <= set(known)
        assert np.isfinite(known).all()

    def test_an_unknown_outcome_is_refused(self, name):
        """In one line that names those that there are."""
        with pytest.raises(RequestError, match="outcome = 'nonsense' is unknown: choose"):
            found(name, 1, "nonsense")
