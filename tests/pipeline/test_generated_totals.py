"""The sums in the manifest of several blocks, against what lies on disk."""

from pathlib import Path

import pyarrow.compute as pc
import pytest
from toys.coin import Album

from simgen.pipeline.generate import generate


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Three blocks of five coins: their numbers of events differ."""
    scenario = Album(n_blocks=3, n_coins=5, n_flips=20)
    out = tmp_path_factory.mktemp("totals") / "data"
    return generate(scenario, out=out, difficulty=False, quiet=True)


def sizes(data, pattern):
    """The sizes of files of the data set [bytes]."""
    return [path.stat().st_size for path in Path(data.label).glob(pattern)]


def test_records_of_each_kind_are_those_of_all_blocks(data):
    """Coins 1 and 2 of every ten are loaded and worn: some blocks have none."""
    labels = data.manifest["tables"]["flips"]["labels"]

    kinds = pc.value_counts(data.table("flips")["event_kind"].cast("string")).to_pylist()
    there = {entry["values"]: entry["counts"] for entry in kinds if entry["values"]}
    assert labels["n_by_kind"] == there
    assert set(there.values()) == {40}


def test_bytes_are_those_of_the_files(data):
    """Of each table and of all; raw files apart."""
    tables = data.manifest["tables"]

    assert {name: table["bytes"] for name, table in tables.items()} == {
        name: sum(sizes(data, f"{name}/*")) for name in ("flips", "events")
    }
    assert data.manifest["totals"] == {
        "blocks": 3,
        "rows": 15 * 20 + 4,
        "bytes": sum(sizes(data, "*/part-*.parquet")),
    }


def test_raw_files_are_counted(data):
    """Two of each block."""
    raw = data.manifest["raw"]

    held = sizes(data, "raw/*/*")
    assert (raw["files"], raw["bytes"]) == (len(held), sum(held)) == (6, sum(held))
    assert [part["files"] for part in raw["parts"]] == [2, 2, 2]
