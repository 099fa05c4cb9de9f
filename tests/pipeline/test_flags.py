"""Labels that users bring along are taken for what they say, or refused."""

import re
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from toys.shop import Shop

from simgen.core import RequestError, Streams
from simgen.pipeline.flags import flags
from simgen.pipeline.ingest import write_reference
from simgen.pipeline.memory import simulate_in_memory
from simgen.pipeline.references import load_reference
from simgen.pipeline.samples import take_samples

N = 200
RARE = np.arange(N) % 10 == 0

TAKEN = {
    "booleans": RARE,
    "whole 0 and 1": RARE.astype(np.int64),
    "float 0 and 1": RARE.astype(float),
    "decimal 0 and 1": [Decimal(int(rare)) for rare in RARE],
}
REFUSED = {
    "letters": (np.where(RARE, "Y", "N"), "says 'Y': write true or false, or the numbers 1 and 0"),
    "text 0 and 1": (np.where(RARE, "1", "0"), "says '1': write true or false"),
    "1 and 2": (RARE + 1, "says 2: write true or false"),
    "float, half undecided": (
        np.where(np.arange(N) % 2, np.nan, RARE),
        "is empty in 100 of 200 rows: leave out the rows for which it is not known",
    ),
    "boolean, some undecided": ([None, *RARE[1:].tolist()], "is empty in 1 of 200 rows"),
}


def own(label):
    """A user's payments with these labels."""
    at = np.datetime64("2024-03-01", "us") + np.arange(N) * np.timedelta64(1, "h")
    return pa.table(
        {
            "customer_id": np.arange(N) % 20,
            "at": pa.array(at, pa.timestamp("us", "UTC")),
            "amount": np.linspace(1.0, 90.0, N),
            "label": pa.array(label),
        }
    )


def written(rows, out):
    """The path of a reference made of them."""
    values = {"scenario": "fraud/retail_bank", "units": {"amount": "EUR"}}
    return write_reference(rows, name="own", out=out, **values)


@pytest.fixture(scope="module")
def shop():
    return simulate_in_memory(Shop(), Streams(1))


@pytest.mark.parametrize("label", TAKEN.values(), ids=TAKEN)
def test_zero_and_one_are_labels(label, shop, tmp_path):
    """However numbers are stored, the rare rows are those that a user calls rare."""
    (pair,) = take_samples(load_reference(str(written(own(label), tmp_path))), shop)

    cents = np.sort(np.round(100 * pair.real.numeric["amount"][pair.real.label]))
    assert cents.tolist() == np.round(100 * np.linspace(1.0, 90.0, N)[RARE]).tolist()


@pytest.mark.parametrize(("label", "why"), REFUSED.values(), ids=REFUSED)
def test_other_labels_are_refused_before_they_are_written(label, why, tmp_path):
    """What is rare by letters, by 1 and 2, or where it is empty, nobody can guess."""
    with pytest.raises(RequestError, match=re.escape(f"column 'label' {why}")):
        written(own(label), tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("label", "why"), REFUSED.values(), ids=REFUSED)
def test_other_labels_are_refused_where_they_are_read(label, why, shop, tmp_path):
    """As a description may be written by hand, and a file replaced."""
    reference = load_reference(str(written(own(RARE), tmp_path)))
    pq.write_table(own(label), reference.path)

    # Rows are read in an order of their own, which may put another wrong value first.
    line = re.escape(why).replace("'Y'", "'[YN]'").replace("'1'", "'[01]'")
    named = "reference own: column 'label' of sample readings"
    with pytest.raises(RequestError, match=f"{named} {line}"):
        take_samples(reference, shop)


def test_other_flags_are_refused_too(shop, tmp_path):
    """Which rows a fit may see is no guess either."""
    reference = load_reference(str(written(own(RARE), tmp_path)))
    (view,) = reference.samples
    odd = replace(view, real=f"SELECT * REPLACE ('yes' AS fitted) FROM ({view.real})")  # noqa: S608 - ours

    with pytest.raises(RequestError, match="column 'fitted' of sample readings says 'yes'"):
        take_samples(replace(reference, samples=(odd,)), shop)


def test_labels_all_alike_are_told_by_what_they_mean(shop, tmp_path):
    """Two ways to write false are one class."""
    path = written(own(np.where(np.arange(N) % 2, 0.0, -0.0)), tmp_path)

    with pytest.raises(RequestError, match="label = false: both classes are needed"):
        take_samples(load_reference(str(path)), shop)


def test_no_rows_have_no_wrong_flags():
    """An empty table is refused elsewhere, for being empty."""
    assert len(flags(pa.array([], pa.string()), "column 'label'")) == 0
