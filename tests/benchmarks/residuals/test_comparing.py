"""Which few real rows methods are given."""

import numpy as np

from benchmarks.residuals.comparing import N_FEW, N_RARE, few_sets, random_halves
from simgen.residual import Column, Rows, Shape

SHAPE = Shape(columns=(Column(name="price"),), label="rare", entity="customer")


def rows(n_rare, *, n_of_entity):
    """As many rare rows, each beside three common ones, some of one customer."""
    n_rows = 4 * n_rare
    return Rows.of(
        {
            "customer": np.arange(n_rows) // n_of_entity,
            "rare": np.arange(n_rows) % 4 == 0,
            "price": np.arange(n_rows, dtype=float),
        }
    )


def test_random_sets_have_as_few_rare_rows_as_asked():
    """Each of other customers."""
    sets = few_sets(rows(200, n_of_entity=8), SHAPE)

    assert len(sets) == N_FEW
    assert {int(few.columns["rare"].sum()) for few in sets} <= {N_RARE, N_RARE + 1, N_RARE + 2}
    assert len({few.columns["customer"].tobytes() for few in sets}) == N_FEW


def test_there_are_no_few_where_there_are_hardly_more():
    """Sets of forty of forty-two rows are one set."""
    assert few_sets(rows(42, n_of_entity=1), SHAPE) == []


def test_there_are_no_few_where_one_customer_has_many():
    """Whoever takes him whole has more than few."""
    assert few_sets(rows(400, n_of_entity=400), SHAPE) == []


def test_random_halves_share_no_customer():
    """Each holds half of the customers, other ones with another seed."""
    train = rows(100, n_of_entity=8)
    half, others = random_halves(train, SHAPE, 0)

    customers = [set(side.columns["customer"].tolist()) for side in (half, others)]
    assert customers[0].isdisjoint(customers[1])
    assert len(customers[0]) == len(customers[1]) == 25
    assert half.n_rows + others.n_rows == train.n_rows
    assert customers[0] != set(random_halves(train, SHAPE, 1)[0].columns["customer"].tolist())
