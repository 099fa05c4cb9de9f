"""What outlives a failure of the machine: the moment at which files and folders are synced."""

import os
from pathlib import Path

import pytest

from simgen.storage.folders import open_folder


@pytest.fixture
def synced(monkeypatch):
    """What was synced, in order: the path, and the names or the bytes that lay there then."""
    found, fsync = [], os.fsync

    def noted(descriptor):
        place = Path(f"/proc/self/fd/{descriptor}").readlink()
        held = sorted(one.name for one in place.iterdir()) if place.is_dir() else place.read_bytes()
        found.append((place, held))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    return found


@pytest.fixture
def folder(tmp_path):
    folder = open_folder(tmp_path.resolve() / "data")
    with folder.claim():
        yield folder


WAYS = {
    "write": lambda folder: folder.write("flips/part", b"content"),
    "fill": lambda folder: folder.fill("flips/part", lambda sink: sink.write(b"content")),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_file_is_synced_before_it_has_its_name_and_its_folder_after(folder, synced, way):
    """The new folder's own name is synced too: no file is journalled that a crash takes away."""
    WAYS[way](folder)

    (above, names), (aside, content), *rest = synced
    assert (above, names) == (folder.root, [".simgen", "flips"])
    assert aside.parent == folder.root / ".simgen" / "tmp"
    assert content == b"content"
    assert rest == [(folder.root / "flips", ["part"])]


def test_what_is_written_for_later_is_synced_when_it_is_settled(folder, synced):
    """Each file once, whole, and then each folder once."""
    names = [f"raw/{eye}/{number}" for eye in ("left", "right") for number in range(3)]
    for name in names:
        folder.write(name, name.encode(), durable=False)
    synced.clear()  # the new folders

    folder.settle(names)

    files, folders = synced[:6], synced[6:]
    assert sorted(files) == [(folder.root / name, name.encode()) for name in names]
    assert [place.name for place, _ in folders] == ["left", "right"]


def test_a_line_is_synced_before_its_block_counts_as_done(folder, synced):
    """The whole line lies there by then."""
    folder.append("log", 0, "first")
    folder.append("log", 1, "second")

    assert synced == [(folder.root / "log", b"first\n"), (folder.root / "log", b"first\nsecond\n")]
