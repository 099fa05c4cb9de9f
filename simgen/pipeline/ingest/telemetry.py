"""A user's telemetry, long or wide, with simgen's names, units and instants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from simgen.core import RequestError
from simgen.pipeline.ingest.files import (
    Instants,
    Source,
    instants,
    names,
    numbers,
    read_table,
    refuse_duplicates,
)
from simgen.pipeline.ingest.units import convert

Duplicates = Literal["refuse", "average"]


@dataclass(frozen=True, kw_only=True)
class Channel:
    """A quantity that sensors measure.

    Attributes:
        source: the column that holds it in a wide table, its tag in a long one.
        unit: in which the table has it.
        wanted: in which it is to be: that of simgen's column. "" keeps it.
    """

    source: str
    unit: str
    wanted: str = ""


def read_wide(
    source: Source,
    channels: Mapping[str, Channel],
    *,
    machine: str,
    at: str,
    how: Instants | None = None,
    duplicates: Duplicates = "refuse",
) -> pa.Table:
    """Telemetry with a column for each quantity.

    Args:
        source: a CSV or Parquet file, or a table.
        channels: by the name of simgen's column.
        machine: the column that names the machine.
        at: the column with the instant.
        how: how instants are written.
        duplicates: what to do where a machine has two rows of one instant.

    Returns:
        `machine_id`, `at` (UTC) and the channels, null where nothing was read; by machine and time.

    Raises:
        RequestError: the file is not there, or is not what these say.
    """
    _refuse_none(channels)
    how = how or Instants()
    table = read_table(source, texts=(machine,), times=(at,), how=how)
    return _ordered(
        names(table, machine),
        instants(table, at, how),
        {
            name: _converted(numbers(table, channel.source), name, channel)
            for name, channel in channels.items()
        },
        duplicates,
    )


def read_long(
    source: Source,
    channels: Mapping[str, Channel],
    *,
    machine: str,
    at: str,
    tag: str,
    value: str,
    how: Instants | None = None,
    duplicates: Duplicates = "refuse",
) -> pa.Table:
    """Telemetry with a row for each reading of each quantity, as historians export it.

    Rows of tags that no channel names are left out. Readings of one machine make a row if they
    have the same instant; round instants before if clocks of sensors differ.

    Args:
        source: as for `read_wide`, like all that follow but these.
        channels: likewise; `Channel.source` is the tag.
        machine: likewise.
        at: likewise.
        tag: the column that says which quantity it is.
        value: the column with the number.
        how: likewise.
        duplicates: what to do where a machine has two readings of one quantity and instant.

    Returns:
        As `read_wide`.

    Raises:
        RequestError: as `read_wide`, or a tag has no row at all.
    """
    _refuse_none(channels)
    how = how or Instants()
    table = read_table(source, texts=(machine, tag), times=(at,), how=how)
    tags = names(table, tag)
    sources = pa.array([channel.source for channel in channels.values()])
    if absent := sorted(set(sources.to_pylist()) - set(pc.unique(tags).to_pylist())):
        known = ", ".join(sorted(pc.unique(tags).to_pylist())[:8])
        raise RequestError(f"column {tag!r} never says {', '.join(absent)}: it says {known}")
    kept = pc.is_in(tags, sources)
    table, tags = table.filter(kept), tags.filter(kept)
    values, machines = numbers(table, value), names(table, machine)
    when = instants(table, at, how)
    if duplicates == "refuse":
        refuse_duplicates((machines, when, tags), "readings of one tag and instant")
    columns = {}
    for name, channel in channels.items():
        hit = pc.equal(tags, channel.source).to_numpy(zero_copy_only=False)
        columns[name] = _converted(np.where(hit, values, np.nan), name, channel)
    return _ordered(machines, when, columns, "average")


def _refuse_none(channels: Mapping[str, Channel]) -> None:
    if not channels:
        raise RequestError("channels = {} names nothing to read: name at least one")
    if taken := sorted({"machine_id", "at", "label"} & set(channels)):
        raise RequestError(f"a channel can't be called {taken[0]!r}: that is a column already")


def _converted(
    values: npt.NDArray[np.float64], name: str, channel: Channel
) -> npt.NDArray[np.float64]:
    return convert(values, channel.unit, channel.wanted or channel.unit, f"channel {name}")


def _ordered(
    machines: pa.Array,
    when: pa.Array,
    columns: Mapping[str, npt.NDArray[np.float64]],
    duplicates: Duplicates,
) -> pa.Table:
    """A row for each machine and instant; of several rows, means of what is there."""
    if duplicates == "refuse":
        refuse_duplicates((machines, when), "rows of one machine and instant")
    arrays = {name: pa.array(values, from_pandas=True) for name, values in columns.items()}
    table = pa.table({"machine_id": machines, "at": when, **arrays})
    means = table.group_by(["machine_id", "at"]).aggregate([(name, "mean") for name in columns])
    order = means.sort_by([("machine_id", "ascending"), ("at", "ascending")])
    return order.select(["machine_id", "at", *(f"{name}_mean" for name in columns)]).rename_columns(
        ["machine_id", "at", *columns]
    )
