"""Croissant metadata, as its official reader sees it."""

import json

import pytest
from toys.coin import Coin

from simgen.formats.croissant import croissant
from simgen.pipeline.generate import generate


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    place = tmp_path_factory.mktemp("data") / "coins"
    generate(Coin(), out=place, difficulty=False, quiet=True)
    return place


def test_every_column_has_a_type_a_meaning_and_a_source(place):
    """A machine can find each column in the parts and knows which one is the label."""
    found = json.loads((place / "croissant.json").read_text())

    fields = {field["@id"]: field for records in found["recordSet"] for field in records["field"]}
    assert set(fields) == {f"{t.name}/{f.name}" for t in Coin.tables for f in t.fields}
    assert fields["flips/height"]["dataType"] == "sc:Float"
    assert fields["flips/height"]["description"] == "How high it flew. [m]"
    assert fields["flips/flip_id"]["dataType"] == "sc:Integer"
    assert fields["flips/flipped_at"]["dataType"] == "sc:DateTime"
    assert fields["flips/side"]["dataType"] == "sc:Text"
    assert fields["flips/label"]["dataType"] == ["sc:Boolean", "cr:Label"]
    for files in found["distribution"]:
        assert list(place.glob(files["includes"]))


def test_lists_are_repeated_values(place):
    """A column of lists is described by what it lists."""
    manifest = json.loads((place / "manifest.json").read_text())
    manifest["tables"]["flips"]["columns"][3]["type"] = "list<item: float>"

    field = croissant(manifest)["recordSet"][0]["field"][3]

    assert field["repeated"]
    assert field["dataType"] == "sc:Float"


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # its own dependencies' affair
def test_the_official_reader_finds_no_fault_and_all_rows(place):
    """The file validates, and mlcroissant reads the records through it."""
    mlcroissant = pytest.importorskip(
        "mlcroissant", reason="mlcroissant is not installed: pip install mlcroissant[parquet]"
    )
    data = mlcroissant.Dataset(str(place / "croissant.json"))

    assert data.metadata.ctx.issues.report() == ""
    assert sum(1 for _ in data.records("flips")) == 8000
    assert sum(1 for _ in data.records("events")) == 16
