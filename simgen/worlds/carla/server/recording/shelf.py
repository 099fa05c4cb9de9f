"""The one folder where recordings lie: whatever a client calls them, they stay inside."""

from __future__ import annotations

import re
import shutil
import tempfile
import weakref
from pathlib import Path

from simgen.core import RequestError
from simgen.worlds.carla.server.recording.tape import Tape

MOST_KEPT = 16 * 2**30  # of all recordings together [byte]
_MOST_PARTS, _MOST_LETTERS = 16, 100  # of a name


class Shelf:
    """A folder of recordings; without one of its own, a new one that ends with the server."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    @property
    def folder(self) -> Path:
        """Where recordings lie; made when first needed."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="simgen-recordings-"))
            weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        return self._folder

    def path(self, name: str) -> Path:
        """Where a recording lies.

        A path of the client's machine keeps its folders, below ours; what leads upward is left out.

        Raises:
            RequestError: nothing is left of the name, or it is too long or hidden.
        """
        parts = [part for part in re.split(r"[/\\\0]", name) if part not in {"", ".", "..", "~"}]
        hidden = any(part.startswith(".") for part in parts)
        if not parts or hidden or len(parts) > _MOST_PARTS or max(map(len, parts)) > _MOST_LETTERS:
            raise RequestError(
                f"recording {name[:60]!r}: name a file, in at most {_MOST_PARTS} parts of "
                f"{_MOST_LETTERS} letters that don't begin with a point"
            )
        return self.folder.joinpath(*parts)

    def free(self, name: str) -> Path:
        """Where a recording may be written.

        Raises:
            RequestError: as in `path`, or what is there is no recording, or too much is kept.
        """
        path = self.path(name)
        if path.exists():
            _ = Tape(path=path).head
        kept = sum(file.stat().st_size for file in self.folder.rglob("*") if file.is_file())
        if kept > MOST_KEPT:
            raise RequestError(
                f"recordings take {kept:,} bytes, and at most {MOST_KEPT:,} are kept: remove some"
            )
        return path

    def existing(self, name: str) -> Path:
        """Where a recording lies that there is; RequestError if there is none."""
        path = self.path(name)
        if not path.is_file():
            raise RequestError(f"File {name[:200]} not found on server: start_recorder makes it")
        return path
