"""Small worlds of a scenario class, each simulated once for each set of parameters."""

import json
from functools import cache
from types import SimpleNamespace

import pyarrow as pa

from simgen.core import Streams, build


def merged(base, values):
    """Nested parameters, those of `values` over those of `base`."""
    found = dict(base)
    for name, value in values.items():
        inner = isinstance(value, dict) and isinstance(base.get(name), dict)
        found[name] = merged(base[name], value) if inner else value
    return found


@cache
def _blocks(kind, text, seed):
    about = build(kind, json.loads(text))
    streams = Streams(seed)
    shared, found = about.prepare(streams.child("shared")), []
    for block in about.blocks():
        batches = {table.name: [] for table in about.tables}
        for name, rows in about.simulate(block, shared, streams.child("blocks")):
            batches[name].append(rows)
        found.append(
            {
                table.name: pa.Table.from_batches(batches[table.name], table.schema)
                for table in about.tables
            }
        )
    return found


def blocks(kind, seed=7, **values):
    """Each block's Arrow tables of the small world, with what differs."""
    return _blocks(kind, json.dumps(merged(kind.small, values)), seed)


def world(kind, seed=7, **values):
    """The same, all blocks together, as data frames."""
    parts = blocks(kind, seed, **values)
    return SimpleNamespace(
        **{
            name: pa.concat_tables(part[name] for part in parts).unify_dictionaries().to_pandas()
            for name in parts[0]
        }
    )


def changed(tables, table, column, row, value):
    """The tables with one value changed."""
    rows = tables[table]
    values = rows[column].to_pylist()
    values[row] = value
    place = rows.schema.get_field_index(column)
    field = rows.schema.field(place)
    return tables | {table: rows.set_column(place, field, pa.array(values, field.type))}
