"""Texts in folders of this machine: made whole or not at all, with the remedy in the error."""

from __future__ import annotations

import os
from pathlib import Path

from simgen.core import RequestError, RunError


def on_this_machine(place: str | Path, what: str, *, name: str = "out") -> Path:
    """The path of what lies in a folder of this machine alone, unlike a data set or a search.

    Args:
        place: where it lies.
        what: what that is and what becomes of it: "an export goes into".
        name: how the place was asked for.

    Raises:
        RequestError: it is a URI.
    """
    if "://" in str(place):
        raise RequestError(f"{name} = {place}: {what} a folder of this machine; give one")
    return Path(place)


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


def write_text(path: Path, text: str) -> None:
    """Write whole or not at all, so that a reader never sees half a file.

    Raises:
        RunError: the disk is full.
    """
    aside = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(exist_ok=True)
        aside.write_text(text, encoding="utf-8")
        aside.replace(path)
    except OSError as error:
        raise RunError(
            f"can't write {path}: {error.strerror}: make room and run it again"
        ) from None
