"""The real references, and which of their rows nobody fits on."""

import numpy as np
import pytest

from benchmarks.residuals.references import REFERENCES, entities, is_final, with_few_rare
from simgen.core import RequestError, Streams
from simgen.residual import Column, Rows, Shape

SHAPE = Shape(columns=(Column(name="price"),), label="rare", entity="customer")


def rows(n_customers=300):
    """Two payments of each customer, a tenth of them rare."""
    generator = np.random.default_rng(1)
    n_rows = 2 * n_customers
    return Rows.of(
        {
            "customer": np.repeat(np.arange(n_customers), 2),
            "rare": generator.random(n_rows) < 0.1,
            "price": generator.random(n_rows),
        }
    )


def test_the_final_half_goes_by_entity_alone():
    """All rows of an entity are on one side, in whatever order and company they come."""
    entity = np.repeat(np.arange(1_000), 3)
    final = is_final(entity)
    order = np.random.default_rng(0).permutation(len(entity))[:500]

    assert final.reshape(-1, 3).all(axis=1).sum() == final.reshape(-1, 3).any(axis=1).sum()
    np.testing.assert_array_equal(is_final(entity[order]), final[order])
    assert final.mean() == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize("seed", range(5))
def test_few_rare_rows_come_with_the_whole_entities_they_belong_to(seed):
    """Drawn by entity, with the common rows that come along."""
    few = with_few_rare(rows(), SHAPE, 12, np.random.default_rng(seed))

    assert 12 <= few.columns["rare"].sum() <= 13
    assert (np.unique(few.columns["customer"], return_counts=True)[1] == 2).all()
    assert few.n_rows == pytest.approx(120, abs=100)


def test_more_rare_rows_than_there_are_can_not_be_had():
    """It says how many there are."""
    with pytest.raises(RequestError, match=r"there are \d+ rare rows: ask for at most so many"):
        with_few_rare(rows(), SHAPE, 10_000, np.random.default_rng(2))


@pytest.mark.parametrize("reference", REFERENCES.values(), ids=lambda reference: reference.name)
class TestReference:
    """What an example must define."""

    def test_simulates_rows_of_its_shape(self, reference):
        """Rare and common rows that obey the rules, and that the evaluation suite reads."""
        made = reference.example.simulate(2_000, Streams(1))

        reference.shape.check(made, "simulated")
        sample = reference.example.sample(made)
        assert sample.n_rows == made.n_rows
        assert 0 < sample.label.mean() < 0.5
        assert all(obeys.all() for obeys in reference.shape.obeys(made).values())

    def test_names_the_columns_that_are_no_numbers(self, reference):
        """The label and every word, so that no peer takes them for numbers."""
        made = reference.example.simulate(2_000, Streams(1))

        named = reference.categorical(made)

        assert reference.shape.label in named
        assert reference.shape.entity not in named
        others = made.columns.keys() - {reference.shape.entity}
        assert all(made.columns[n].dtype.kind != "U" or n in named for n in others)

    def test_the_final_half_shares_no_entity_with_the_other(self, reference):
        """On the real rows, where they are."""
        if not reference.path.is_file():
            pytest.skip(f"there is no {reference.path}: set SIMGEN_REFERENCE")
        development, final = reference.halves()

        if reference.shape.entity:
            whom = [entities(half, reference.shape) for half in (development, final)]
            assert not np.intersect1d(*whom).size
            groups = [{reference.group(str(entity)) for entity in some} for some in whom]
            assert groups[0].isdisjoint(groups[1])
        n_entities = [
            len(np.unique(entities(half, reference.shape))) for half in (development, final)
        ]
        assert abs(n_entities[0] - n_entities[1]) < 3 * np.sqrt(sum(n_entities))
