"""A folder in an object store, or any other place that Arrow can reach.

An object appears when its upload is complete, so none is ever half there. Objects can't be
appended to: a log is a prefix with one small object per line, which costs one upload a line,
where rewriting the log would cost uploads that grow with the square of its length. There are no
locks: two runs at once may both do the work, but what they write is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from urllib.parse import urlsplit

import pyarrow as pa
from pyarrow.fs import FileSelector, FileSystem, FileType

from simgen.core import RequestError, RunError
from simgen.storage.layout import LOCK, Stored


def without_secrets(uri: str) -> str:
    """A URI without credentials and options."""
    parts = urlsplit(uri)
    host, path = parts.netloc.rpartition("@")[2], parts.path
    if ":" in host and "@" in path:  # a password with a slash, which should have been %2F
        host, path = "", path.rpartition("@")[2]
    return f"{parts.scheme}://{host}{path}"


@dataclass(frozen=True)
class RemoteFolder:
    """A `Folder` at a `pyarrow.fs` URI such as `s3://bucket/prefix?region=eu-west-1`."""

    uri: str

    def __post_init__(self) -> None:
        _ = self._place  # a wrong URI is a wrong request: say so now

    @cached_property
    def _place(self) -> tuple[FileSystem, str]:
        try:
            filesystem, root = FileSystem.from_uri(self.uri)
        except (pa.ArrowException, ValueError, OSError) as error:
            said = str(error).replace(self.uri, self.label)
            reason = f"can't open {self.label} ({said})"
            raise RequestError(
                f"{reason}: give a folder or a URI that pyarrow.fs knows, such as s3://bucket/prefix"
            ) from error
        if not root.strip("/"):
            raise RequestError(
                f"{self.label} names no bucket: give one, such as s3://bucket/prefix"
            )
        return filesystem, root.rstrip("/")

    @property
    def label(self) -> str:
        """The URI without credentials and options."""
        return without_secrets(self.uri)

    @property
    def filesystem(self) -> FileSystem:
        """The one the URI names."""
        return self._place[0]

    def path(self, name: str) -> str:
        """Bucket, prefix and name."""
        return f"{self._place[1]}/{name}"

    def exists(self) -> bool:
        """Whether an object has the prefix."""
        return bool(self._list(self._place[1], recursive=False))

    def size(self, name: str) -> int | None:
        """The object's size [bytes], or None."""
        found = self.filesystem.get_file_info(self.path(name))
        return int(found.size) if found.type is FileType.File else None

    def read(self, name: str) -> pa.Buffer | None:
        """The object, downloaded, or None."""
        if self.size(name) is None:
            return None
        with self.filesystem.open_input_file(self.path(name)) as file:
            return file.read_buffer()

    def write(self, name: str, content: pa.Buffer | bytes, *, durable: bool = True) -> None:  # noqa: ARG002 - what is uploaded is durable
        """Upload.

        Raises:
            RunError: the store refuses.
        """
        try:
            with self.filesystem.open_output_stream(self.path(name)) as stream:
                stream.write(content)
        except OSError as error:
            raise RunError(
                f"can't write to {self.label} ({error}): the same command resumes"
            ) from error

    def fill(self, name: str, put: Callable[[pa.NativeFile], None]) -> Stored:
        """Upload what `put` writes, once it is whole."""
        sink = pa.BufferOutputStream()
        put(sink)
        content = sink.getvalue()
        self.write(name, content)
        return Stored(n_bytes=content.size, sha256=sha256(content).hexdigest())

    def settle(self, names: Sequence[str]) -> None:
        """Nothing is left to do."""

    def append(self, log: str, number: int, line: str) -> None:
        """Upload the line as an object of its own."""
        self.write(f"{log}/{number:05d}.json", line.encode())

    def lines(self, log: str) -> list[str]:
        """The lines in order of their numbers."""
        found = self._list(self.path(log), recursive=True)
        names = sorted(info.path.removeprefix(self.path("")) for info in found if info.is_file)
        with ThreadPoolExecutor(16) as pool:  # waits for the network, not for this machine
            contents = list(pool.map(self.read, names))
        return [content.to_pybytes().decode() for content in contents if content is not None]

    def delete(self, name: str) -> None:
        """Delete the object."""
        if self.size(name) is not None:
            self.filesystem.delete_file(self.path(name))

    @contextmanager
    def claim(self) -> Iterator[None]:
        """Show that the place can be written; there is nothing to lock and nothing half-written.

        Raises:
            RequestError: it can't.
        """
        try:
            self.write(LOCK, b"")
        except RunError as error:
            raise RequestError(f"{error.__cause__}: {self.label} can't be written") from error
        yield

    def _list(self, path: str, *, recursive: bool) -> list[pa.fs.FileInfo]:
        selector = FileSelector(path, recursive=recursive, allow_not_found=True)
        try:
            return list(self.filesystem.get_file_info(selector))
        except OSError as error:
            raise RequestError(f"can't read {self.label} ({error}): check the address") from error
