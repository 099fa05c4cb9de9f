"""Folders that data sets are written to and read from: local ones and object stores alike."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

import pyarrow as pa
from pyarrow.fs import FileSystem

from simgen.core import RequestError
from simgen.storage.layout import Stored
from simgen.storage.local import LocalFolder
from simgen.storage.remote import RemoteFolder


class Folder(Protocol):
    """A folder; names are relative to it, with forward slashes. Travels to other processes."""

    @property
    def label(self) -> str:
        """How messages name the folder: never with a user's name, a password or a query."""

    @property
    def filesystem(self) -> FileSystem:
        """The Arrow filesystem that opens what `path` gives."""

    def path(self, name: str) -> str:
        """Where `name` lies on the filesystem."""

    def exists(self) -> bool:
        """Whether there is anything at all in the folder, be it a hidden file."""

    def size(self, name: str) -> int | None:
        """The size of the file [bytes]; None if there is none."""

    def read(self, name: str) -> pa.Buffer | None:
        """The whole file; None if there is none."""

    def write(self, name: str, content: pa.Buffer | bytes, *, durable: bool = True) -> None:
        """Make the file whole or not at all, and durable unless told; RunError if that fails."""

    def fill(self, name: str, put: Callable[[pa.NativeFile], None]) -> Stored:
        """Make a durable file of what `put` writes, whole or not at all; RunError if that fails."""

    def settle(self, names: Sequence[str]) -> None:
        """Make files durable that were not written so; RunError if that fails."""

    def append(self, log: str, number: int, line: str) -> None:
        """Add one durable line to the log; no two lines have the same `number`."""

    def lines(self, log: str) -> list[str]:
        """The log's lines; one that a crash cut short is left out."""

    def delete(self, name: str) -> None:
        """Delete the file if it is there."""

    def claim(self) -> AbstractContextManager[None]:
        """Keep other runs out, and clear away what a dead one left half-written.

        Raises:
            RequestError: the folder can't be made or written, or another run is at work in it.
        """


def open_folder(place: str | Path) -> Folder:
    """The folder at a local path or a `pyarrow.fs` URI; nothing is made yet.

    Raises:
        RequestError: there is no such kind of place, or a file is in the way.
    """
    if not isinstance(place, str | os.PathLike):
        raise RequestError(f"{place!r} is no folder: give a path or a URI")
    text = str(place)
    if "://" not in text or isinstance(place, Path):
        return LocalFolder(Path(text).absolute())
    if text.startswith("file://"):
        return LocalFolder(Path(unquote(urlsplit(text).path)))
    return RemoteFolder(text)
