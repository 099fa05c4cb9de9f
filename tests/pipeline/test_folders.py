"""Texts that are written whole or not at all."""

import resource

import pytest
from toys.coin import Coin

from simgen.core import RequestError, RunError
from simgen.pipeline.folders import on_this_machine, outside_data_sets, write_text
from simgen.pipeline.generate import generate


def test_a_text_replaces_an_earlier_one(tmp_path):
    """Nothing is left beside it."""
    for text in ("first", "second"):
        write_text(tmp_path / "folder" / "x.json", text)

    assert [path.name for path in (tmp_path / "folder").iterdir()] == ["x.json"]
    assert (tmp_path / "folder" / "x.json").read_text() == "second"


def test_what_another_process_writes_aside_is_left_alone(tmp_path):
    """Two that write the same text don't take each other's half."""
    others = [tmp_path / name for name in (".x.json.part", ".x.json.1.part")]
    for other in others:
        other.write_text("half")

    write_text(tmp_path / "x.json", "whole")

    assert (tmp_path / "x.json").read_text() == "whole"
    assert [other.read_text() for other in others] == ["half", "half"]


def test_a_text_that_cannot_be_written_leaves_nothing(tmp_path):
    """A folder has its name."""
    (tmp_path / "x.json" / "inner").mkdir(parents=True)

    with pytest.raises(RunError, match="can't write"):
        write_text(tmp_path / "x.json", "text")
    assert [path.name for path in tmp_path.iterdir()] == ["x.json"]


def test_a_name_that_is_too_long_is_a_wrong_request():
    """For texts and for data sets."""
    with pytest.raises(RequestError, match="File name too long: give a shorter one"):
        on_this_machine("n" * 300, "a report goes into")
    with pytest.raises(RequestError, match=r"File name too long.*: choose another folder"):
        generate(Coin(), out="n" * 300, quiet=True)


def test_a_data_set_is_not_written_into(tmp_path):
    """Neither itself nor a folder in it; what stands beside other manifests is no data set."""
    generate(Coin(n_blocks=1), out=tmp_path / "data", difficulty=False, quiet=True)
    (tmp_path / "manifest.json").write_text("{}")  # of a web site

    for name in ("data", "data/events", "data/new/folder", "data/../data"):
        with pytest.raises(RequestError, match="data holds a data set: give another out"):
            outside_data_sets(tmp_path / name)
    assert outside_data_sets(tmp_path / "beside") == tmp_path / "beside"


def test_no_half_of_a_file_is_seen(tmp_path):
    """No file may grow beyond 100 kB here; the earlier one stays, and the line says what to do."""
    write_text(tmp_path / "page.html", "earlier")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        with pytest.raises(RunError, match=r"page.html: File too large: make room"):
            write_text(tmp_path / "page.html", "x" * 200_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]
    assert (tmp_path / "page.html").read_text() == "earlier"
