"""Reading what was generated."""

import dataclasses
import json
import resource
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from toys.coin import Coin

from simgen.core import Field, RequestError, RunError, Table
from simgen.pipeline.generate import generate
from simgen.storage.reader import Dataset
from simgen.storage.remote import RemoteFolder


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
    assert frame["label"].dtype == bool  # which can't be null, so that NumPy's will do
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


WHOLE = [f"{sign}nt{n_bits}" for sign in ("i", "ui") for n_bits in (8, 16, 32, 64)]
COUNTS = Table(
    "counts",
    "Numbers of things, known or not.",
    tuple(Field(kind, pa.type_for_alias(kind), "", "A number.", nullable=True) for kind in WHOLE),
)


@dataclass(frozen=True, kw_only=True)
class Counted(Coin):
    """Coins of which numbers of every type are known, or not."""

    tables: ClassVar = (COUNTS,)
    invariants: ClassVar = ()

    def simulate(self, *_):
        """One row with them and one without."""
        yield COUNTS.batch({kind: np.array([7.0, np.nan]) for kind in WHOLE})


def test_pandas_keeps_whole_numbers_of_every_type(tmp_path):
    """Those that may be null have the type of pandas that has NA."""
    data = generate(Counted(n_blocks=1), out=tmp_path, difficulty=False, quiet=True)
    frame = data.to_pandas("counts")

    assert [str(kind).lower() for kind in frame.dtypes] == WHOLE
    assert frame.isna().sum().tolist() == [1] * len(WHOLE)
    assert frame.iloc[0].tolist() == [7] * len(WHOLE)


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
        ("totals", {"rows": "many"}, "totals.rows"),
        ("scenario", {"name": "Coin"}, "scenario.class"),
        ("tables", [], "tables"),
        ("tables", {"flips": []}, "tables.flips"),
        ("tables", {"flips": {"rows": 1, "columns": []}}, "tables.flips.parts"),
        ("tables", {"flips": {"rows": 1, "columns": [], "parts": []}}, "tables.flips.parts"),
        ("tables", {'"; DROP': {"rows": 1, "columns": [], "parts": []}}, "tables"),
        ("raw", None, "raw"),
        ("raw", {"parts": [{"path": "/etc/passwd", "bytes": 1, "sha256": ""}]}, "raw"),
        ("residual", {"table": 'flips"; DROP TABLE events; FROM "flips'}, "residual"),
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


def test_parts_elsewhere_are_refused(tmp_path):
    """A data set of somebody else's can't have files read that are not its own."""
    written = coins(tmp_path).manifest
    written["tables"]["flips"]["parts"][0]["path"] = "../flips.parquet"
    (tmp_path / "manifest.json").write_text(json.dumps(written))

    with pytest.raises(RequestError, match=r"tables\.flips\.parts is not as"):
        Dataset(tmp_path)


def _ask_schema(data):
    return data.schema("flips")


def _ask_rows(data):
    return data.table("flips")


def _ask_sql(data):
    return data.connect().sql("SELECT sum(height) FROM flips").fetchall()


@pytest.mark.parametrize("ask", [_ask_schema, _ask_rows, _ask_sql])
@pytest.mark.parametrize("damage", ["missing", "short"])
def test_a_part_that_is_gone_or_cut_short_is_named(tmp_path, ask, damage):
    """Whoever reads it; the same generation mends it."""
    data = coins(tmp_path)
    part = tmp_path / "flips" / "part-00000.parquet"
    if damage == "missing":
        part.unlink()
    else:
        part.write_bytes(b"PAR1xxxx")

    with pytest.raises(
        RequestError, match=r"part flips/part-00000\.parquet is missing or damaged: the same gen"
    ):
        ask(data)
    assert ask(coins(tmp_path))


@pytest.mark.parametrize("ask", [_ask_schema, _ask_rows, _ask_sql])
def test_a_part_of_other_content_is_told(tmp_path, ask):
    """It is as long as it was; the line says how to find it."""
    data = coins(tmp_path)
    part = tmp_path / "flips" / "part-00000.parquet"
    part.write_bytes(b"x" * part.stat().st_size)

    with pytest.raises(RequestError, match=r"table flips can't be read .*: delete the parts that"):
        ask(data)


@pytest.mark.parametrize("ask", [_ask_schema, _ask_rows])
def test_a_store_that_fails_is_no_damaged_table(tmp_path, monkeypatch, ask):
    """What is far away may be read later: nothing is to be deleted."""
    data = coins(tmp_path)
    part = tmp_path / "flips" / "part-00000.parquet"
    part.unlink()
    part.symlink_to(part)  # to open it fails, though it is not missing
    monkeypatch.setattr(data, "_folder", RemoteFolder(tmp_path.as_uri()))

    with pytest.raises(RunError, match=r"table flips can't be read \(.*\): try again$"):
        ask(data)


@pytest.mark.parametrize("ask", [_ask_schema, _ask_rows])
def test_too_many_open_files_are_no_damaged_table(tmp_path, ask):
    """The same call reads it once there are fewer."""
    data = coins(tmp_path)
    ask(data)
    least, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (3, most))
        with pytest.raises(RunError, match=r"table flips can't be read .*: try again$"):
            ask(data)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (least, most))
    ask(data)


def test_a_table_of_somebody_else_s_may_have_a_dot_in_its_name(tmp_path):
    """Such as that of a version: it is written and read as any other."""
    table = dataclasses.replace(COUNTS, name="counts.v2")

    class Versions(Counted):
        tables = (table,)

        def simulate(self, *_):
            yield table.batch({kind: np.array([7.0]) for kind in WHOLE})

    data = generate(Versions(n_blocks=1), out=tmp_path, difficulty=False, quiet=True)

    assert Dataset(tmp_path).schema("counts.v2") == table
    assert data.connect().sql('SELECT int8 FROM "counts.v2"').fetchall() == [(7,)]


@pytest.mark.parametrize("path", ["../secret.txt", "/etc/passwd", "raw/../manifest.json"])
def test_raw_files_are_not_read_from_elsewhere(place, path):
    """Whatever a table of somebody else's names."""
    with pytest.raises(RequestError, match="must lie in a folder within the folder raw"):
        Dataset(place).raw(path)


@pytest.mark.parametrize("text", ["[]", "{", "null", "[" * 100_000])
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
