"""Reading what was generated."""

import json

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


def test_pandas_keeps_what_may_be_null_what_it_is(tmp_path):
    """A card's number is a whole one beside transfers without a card, a view is true, false, NA."""
    data = generate(
        "fraud/retail_bank", out=tmp_path, n_customers=40, n_days=20, difficulty=False, quiet=True
    )
    for table, column, kind in [
        ("transactions", "card_id", "Int64"),
        ("events", "observed_label", "boolean"),
    ]:
        rows, frame = data.table(table), data.to_pandas(table)

        assert list(frame.columns) == rows.column_names
        assert frame[column].dtype == kind
        assert frame[column].isna().any()
        assert frame[column].dropna().tolist() == rows[column].drop_null().to_pylist()


def test_duckdb_sees_every_table(place):
    """Labels join with the oracle."""
    connection = Dataset(place).connect()

    found = connection.sql(
        "select kind, count(*) from flips join events using (event_id) group by kind order by kind"
    ).fetchall()

    assert found == [("loaded", 800), ("worn", 800)]


def coins(place):
    return generate(Coin(n_blocks=1), out=place, difficulty=False, quiet=True)


@pytest.mark.parametrize(
    ("key", "content", "said"),
    [
        ("difficulty", {"prevalence": 0.1, "verdict": "Hard."}, "difficulty.prevalence"),
        ("difficulty", {"flips": {"prevalence": 0.1}}, "difficulty.flips"),
        ("difficulty", [], "difficulty"),
        ("totals", None, "totals"),
        ("format", 2, "format"),
    ],
)
def test_a_manifest_of_another_shape_is_refused(tmp_path, key, content, said):
    """The line names the file, the key and the remedy."""
    manifest = tmp_path / "manifest.json"
    written = coins(tmp_path).manifest
    manifest.write_text(json.dumps(written | {key: content}))

    with pytest.raises(RequestError, match=f"{manifest}: {said} is not .*: generate .* again"):
        Dataset(tmp_path)


@pytest.mark.parametrize("text", ["[]", "{", "null"])
def test_what_is_no_manifest_is_refused(tmp_path, text):
    """Neither read nor written over."""
    (tmp_path / "manifest.json").write_text(text)

    for ask in (Dataset, coins):
        with pytest.raises(RequestError, match=r"manifest.json is no manifest of simgen's"):
            ask(tmp_path)


def test_generating_again_mends_a_manifest_of_another_shape(tmp_path):
    """No block is made again, and the manifest is as it was."""
    written = coins(tmp_path).manifest
    (tmp_path / "manifest.json").write_text(json.dumps(written | {"difficulty": {"n_rows": 7}}))

    again = coins(tmp_path).manifest

    assert again["timings"]["resumed_blocks"] == 1
    assert again | {"timings": 0} == written | {"timings": 0}


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


@pytest.mark.parametrize("read", ["table", "to_pandas"])
def test_an_unknown_column_is_refused(place, read):
    """The line suggests one; a text is no list of columns."""
    data = Dataset(place)

    with pytest.raises(RequestError, match=r"table flips has no column 'sid': did you mean side\?"):
        getattr(data, read)("flips", ["coin_id", "sid"])
    with pytest.raises(RequestError, match=r"columns = 'side' is no list: give \['side'\]"):
        getattr(data, read)("flips", "side")
