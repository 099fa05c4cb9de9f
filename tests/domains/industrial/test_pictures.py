"""Data sets and reviews in pictures: what is shown, and that nothing tells what is real."""

import re
from threading import Thread

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from toys.worlds import joined, tables_of

from simgen.core import Source, Streams, build, plain
from simgen.domains.industrial import DOMAIN, DiskFleet, GearboxLine, HydraulicPress, PumpRig
from simgen.domains.industrial.examples import disk_month, window
from simgen.domains.industrial.pictures import OF_REFERENCES
from simgen.pipeline.memory import simulate_in_memory
from simgen.pipeline.references import ENVIRONMENT, find_references, load_reference
from simgen.pipeline.review import review

SHOWN = {
    "disk_fleet": (DiskFleet, {"n_days": 500}, {"reallocated sectors", "ST4000DM000: share alive"}),
    "gearbox_line": (GearboxLine, {}, {"Gearbox", "Work, it", "gears: share alive"}),
    "hydraulic_press": (HydraulicPress, {}, {"Press", "ripple", "cooler: share alive"}),
    "pump_rig": (PumpRig, {}, {"leak: flow", "leak: acceleration"}),
}


def source(about):
    """A small data set, as an illustration asks it."""
    connection = duckdb.connect()
    for name, rows in joined(tables_of(about)).items():
        connection.register(name, rows)
    return Source(
        parameters=plain(about),
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


def test_disks_that_are_not_drawn_are_counted():
    """A title that says no number would pass twelve lines off for all."""
    shown = source(build(DiskFleet, DiskFleet.small | {"n_days": 500}))
    n_failed = shown.ask("SELECT count(*) AS n FROM disks WHERE removal = 'failure'")["n"][0]
    plots = DOMAIN.illustrations["disk_fleet"][0].plot({"it": shown})

    assert n_failed.as_py() > 12
    assert {plot.title.partition(", ")[2] for plot in plots} == {f"12 of {n_failed} failed disks"}


@pytest.mark.parametrize("view", OF_REFERENCES)
def test_a_review_shows_columns_of_both_sides(view):
    """What a picture draws and by what it tells examples apart is in the reference's SQL."""
    samples = [
        sample
        for name in find_references()
        for sample in load_reference(name).samples
        if sample.view == view
    ]
    needed = {*OF_REFERENCES[view].key, *OF_REFERENCES[view].columns}

    assert samples
    for sample in samples:
        for sql in (sample.real, DOMAIN.view(view)):
            assert all(re.search(rf"\b{column}\b", sql) for column in needed)


def test_a_window_shows_the_order_of_what_strikes():
    """The highest line of its envelope stands at the strikes' share of the axis."""
    rate, speed, order = 12_000.0, 1_800.0, 5.4
    seconds = np.arange(4_096) / rate
    since = np.mod(seconds, 60.0 / (speed * order))
    samples = np.exp(-800.0 * since) * np.sin(2.0 * np.pi * 3_000.0 * since)
    rows = pa.table({"acceleration": [samples], "sample_rate": [rate], "speed": [speed]})
    lanes = re.findall(r'polyline points="([^"]*)"', window(rows, rows))
    points = np.array([point.split(",") for point in lanes[1].split()], float)
    highest = points[points[:, 1].argmin(), 0]

    shown = (highest - 12.0) / (468.0 - 12.0) * (16.0 - 0.3) + 0.3
    assert min(abs(shown - order), abs(shown - 2.0 * order)) < 0.15


def test_a_disk_shows_what_it_counted_then_and_now():
    """A ring and a dot apart where a count rose, on one place where it did not."""
    row = dict.fromkeys(OF_REFERENCES["backblaze"].columns, 0) | {
        "model": "ST4000DM000",
        "age": 720.0,
        "reallocated_before": 8,
        "reallocated_rise": 8,
        "pending_before": 3,
        "pending": 3,
    }
    rows = pa.table({name: [value] for name, value in row.items()})
    drawn = disk_month(rows, rows)
    circles = re.findall(r'<circle cx="([\d.]+)"', drawn)

    assert "remapped sectors: 8, then 16" in drawn
    assert float(circles[0]) < float(circles[1])
    assert circles[2] == circles[3]


@pytest.fixture
def counted(tmp_path, monkeypatch):
    """A file like Backblaze's: forty sound disks for three years, of which every second counts."""
    disks = np.arange(40)
    file = tmp_path / "industrial" / "backblaze_disk_failures.parquet"
    file.parent.mkdir()
    rows = {
        "serial_number": [f"S{disk}" for disk in disks],
        "model": ["ST4000DM000"] * 40,
        "tstart": [0] * 40,
        "tstop": [26_280] * 40,
        "fails": (disks < 4).astype(int),
    }
    counts = {f"smart_{number}": [0] * 40 for number in (12, 187, 188, 189, 197)}
    pq.write_table(pa.table({**rows, **counts, "smart_5": 8 * (disks % 2)}), file)
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path))


@pytest.mark.usefixtures("counted")
def test_a_review_leaves_out_what_shows_nothing(tmp_path):
    """Rows without the key of an example are never drawn, on neither side."""
    world = simulate_in_memory(build(DiskFleet, DiskFleet.small), Streams(3))
    examples = []

    def look(server):
        examples.extend(server.examples)
        Thread(target=server.shutdown).start()

    review(world, "backblaze", out=tmp_path / "review", n=12, opened=look)
    assert sum(one.is_real for one in examples) == 6
    assert all(re.search(r"(sectors|reads): (\d+, then )?[1-9]", one.picture) for one in examples)
