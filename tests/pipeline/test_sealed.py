"""SQL over a data set that somebody else may have made."""

import duckdb
import pytest
from toys.coin import Coin

from simgen.core import RequestError, RunError
from simgen.pipeline.generate import generate
from simgen.pipeline.samples import run_view
from simgen.pipeline.sealed import asked


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    place = tmp_path_factory.mktemp("it's a [data] set") / "coins"
    return generate(Coin(n_blocks=2), out=place, difficulty=False, quiet=True)


def test_tables_are_read(data):
    """All of them, with values by name."""
    with asked(data) as ask:
        rows = ask("SELECT count(*) AS n FROM flips WHERE side = $side", {"side": "x' OR true"})
        events = ask("SELECT count(*) AS n FROM events")

    assert rows["n"].to_pylist() == [0]
    assert events["n"].to_pylist()[0] > 0


@pytest.mark.parametrize(
    "sql",
    [
        "COPY (SELECT 'pwned') TO '{place}/new.csv'",
        "COPY (SELECT 'pwned') TO '{part}'",
        "SELECT * FROM read_text('{place}/secret.txt')",
        "FROM '{place}/secret.csv'",
        "ATTACH '{place}/new.duckdb'",
        "SET enable_external_access = true",
        "FROM secret_rows",
        "SELECT nothing FROM flips",
    ],
)
def test_other_files_are_neither_read_nor_written(data, tmp_path, sql):
    """Not even by statements that stand in a data set's rows."""
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "secret.csv").write_text("secret\n1")
    secret_rows = data.table("flips")  # DuckDB would find it by its name
    part = data.parts("flips")[0]

    with (
        asked(data) as ask,
        pytest.raises(RequestError, match="its tables are not as this simgen writes them"),
    ):
        ask(sql.format(place=tmp_path, part=part))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["secret.csv", "secret.txt"]
    assert data.damaged_parts() == []
    assert len(secret_rows) > 0


def test_a_full_disk_is_no_fault_of_the_tables():
    """The line says what to do, and nothing of the data set."""
    with duckdb.connect() as connection, pytest.raises(RunError, match=r"no space left .*: free"):
        run_view(connection, "COPY (SELECT 1) TO '/dev/full'", {}, "the data set does not fit")


def test_want_of_memory_is_no_fault_of_the_tables():
    """It is told as such."""
    config = {"memory_limit": "5MB", "temp_directory": ""}
    sql = "SELECT string_agg(range::VARCHAR) FROM range(2_000_000)"
    with (
        duckdb.connect(config=config) as connection,
        pytest.raises(RunError, match=r"not enough memory for a query .*: free some"),
    ):
        run_view(connection, sql, {}, "the data set does not fit")
