"""Small worlds of a scenario class, each simulated once for each set of parameters."""

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
def tables_of(scenario, seed=7):
    """Each block's Arrow tables."""
    streams = Streams(seed)
    shared, found = scenario.prepare(streams.child("shared")), []
    for block in scenario.blocks():
        batches = {table.name: [] for table in scenario.tables}
        for name, rows in scenario.simulate(block, shared, streams.child("blocks")):
            batches[name].append(rows)
        found.append(
            {
                table.name: pa.Table.from_batches(batches[table.name], table.schema)
                for table in scenario.tables
            }
        )
    return found


def joined(parts):
    """The tables of all blocks together."""
    return {
        name: pa.concat_tables(part[name] for part in parts).unify_dictionaries()
        for name in parts[0]
    }


def frames(parts):
    """The same, as data frames."""
    return SimpleNamespace(**{name: rows.to_pandas() for name, rows in joined(parts).items()})


def blocks(kind, seed=7, **values):
    """Each block's Arrow tables of the small world, with what differs."""
    return tables_of(build(kind, merged(kind.small, values)), seed)


def world(kind, seed=7, **values):
    """The same, all blocks together, as data frames."""
    return frames(blocks(kind, seed, **values))


def changed(tables, table, column, row, value):
    """The tables with one value changed."""
    rows = tables[table]
    values = rows[column].to_pylist()
    values[row] = value
    place = rows.schema.get_field_index(column)
    field = rows.schema.field(place)
    return tables | {table: rows.set_column(place, field, pa.array(values, field.type))}
