"""Cells, stations and lines in pictures: every chapter shows something, and says what."""

import re

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from toys.worlds import blocks

from simgen.core import Source
from simgen.domains.industrial import DOMAIN, CompressorStation, MillingCell, PackagingLine

TOLD = {
    CompressorStation: ("compressor_station", {"Station", "Compressor", "filter: share alive"}),
    MillingCell: ("milling_cell", {"flank wear", "end mill: share in use", "coolant"}),
    PackagingLine: ("packaging_line", {"A jam of the", "products a day", "Machine"}),
}


def source(kind):
    """The small data set of a scenario class, as an illustration asks it."""
    parts, connection = blocks(kind), duckdb.connect()
    for name in parts[0]:
        rows = pa.concat_tables(part[name] for part in parts).unify_dictionaries()
        connection.register(name, rows)
    return Source(
        parameters={"start_date": "2024-01-01", "n_days": kind.small["n_days"]},
        ask=lambda sql: connection.sql(sql).to_arrow_table(),
        read=lambda _path: b"",
        choices={},
    )


@pytest.mark.parametrize("kind", TOLD, ids=lambda kind: kind.__name__)
def test_a_data_set_is_shown(kind):
    """Each chapter has plots of finite curves or of bars, and words with numbers beside them."""
    name, told = TOLD[kind]
    shown = {"it": source(kind)}
    plots = [plot for one in DOMAIN.illustrations[name] for plot in one.plot(shown)]

    assert all(one.plot(shown) for one in DOMAIN.illustrations[name])
    titles = " | ".join(plot.title for plot in plots)
    assert all(one in titles for one in told), titles
    assert all(re.search(r"\d", plot.alt) for plot in plots)
    assert all(plot.curves or plot.bars for plot in plots)
    assert all(np.isfinite(curve.x).all() for plot in plots for curve in plot.curves)


def test_a_jam_is_shown_with_those_who_wait():
    """Bars stay within the window that is shown, and the jammed machine's begins at 0."""
    chapter = DOMAIN.illustrations["packaging_line"][0]
    (plot,) = chapter.plot({"it": source(PackagingLine)})
    bars = {one.name: one for one in plot.bars}

    assert {"jam", "blocked"} <= set(bars) or {"jam", "starved"} <= set(bars)
    assert np.isclose(bars["jam"].start, 0.0, atol=1e-6).any()
    low, high = plot.x_range
    assert all((one.start >= low).all() and (one.stop <= high).all() for one in plot.bars)
    assert all((one.stop >= one.start).all() for one in plot.bars)
