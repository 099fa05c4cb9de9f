"""Reading a finished data set."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from simgen.core import RequestError, RunError, Table, first_line, suggest
from simgen.storage.folders import Folder, open_folder
from simgen.storage.layout import MANIFEST, named_raw_path
from simgen.storage.local import LocalFolder
from simgen.storage.manifest import odd_key, read_manifest
from simgen.storage.queries import connected, lack
from simgen.storage.raw import damaged_raw, file_digest

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    import pyarrow.dataset

_PATTERN = set("*?[")


class Dataset:
    """A finished data set in a local folder or at a `pyarrow.fs` URI.

    Raises:
        RequestError: the folder holds no finished data set, or one of another version's shape.
    """

    def __init__(self, path: str | Path) -> None:
        self._folder: Folder = open_folder(path)
        found = read_manifest(self._folder)
        if found is None:
            raise RequestError(
                f"no finished data set in {self._folder.label}: "
                "if a run stopped there, run the same command again"
            )
        if key := odd_key(found):
            place = f"{self._folder.label}/{MANIFEST}"
            raise RequestError(
                f"{place}: {key} is not as this simgen writes it: generate the data set again"
            )
        self.manifest: dict[str, Any] = found

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.label!r})"

    @property
    def label(self) -> str:
        """Where it lies, without credentials."""
        return self._folder.label

    @property
    def folder(self) -> Folder:
        """Its files, with the credentials that the label leaves out: to be read, not written."""
        return self._folder

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the tables."""
        return tuple(self.manifest["tables"])

    def schema(self, name: str) -> Table:
        """The table's columns with their types, units, meanings and roles.

        Raises:
            RequestError: there is no such table, or a part of it is missing or damaged.
            RunError: the network or the machine fails.
        """
        first = self._whole_parts(name)[0]
        with self._reading(name), self._folder.filesystem.open_input_file(first) as file:
            return Table.from_arrow(pq.read_schema(file))

    def parts(self, name: str) -> list[str]:
        """The table's files in order: local paths, or bucket and key on an object store.

        Raises:
            RequestError: there is no such table.
        """
        if name not in self.manifest["tables"]:
            raise RequestError(
                f"{self._folder.label} has no table {name!r}: it has {', '.join(self.names)}"
            )
        return [self._folder.path(part["path"]) for part in self.manifest["tables"][name]["parts"]]

    def table(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        """The rows in order of blocks; all columns unless told.

        Raises:
            RequestError: there is no such table or column, or a part is missing or damaged.
            RunError: the network or the machine fails.
        """
        if isinstance(columns, str):
            raise RequestError(f"columns = {columns!r} is no list: give [{columns!r}]")
        rows, chosen = self._arrow(name), None if columns is None else list(columns)
        for column in chosen or ():
            if column not in rows.schema.names:
                remedy = suggest(column, rows.schema.names)
                raise RequestError(f"table {name} has no column {column!r}: {remedy}")
        with self._reading(name):
            return rows.to_table(chosen)

    def to_pandas(self, name: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """The rows as a data frame; numbers of things and truths that may be null keep their type.

        They are `Int64`, `UInt8` and the like, and `boolean` there, where pandas would make floats
        and objects of them.

        Raises:
            RequestError: there is no such table or column.
        """
        import pandas as pd  # noqa: PLC0415 - costs 300 ms that `import simgen` need not pay

        whole = [f"{sign}nt{n_bits}" for sign in ("I", "UI") for n_bits in (8, 16, 32, 64)]
        names = {"bool": "boolean"} | {name.lower(): name for name in whole}  # Arrow's, pandas's
        rows = self.table(name, columns)
        frame: pd.DataFrame = rows.to_pandas()
        for column in rows.schema:
            name_there = names.get(str(column.type))
            if name_there and column.nullable:
                mapper = {column.type: pd.api.types.pandas_dtype(name_there)}.get
                frame[column.name] = rows[column.name].to_pandas(types_mapper=mapper)
        return frame

    def connect(self) -> duckdb.DuckDBPyConnection:
        """A DuckDB connection in memory, with each table as a view of the same name.

        `at` is a word of DuckDB's: a column of that name is written `"at"` there.

        Raises:
            RequestError: a part is missing or damaged.
            RunError: the machine fails, such as by too many open files.
        """
        connection = connected()
        import duckdb  # noqa: PLC0415 - costs 50 ms that `import simgen` need not pay

        for name in self.names:
            paths = self._whole_parts(name)
            # DuckDB takes a path with such characters for a pattern, of other data sets too.
            if isinstance(self._folder, LocalFolder) and not _PATTERN & set("".join(paths)):
                with self._reading(name, (duckdb.Error, MemoryError)):
                    connection.read_parquet(paths).create_view(name)
            else:
                connection.register(name, self._arrow(name))
        return connection

    def raw_name(self, path: str) -> str:
        """A raw file's place in the folder, by the path that a table names.

        Raises:
            RequestError: it leads out of the folder for raw files, be it by a link.
        """
        name = named_raw_path(self.label, path)
        if isinstance(self._folder, LocalFolder):
            raw, place = (os.path.realpath(self._folder.path(one)) for one in ("raw", name))
            if not Path(place).is_relative_to(raw):
                raise RequestError(
                    f"{self.label}: raw file {path!r} is a link to what lies outside the folder "
                    "raw: take the data set from who made it"
                )
        return name

    def raw(self, path: str) -> bytes:
        """A raw file by the path that a table names.

        Raises:
            RequestError: the path leads out of the folder for raw files.
            RunError: it is missing.
        """
        content = self._folder.read(self.raw_name(path))
        if content is None:
            raise RunError(
                f"{path} is missing in {self._folder.label}: the command that made it mends it"
            )
        return bytes(content.to_pybytes())

    def damaged_parts(self) -> list[str]:
        """The files that are missing or whose digest is not the manifest's; reads everything."""
        parts = [
            part["path"]
            for table in self.manifest["tables"].values()
            for part in table["parts"]
            if file_digest(self._folder, part["path"]) != part["sha256"]
        ]
        for part in self.manifest.get("raw", {}).get("parts", []):
            parts += damaged_raw(self._folder, part["path"], part["sha256"])
        return parts

    def _arrow(self, name: str) -> pyarrow.dataset.Dataset:
        return _arrow(self._folder, self.schema(name), self.parts(name))

    def _whole_parts(self, name: str) -> list[str]:
        """The table's files; RequestError if one on this machine is missing or cut short."""
        paths = self.parts(name)
        if isinstance(self._folder, LocalFolder):  # elsewhere, to ask for each takes long
            for part in self.manifest["tables"][name]["parts"]:
                if not _is_readable(self._folder, part):
                    raise RequestError(
                        f"{self.label}: part {part['path']} is missing or damaged: "
                        "the same generate command mends it"
                    )
        return paths

    @contextmanager
    def _reading(
        self,
        name: str,
        errors: tuple[type[Exception], ...] = (OSError, ValueError, KeyError, MemoryError),
    ) -> Iterator[None]:
        """RequestError instead of what is said, as Arrow does, if a table can't be read.

        RunError where that is not the table's doing: the network, memory, or too many open files.
        """
        try:
            yield
        except errors as error:
            if lacking := lack(error) or (_may_pass(self._folder, error) and str(error)):
                raise RunError(
                    f"{self.label}: table {name} can't be read ({lacking}): try again"
                ) from error
            reason = first_line(error)
            raise RequestError(
                f"{self.label}: table {name} can't be read ({reason}): delete the parts that "
                "Dataset.damaged_parts names, and the same generate command makes them again"
            ) from error


def open_dataset(given: str | Path | Dataset) -> Dataset:
    """The data set at a place; one that is open already stays as it is.

    Raises:
        RequestError: as `Dataset`.
    """
    return given if isinstance(given, Dataset) else Dataset(given)


def _may_pass(folder: Folder, error: Exception) -> bool:
    """Whether what can't be read now may be read later."""
    if not isinstance(error, OSError) or isinstance(error, FileNotFoundError):
        return False
    return error.errno == errno.EIO or not isinstance(folder, LocalFolder)


def _is_readable(folder: LocalFolder, part: Mapping[str, Any]) -> bool:
    """Whether a part is there as a whole file, be it changed since."""
    size = folder.size(part["path"])
    if size is None or size == part["bytes"]:
        return size is not None
    try:
        pq.read_metadata(folder.path(part["path"]))
    except (OSError, ValueError):
        return False
    return True


def read_parts(folder: Folder, table: Table, names: Sequence[str]) -> pa.Table:
    """The rows of some parts of a data set that need not be finished."""
    return _arrow(folder, table, [folder.path(name) for name in names]).to_table()


def _arrow(folder: Folder, table: Table, paths: list[str]) -> pyarrow.dataset.Dataset:
    import pyarrow.dataset  # noqa: PLC0415 - imports pandas, which costs 300 ms

    return pyarrow.dataset.dataset(
        paths, schema=table.schema, filesystem=folder.filesystem, format="parquet"
    )
