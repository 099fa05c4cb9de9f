"""A user's tables as a reference: Parquet files and the description that commands read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from simgen.core import RequestError
from simgen.pipeline.ingest.telemetry import measured

_NOTES = [
    "Real machines are labelled by a log and calendar time, simulated ones by their time in use.",
    "A fit sees one half of the machines, chosen by a digest; the other half judges.",
]
_ROWS = """
SELECT machine_id, epoch("at") / 3600 AS "at", {channels}, label, md5(machine_id) < '8' AS fitted
FROM reference
"""


def write_reference(
    readings: pa.Table,
    *,
    name: str,
    out: str | Path,
    domain: str,
    view: str,
    units: Mapping[str, str],
    title: str = "",
    source: str = "brought along by a user",
    licence: str = "the user's own",
) -> Path:
    """Write a reference, so that `--config-dir OUT reference=NAME` finds it.

    Args:
        readings: as `outlook` gives them.
        name: how the reference is asked for.
        out: a folder for `reference/NAME.yaml` and `NAME.parquet`; earlier ones are replaced.
        domain: the domain whose view shapes the simulated tables.
        view: that view.
        units: of each channel.
        title: what it is called in reports; the name unless told.
        source: where the data come from.
        licence: on what terms.

    Returns:
        The description, YAML that may be edited.

    Raises:
        RequestError: the readings lack labels, a name is none, or a channel lacks a unit.
    """
    if "label" not in readings.column_names:
        raise RequestError("the readings have no column 'label': let outlook() make it")
    channels = [one for one in measured(readings) if one != "label"]
    if odd := [one for one in (name, *channels) if not one.isidentifier()]:
        raise RequestError(f"name {odd[0]!r} is none: use letters, digits and _ alone")
    if absent := sorted(set(channels) - set(units)):
        raise RequestError(f"units has none of {', '.join(absent)}: add them")
    folder = Path(out).absolute()
    (folder / "reference").mkdir(parents=True, exist_ok=True)
    data, path = folder / f"{name}.parquet", folder / "reference" / f"{name}.yaml"
    pq.write_table(readings, data, compression="zstd")
    description = {
        "title": title or name,
        "domain": domain,
        "file": str(data),
        "source": source,
        "licence": licence,
        "notes": _NOTES,
        "samples": {"readings": _sample(channels, view, units)},
    }
    path.write_text(yaml.safe_dump(description, sort_keys=False, width=100), encoding="utf-8")
    return path


def _sample(channels: list[str], view: str, units: Mapping[str, str]) -> dict[str, Any]:
    shown = ", ".join(f'"{one}"' for one in channels)
    return {
        "doc": "Readings, and whether the machine fails within the horizon.",
        "view": view,
        "real": _ROWS.format(channels=shown),
        "label": "label",
        "entity": "machine_id",
        "at": "at",
        "fitted": "fitted",
        "columns": {
            one: {
                "kind": "numeric",
                "unit": units[one],
                "corrected": True,
                "doc": f"Measured {one}",
            }
            for one in channels
        },
    }
