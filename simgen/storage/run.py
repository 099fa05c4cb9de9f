"""One run in one folder: who may write there, and what an earlier attempt left to build on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

from simgen.core import RequestError
from simgen.storage.folders import Folder
from simgen.storage.journal import Entry, Part, read_journal
from simgen.storage.layout import LOCK, MANIFEST, RUN
from simgen.storage.manifest import differences, read_manifest


def is_finished(folder: Folder, settings: Mapping[str, Any]) -> bool:
    """Whether the folder already holds this very data set, whole.

    Parts are checked by size; `Dataset.damaged_parts` checks digests.

    Raises:
        RequestError: the folder holds something else.
    """
    _refuse_others(folder, settings)
    found = read_manifest(folder)
    return found is not None and all(
        folder.size(part["path"]) == part["bytes"]
        for table in found["tables"].values()
        for part in table["parts"]
    )


@contextmanager
def claim(folder: Folder, settings: Mapping[str, Any]) -> Iterator[dict[int, Entry]]:
    """Hold the folder for a run; gives the blocks that need not be made again.

    A block is made again if a part of it is missing or has another size or digest than the
    journal says: the same parameters and seed give the same bytes, so nothing can be lost.

    Raises:
        RequestError: the folder can't be written, or holds something else or another run's work.
    """
    _refuse_others(folder, settings)
    with folder.claim():
        _refuse_others(folder, settings)  # another run may have begun since
        folder.write(RUN, json.dumps(settings).encode())
        folder.delete(MANIFEST)  # until it is whole again
        yield {
            block: entry
            for block, entry in read_journal(folder).items()
            if all(_is_whole(folder, part) for part in entry.parts)
        }


def finish(folder: Folder, files: Mapping[str, str], content: Mapping[str, Any]) -> None:
    """Write the texts that go with the data, and last of all the manifest."""
    for name, text in files.items():
        folder.write(name, text.encode())
    folder.write(MANIFEST, json.dumps(content, indent=1).encode())


def _is_whole(folder: Folder, part: Part) -> bool:
    content = folder.read(part.path)
    return content is not None and sha256(content).hexdigest() == part.sha256


def _refuse_others(folder: Folder, settings: Mapping[str, Any]) -> None:
    held = read_manifest(folder) or _begun(folder)
    if held is None:
        # A lock alone: a run was killed before it could say what it was.
        if folder.exists() and folder.size(LOCK) is None:
            raise RequestError(
                f"{folder.label} is not empty and holds no run of simgen: choose another folder"
            )
        return
    odd = differences({name: held.get(name) for name in settings}, settings)
    if odd:
        more = f" and {len(odd) - 3} more" if len(odd) > 3 else ""
        raise RequestError(
            f"{folder.label} holds another run ({'; '.join(odd[:3])}{more}): "
            "choose another folder, or delete that one"
        )


def _begun(folder: Folder) -> dict[str, Any] | None:
    content = folder.read(RUN)
    return None if content is None else json.loads(content.to_pybytes())
