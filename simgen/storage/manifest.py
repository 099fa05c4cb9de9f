"""The manifest: what a data set holds and all that is needed to make its bytes again."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from hashlib import sha256
from importlib.metadata import version
from types import UnionType
from typing import Any

from simgen.core import (
    TABLE_NAME,
    Field,
    RequestError,
    Scenario,
    Table,
    first_line,
    leaves,
    plain,
)
from simgen.storage.folders import Folder
from simgen.storage.journal import Entry, Labels, Part, RawList
from simgen.storage.layout import MANIFEST, part_path, raw_list_path

FORMAT = 1  # goes up when readers of manifests must change

# Another version of one of these may make other rows or other bytes from the same seed.
_MAKERS = ("simgen", "numpy", "numba", "pyarrow", "scipy", "simpy")

# What readers rely on: the type of a value, the keys of a mapping, what each of a list is.
_FILE = {"path": str, "bytes": int, "sha256": str}
_TABLE = {"rows": int, "columns": [{"name": str}], "parts": [{"rows": int, **_FILE}]}
_SHAPE = {
    "scenario": {"name": str, "class": str, "version": int, "parameters": dict},
    "seed": int,
    "versions": dict,
    "changed_parameters": dict,
    "tables": dict,
    "totals": {"rows": int},
}


def records_digest(manifest: Mapping[str, Any]) -> str:
    """Digest of all that lies in a data set: of the digests of its tables' parts and raw files."""
    return sha256(json.dumps([manifest["tables"], manifest.get("raw")]).encode()).hexdigest()


def configuration(
    scenario: Scenario[Any],
    *,
    name: str,
    seed: int,
    residual: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """What the bytes of a data set depend on, as JSON would hold it.

    Args:
        scenario: the scenario, with all its parameters.
        name: how the scenario was asked for, such as `fraud/retail_bank`.
        seed: the seed.
        residual: what corrects a sample of the records, if anything does.
    """
    kind = type(scenario)
    return {
        "format": FORMAT,
        "scenario": {
            "name": name,
            "class": class_path(kind),
            "version": kind.version,
            "parameters": plain(scenario),
        },
        "seed": seed,
        "residual": None if residual is None else dict(residual),
        "versions": {package: version(package) for package in _MAKERS},
    }


def class_path(kind: type[Any]) -> str:
    """How manifests name a scenario's class."""
    return f"{kind.__module__}.{kind.__qualname__}"


def differences(held: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[str]:
    """One phrase for each setting in which two configurations differ, their names aside."""
    one, two = dict(leaves(held)), dict(leaves(wanted))
    names = [name for name in (one | two) if one.get(name) != two.get(name)]
    return [
        f"{name.removeprefix('scenario.parameters.')} is {one.get(name)} there, not {two.get(name)}"
        for name in names
        if name != "scenario.name"
    ]


def manifest(
    settings: Mapping[str, Any],
    scenario: Scenario[Any],
    entries: Sequence[Entry],
    *,
    tables: Sequence[Table],
    base: Scenario[Any],
    timings: Mapping[str, Any],
) -> dict[str, Any]:
    """The manifest of a finished run.

    Args:
        settings: its `configuration`.
        scenario: what was simulated.
        entries: its blocks, in order.
        tables: what they hold.
        base: the scenario as it is when nobody changes a parameter.
        timings: what the clock said; apart, so that the rest is the same for the same seed.
    """
    held = {
        table.name: _table(table, [_part(entry, table.name) for entry in entries])
        for table in tables
    }
    return {
        **settings,
        "doc": first_line((type(scenario).__doc__ or "").strip()),
        "changed_parameters": _changed(plain(scenario), plain(base)),
        "python": platform.python_version(),
        "tables": held,
        "totals": {
            "blocks": len(entries),
            "rows": sum(table["rows"] for table in held.values()),
            "bytes": sum(table["bytes"] for table in held.values()),
        },
        "raw": _raw([entry.raw for entry in entries if entry.raw]),
        "difficulty": None,  # how hard each table of records is to learn, once it is measured
        "timings": dict(timings),
    }


def read_manifest(folder: Folder) -> dict[str, Any] | None:
    """The folder's manifest; None if no run has finished there.

    Raises:
        RequestError: something else has its name.
    """
    return read_object(folder, MANIFEST, "is no manifest of simgen's: choose another folder")


def read_object(folder: Folder, name: str, wrong: str) -> dict[str, Any] | None:
    """The JSON object in a file; None if there is no file.

    Raises:
        RequestError: there is anything else in it, of which `wrong` is said.
    """
    content = folder.read(name)
    if content is None:
        return None
    try:
        held = json.loads(content.to_pybytes())
    except (ValueError, RecursionError):
        held = None
    if not isinstance(held, dict):
        raise RequestError(f"{folder.label}/{name} {wrong}")
    return held


def odd_key(held: Mapping[str, Any]) -> str | None:
    """The first key of a manifest that is not as `manifest` makes it, None if there is none."""
    if held.get("format") != FORMAT:
        return "format"
    if odd := odd_place(held, _SHAPE) or _odd_files(held):
        return odd
    measured = held.get("difficulty")
    if not isinstance(measured, Mapping | None):
        return "difficulty"
    for table, measures in (measured or {}).items():
        if not isinstance(measures, Mapping) or "verdict" not in measures:
            return f"difficulty.{table}"
    return None


def odd_place(held: Any, shape: Any, name: str = "") -> str | None:
    """The first place in what JSON held that is not of a shape such as ours, None if all are."""
    if isinstance(shape, type | UnionType):
        return None if isinstance(held, shape) else name
    if not isinstance(held, type(shape)):
        return name
    inner = (
        [(one, shape[0], name) for one in held]
        if isinstance(shape, list)
        else [(held.get(key), one, f"{name}.{key}".lstrip(".")) for key, one in shape.items()]
    )
    return next((odd for one in inner if (odd := odd_place(*one))), None)


def _odd_files(held: Mapping[str, Any]) -> str | None:
    """The first key whose files are not where ours lie, which is within the data set."""
    tables, n_blocks = held["tables"], 0
    for name, table in tables.items():
        if not TABLE_NAME.fullmatch(name):
            return "tables"
        if odd := odd_place(table, _TABLE, f"tables.{name}"):
            return odd
        n_blocks = len(table["parts"])
        paths = [part["path"] for part in table["parts"]]
        if not paths or paths != [part_path(name, block) for block in range(n_blocks)]:
            return f"tables.{name}.parts"
    raw = held.get("raw", {"parts": []})  # of old, there was none
    lists = {raw_list_path(block) for block in range(n_blocks)}
    if odd_place(raw, {"parts": [_FILE]}, "raw") or not lists.issuperset(
        part["path"] for part in raw["parts"]
    ):
        return "raw"
    residual = held.get("residual")
    if residual is None or (isinstance(residual, Mapping) and residual.get("table") in [*tables]):
        return None
    return "residual"


def _changed(values: Mapping[str, Any], base: Mapping[str, Any]) -> dict[str, Any]:
    """The values that are not those of `base`, nested as they are."""
    changed = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            if inner := _changed(value, base[name]):
                changed[name] = inner
        elif value != base[name]:
            changed[name] = value
    return changed


def _part(entry: Entry, table: str) -> Part:
    return next(part for part in entry.parts if part.table == table)


def _table(table: Table, parts: Sequence[Part]) -> dict[str, Any]:
    return {
        "doc": table.doc,
        "entity": table.entity,
        "rows": sum(part.n_rows for part in parts),
        "bytes": sum(part.n_bytes for part in parts),
        "labels": _labels([part.labels for part in parts if part.labels]),
        "columns": [_column(field) for field in table.fields],
        "parts": [
            {"path": part.path, "rows": part.n_rows, "bytes": part.n_bytes, "sha256": part.sha256}
            for part in parts
        ],
    }


def _raw(lists: Sequence[RawList]) -> dict[str, Any]:
    return {
        "files": sum(one.n_files for one in lists),
        "bytes": sum(one.n_bytes for one in lists),
        "parts": [
            {"path": one.path, "files": one.n_files, "bytes": one.n_bytes, "sha256": one.sha256}
            for one in lists
        ],
    }


def _labels(parts: Sequence[Labels]) -> dict[str, Any] | None:
    if not parts:
        return None
    total = Labels(
        n_positives=sum(part.n_positives for part in parts),
        weight_sum=sum(part.weight_sum for part in parts),
        positive_weight_sum=sum(part.positive_weight_sum for part in parts),
        n_by_kind={
            kind: sum(part.n_by_kind[kind] for part in parts) for kind in parts[0].n_by_kind
        },
    )
    return asdict(total)


def _column(field: Field) -> dict[str, Any]:
    return {
        "name": field.name,
        "type": "category" if field.categories else str(field.type),
        "unit": field.unit,
        "role": field.role.value,
        "doc": field.doc,
        "nullable": field.nullable,
        "categories": list(field.categories),
    }
