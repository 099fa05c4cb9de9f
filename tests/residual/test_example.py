"""The examples of a newcomer's simulators."""

import runpy
from pathlib import Path

import numpy as np
import pytest

from simgen.core import Streams

EXAMPLES = Path(__file__).parents[2] / "examples"


SCRIPTS = sorted(path.stem for path in EXAMPLES.glob("*.py"))


def defined(name):
    """What a script defines."""
    return runpy.run_path(str(EXAMPLES / f"{name}.py"))


@pytest.fixture(scope="module", params=SCRIPTS)
def example(request):
    """What the example defines."""
    return defined(request.param)


def test_simulated_rows_have_the_declared_shape_and_obey_the_rules(example):
    """What a newcomer writes fits what he declares, with rare rows among them."""
    rows, shape = example["simulate"](5_000, Streams(1)), example["SHAPE"]
    shape.check(rows, "simulated")
    shape.free(rows)
    assert all(obeys.all() for obeys in shape.obeys(rows).values())
    assert 0 < rows.columns[shape.label].mean() < 0.5


def test_free_numbers_lead_back_to_the_columns(example):
    """Inverses undo what forwards do, and derived columns follow."""
    rows, shape = example["simulate"](2_000, Streams(1)), example["SHAPE"]
    again = shape.restore(shape.free(rows).values, rows)
    for name in (*shape.names, *shape.derived):
        expected, found = rows.columns[name], again.columns[name]
        assert np.all(
            expected == found if expected.dtype.kind in "Ub" else abs(expected - found) < 1e-6
        )


@pytest.mark.parametrize("name", ["crash_occupants", "card_default"])
def test_the_example_says_when_there_is_nothing_to_compare_with(
    name, monkeypatch, capsys, tmp_path
):
    """Without the reference it names the file and the remedy, and ends well."""
    monkeypatch.setenv("SIMGEN_REFERENCE", str(tmp_path))
    defined(name)["main"]()
    assert "Skipped" in capsys.readouterr().out
