"""Rows made in a process of its own, and kept."""

import dataclasses
import shutil

import numpy as np
import pytest

from benchmarks.residuals.making import make
from benchmarks.residuals.methods import METHODS
from benchmarks.residuals.references import REFERENCES
from simgen.core import RunError, Streams

pytestmark = pytest.mark.slow

REFERENCE = REFERENCES["crash_occupants"]
RAW = next(method for method in METHODS if method.name == "identity")


@pytest.fixture(scope="module")
def train():
    """Stand-ins for real rows: simulated with a seed of their own."""
    return REFERENCE.example.simulate(2_000, Streams(9))


def made(train, folder, **changed):
    wanted = {"n_rows": 500, "seed": 1} | changed
    return make(RAW, REFERENCE, train, folder=folder, **wanted)


@pytest.fixture(scope="module")
def first(train, tmp_path_factory):
    """Rows, and the folder in which they are kept."""
    folder = tmp_path_factory.mktemp("first")
    return made(train, folder), folder


def test_a_method_makes_as_many_rows_as_asked_and_says_what_it_took(train, first):
    """Times, memory beyond that of imports, and versions; nothing of the real rows stays."""
    found, folder = first

    assert found.rows.n_rows == 500
    assert set(found.rows.columns) == set(train.columns)
    report = found.report
    assert report["real_rows"] == train.n_rows
    assert report["fit_time"]["wall"] > 0
    assert report["sampling_time"]["cpu"] > 0
    assert 0 < report["imports_memory"] < report["peak_memory"]
    assert "numpy" in report["versions"]
    assert not (folder / "train.parquet").exists()


def test_rows_are_made_once_and_again_when_something_changes(train, first, tmp_path):
    """The same job finds its rows; another seed or other real rows make new ones."""
    once, kept = first
    folder = shutil.copytree(kept, tmp_path / "rows")
    at = (folder / "rows.parquet").stat().st_mtime_ns
    assert made(train, folder).key == once.key
    assert (folder / "rows.parquet").stat().st_mtime_ns == at

    other = made(train, folder, seed=2)
    assert other.key != once.key
    assert not np.array_equal(other.rows.columns["age"], once.rows.columns["age"])
    fewer = made(train.take(np.arange(1_500)), folder, seed=2)
    assert fewer.key != other.key
    assert fewer.report["real_rows"] == 1_500


def test_a_method_that_fails_says_its_last_words(train, tmp_path):
    """Its name, the job, and what it complained of; nothing is kept."""
    broken = dataclasses.replace(RAW, about={"residual": "nothing", "parameters": {}})

    with pytest.raises(RunError, match=r"(?s)identity failed on .*job.json.*nothing"):
        make(broken, REFERENCE, train, n_rows=500, seed=1, folder=tmp_path)
    assert not (tmp_path / "key.txt").exists()
