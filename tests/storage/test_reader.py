"""Reading what was generated."""

import pandas as pd
import pytest
from toys.coin import Coin

from simgen.core import RequestError
from simgen.pipeline.generate import generate
from simgen.storage.reader import Dataset


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    place = tmp_path_factory.mktemp("data") / "coins"
    generate(Coin(), out=place, difficulty=False, quiet=True)
    return place


def test_tables_have_the_declared_columns(place):
    """The schema that was declared is the one that is read, table by table."""
    data = Dataset(place)

    assert data.names == ("flips", "events")
    for table in Coin.tables:
        assert data.schema(table.name) == table
        assert data.table(table.name).schema.equals(table.schema, check_metadata=True)


def test_rows_come_in_the_order_of_blocks(place):
    """Flip 0 first, the last flip last."""
    flips = Dataset(place).table("flips", ["flip_id"])

    assert flips["flip_id"].to_pylist() == list(range(8 * 10 * 100))


def test_pandas_gets_categories_and_instants(place):
    """A data frame has the types that pandas has for them."""
    frame = Dataset(place).to_pandas("flips", ["side", "flipped_at", "label"])

    assert list(frame["side"].cat.categories) == ["heads", "tails"]
    assert pd.api.types.is_datetime64_any_dtype(frame["flipped_at"])
    assert frame["label"].sum() == 800


def test_duckdb_sees_every_table(place):
    """Labels join with the oracle."""
    connection = Dataset(place).connect()

    found = connection.sql(
        "select kind, count(*) from flips join events using (event_id) group by kind order by kind"
    ).fetchall()

    assert found == [("loaded", 800), ("worn", 800)]


def test_an_unknown_table_is_refused(place):
    """The line says which tables there are."""
    with pytest.raises(RequestError, match="no table 'flip': it has flips, events"):
        Dataset(place).parts("flip")


@pytest.mark.parametrize("name", ["", "nothing"])
def test_a_folder_without_manifest_is_no_data_set(tmp_path, name):
    """The line says what to do if a run stopped."""
    with pytest.raises(RequestError, match="run the same command again"):
        Dataset(tmp_path / name)


def test_damage_is_found(tmp_path):
    """A part that was changed after the fact is named."""
    data = generate(Coin(n_blocks=2), out=tmp_path / "data", difficulty=False, quiet=True)
    with (tmp_path / "data" / "flips" / "part-00001.parquet").open("ab") as part:
        part.write(b"?")

    assert data.damaged_parts() == ["flips/part-00001.parquet"]
