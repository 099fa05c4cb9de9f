"""One run in one folder: who may write there, and what an earlier attempt left to build on."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from simgen.core import RequestError
from simgen.storage.folders import Folder
from simgen.storage.journal import Entry, read_journal
from simgen.storage.layout import CARD, LOCK, MANIFEST, RUN, part_path, raw_list_path
from simgen.storage.manifest import differences, odd_key, read_manifest, read_object
from simgen.storage.raw import damaged_raw, file_digest, raw_size


def is_finished(folder: Folder, settings: Mapping[str, Any]) -> bool:
    """Whether the folder already holds this very data set, whole.

    Parts are checked by size, raw files by their sum; `Dataset.damaged_parts` checks digests.

    Raises:
        RequestError: the folder holds something else.
    """
    _refuse_others(folder, settings)
    found = read_manifest(folder)
    if found is None or odd_key(found):  # what can't be read is written again
        return False
    parts = [part for table in found["tables"].values() for part in table["parts"]]
    lists = found.get("raw", {}).get("parts", [])
    return all(folder.size(part["path"]) == part["bytes"] for part in parts) and all(
        raw_size(folder, part["path"]) == part["bytes"] for part in lists
    )


@contextmanager
def claim(
    folder: Folder, settings: Mapping[str, Any], *, tables: Collection[str], n_blocks: int
) -> Iterator[dict[int, Entry]]:
    """Hold the folder for a run; gives the blocks that need not be made again.

    A block is made again if a part or raw file of it is missing or has another digest than the
    journal says: the same parameters and seed give the same bytes, so nothing can be lost.

    Args:
        folder: the data set's.
        settings: the run's `configuration`.
        tables: the names of those that each block makes.
        n_blocks: how many blocks there are.

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
            if _is_ours(entry, tables, n_blocks) and _is_whole(folder, entry)
        }


def finish(folder: Folder, files: Mapping[str, str], content: Mapping[str, Any]) -> None:
    """Write the texts that go with the data, and last of all the manifest."""
    for name, text in files.items():
        folder.write(name, text.encode())
    folder.write(MANIFEST, json.dumps(content, indent=1).encode())


def _is_ours(entry: Entry, tables: Collection[str], n_blocks: int) -> bool:
    """Whether a journalled block is one of the scenario's, with all of its files and no others."""
    parts = {(part.table, part.path) for part in entry.parts}
    return (
        entry.block in range(n_blocks)
        and len(entry.parts) == len(tables)
        and parts == {(name, part_path(name, entry.block)) for name in tables}
        and (entry.raw is None or entry.raw.path == raw_list_path(entry.block))
    )


def _is_whole(folder: Folder, entry: Entry) -> bool:
    raw = entry.raw
    return all(file_digest(folder, part.path) == part.sha256 for part in entry.parts) and (
        raw is None or not any(damaged_raw(folder, raw.path, raw.sha256))
    )


def _refuse_others(folder: Folder, settings: Mapping[str, Any]) -> None:
    held = read_manifest(folder) or _begun(folder)
    if held is None:
        # A lock alone: a run was killed before it could say what it was. A card: it is another's.
        if folder.exists() and (folder.size(LOCK) is None or folder.size(CARD) is not None):
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
    """What the run that began in the folder is; None if none did."""
    wrong = "is damaged, so what the folder holds is not known"
    return read_object(folder, RUN, f"{wrong}: choose another folder, or delete that one")
