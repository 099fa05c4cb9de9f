"""A description may be edited: what its SQL gives is checked before anything is measured."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from toys.shop import Shop

from simgen.core import RequestError, Streams
from simgen.pipeline.ingest import write_reference
from simgen.pipeline.memory import simulate_in_memory
from simgen.pipeline.references import load_reference
from simgen.pipeline.samples import take_rows, take_samples

N = 60

WEIGHTS = {
    "amount - 50": "weight -49 in 33 of 60 rows: weigh each by 0 or more",
    "NULL": "weight nan in 60 of 60 rows",
    "'a'": "column 'weight' holds string, and is to be numeric",
    "'inf'::DOUBLE": "column 'weight' holds infinite numbers",
}
AMOUNTS = {
    "'inf'::DOUBLE": "column 'amount' holds infinite numbers: make them NULL in its SQL",
    "'dear'": "column 'amount' holds string, and is to be numeric",
    "[amount]": "column 'amount' holds list",
    "(SELECT any_value(x) FROM read_csv('/nowhere.csv') AS t(x))": "is not the file described",
}


@pytest.fixture(scope="module")
def shop():
    return simulate_in_memory(Shop(), Streams(1))


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A reference of 60 payments by three customers."""
    at = np.datetime64("2024-03-01", "us") + np.arange(N) * np.timedelta64(1, "h")
    rows = pa.table(
        {
            "customer_id": np.arange(N) % 3,
            "at": pa.array(at, pa.timestamp("us", "UTC")),
            "amount": np.linspace(1.0, 90.0, N),
            "label": np.arange(N) % 10 == 0,
        }
    )
    values = {"scenario": "fraud/retail_bank", "units": {"amount": "EUR"}}
    path = write_reference(rows, name="own", out=tmp_path_factory.mktemp("own"), **values)
    return load_reference(str(path))


def edited(reference, **changes):
    (view,) = reference.samples
    return replace(reference, samples=(replace(view, **changes),))


@pytest.mark.parametrize(("weight", "why"), WEIGHTS.items())
def test_a_weight_is_a_number_that_can_weigh(weight, why, own, shop):
    """No less than 0, and there."""
    with pytest.raises(RequestError, match=why):
        take_samples(edited(own, weight=weight), shop)


@pytest.mark.parametrize(("amount", "why"), AMOUNTS.items())
def test_a_column_is_of_its_kind(amount, why, own, shop):
    """Metrics would fail on it, each in a way of its own."""
    view = own.samples[0]
    odd = f"SELECT * REPLACE ({amount} AS amount) FROM ({view.real})"  # noqa: S608 - ours

    with pytest.raises(RequestError, match=why):
        take_samples(edited(own, real=odd), shop)


def test_a_parameter_that_finds_no_row_is_missing(own, shop):
    """As one that finds a NULL."""
    empty = replace(own, parameters={"day": "SELECT amount FROM transactions WHERE false"})

    with pytest.raises(RequestError, match="the data set gives no day"):
        take_samples(empty, shop)


def test_of_few_entities_some_fit_and_some_judge(own, shop):
    """One of three: a digest alone might put all of them on one side."""
    ((_, real, _),) = take_rows(own, shop)
    customers = real.to_pandas().groupby("fitted").customer_id.unique()

    assert [len(customers[True]), len(customers[False])] == [1, 2]
    assert not set(customers[True]) & set(customers[False])
