"""A user's failure log and work orders, with simgen's names and instants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from simgen.core import RequestError
from simgen.pipeline.ingest.files import (
    Instants,
    Source,
    column,
    instants,
    names,
    read_table,
    refuse_duplicates,
)


def read_failures(
    source: Source,
    *,
    machine: str,
    failed_at: str,
    reason: str = "",
    censored: str = "",
    how: Instants | None = None,
) -> pa.Table:
    """A failure log.

    Args:
        source: a CSV or Parquet file, or a table.
        machine: the column that names the machine.
        failed_at: the column with the instant of the failure, or of the end of observation.
        reason: the column that says what failed; "" if there is none.
        censored: the column of truth values that says where no failure happened but observation
            ended, as where a machine was taken out sound; "" if every row is a failure.
        how: how instants are written.

    Returns:
        `machine_id`, `at` (UTC), `mode` ("" if unknown) and `failed`, by machine and time.

    Raises:
        RequestError: the file is not there, or is not what these say; a machine fails twice at
            once.
    """
    how = how or Instants()
    texts = (machine, reason, censored)
    table = read_table(source, texts=texts, times=(failed_at,), how=how)
    machines, when = names(table, machine), instants(table, failed_at, how)
    refuse_duplicates((machines, when), "failures of one machine and instant")
    modes = _words(table, reason)
    failed = pc.invert(_flags(table, censored)) if censored else pa.array([True] * len(table))
    rows = {"machine_id": machines, "at": when, "mode": modes, "failed": failed}
    return _by_machine(pa.table(rows), "at")


def read_work_orders(
    source: Source,
    *,
    order: str,
    machine: str,
    kind: str,
    opened_at: str,
    kinds: Mapping[str, str],
    started_at: str = "",
    finished_at: str = "",
    finding: str = "",
    note: str = "",
    how: Instants | None = None,
) -> pa.Table:
    """Work orders, as maintenance systems export them after MIMOSA's tables of work.

    Args:
        source: a CSV or Parquet file, or a table.
        order: the column that identifies the order.
        machine: the column that names the machine or asset.
        kind: the column with the type of work.
        opened_at: the column with the instant at which it was asked for.
        kinds: simgen's word for each type: service, inspection or replacement.
        started_at: the column with the instant of its beginning; as the rest, "" if there is none.
        finished_at: the column with that of its end.
        finding: the column with what was found.
        note: the column with free text.
        how: how instants are written.

    Returns:
        `order_id`, `machine_id`, `kind`, `opened_at`, `started_at`, `finished_at`, `finding` and
        `note`, by machine and time.

    Raises:
        RequestError: the file is not there, or is not what these say; a type has no word; an order
            comes twice, or ends before it begins.
    """
    how = how or Instants()
    table = read_table(
        source,
        texts=(order, machine, kind, finding, note),
        times=(opened_at, started_at, finished_at),
        how=how,
    )
    orders, types = names(table, order), names(table, kind)
    refuse_duplicates((orders,), "orders")
    if unknown := sorted(set(types.to_pylist()) - set(kinds)):
        raise RequestError(
            f"column {kind!r} says {', '.join(unknown)}, and kinds has no word for it: add one"
        )
    rows = {
        "order_id": orders,
        "machine_id": names(table, machine),
        "kind": pa.array([kinds[one] for one in types.to_pylist()], pa.string()),
        "opened_at": instants(table, opened_at, how),
        "started_at": _optional(table, started_at, how),
        "finished_at": _optional(table, finished_at, how),
        "finding": _words(table, finding),
        "note": _words(table, note),
    }
    for before, after in (("opened_at", "finished_at"), ("started_at", "finished_at")):
        wrong = pc.sum(pc.less(rows[after], rows[before])).as_py() or 0
        if wrong:
            raise RequestError(f"{wrong} orders have {after} before {before}: correct them")
    return _by_machine(pa.table(rows), "opened_at")


def failures_from_orders(
    orders: pa.Table, *, kinds: Sequence[str] = ("replacement",), skipped: Sequence[str] = ("",)
) -> pa.Table:
    """A failure log from work orders, where there is no other: each order of a kind is a failure.

    Planned replacements count too, unless the orders tell them apart: this is a rough log.

    Args:
        orders: as `read_work_orders` gives them.
        kinds: of those that answer a failure.
        skipped: findings that say that nothing had failed.

    Returns:
        As `read_failures`; a failure is dated by the opening of its order.
    """
    answers = pc.is_in(orders["kind"], pa.array(kinds, pa.string()))
    sound = pc.is_in(orders["finding"], pa.array(skipped, pa.string()))
    some = orders.filter(pc.and_(answers, pc.invert(sound)))
    return pa.table(
        {
            "machine_id": some["machine_id"],
            "at": some["opened_at"],
            "mode": some["finding"],
            "failed": pa.array([True] * len(some), pa.bool_()),
        }
    )


def _by_machine(table: pa.Table, at: str) -> pa.Table:
    return table.sort_by([("machine_id", "ascending"), (at, "ascending")])


def _words(table: pa.Table, name: str) -> pa.Array:
    if not name:
        return pa.array([""] * len(table), pa.string())
    return pc.fill_null(column(table, name).cast(pa.string()), "")


def _optional(table: pa.Table, name: str, how: Instants) -> pa.Array:
    if not name:
        return pa.nulls(len(table), pa.timestamp("us", "UTC"))
    return instants(table, name, how, nullable=True)


def _flags(table: pa.Table, name: str) -> pa.Array:
    text = names(table, name).to_pylist()
    words = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    odd = sorted({one for one in text if one.lower() not in words})
    if odd:
        raise RequestError(f"column {name!r} says {odd[0]!r}: it must say true or false")
    return pa.array([words[one.lower()] for one in text], pa.bool_())
