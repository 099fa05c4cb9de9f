"""Data sets and reviews in pictures: what is shown, and that nothing tells what is real."""

import re

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from simgen.core import Source, Streams, build
from simgen.domains.industrial import DOMAIN, DiskFleet, GearboxLine, HydraulicPress, PumpRig
from simgen.domains.industrial.pictures import PICTURES, tracks
from simgen.pipeline.references import find_references, load_reference

SHOWN = {
    "disk_fleet": (DiskFleet, {"n_days": 500}, {"reallocated sectors", "ST4000DM000: share alive"}),
    "gearbox_line": (GearboxLine, {}, {"Gearbox", "Work, it", "gears: share alive"}),
    "hydraulic_press": (HydraulicPress, {}, {"Press", "ripple", "cooler: share alive"}),
    "pump_rig": (PumpRig, {}, {"leak: flow", "leak: acceleration"}),
}


def source(about):
    """A small data set, as an illustration asks it."""
    streams, batches = Streams(7), {table.name: [] for table in about.tables}
    shared = about.prepare(streams.child("shared"))
    for block in about.blocks():
        for name, rows in about.simulate(block, shared, streams.child("blocks")):
            batches[name].append(rows)
    connection = duckdb.connect()
    for table in about.tables:
        rows = pa.Table.from_batches(batches[table.name], table.schema).unify_dictionaries()
        connection.register(table.name, rows)
    parameters = {
        name: getattr(about, name) for name in ("start_date", "n_days") if hasattr(about, name)
    }
    return Source(
        parameters=parameters,
        ask=lambda sql: connection.sql(sql).to_arrow_table(),
        read=lambda _path: b"",
        choices={},
    )


@pytest.mark.parametrize("name", SHOWN)
def test_a_data_set_is_shown(name):
    """Every chapter has a plot, and each plot finite curves and words that say what is seen."""
    kind, values, told = SHOWN[name]
    shown = {"it": source(build(kind, kind.small | values))}
    plots = {one.title: one.plot(shown) for one in DOMAIN.illustrations[name]}

    assert all(plots.values()), {title: len(some) for title, some in plots.items()}
    every = [plot for some in plots.values() for plot in some]
    titles = " | ".join(plot.title for plot in every)
    assert all(one in titles for one in told), titles
    assert all(re.search(r"\d", plot.alt) for plot in every)
    assert all(np.isfinite(curve.x).all() for plot in every for curve in plot.curves)


@pytest.mark.parametrize("view", PICTURES)
def test_a_review_shows_columns_of_both_sides(view):
    """What a picture draws and by what it tells examples apart is in the reference's SQL."""
    samples = [
        sample
        for name in find_references()
        for sample in load_reference(name).samples
        if sample.view == view
    ]
    needed = {*PICTURES[view].key, *PICTURES[view].columns}

    assert samples
    for sample in samples:
        for sql in (sample.real, DOMAIN.view(view)):
            assert all(re.search(rf"\b{column}\b", sql) for column in needed)


def test_a_picture_does_not_tell_where_a_row_stands():
    """The same course at another time is the same picture; lanes are the same for all examples."""
    draw = tracks("hour", "hours", {"level": "level"})
    rows = pa.table({"hour": [5.0, 6.0, 7.0], "level": [1.0, 3.0, 2.0]})
    later = rows.set_column(0, "hour", pa.array([900.0, 901.0, 902.0]))
    others = pa.concat_tables([rows, pa.table({"hour": [0.0], "level": [9.0]})])

    assert draw(rows, others) == draw(later, others)
    assert draw(rows, others) != draw(rows, rows)
    assert "style" not in draw(rows, rows)
    assert draw(rows, rows).count("<circle") == 3


def test_a_lost_value_breaks_nothing():
    """It is left out of the line."""
    rows = pa.table({"hour": [1.0, 2.0, 3.0], "level": [1.0, None, 2.0]})

    assert tracks("hour", "hours", {"level": "level"})(rows, rows).count("<circle") == 2
