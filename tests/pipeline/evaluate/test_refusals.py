"""Each wrong request gives one line with value, bound and remedy, and nothing is written."""

from pathlib import Path

import pytest
from toys.shop import TRANSACTIONS, Shop, card_file

from simgen.core import Batch, RequestError, Table
from simgen.pipeline.evaluate import evaluate
from simgen.pipeline.generate import generate
from simgen.pipeline.references import ENVIRONMENT


def held(folder):
    """All that lies in the folder; None if there is none."""
    return sorted(folder.rglob("*")) if folder.exists() else None


def refused(shop, out, reference="ulb_creditcard", **options):
    """The one line with which evaluate refuses; it leaves nothing behind, no folder either."""
    before = held(out)
    with pytest.raises(RequestError) as caught:
        evaluate(shop, reference, out=out, quiet=True, **options)
    assert held(out) == before
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_unknown_reference(shop, tmp_path):
    """A near miss is named."""
    line = refused(shop, tmp_path, "ulb_credit_card")
    assert line == "unknown reference 'ulb_credit_card': did you mean ulb_creditcard?"


@pytest.mark.usefixtures("cards")
def test_unknown_metric(shop, tmp_path):
    """A near miss is named."""
    line = refused(shop, tmp_path, metrics=["c2sd"])
    assert line == "unknown metric 'c2sd': did you mean c2st?"


@pytest.mark.usefixtures("cards")
def test_no_metric(shop, tmp_path):
    """An empty list asks for nothing."""
    assert "name at least 1 of" in refused(shop, tmp_path, metrics=[])
    line = refused(shop, tmp_path, metrics="c2st")
    assert line == "metrics = 'c2st' is no list: give ['c2st']"


@pytest.mark.usefixtures("cards")
def test_negative_seed(shop, tmp_path):
    """Seeds start at 0."""
    line = refused(shop, tmp_path, seed=-1)
    assert line == "seed = -1 is out of bounds: must be >= 0 and <= 4,000,000,000"


def test_file_missing(shop, folder, tmp_path):
    """The line says where the file was looked for and what to set."""
    line = refused(shop, tmp_path)
    assert str(folder / "ulb_creditcard_subset.parquet") in line
    assert f"set {ENVIRONMENT} to the folder that holds fraud/" in line


def test_file_no_parquet(shop, cards, tmp_path):
    """A CSV file under the name of a Parquet file is refused."""
    cards.write_text("Time,Amount,Class\n1,2,0\n")
    assert "is not a Parquet file" in refused(shop, tmp_path)


def test_file_empty(shop, folder, tmp_path):
    """A file without rows is refused."""
    card_file(folder / "ulb_creditcard_subset.parquet", n_rows=0)
    assert "has 0 rows: at least 1 is needed" in refused(shop, tmp_path)


def test_file_lacks_a_column(shop, folder, tmp_path):
    """The line names the column."""
    card_file(folder / "ulb_creditcard_subset.parquet", Amount=None)
    line = refused(shop, tmp_path)
    assert "is not the file described" in line
    assert "Amount" in line


@pytest.mark.parametrize(("share", "value"), [(0.0, "false"), (1.1, "true")])
def test_file_has_one_class(shop, folder, tmp_path, share, value):
    """Labels that are all alike can teach nothing."""
    card_file(folder / "ulb_creditcard_subset.parquet", rare_share=share)
    line = refused(shop, tmp_path)
    assert f"has label = {value}: both classes are needed" in line


@pytest.mark.usefixtures("cards")
def test_data_set_lacks_a_table(tmp_path):
    """A data set of another kind is refused, and the table named."""
    renamed = Table("flights", "x", TRANSACTIONS.fields, TRANSACTIONS.entity)

    class Flights(Shop):
        """Flights."""

        tables = (renamed,)

        def simulate(self, block, shared, streams):
            """The shop's rows under another name."""
            for batch in super().simulate(block, shared, streams):
                rows = batch.rows.replace_schema_metadata(renamed.schema.metadata)
                yield Batch("flights", rows)

    other = generate(Flights(), out=tmp_path / "flights", quiet=True, difficulty=False)
    line = refused(other, tmp_path / "out")
    assert "the data set does not fit reference ulb_creditcard" in line
    assert "transactions" in line


@pytest.mark.usefixtures("cards")
def test_data_set_has_no_row_to_compare(tmp_path):
    """As when a run is shorter than the horizon of its labels."""

    class Closed(Shop):
        """A shop that sells nothing."""

        def simulate(self, block, shared, streams):
            """No rows at all."""
            for batch in super().simulate(block, shared, streams):
                yield Batch(batch.table, batch.rows[:0])

    closed = generate(Closed(), out=tmp_path / "closed", quiet=True, difficulty=False)
    line = refused(closed, tmp_path / "out")
    assert "has 0 rows of the sample" in line
    assert "simulate more, or longer" in line


@pytest.mark.usefixtures("cards")
def test_no_data_set(tmp_path):
    """A folder without a manifest is no data set."""
    assert "no finished data set" in refused(tmp_path, tmp_path / "out")


@pytest.mark.usefixtures("cards")
def test_out_is_a_data_set(shop):
    """A report never lands among a data set's files."""
    for out in (Path(shop.label), Path(shop.label) / "events"):
        assert "give another out" in refused(shop, out)


@pytest.mark.usefixtures("cards")
def test_out_is_a_file(shop, tmp_path):
    """A file can't be a folder."""
    (tmp_path / "out").write_text("")
    assert "can't make the folder" in refused(shop, tmp_path / "out")
