"""What a folder holds already, and who may go on with it."""

import json
import shutil
from contextlib import contextmanager
from functools import partial

import pytest
from toys.coin import EVENTS, FLIPS, Coin

from simgen.core import RequestError
from simgen.storage import run
from simgen.storage.folders import open_folder
from simgen.storage.journal import Entry, append_entry, read_journal
from simgen.storage.local import LocalFolder
from simgen.storage.manifest import configuration, read_manifest
from simgen.storage.parts import write_part
from simgen.storage.run import finish

claim = partial(run.claim, tables=("flips", "events"), n_blocks=8)


def settings(scenario=None, seed=0):
    return configuration(scenario or Coin(), name="coin", seed=seed)


@pytest.fixture
def folder(tmp_path):
    """A folder with one journalled block."""
    folder = open_folder(tmp_path / "data")
    with claim(folder, settings()):
        parts = tuple(
            write_part(folder, table, 0, table.schema.empty_table()) for table in (FLIPS, EVENTS)
        )
        entry = Entry(block=0, parts=parts, simulate_time=1.0, write_time=2.0)
        append_entry(folder, entry)
    return folder


def test_a_journalled_block_is_not_made_again(folder):
    """The next run gets what the journal says, word for word."""
    with claim(folder, settings()) as entries:
        assert entries == read_journal(folder)
        assert list(entries) == [0]


WITHOUT_PARTS = {"block": 0, "parts": [], "raw": None, "simulate_time": 0, "write_time": 0}


@pytest.mark.parametrize(
    "line",
    ["5", '"x"', "null", "[]", "[" * 100_000, *(
        json.dumps(WITHOUT_PARTS | odd) for odd in (
            {}, {"block": 8}, {"block": -1}, {"block": "a"}, {"block": None}, {"parts": [5]},
            {"parts": None}, {"write_time": "long"}, {"raw": 5}, {"odd": 1},
        )
    )],
    ids=lambda line: line[:60],
)  # fmt: skip
def test_a_damaged_line_makes_its_block_anew(folder, tmp_path, line):
    """Be it of another kind, of no block, or of one without its tables."""
    with (tmp_path / "data" / ".simgen" / "journal.jsonl").open("a") as journal:
        journal.write(f"{line}\n")

    with claim(folder, settings()) as entries:
        assert entries.keys() <= {0}
        assert all(len(entry.parts) == 2 for entry in entries.values())


def test_a_block_that_the_scenario_has_not_is_left_out(folder):
    """However whole it is."""
    with run.claim(folder, settings(), tables=("flips", "events"), n_blocks=0) as entries:
        assert entries == {}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("events/part", "../events/part"),
        ('"n_rows": 0', '"n_rows": "0"'),
        ('"simulate_time": 1.0', '"simulate_time": null'),
    ],
)
def test_a_journal_of_other_content_is_not_built_on(folder, tmp_path, old, new):
    """A part counts where it belongs alone, a number as one: the block is made anew."""
    journal = tmp_path / "data" / ".simgen" / "journal.jsonl"
    assert old in journal.read_text()
    journal.write_text(journal.read_text().replace(old, new))
    (tmp_path / "events").mkdir()
    shutil.copy(tmp_path / "data" / "events" / "part-00000.parquet", tmp_path / "events")

    with claim(folder, settings()) as entries:
        assert entries == {}


@pytest.mark.parametrize("damage", ["missing", "shorter", "other"])
def test_a_damaged_part_makes_its_block_anew(folder, tmp_path, damage):
    """A part that is gone, cut short or changed counts as not written."""
    part = tmp_path / "data" / "flips" / "part-00000.parquet"
    content = part.read_bytes()
    part.write_bytes({"shorter": content[:-1], "other": content[:-1] + b"?"}.get(damage, b""))
    if damage == "missing":
        part.unlink()

    with claim(folder, settings()) as entries:
        assert entries == {}


def test_a_data_set_being_mended_does_not_look_whole(folder):
    """The manifest is gone from the moment that work begins."""
    finish(folder, {}, {**settings(), "tables": {}})

    with claim(folder, settings()):
        assert read_manifest(folder) is None


@pytest.mark.parametrize(
    ("scenario", "seed", "said"),
    [
        (Coin(), 1, "seed is 0 there, not 1"),
        (Coin(n_flips=7), 0, "n_flips is 100 there, not 7"),
    ],
)
def test_another_configuration_is_refused(folder, scenario, seed, said):
    """The line names what differs and the remedy."""
    with (
        pytest.raises(RequestError, match=f"{said}.*choose another folder, or delete"),
        claim(folder, settings(scenario, seed)),
    ):
        pass


class Overtaken(LocalFolder):
    """A folder in which another run begins and ends just before this one has the lock."""

    @contextmanager
    def claim(self):
        """Let the other run in first."""
        with claim(LocalFolder(self.root), settings(seed=1)):
            pass
        with super().claim():
            yield


def test_a_run_that_was_overtaken_is_refused(tmp_path):
    """What the other one left is not written over."""
    with (
        pytest.raises(RequestError, match="seed is 1 there, not 0"),
        claim(Overtaken(tmp_path), settings()),
    ):
        pass


def test_another_version_of_the_scenario_is_refused(folder):
    """Blocks of two versions never end up in one data set."""

    class Coin2(Coin):
        version = 2

    with (
        pytest.raises(RequestError, match=r"scenario.version is 1 there, not 2"),
        claim(folder, settings(Coin2())),
    ):
        pass


def test_many_differences_are_counted(folder):
    """The line stays readable."""
    other = Coin(n_blocks=1, n_flips=1, n_coins=1, n_rounds=2)

    with pytest.raises(RequestError, match="and 1 more"), claim(folder, settings(other)):
        pass


def test_the_name_of_the_scenario_does_not_matter(folder):
    """A scenario file copied elsewhere makes the same rows."""
    other = configuration(Coin(), name="copy", seed=0)

    with claim(folder, other) as entries:
        assert list(entries) == [0]


def test_a_folder_of_something_else_is_refused(tmp_path):
    """Nobody's files get mixed with ours."""
    (tmp_path / "thesis.tex").write_text("")

    with (
        pytest.raises(RequestError, match="is not empty and holds no run of simgen"),
        claim(open_folder(tmp_path), settings()),
    ):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_run_killed_before_it_said_what_it_is_can_be_repeated(tmp_path):
    """A lock alone is no run."""
    folder = open_folder(tmp_path / "data")
    with folder.claim():
        pass

    with claim(folder, settings()) as entries:
        assert entries == {}


@pytest.mark.parametrize("content", ["{", "[]", ""])
def test_a_damaged_note_of_what_a_run_is_is_refused(tmp_path, content):
    """Its parts may be of anything: they are not built on."""
    folder = open_folder(tmp_path / "data")
    with claim(folder, settings()):
        pass
    note = tmp_path / "data" / ".simgen" / "run.json"
    note.write_text(content)

    with (
        pytest.raises(RequestError, match=rf"{note} is damaged.*choose another folder, or delete"),
        claim(folder, settings()),
    ):
        pass
