"""The same seed gives the same bytes, whoever does the work."""

import pytest

from simgen.domains.fraud import RetailBank
from simgen.pipeline.executors import Processes, Serial
from simgen.pipeline.generate import generate

BANK = RetailBank(n_customers=300, customers_per_block=50, n_days=40, prevalence=0.005)


def digests(out, *, seed, executor):
    data = generate(BANK, out=out, seed=seed, executor=executor, difficulty=False, quiet=True)
    return {
        name: [part["sha256"] for part in table["parts"]]
        for name, table in data.manifest["tables"].items()
    }


@pytest.fixture(scope="module")
def of_one_process(tmp_path_factory):
    return digests(tmp_path_factory.mktemp("serial") / "data", seed=3, executor=Serial())


def test_four_workers_write_the_same_bytes(tmp_path, of_one_process):
    """Every part of every table has the digest it has when one process does all the work."""
    executor = Processes(n_workers=4)

    assert digests(tmp_path / "data", seed=3, executor=executor) == of_one_process


def test_another_seed_writes_other_bytes(tmp_path, of_one_process):
    """No part of a record table, nor of who the customers are, is as under the first seed."""
    others = digests(tmp_path / "data", seed=4, executor=Serial())

    for name in ("transactions", "sessions", "customers"):
        assert set(others[name]).isdisjoint(of_one_process[name])
