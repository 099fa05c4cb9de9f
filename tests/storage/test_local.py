"""Folders on this machine."""

import errno
import multiprocessing
import resource
from hashlib import sha256

import pytest

from simgen.core import RequestError, RunError
from simgen.storage.folders import open_folder


@pytest.fixture
def folder(tmp_path):
    return open_folder(tmp_path / "data")


def test_a_written_file_can_be_read(folder):
    """Bytes come back, with their size."""
    with folder.claim():
        folder.write("flips/part", b"content")

    assert folder.read("flips/part") == b"content"
    assert folder.size("flips/part") == 7
    assert folder.read("flips/other") is None


def test_what_was_put_into_a_file_is_told(folder):
    """Size and digest are those of the bytes that lie there."""
    with folder.claim():
        stored = folder.fill("flips/part", lambda sink: sink.write(b"content"))

    assert folder.read("flips/part") == b"content"
    assert stored == (7, sha256(b"content").hexdigest())


def _fail_half_way(sink):
    sink.write(b"half")
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_file_that_no_space_was_left_for_is_not_there(folder, tmp_path):
    """What was written before the space ran out is nowhere, and the line names the remedy."""
    with folder.claim():
        folder.write("flips/part", b"before")
        with pytest.raises(RunError, match=r"no space left .*: free some space"):
            folder.fill("flips/part", _fail_half_way)
        left = list((tmp_path / "data" / ".simgen" / "tmp").iterdir())

    assert left == []
    assert folder.read("flips/part") == b"before"


def test_many_files_are_settled_at_once(folder):
    """Files that were written without syncing are whole, and stay so when they are settled."""
    names = [f"raw/eye{k % 3}/{k}" for k in range(40)]
    with folder.claim():
        for name in names:
            folder.write(name, name.encode(), durable=False)
        folder.settle(names)

    assert [folder.read(name).to_pybytes().decode() for name in names] == names


def test_what_was_not_written_cannot_be_settled(folder):
    """A file that is gone before it is durable ends the run, which can be resumed."""
    with folder.claim(), pytest.raises(RunError, match="the same command resumes"):
        folder.settle(["raw/eye/1"])


def test_an_empty_file_is_empty(folder):
    """A file of no bytes can be read."""
    with folder.claim():
        folder.write("raw/eye/1", b"")

    assert folder.read("raw/eye/1") == b""


def test_a_file_uri_is_a_local_folder(tmp_path):
    """`file://` and a path mean the same place."""
    assert open_folder(f"file://{tmp_path}/a%20b") == open_folder(tmp_path / "a b")


def test_a_failed_write_leaves_nothing(folder, tmp_path):
    """Neither a file nor half of one is left where the data set lies."""
    with folder.claim():
        (tmp_path / "data" / "flips").write_text("in the way")
        with pytest.raises(RunError, match="the same command resumes"):
            folder.write("flips/part", b"content")
        left = list((tmp_path / "data" / ".simgen" / "tmp").rglob("*"))

    assert left == []


def test_half_a_line_is_left_out_and_written_over(folder, tmp_path):
    """A line that a crash cut short counts as not written, and the next one is whole."""
    with folder.claim():
        folder.append("log", 0, "first")
        with (tmp_path / "data" / "log").open("a") as log:
            log.write("sec")
        before = folder.lines("log")
        folder.append("log", 1, "second")

    assert before == ["first"]
    assert folder.lines("log") == ["first", "second"]


def test_what_a_dead_run_left_aside_is_cleared(folder, tmp_path):
    """A half-written part of a killed run is gone when the next one begins."""
    aside = tmp_path / "data" / ".simgen" / "tmp"
    aside.mkdir(parents=True)
    (aside / "flips-part").write_text("half a part")

    with folder.claim():
        assert not any(aside.parent.glob("tmp/*"))


def _claim_and_wait(root, pipe):
    with open_folder(root).claim():
        pipe.send("claimed")
        pipe.recv()


def test_two_runs_at_once_are_refused(folder, tmp_path):
    """The second one is told so, and may try again when the first is over."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    other = context.Process(target=_claim_and_wait, args=(tmp_path / "data", theirs))
    other.start()
    assert ours.recv() == "claimed"

    with pytest.raises(RequestError, match="another run is writing"), folder.claim():
        pass
    ours.send("go")
    other.join()
    with folder.claim():
        assert other.exitcode == 0


@pytest.mark.parametrize("place", ["/proc/simgen", "/dev/null/data"])
def test_a_folder_that_cannot_be_made_is_refused(place):
    """The line names the place, the reason and the remedy."""
    with (
        pytest.raises(RequestError, match=f"can't write to {place} .*: choose another folder"),
        open_folder(place).claim(),
    ):
        pass


def test_a_file_in_the_way_is_refused(tmp_path):
    """A data set can't be written into a file."""
    (tmp_path / "data").write_text("")

    with pytest.raises(RequestError, match="is a file"):
        open_folder(tmp_path / "data")


def test_a_long_log_keeps_its_lines(folder):
    """A line that is appended behind a megabyte of them takes the place of half a line alone."""
    lines = [f"{number:0100}" for number in range(12_000)]
    with folder.claim():
        (folder.root / "log").write_text("".join(f"{line}\n" for line in lines) + "half")
        folder.append("log", 0, "new")

    assert folder.lines("log") == [*lines, "new"]


def test_want_of_files_is_no_fault_of_the_folder(folder, tmp_path):
    """A run that gets no lock may be repeated, and what it left is no data of others."""
    least, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (3, most))
        with pytest.raises(RunError, match="the same command resumes"), folder.claim():
            pass
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (least, most))

    assert [path.name for path in (tmp_path / "data").iterdir()] == [".simgen"]
    assert not folder.exists()
    (tmp_path / "data" / "mine.txt").touch()
    assert folder.exists()
