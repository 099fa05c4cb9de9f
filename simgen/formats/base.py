"""The format contract: a finished data set in, a folder that others' readers load out."""

from __future__ import annotations

import errno
import os
import shutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import pyarrow as pa

from simgen.core import Parameters, RequestError, find_classes

# Where no hard link can be made, bytes are copied: another file system, or one without links.
_NO_LINK = (errno.EXDEV, errno.EPERM, errno.ENOTSUP, errno.EMLINK)


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """A finished data set, as a format reads it.

    Attributes:
        label: how messages name it.
        identity: the same for the same scenario, parameters and seed; no other data set has it.
        scenario: the scenario's name.
        seed: the run's.
        parameters: the scenario's, as plain data.
        columns: the columns of each table.
        ask: gives the rows of an SQL query over its tables.
        raw: gives the content of a raw file, None if there is none.
        place: gives where a raw file lies on this machine, None if it lies elsewhere.
    """

    label: str
    identity: str
    scenario: str
    seed: int
    parameters: Mapping[str, Any]
    columns: Mapping[str, tuple[str, ...]]
    ask: Callable[[str], pa.Table]
    raw: Callable[[str], bytes | None]
    place: Callable[[str], Path | None]

    def read(self, path: str, n_bytes: int) -> bytes:
        """A raw file's content.

        Raises:
            RequestError: it is missing, or not as long [bytes] as its table says.
        """
        content = self.raw(path)
        if content is None or len(content) != n_bytes:
            raise RequestError(self._damaged(path))
        return content

    def link(self, path: str, n_bytes: int, to: Path) -> None:
        """Let `to` be a raw file's content, by a hard link where that can be made.

        Raises:
            RequestError: as `read`.
        """
        place = self.place(path)
        if place is not None:
            if not place.is_file() or place.stat().st_size != n_bytes:
                raise RequestError(self._damaged(path))
            _share(place, to, links=True)
        else:
            to.write_bytes(self.read(path, n_bytes))

    def _damaged(self, path: str) -> str:
        return f"{self.label}: {path} is missing or damaged: generate the data set anew elsewhere"


def _share(place: Path, to: Path, *, links: bool) -> None:
    """Let `to` have the content of `place`."""
    if links:
        try:
            os.link(place, to)
        except OSError as error:
            if error.errno not in _NO_LINK:
                raise
        else:
            return
    shutil.copyfile(place, to)


@dataclass(frozen=True, kw_only=True)
class Target:
    """The folder that an export fills; names are relative to it, with forward slashes."""

    root: Path
    links: bool = True  # hard links to raw files that need no change, instead of copies

    def path(self, name: str) -> Path:
        """Where `name` lies; its folder is made.

        Raises:
            RequestError: it leads out of the export, as names in a data set of others may.
        """
        parts = name.split("/")
        if not all(parts) or {".", ".."} & set(parts):
            raise RequestError(f"{name!r} is no name of a file in an export: give another")
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def write(self, name: str, content: bytes | str) -> None:
        """Write a file."""
        self.path(name).write_bytes(content.encode() if isinstance(content, str) else content)

    def bring(self, source: Recorded, path: str, n_bytes: int, name: str) -> None:
        """Take over a raw file as it is; RequestError if it is missing or damaged."""
        if self.links:
            source.link(path, n_bytes, self.path(name))
        else:
            self.write(name, source.read(path, n_bytes))

    def repeat(self, name: str, other: str) -> None:
        """Let `other` have the content of the file `name` of this folder."""
        _share(self.root / name, self.path(other), links=self.links)


@dataclass(frozen=True, kw_only=True)
class Format(Parameters, ABC):
    """A way to write a data set; the class says what it needs of one.

    Subclass as a frozen, keyword-only dataclass in a module of `simgen.formats`, or in the
    `__init__` of a package there: it is found.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    doc: ClassVar[str]
    unit: ClassVar[str]  # what the parts are called that it writes one after the other
    needs: ClassVar[Mapping[str, tuple[str, ...]]]  # columns that it reads, by table

    def check_source(self, source: Recorded) -> None:
        """Refuse a data set that lacks what the format needs, by RequestError."""
        for table, columns in self.needs.items():
            lacking = [name for name in columns if name not in source.columns.get(table, ())]
            if lacking:
                lack = f"has no {', '.join(lacking)}" if table in source.columns else "is missing"
                raise RequestError(
                    f"{source.label} ({source.scenario}) can't be written as {self.name}: its "
                    f"table {table} {lack}; take a data set of a driving scenario with sensors, or "
                    "generate an old one anew"
                )

    @abstractmethod
    def n_parts(self, source: Recorded) -> int:
        """How many parts there are to write; RequestError if there are none."""

    @abstractmethod
    def write(self, source: Recorded, target: Target) -> Iterator[int]:
        """Write everything; gives how many labels each part had, as it is done.

        Raises:
            RequestError: the data set can't be exported.
        """


@cache
def find_formats() -> Mapping[str, type[Format]]:
    """Every format of this package by name, in the order of names."""
    return find_classes("simgen.formats", Format)
