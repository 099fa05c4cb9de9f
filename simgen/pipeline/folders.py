"""Files in folders of this machine: made whole or not at all, with the remedy in the error."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from simgen.core import RequestError, RunError
from simgen.core.whole import FULL, whole
from simgen.storage.layout import CROISSANT, MANIFEST


def on_this_machine(place: str | Path, what: str, *, name: str = "out") -> Path:
    """The path of what lies in a folder of this machine alone, unlike a data set or a search.

    Args:
        place: where it lies.
        what: what that is and what becomes of it: "an export goes into".
        name: how the place was asked for.

    Raises:
        RequestError: it is a URI, or no path at all, or a name in it is too long.
    """
    if not isinstance(place, str | os.PathLike):
        raise RequestError(f"{name} = {place!r} is no folder: give a path")
    if "://" in str(place):
        raise RequestError(f"{name} = {place}: {what} a folder of this machine; give one")
    try:
        os.lstat(place)
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            raise RequestError(f"{name} = {place}: {error.strerror}: give a shorter one") from None
    return Path(place)


def outside_data_sets(folder: Path) -> Path:
    """The folder, for what is to be written into it.

    Raises:
        RequestError: a data set lies there or in a folder above, and is not to be written into.
    """
    inner = folder.resolve()
    for place in (inner, *inner.parents):
        # Above, a manifest alone may be that of a web site.
        files = (MANIFEST,) if place == inner else (MANIFEST, CROISSANT)
        if all((place / name).is_file() for name in files):
            raise RequestError(f"{place} holds a data set: give another out")
    return folder


def make_folder(path: Path) -> Path:
    """The folder, made if need be.

    Raises:
        RequestError: it can't be made, or not be written to.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RequestError(
            f"can't make the folder {path}: {error.strerror}: give another out"
        ) from None
    if not os.access(path, os.W_OK):
        raise RequestError(f"can't write to the folder {path}: give another out")
    return path


@contextmanager
def written(path: Path) -> Iterator[Path]:
    """A path aside; the file that is made there takes the place of `path`, or nothing is left.

    Raises:
        RunError: the disk is full, or something is in the way.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole(path) as aside:
            yield aside
    except OSError as error:
        remedy = "make room and run it again" if error.errno in FULL else "choose another folder"
        raise RunError(f"can't write {path}: {error.strerror or error}: {remedy}") from error


def write_text(path: Path, text: str) -> None:
    """Write whole or not at all, so that a reader never sees half a file; RunError as `written`."""
    with written(path) as aside:
        aside.write_text(text, encoding="utf-8")
