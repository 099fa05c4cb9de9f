"""Raw files of a block: found again by their digests."""

import subprocess

import pytest
from toys.coin import Album, Coin, Overwriting

from simgen.core import RawFile, RunError
from simgen.pipeline.executors import Processes, Serial
from simgen.pipeline.generate import generate
from simgen.storage.folders import open_folder
from simgen.storage.raw import RawWriter, damaged_raw, raw_size
from simgen.storage.reader import Dataset


def make(out):
    return generate(Album(n_blocks=4), out=out, seed=1, difficulty=False, quiet=True)


def test_files_are_listed_with_their_digests(tmp_path):
    """The list of a block is what `sha256sum` reads, and the manifest has its sums."""
    made = make(tmp_path / "out")

    parts = made.manifest["raw"]["parts"]
    assert made.manifest["raw"]["files"] == 8
    assert [part["files"] for part in parts] == [2, 2, 2, 2]
    for part in parts:
        subprocess.run(
            ["sha256sum", "--check", "--strict", "--quiet", part["path"]],
            cwd=tmp_path / "out",
            check=True,
        )
    assert made.damaged_parts() == []


def test_a_block_without_raw_files_has_no_list(tmp_path):
    """Nothing is written for it."""
    writer = RawWriter(open_folder(tmp_path / "out"), 0)

    assert writer.close() is None
    assert not (tmp_path / "out").exists()


def test_a_name_serves_one_file(tmp_path):
    """A second file of the same name is a defect of the scenario."""
    writer = RawWriter(open_folder(tmp_path / "out"), 0)
    writer.write(RawFile("raw/eye/1", b"a"))

    with pytest.raises(ValueError, match="comes twice"):
        writer.write(RawFile("raw/eye/1", b"b"))


@pytest.mark.parametrize("path", ["raw/eye/1\n", "raw/eye/1\u20282", "raw/a\r\nb/1"])
def test_a_name_is_one_line(tmp_path, path):
    """The list of a block's files would name others."""
    with pytest.raises(ValueError, match="one line for each"):
        RawWriter(open_folder(tmp_path / "out"), 0).write(RawFile(path, b"a"))

    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("executor", [Serial(), Processes(n_workers=1)])
def test_a_name_serves_one_block(tmp_path, executor):
    """Where two blocks write other content the run fails, and so it does when it goes on."""
    for _ in range(2):
        with pytest.raises(RunError, match=r"blocks 0 and 1 both write the raw file raw/h"):
            generate(
                Overwriting(n_blocks=3, n_flips=5),
                out=tmp_path,
                executor=executor,
                difficulty=False,
                quiet=True,
            )

        assert not (tmp_path / "manifest.json").exists()


def test_blocks_may_share_a_file_of_one_content(tmp_path):
    """A picture that all write alike is lost by none, also when the run goes on."""

    class Sharing(Coin):
        def simulate(self, *given):
            yield RawFile("raw/heads/all.txt", b"heads")
            yield from super().simulate(*given)

    for _ in range(2):
        made = generate(Sharing(n_blocks=3), out=tmp_path, difficulty=False, quiet=True)
        (tmp_path / "manifest.json").unlink()

        assert made.raw("raw/heads/all.txt") == b"heads"
        assert made.damaged_parts() == []


@pytest.mark.parametrize("damage", ["missing", "shorter", "other", "list"])
def test_damage_is_found(tmp_path, damage):
    """A file that is gone, cut short or changed is named; so is a list that was."""
    writer = RawWriter(open_folder(tmp_path / "out"), 3)
    writer.write(RawFile("raw/eye/1", b"one"))
    writer.write(RawFile("raw/eye/2", b"two"))
    made = writer.close()
    file = tmp_path / "out" / (made.path if damage == "list" else "raw/eye/2")
    if damage == "missing":
        file.unlink()
    else:
        file.write_bytes({"shorter": b"tw", "other": b"owt", "list": b""}[damage])

    found = list(damaged_raw(open_folder(tmp_path / "out"), made.path, made.sha256))

    assert found == [made.path if damage == "list" else "raw/eye/2"]
    left = {"missing": 3, "shorter": 5, "other": 6, "list": 0}[damage]
    assert raw_size(open_folder(tmp_path / "out"), made.path) == left


def test_a_finished_data_set_gets_its_missing_picture_back(tmp_path):
    """The same command finds that one is gone, and makes only its block again."""
    make(tmp_path / "out")
    lost = sorted((tmp_path / "out" / "raw" / "heads").iterdir())[2]
    content = lost.read_bytes()
    lost.unlink()
    assert Dataset(tmp_path / "out").damaged_parts() == [f"raw/heads/{lost.name}"]

    made = make(tmp_path / "out")

    assert lost.read_bytes() == content
    assert made.manifest["timings"]["resumed_blocks"] == 3
    assert made.damaged_parts() == []


def test_an_altered_picture_is_made_again_on_resume(tmp_path):
    """A run that goes on looks at the digests of what it has, not at names alone."""
    make(tmp_path / "out")
    (tmp_path / "out" / "manifest.json").unlink()
    altered = tmp_path / "out" / "raw" / "tails" / "0.txt"
    content = altered.read_bytes()
    altered.write_bytes(b"heads" + content[5:])

    made = make(tmp_path / "out")

    assert altered.read_bytes() == content
    assert made.manifest["timings"]["resumed_blocks"] == 3
