"""Sequential trees, our own lines among the peers."""

import numpy as np
import pyarrow as pa
import pytest

from benchmarks.peers.contract import Job
from benchmarks.peers.sequential_trees import fit

JOB = Job(train="", label="rare", categorical=("rare", "kind"), n_rows=0, seed=3, out="")


@pytest.fixture(scope="module")
def real():
    """Rare rows are dear, and dear ones are media."""
    generator = np.random.default_rng(4)
    rare = generator.random(4_000) < 0.2
    price = generator.exponential(size=4_000) + 3 * rare
    kind = np.where(generator.random(4_000) < np.clip(price / 6, 0, 1), "media", "food")
    return pa.table({"price": price, "kind": kind, "rare": rare})


@pytest.fixture(scope="module")
def made(real):
    return fit(real, JOB)(6_000)


def test_values_come_from_real_rows(real, made):
    """Columns keep names, order and types, and every value is a real one."""
    assert made.schema.equals(real.schema)
    assert made.num_rows == 6_000
    assert np.isin(made["price"], real["price"]).all()


def test_columns_hang_together_as_in_reality(real, made):
    """Shares, means by class and the chance of a kind by price are those of the real rows."""
    for table in (real, made):
        rare, price = table["rare"].to_numpy(), table["price"].to_numpy()
        assert rare.mean() == pytest.approx(0.2, abs=0.03)
        assert price[rare].mean() == pytest.approx(4, abs=0.15)
        assert price[~rare].mean() == pytest.approx(1, abs=0.1)
        media = table["kind"].to_numpy() == "media"
        assert media[price > 4].mean() - media[price < 1].mean() > 0.6


def test_another_seed_gives_other_rows(real, made):
    """And the same one the same."""
    again = fit(real, JOB)(6_000)
    other = fit(real, Job(**{**vars(JOB), "seed": 4}))(6_000)

    assert again.equals(made)
    assert not other.equals(made)
