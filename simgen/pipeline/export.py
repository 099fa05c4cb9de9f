"""export: a data set in the format of others, in a folder that is there whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from simgen.core import RequestError, RunError, build, look_up, plain
from simgen.core.whole import FULL
from simgen.formats import Format, Recorded, Target, find_formats
from simgen.pipeline.folders import on_this_machine
from simgen.pipeline.interrupts import Interrupted, interruptible
from simgen.pipeline.progress import progress
from simgen.pipeline.sealed import Ask, asked
from simgen.storage.layout import LOCK
from simgen.storage.local import LocalFolder
from simgen.storage.manifest import records_digest
from simgen.storage.reader import Dataset, open_dataset

ABOUT = "simgen.json"  # in an exported folder: where it comes from


def export(
    dataset: str | Path | Dataset,
    to: Format | str,
    *,
    out: str | Path,
    links: bool = True,
    quiet: bool = False,
    **parameters: Any,
) -> Path:
    """Write a finished data set in another format.

    Args:
        dataset: a data set, or the folder that `generate` wrote, or its `pyarrow.fs` URI.
        to: the format, or its name.
        out: a folder of this machine; it must not exist, or be empty. One that the same request
            made is left as it is.
        links: whether files that need no change are hard links where that is possible. They cost
            no space, but who edits one edits the data set.
        quiet: whether to show no progress.
        parameters: those of the named format that are to differ.

    Returns:
        The folder.

    Raises:
        RequestError: the data set can't be read or written so, or the folder can't be used.
        RunError: the disk is full.
        Interrupted: SIGINT or SIGTERM came; nothing is left.
    """
    to = _format(to, parameters)
    data = open_dataset(dataset)
    about = {
        "format": to.name,
        "parameters": plain(to),
        "links": links,
        "simgen": version("simgen"),
        "dataset": {**_origin(data), "records": records_digest(data.manifest)},
    }
    told = json.dumps(about, indent=1)
    place = _place(out)
    if _is_done(place, told):
        return place
    _refuse_taken(place)
    with interruptible() as stop, asked(data) as ask:
        source = _recorded(data, ask)
        to.check_source(source)
        n_parts = to.n_parts(source)
        with (
            _aside(place) as aside,
            progress(to.name, n_blocks=n_parts, n_done=0, quiet=quiet, unit=to.unit) as advance,
        ):
            for n_labels in to.write(source, Target(root=aside, links=links)):
                advance(n_labels)
                if stop.is_set():
                    raise Interrupted("stopped: nothing is left of the export; begin it anew")
            (aside / ABOUT).write_text(told, encoding="utf-8")
    return place


def _format(to: Format | str, parameters: Mapping[str, Any]) -> Format:
    if isinstance(to, str):
        found: Format = build(look_up("format", to, find_formats()), parameters)
        return found
    if parameters:
        raise RequestError(f"{', '.join(parameters)} can't be given beside a ready format")
    return to


def _recorded(data: Dataset, ask: Ask) -> Recorded:
    """The data set as formats read it."""
    folder = data.folder

    def raw(path: str) -> bytes | None:
        content = folder.read(data.raw_name(path))
        return None if content is None else content.to_pybytes()

    def place(path: str) -> Path | None:
        inside = data.raw_name(path)
        # Of a link within the data set it is the file: a link to the link might lead nowhere.
        return (folder.root / inside).resolve() if isinstance(folder, LocalFolder) else None

    origin = _origin(data)
    return Recorded(
        label=data.label,
        identity=identity(data),
        scenario=str(origin["scenario"]["name"]),
        seed=int(origin["seed"]),
        parameters=origin["scenario"]["parameters"],
        columns={
            name: tuple(column["name"] for column in table["columns"])
            for name, table in data.manifest["tables"].items()
        },
        ask=ask,
        raw=raw,
        place=place,
    )


def identity(data: Dataset) -> str:
    """Digest of what made a data set: the same for the same records, and for no others."""
    return sha256(json.dumps(_origin(data), sort_keys=True).encode()).hexdigest()


def _origin(data: Dataset) -> dict[str, Any]:
    """What made the data set: all that its records depend on."""
    return {name: data.manifest[name] for name in ("scenario", "seed", "residual", "versions")}


def _place(out: str | Path) -> Path:
    """The folder to be made, which a link may lead to; RequestError if it lies elsewhere."""
    return Path(os.path.realpath(on_this_machine(out, "an export goes into")))


def _is_done(place: Path, told: str) -> bool:
    """Whether the same request was exported there: what says so gets its name with all else."""
    try:
        return (place / ABOUT).read_text(encoding="utf-8") == told
    except (OSError, UnicodeDecodeError):
        return False


def _refuse_taken(place: Path) -> None:
    """RequestError if nothing can get the name of the folder."""
    if place.is_mount():
        raise RequestError(f"{place} is where a disk is mounted: choose a folder in it")
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        raise RequestError(f"{place} is there already and not empty: choose another folder")


@contextmanager
def _aside(place: Path) -> Iterator[Path]:
    """A folder beside `place`, which gets its name in the end; after an error nothing is left."""
    aside = place.parent / f".{place.name}.unfinished"
    with LocalFolder(aside).claim():
        try:
            for old in aside.iterdir():  # what a killed export left
                if old.name != Path(LOCK).parts[0]:
                    shutil.rmtree(old) if old.is_dir() else old.unlink()
            yield aside
            shutil.rmtree(aside / Path(LOCK).parts[0])
            aside.replace(place)
        except OSError as error:
            remedy = "free some space" if error.errno in FULL else "choose another folder"
            raise RunError(f"can't write {place} ({error.strerror or error}): {remedy}") from error
        finally:
            shutil.rmtree(aside, ignore_errors=True)
