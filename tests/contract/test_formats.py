"""What every format must satisfy. New modules under simgen/formats are found by themselves."""

import dataclasses
import inspect
import io
import json
from contextlib import redirect_stderr
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest
from toys.drives import lonely_drives, small_drives

import simgen
from simgen.core import RequestError, build, plain
from simgen.formats import Format, find_formats
from simgen.storage.reader import Dataset

FORMATS = [pytest.param(kind, id=name) for name, kind in find_formats().items()]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Exported:
    """The small drives, exported twice."""

    linked: Path
    copied: Path
    told: str  # on standard error, by the first
    before: dict[str, str]  # contents of the data set
    after: dict[str, str]


def contents(folder):
    """Digest of each file, by its path below the folder."""
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@cache
def twice(kind, place):
    drives = small_drives()
    before = contents(drives)
    with redirect_stderr(io.StringIO()) as told:
        linked = simgen.export(drives, kind(), out=place / "linked")
    copied = simgen.export(drives, kind(), out=place / "copied", links=False, quiet=True)
    return Exported(
        linked=linked,
        copied=copied,
        told=told.getvalue(),
        before=before,
        after=contents(drives),
    )


@pytest.fixture
def exported(kind, tmp_path_factory):
    """What the format makes of a data set with sensors."""
    pytest.importorskip("PIL", reason="pictures are encoded by Pillow: extra [av]")
    return twice(kind, tmp_path_factory.getbasetemp() / f"format_{kind.name}")


@pytest.mark.parametrize("kind", FORMATS)
class TestFormat:
    """The contract."""

    def test_is_frozen_and_keyword_only(self, kind):
        """Parameters can't change under a run, nor be given by position."""
        assert issubclass(kind, Format)
        assert kind.__dataclass_params__.frozen
        assert all(field.kw_only for field in dataclasses.fields(kind))

    def test_says_what_it_is(self, kind):
        """Name, title, sentences, and what it reads."""
        assert kind.name == kind.__module__.split(".")[2]
        assert kind.title
        assert kind.doc.endswith(".")
        assert inspect.getdoc(kind).endswith(".")
        assert all(kind.needs.values())

    def test_is_plain_data(self, kind):
        """Its parameters survive JSON, as the command line takes them."""
        assert build(kind, plain(kind())) == kind()

    def test_gives_the_same_bytes_again(self, exported):
        """An export depends on data set and parameters, and leaves the data as they are."""
        linked, copied = (contents(place) for place in (exported.linked, exported.copied))
        told = [
            json.loads((place / "simgen.json").read_text())
            for place in (exported.linked, exported.copied)
        ]

        assert linked.pop("simgen.json") != copied.pop("simgen.json")
        assert linked == copied
        assert linked
        assert [one.pop("links") for one in told] == [True, False]
        assert told[0] == told[1]
        assert exported.before == exported.after

    def test_copies_share_nothing_with_the_data_set(self, exported):
        """Who asks for no links may edit what he gets."""
        files = [path for path in exported.copied.rglob("*") if path.is_file()]

        assert {path.stat().st_nlink for path in files} == {1}

    def test_tells_its_progress(self, kind, exported):
        """As many parts as it says there are."""
        assert f"{kind.name}: 2/2 {kind.unit}" in exported.told

    def test_writes_a_drive_that_meets_nobody(self, kind, tmp_path):
        """Beside one that does: an empty road is data, too."""
        pytest.importorskip("PIL", reason="pictures are encoded by Pillow: extra [av]")
        lonely = lonely_drives()
        boxes = Dataset(lonely).connect().sql("SELECT DISTINCT episode_id FROM boxes")

        assert boxes.fetchall() == [(2,)]
        assert contents(simgen.export(lonely, kind(), out=tmp_path / "out", quiet=True))

    def test_refuses_what_is_no_drive(self, kind, tmp_path):
        """In one line that says what is lacking; nothing is left behind."""
        simgen.generate(
            "fraud/retail_bank", out=tmp_path / "bank", n_customers=20, n_days=2, quiet=True,
            difficulty=False,
        )  # fmt: skip
        with pytest.raises(RequestError, match=rf"can't be written as {kind.name}: its table"):
            simgen.export(tmp_path / "bank", kind(), out=tmp_path / "out", quiet=True)

        assert [path.name for path in tmp_path.iterdir()] == ["bank"]

    def test_refuses_drives_without_sensors(self, kind, tmp_path):
        """The line names the parameter that gives them."""
        simgen.generate(
            "driving/cut_in", out=tmp_path / "blind", n_episodes=1, duration=2.0, quiet=True,
            difficulty=False,
        )  # fmt: skip
        with pytest.raises(RequestError, match=r"scenario\.sensors="):
            simgen.export(tmp_path / "blind", kind(), out=tmp_path / "out", quiet=True)

        assert [path.name for path in tmp_path.iterdir()] == ["blind"]
