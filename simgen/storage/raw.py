"""Raw files of a block: durable together, and listed with their digests."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from simgen.core import RawFile, RunError
from simgen.storage.folders import Folder
from simgen.storage.journal import Entry, RawList
from simgen.storage.layout import raw_list_path, raw_path


class RawWriter:
    """Writes a block's raw files as they come; `close` makes them durable and writes their list."""

    def __init__(self, folder: Folder, block: int) -> None:
        self._folder, self._block = folder, block
        self._digests: dict[str, str] = {}
        self._n_bytes = 0

    def write(self, file: RawFile) -> None:
        """Write one file, whole but not durable yet.

        Raises:
            ValueError: its path leads elsewhere than into the folder for raw files, was used, or
                is more than a line.
            RunError: the folder can't take it.
        """
        name = raw_path(file.path)
        if name.splitlines() != [name]:
            raise ValueError(f"raw file {name!r}: a list of files has one line for each")
        if name in self._digests:
            raise ValueError(f"raw file {name!r} comes twice in one block")
        self._folder.write(name, file.content, durable=False)
        self._digests[name] = file.sha256
        self._n_bytes += len(file.content)

    def close(self) -> RawList | None:
        """Make all of them durable and list them; None if there were none.

        The list is as `sha256sum --check` reads it, in the data set's folder.

        Raises:
            RunError: the folder can't take them.
        """
        if not self._digests:
            return None
        self._folder.settle(list(self._digests))
        lines = "".join(f"{digest}  {name}\n" for name, digest in self._digests.items())
        path = raw_list_path(self._block)
        self._folder.write(path, lines.encode())
        return RawList(
            path=path,
            n_files=len(self._digests),
            n_bytes=self._n_bytes,
            sha256=sha256(lines.encode()).hexdigest(),
        )


_DIGITS = 16  # of a digest: enough that two contents of one name never have the same


class RawNames:
    """The names of all raw files of a run, which blocks may share for the same content alone.

    It holds all of them, some 270 bytes a file.
    """

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._held: dict[str, tuple[int, str]] = {}  # block and digest

    def add(self, entry: Entry) -> None:
        """Take the names of a block's raw files, once for each block.

        Raises:
            RunError: another block wrote other content under the same name, and one is lost.
        """
        for digest, name in _listed(self._folder, entry.raw.path) if entry.raw else ():
            other, held = self._held.setdefault(name, (entry.block, digest[:_DIGITS]))
            if held != digest[:_DIGITS]:
                raise RunError(
                    f"blocks {min(other, entry.block)} and {max(other, entry.block)} both write "
                    f"the raw file {name}: this is a defect of the scenario, please report it"
                )


def damaged_raw(folder: Folder, path: str, digest: str) -> Iterator[str]:
    """Files of a list, or the list itself, that are missing or of another digest; reads them all.

    Args:
        folder: the data set's.
        path: of the list.
        digest: of the list, SHA-256.
    """
    if file_digest(folder, path) != digest:
        yield path
        return
    for wanted, name in _listed(folder, path):
        if file_digest(folder, name) != wanted:
            yield name


def raw_size(folder: Folder, path: str) -> int:
    """What the files of a list take now, 0 for what is missing [bytes]."""
    return sum(folder.size(name) or 0 for _, name in _listed(folder, path))


def _listed(folder: Folder, path: str) -> Iterator[tuple[str, str]]:
    """Digest and name of each file of a list; none if there is no list."""
    content = folder.read(path)
    lines = content.to_pybytes().decode(errors="replace").splitlines() if content else []
    for line in lines:
        digest, _, name = line.partition("  ")
        yield digest, name


def file_digest(folder: Folder, name: str) -> str | None:
    """SHA-256 of a file, hexadecimal; None if there is none."""
    content = folder.read(name)
    return None if content is None else sha256(content).hexdigest()
