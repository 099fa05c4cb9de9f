"""A user's tables as a reference: Parquet files and the description that commands read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import yaml

from simgen.core import CausalOrder, RequestError, Scenario, Table, find_domains, suggest
from simgen.kernels.arrays import Floats
from simgen.pipeline.catalogue import load_scenario
from simgen.pipeline.flags import flags, is_number
from simgen.pipeline.folders import write_text, written
from simgen.pipeline.ingest.files import Instants, column, instants, names, numbers

_NOTES = [
    "What a label means may differ: a log and calendar time here, a simulation's own time there.",
    "A fit sees about half of the entities, chosen by a digest; the others judge.",
    "Of fewer than 40 entities it is the first half by digest: with further ones, fit anew.",
]
_MOST_DECIMALS = 6  # that numbers are taken to be rounded to; assumption
# By digest alone an entity stays on its side whoever else is there, but few may all be on one.
_ROWS = """
SELECT {entity}, epoch("at") / 3600 AS "at", {channels}, label, fitted
FROM reference JOIN (
    SELECT {entity},
           CASE WHEN count(*) OVER () < 40
                THEN 2 * row_number() OVER (ORDER BY md5({entity}::VARCHAR)) <= count(*) OVER ()
                ELSE md5({entity}::VARCHAR) < '8' END AS fitted
    FROM (SELECT DISTINCT {entity} FROM reference)
) USING ({entity})
"""


def write_reference(
    readings: pa.Table,
    *,
    name: str,
    out: str | Path,
    scenario: str,
    units: Mapping[str, str],
    title: str = "",
    source: str = "brought along by a user",
    licence: str = "the user's own",
) -> Path:
    """Write a reference, so that `--config-dir OUT reference=NAME` finds it.

    Args:
        readings: as `outlook` or `read_records` gives them: who it is about (the entity of the
            scenario's records, such as `machine_id`), `at`, `label`, and channels.
        name: how the reference is asked for.
        out: a folder for `reference/NAME.yaml` and `NAME.parquet`; earlier ones are replaced.
        scenario: whose records are held against them; its causal order says what channels mean,
            and which cause which.
        units: of each channel, that of the scenario's column.
        title: what it is called in reports; the name unless told.
        source: where the data come from.
        licence: on what terms.

    Returns:
        The description, YAML that may be edited.

    Raises:
        RequestError: the readings are no table or lack labels, labels are no flags, instants don't
            say their time zone, a name is none, all are of one entity, or a channel is not the
            scenario's, is no number or has another unit.
        RunError: the disk is full, or something is in the way.
    """
    if not isinstance(readings, pa.Table):
        raise RequestError(
            f"readings are a {type(readings).__name__} and no PyArrow table: let outlook() or "
            "read_records() make one"
        )
    if not name.isidentifier():
        raise RequestError(f"name {name!r} is none: use letters, digits and _ alone")
    kind = type(load_scenario(scenario))
    domain = next(one.name for one in find_domains().values() if kind in one.schemas.values())
    order, table = compared(scenario, kind)
    channels = _channels(readings, scenario, order, table, units)
    _refuse_unlike(readings, table.entity, channels)
    folder = Path(out).absolute()
    data, path = folder / f"{name}.parquet", folder / "reference" / f"{name}.yaml"
    with written(data) as aside:
        pq.write_table(readings, aside, compression="zstd")
    description = {
        "title": title or name,
        "domain": domain,
        "file": str(data),
        "source": source,
        "licence": licence,
        "notes": _NOTES,
        "samples": {"readings": _sample(channels, order, table, readings)},
    }
    write_text(path, yaml.safe_dump(description, sort_keys=False, width=100))
    return path


def compared(name: str, kind: type[Scenario[Any]]) -> tuple[CausalOrder, Table]:
    """What a scenario compares, and the table it is in; RequestError if it says nothing of it."""
    order = kind.causal_order
    if order is None:
        raise RequestError(f"{name} declares no causal order: name another scenario")
    return order, next(table for table in kind.tables if table.name == order.table)


def _channels(
    readings: pa.Table, scenario: str, order: CausalOrder, table: Table, units: Mapping[str, str]
) -> list[str]:
    """The readings' channels, causes first."""
    given = readings.column_names
    if "label" not in given:
        raise RequestError(
            "the readings have no column 'label': let outlook() make it, or read_records()"
        )
    if absent := [one for one in (table.entity, "at") if one not in given]:
        raise RequestError(f"the readings have no column {absent[0]!r}: name it so")
    channels = set(given) - {table.entity, "at", "label"}
    if not channels:
        raise RequestError(f"the readings have no channel: name one {', '.join(order.columns)}")
    if strange := sorted(channels - set(order.columns)):
        raise RequestError(
            f"{scenario} compares no {strange[0]!r}: {suggest(strange[0], order.columns)}"
        )
    if bare := sorted(channels - set(units)):
        raise RequestError(f"units has none of {', '.join(bare)}: add them")
    for one in sorted(channels):
        unit = table.field(one).unit
        if units[one] != unit:
            raise RequestError(
                f"units says {units[one]!r} of {one}, and {scenario} has it in {unit!r}: convert it"
            )
    return [one for one in order.columns if one in channels]


def _refuse_unlike(readings: pa.Table, entity: str, channels: list[str]) -> None:
    """Raise RequestError if a column holds what its place in the reference can't take."""
    if len(pc.unique(names(readings, entity))) < 2:
        raise RequestError(
            f"all readings are of one {entity}: give two or more, a fit learns from some and is "
            "judged by the others"
        )
    flags(column(readings, "label"), "column 'label'")
    when = column(readings, "at")
    if not pa.types.is_timestamp(when.type) or when.type.tz is None:
        raise RequestError(
            f"column 'at' holds {when.type} and no instants of a time zone: let read_wide() or "
            "read_records() read it"
        )
    instants(readings, "at", Instants())
    for one in channels:
        if not is_number(readings[one].type):
            raise RequestError(
                f"column {one!r} holds {readings[one].type} and no numbers: convert it"
            )
        numbers(readings, one)


def _sample(
    channels: list[str], order: CausalOrder, table: Table, readings: pa.Table
) -> dict[str, Any]:
    shown = ", ".join(f'"{one}"' for one in channels)
    return {
        "doc": f"Records like those of `{table.name}`.",
        "view": order.view,
        "real": _ROWS.format(entity=table.entity, channels=shown),
        "label": "label",
        "entity": table.entity,
        "at": "at",
        "fitted": "fitted",
        "columns": {one: _column(one, order, table, readings) for one in channels},
    }


def _column(name: str, order: CausalOrder, table: Table, readings: pa.Table) -> dict[str, Any]:
    field = table.field(name)
    return {
        "kind": "numeric",
        "unit": field.unit,
        "doc": field.doc.rstrip("."),
        "scale": "log" if name in order.logarithmic else "linear",
        "whole": pa.types.is_integer(field.type),
        "decimals": _n_decimals(numbers(readings, name)),
        "corrected": True,
    }


def _n_decimals(values: Floats) -> int | None:
    """The fewest decimals that all values are written with; None if they are no round numbers."""
    known = values[~np.isnan(values)]
    round_to = range(_MOST_DECIMALS + 1) if len(known) else ()
    return next((n for n in round_to if np.array_equal(np.round(known, n), known)), None)
