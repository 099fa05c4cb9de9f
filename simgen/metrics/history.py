"""What a model may know of the past of each record, from nothing but the table's roles.

A key is the entity, or a column that refers to another table (card, merchant, device). For each
key: time since its last record; its records, flags and amounts of late; each number beside its
running mean and maximum. For the entity besides: how familiar each key's and each category's value
is to it. For each key: how many entities it has met. Only records at an earlier instant count,
never the record itself nor one at the same instant.

Sorted arrays and running sums do this in a few seconds for 300,000 records of 25 columns; window
functions in SQL took ten times as long.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute

from simgen.core import CATEGORY, Field, Role, Table
from simgen.kernels.arrays import Floats
from simgen.metrics.base import Indices

SPANS: Mapping[str, int] = MappingProxyType(
    {"1h": 3_600_000, "24h": 86_400_000, "7d": 604_800_000}  # [ms]
)


def history_features(rows: pa.Table, table: Table) -> pa.Table:
    """The history of each record, in the order of `rows`.

    For each key: `<key>_time_since` [s], `<key>_n_before`, `<key>_n_<span>`,
    `<key>_<flag>_n_<span>`, `<key>_<flag>_share_before`, `<key>_<number>_sum_<span>`,
    `<key>_<number>_to_mean`, `<key>_<number>_to_max`. For each key but the entity, and for each
    category: `<value>_to_entity_n_before` (records of the entity with this value),
    `<value>_to_entity_time_since` [s], `<value>_n_new_before` and `<value>_n_new_24h` (values then
    new to the entity). For each key but the entity: `<key>_n_entities_before`. All are float32;
    null where there is no past or no key. Instants are taken to the millisecond.

    Args:
        rows: records of `table` with its columns, in any order.
        table: says which columns are entity, references, time and features.

    Raises:
        ValueError: the table has no entity or no time column.
    """
    if not table.entity or not table.time:
        raise ValueError(f"table {table.name} has no entity or no time: it has no history")
    instant = rows[table.time].cast(pa.timestamp("us")).cast(pa.int64()).to_numpy() // 1_000
    codes = {name: _codes(rows[name]) for name in (*keys(table), *_categories(table))}
    pasts = {key: _Past(codes[key], instant) for key in keys(table)}
    columns = dict(_of_keys(pasts, rows, table))
    columns |= _of_values(pasts, codes, instant, table)
    arrays = [pa.array(values.astype(np.float32), from_pandas=True) for values in columns.values()]
    return pa.table(arrays, names=list(columns))


def keys(table: Table) -> tuple[str, ...]:
    """The columns with a history of their own: the entity first, then the references."""
    references = (field.name for field in table.fields if field.role is Role.REFERENCE)
    return (table.entity, *(name for name in references if name != table.entity))


class _Past:
    """The records of each key before each record, as ranges of the records sorted by key and time.

    `codes` `(n,)` number the keys from 0, -1 where a record has none; `instant` `(n,)` [ms].
    """

    def __init__(self, codes: Indices, instant: Indices) -> None:
        since_start = instant - instant.min(initial=0 if len(instant) == 0 else instant[0])
        width = int(since_start.max(initial=0)) + 1
        place = codes * width + since_start
        self._order = np.argsort(place, kind="stable")
        self._place = place[self._order]
        self._instant = since_start[self._order]
        self._codes = codes[self._order]
        self._first = np.searchsorted(self._codes, self._codes)
        self._stop = np.searchsorted(self._place, self._place)
        self._absent = self._codes < 0

    def _unsorted(self, values: npt.NDArray[Any]) -> Floats:
        result = np.empty(len(values))
        result[self._order] = np.where(self._absent, np.nan, values)
        return result

    def _start(self, span: int | None) -> Indices:
        if span is None:
            return self._first
        start: Indices = np.searchsorted(self._place, self._place - span)
        return np.maximum(start, self._first, out=start)

    def count(self, span: int | None = None) -> Floats:
        """Records of the key before, at most `span` [ms] ago."""
        return self._unsorted(self._stop - self._start(span))

    def sum(self, values: Floats, span: int | None = None) -> Floats:
        """Sum of `values` `(n,)` over the records that `count` counts; NaN adds nothing."""
        total = np.concatenate([[0.0], np.nancumsum(values[self._order])])
        return self._unsorted(total[self._stop] - total[self._start(span)])

    def mean(self, values: Floats) -> Floats:
        """Mean of `values` `(n,)` over all records before; NaN if there are none."""
        count = self.sum((~np.isnan(values)).astype(np.float64))
        return _ratio(self.sum(values), count)

    def maximum(self, values: Floats) -> Floats:
        """Largest of `values` `(n,)` over all records before; NaN if there are none."""
        known, rank = np.unique(values, return_inverse=True)  # NaN sorts last
        rank = np.where(np.isnan(values), 0, rank + 1)[self._order]
        # A key's ranks lie above every rank of the keys before it: one running maximum serves all.
        level = self._codes * (len(known) + 1)
        highest = np.maximum.accumulate(level + rank) - level if len(rank) else rank
        before = np.where(self._stop > self._first, highest[self._stop - 1], 0)
        return self._unsorted(np.concatenate([[np.nan], known])[before])

    def time_since(self) -> Floats:
        """Time since the record before [s]; NaN if there is none."""
        gap = (
            (self._instant - self._instant[self._stop - 1]) / 1_000
            if len(self._stop)
            else self._stop
        )
        return self._unsorted(np.where(self._stop > self._first, gap, np.nan))

    def is_first(self) -> Floats:
        """1 for the first record of each key, else 0; of those at one instant one is the first."""
        first = np.zeros(len(self._order))
        first[self._order] = (np.arange(len(self._order)) == self._first) & ~self._absent
        return first


def _inputs(table: Table) -> tuple[Field, ...]:
    return tuple(field for field in table.fields if field.role is Role.FEATURE)


def _categories(table: Table) -> tuple[str, ...]:
    return tuple(field.name for field in _inputs(table) if field.type == CATEGORY)


def _codes(column: pa.ChunkedArray) -> Indices:
    """The column's values numbered from 0; -1 for null."""
    encoded = column.combine_chunks()
    if not pa.types.is_dictionary(encoded.type):
        encoded = pyarrow.compute.dictionary_encode(encoded)
    indices = pyarrow.compute.fill_null(encoded.indices, -1)
    return np.asarray(indices.to_numpy(zero_copy_only=False), np.int64)


def _numbers(column: pa.ChunkedArray) -> Floats:
    return np.asarray(column.cast(pa.float64()).to_numpy(), np.float64)


def _of_keys(
    pasts: Mapping[str, _Past], rows: pa.Table, table: Table
) -> Iterator[tuple[str, Floats]]:
    flags, numbers = {}, {}
    for field in _inputs(table):
        if pa.types.is_boolean(field.type):
            flags[field.name] = _numbers(rows[field.name].cast(pa.int8()))
        elif pa.types.is_floating(field.type) or pa.types.is_integer(field.type):
            numbers[field.name] = _numbers(rows[field.name])
    for key, past in pasts.items():
        yield f"{key}_time_since", past.time_since()
        yield f"{key}_n_before", past.count()
        for span, length in SPANS.items():
            yield f"{key}_n_{span}", past.count(length)
        for name, values in flags.items():
            yield f"{key}_{name}_share_before", past.mean(values)
            for span in ("1h", "24h"):
                yield f"{key}_{name}_n_{span}", past.sum(values, SPANS[span])
        for name, values in numbers.items():
            yield f"{key}_{name}_to_mean", _ratio(values, past.mean(values))
            yield f"{key}_{name}_to_max", _ratio(values, past.maximum(values))
            for span in ("1h", "24h"):
                yield f"{key}_{name}_sum_{span}", past.sum(values, SPANS[span])


def _ratio(values: Floats, usual: Floats) -> Floats:
    result = np.full(len(values), np.nan)
    np.divide(values, usual, out=result, where=usual > 0)
    return result


def _of_values(
    pasts: Mapping[str, _Past], codes: Mapping[str, Indices], instant: Indices, table: Table
) -> dict[str, Floats]:
    columns = {}
    entity = pasts[table.entity]
    for name in codes:
        if name == table.entity:
            continue
        pair = _Past(_pairs(codes[table.entity], codes[name]), instant)
        is_new = pair.is_first()
        columns[f"{name}_to_entity_n_before"] = pair.count()
        columns[f"{name}_to_entity_time_since"] = pair.time_since()
        columns[f"{name}_n_new_before"] = entity.sum(is_new)
        columns[f"{name}_n_new_24h"] = entity.sum(is_new, SPANS["24h"])
        if name in pasts:
            columns[f"{name}_n_entities_before"] = pasts[name].sum(is_new)
    return columns


def _pairs(first: Indices, second: Indices) -> Indices:
    """Codes from 0 of the pairs of two codes; -1 where one of them is absent."""
    joint = first * (second.max(initial=0) + 1) + second
    codes = np.unique(joint, return_inverse=True)[1]
    return np.where((first < 0) | (second < 0), -1, codes)
