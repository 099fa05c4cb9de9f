"""Cells, stations and lines in pictures: every chapter shows something, and says what."""

import re

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from toys.worlds import blocks

from simgen.core import Source, build, plain
from simgen.domains.industrial import DOMAIN, CompressorStation, MillingCell, PackagingLine
from simgen.domains.industrial.motors.signals import MotorSignals

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
        parameters=plain(build(kind, kind.small)),
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


def days(*values):
    return np.datetime64("2024-01-01", "us") + (np.array(values) * 86.4e9).astype("m8[us]")


def site(n):
    """A site of n machines, of which the second alone has a defect, and is worked on.

    It is read for a day, not for ten, once, not for a day, and for a day again.
    """
    at = days(*np.arange(0.0, 1.0, 0.125), 11.0, *np.arange(12.5, 13.5, 0.125))
    readings = dict.fromkeys(("vibration", "temperature", "flow", "power"), np.ones(len(at)))
    taken = days(0.0, 0.5, 1.5, 9.0, 9.5)
    tables = {
        "windows": {"at": taken, "machine_id": [2] * 5}
        | dict.fromkeys(MotorSignals.quantities, np.ones(5)),
        "telemetry": {"at": at, "machine_id": [2] * len(at), **readings},
        "events": {
            "kind": ["seal_leak"],
            "entity_id": [2],
            "onset_at": days(0.5),
            "ended_at": days(11.0),
            "lookalike_of": [""],
        },
        "failures": {"machine_id": [2], "at": days(1.0)},
        "machines": {"machine_id": range(1, n + 1)},
        "work_orders": {
            "machine_id": [2, 2],
            "kind": ["inspection", "replacement"],
            "opened_at": days(0.5, 1.0),
            "cancelled_at": [*days(1.0), None],
            "started_at": [None, *days(10.0)],
            "finished_at": [None, *days(11.0)],
        },
    }
    connection = duckdb.connect()
    for name, columns in tables.items():
        connection.register(name, pa.table(columns))
    return Source(
        parameters={
            "start_date": "2024-01-01",
            "n_days": 20,
            "watching": {"window_interval": 12.0},
        },
        ask=lambda sql: connection.sql(sql).to_arrow_table(),
        read=lambda _path: b"",
        choices={},
    )


def test_no_line_is_drawn_where_nothing_was_read():
    """It breaks between two medians with an empty quarter of a day between them."""
    plots = DOMAIN.illustrations["pump_station"][0].plot({"it": site(2)})

    assert len(plots) == 4
    for plot in plots:
        (curve,) = plot.curves
        read = np.isfinite(curve.y)
        assert read.tolist() == [*[True] * 4, False, True, False, *[True] * 4]
        np.testing.assert_allclose(
            curve.x[read], [0.125, 0.375, 0.625, 0.875, 11.125, 12.625, 12.875, 13.125, 13.375]
        )


def test_a_line_breaks_where_windows_are_missing():
    """One may be late; between more, the machine stood."""
    plots = DOMAIN.illustrations["motor_fleet"][1].plot({"it": site(2)})

    assert len(plots) == len(MotorSignals.quantities)
    for plot in plots:
        (curve,) = plot.curves
        assert np.isfinite(curve.y).tolist() == [True, True, True, False, True, True]


@pytest.mark.parametrize(
    ("n", "title", "alt"),
    [
        (24, "Work, it", "Work on 24 pumps, it: 2 orders"),
        (36, "Work, it: the first 24 of 36 pumps", "Work on the first 24 of 36 pumps, it: 2"),
    ],
)
def test_machines_that_are_not_drawn_are_counted(n, title, alt):
    """A chart of some of them says so."""
    (plot,) = DOMAIN.illustrations["pump_station"][1].plot({"it": site(n)})

    assert len(plot.rows) == 24
    assert plot.title == title
    assert plot.alt.startswith(alt)


def test_an_order_that_was_cancelled_waits_no_longer():
    """Its bar ends when the machine failed, and not with the records."""
    (plot,) = DOMAIN.illustrations["pump_station"][1].plot({"it": site(2)})
    waits = next(bars for bars in plot.bars if bars.name == "waits")

    np.testing.assert_allclose(waits.start, [0.5, 1.0])
    np.testing.assert_allclose(waits.stop, [1.0, 10.0])


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
