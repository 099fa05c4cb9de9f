"""A folder on this machine."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
from pyarrow.fs import LocalFileSystem

from simgen.core import RequestError, RunError
from simgen.core.whole import FULL, sync, whole
from simgen.storage.layout import ASIDE, LOCK, Stored

_N_SYNCS = 8  # at once: the file system commits its journal once for all that wait for it
_GATHERED = 1 << 18  # [bytes] of small writes that go to the file together
_PASSING = (*FULL, errno.EMFILE, errno.ENFILE)  # of the machine, whatever the folder is


@dataclass(frozen=True)
class LocalFolder:
    """A `Folder` below `root`."""

    root: Path

    def __post_init__(self) -> None:
        try:
            is_file = self.root.exists() and not self.root.is_dir()
        except OSError as error:  # a name may be too long, a folder closed to us
            reason = f"can't use {self.root} ({error.strerror})"
            raise RequestError(f"{reason}: choose another folder") from None
        if is_file:
            raise RequestError(f"{self.root} is a file: choose another folder")

    @property
    def label(self) -> str:
        """The path."""
        return str(self.root)

    @property
    def filesystem(self) -> LocalFileSystem:
        """The machine's own."""
        return LocalFileSystem()

    def path(self, name: str) -> str:
        """The absolute path."""
        return str(self.root / name)

    def exists(self) -> bool:
        """Whether the folder has an entry other than what a run left that got no lock."""
        run = Path(LOCK).parts[0]
        return self.root.is_dir() and any(
            entry.name != run or not entry.is_dir() or any(entry.iterdir())
            for entry in self.root.iterdir()
        )

    def size(self, name: str) -> int | None:
        """The file's size [bytes], or None."""
        path = self.root / name
        return path.stat().st_size if path.is_file() else None

    def read(self, name: str) -> pa.Buffer | None:
        """The file, mapped into memory, or None."""
        size = self.size(name)
        return None if size is None else _mapped(self.root / name, size)

    def write(self, name: str, content: pa.Buffer | bytes, *, durable: bool = True) -> None:
        """Write aside, fsync, rename, fsync the folder: after a crash it is there or it is not.

        Without `durable` neither file nor folder is synced: if the machine fails before `settle`,
        the file may be there and empty.
        """
        with self._replaced(name, durable=durable) as aside, aside.open("wb") as file:
            file.write(memoryview(content))

    def fill(self, name: str, put: Callable[[pa.NativeFile], None]) -> Stored:
        """Write in the same way what `put` writes; its digest is of what lies there then.

        The file is never whole in our own memory, which would be fresh for each: to fetch it page
        by page costs as much as to copy the bytes.
        """
        with self._replaced(name, durable=True) as aside:
            with (
                pa.OSFile(str(aside), "wb") as file,
                pa.BufferedOutputStream(file, _GATHERED) as gathered,
            ):
                put(gathered)
            size = aside.stat().st_size
            return Stored(n_bytes=size, sha256=sha256(_mapped(aside, size)).hexdigest())

    @contextmanager
    def _replaced(self, name: str, *, durable: bool) -> Iterator[Path]:
        """A path aside; the file that is made there takes the name's place."""
        path, folder = self.root / name, self.root / ASIDE
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _make_folder(path.parent, self.root)
            with whole(path, folder, durable=durable) as aside:
                yield aside
        except OSError as error:
            raise _failure(self.label, error) from error

    def settle(self, names: Sequence[str]) -> None:
        """Sync the files, several at once, then each folder that they lie in once."""
        paths = [self.root / name for name in names]
        try:
            with ThreadPoolExecutor(_N_SYNCS, "sync") as pool:
                for _ in pool.map(sync, paths):
                    pass
            for folder in dict.fromkeys(path.parent for path in paths):
                sync(folder)
        except OSError as error:
            raise _failure(self.label, error) from error

    def append(self, log: str, number: int, line: str) -> None:  # noqa: ARG002 - order numbers it
        """Append to the file and fsync, over what a crash may have left of a line."""
        try:
            with (self.root / log).open("a+b") as file:
                file.truncate(_whole_lines(file))
                file.write(f"{line}\n".encode())
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise _failure(self.label, error) from error

    def lines(self, log: str) -> list[str]:
        """The whole lines of the file, in the order of writing."""
        path = self.root / log
        if not path.is_file():
            return []
        text = path.read_text(encoding="utf-8", errors="replace")
        return text[: text.rfind("\n") + 1].splitlines()

    def delete(self, name: str) -> None:
        """Unlink."""
        (self.root / name).unlink(missing_ok=True)

    @contextmanager
    def claim(self) -> Iterator[None]:
        """Hold a lock that dies with this process.

        Raises:
            RequestError: the folder can't be written, or another run is at work in it.
            RunError: there is no space for a lock.
        """
        try:
            (self.root / LOCK).parent.mkdir(parents=True, exist_ok=True)
            lock = (self.root / LOCK).open("w")
        except OSError as error:
            if error.errno in _PASSING:
                raise _failure(self.label, error) from error
            reason = f"can't write to {self.root} ({error.strerror})"
            raise RequestError(f"{reason}: choose another folder or change its rights") from error
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise RequestError(
                    f"another run is writing to {self.root}: wait for it, or choose another folder"
                ) from error
            except OSError as error:
                raise RequestError(
                    f"{self.root} can't be locked ({error.strerror}): choose a folder elsewhere"
                ) from error
            shutil.rmtree(self.root / ASIDE, ignore_errors=True)
            yield


def _whole_lines(file: BinaryIO) -> int:
    """The length of the file without a half line at its end [bytes]; lines are < 1 MiB."""
    end = file.seek(0, os.SEEK_END)
    start = file.seek(max(0, end - (1 << 20)))
    return start + file.read().rfind(b"\n") + 1


def _mapped(path: Path, size: int) -> pa.Buffer:
    """A file of so many bytes, mapped into memory."""
    if size == 0:  # what is empty can't be mapped
        return pa.py_buffer(b"")
    with pa.memory_map(str(path)) as file:
        return file.read_buffer()


def _make_folder(folder: Path, root: Path) -> None:
    """Make a folder below the root; after a crash it is there if what was put into it is."""
    if folder.is_dir():
        return
    folder.mkdir(parents=True, exist_ok=True)
    while folder != root:
        folder = folder.parent
        sync(folder)


def _failure(label: str, error: OSError) -> RunError:
    if error.errno in FULL:
        remedy = "free some space, then the same command resumes"
        reason = os.strerror(error.errno)  # Arrow's own text says more than whoever reads it needs
        return RunError(f"no space left in {label} ({reason}): {remedy}")
    return RunError(f"can't write to {label} ({error}): the same command resumes")
