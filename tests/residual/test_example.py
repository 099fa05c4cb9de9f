"""The example of a newcomer's simulator."""

import runpy
from pathlib import Path

import pytest

from simgen.core import Streams

EXAMPLE = Path(__file__).parents[2] / "examples" / "crash_occupants.py"


@pytest.fixture(scope="module")
def example():
    """What the example defines."""
    return runpy.run_path(str(EXAMPLE))


def test_simulated_rows_have_the_declared_shape_and_obey_the_rules(example):
    """What a newcomer writes fits what he declares, with rare rows among them."""
    rows, shape = example["simulate"](5_000, Streams(1)), example["SHAPE"]
    shape.check(rows, "simulated")
    shape.free(rows)
    assert all(obeys.all() for obeys in shape.obeys(rows).values())
    assert 0 < rows.columns["dead"].mean() < 0.1


def test_the_example_says_when_there_is_nothing_to_compare_with(
    example, monkeypatch, capsys, tmp_path
):
    """Without the reference it names the file and the remedy, and ends well."""
    monkeypatch.setenv("SIMGEN_REFERENCE", str(tmp_path))
    example["main"]()
    assert "Skipped" in capsys.readouterr().out
