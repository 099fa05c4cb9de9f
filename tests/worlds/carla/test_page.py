"""docs/carla-without-a-gpu.md keeps its word."""

import re
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from simgen.testing import carla_server as carla_server
from simgen.worlds.carla.compatibility import tables

PAGE = (Path(__file__).parents[3] / "docs" / "carla-without-a-gpu.md").read_text(encoding="utf-8")


def test_the_table_is_that_of_the_code():
    """`python docs/carla_table.py` writes it."""
    assert tables() in PAGE


@pytest.mark.skipif(find_spec("carla") is None, reason="the carla wheel is missing")
def test_the_example_runs(carla_server, run_command):
    """The program on the page prints points and a speed, against a server of this test."""
    program = re.search(r"```python\n(import queue.*?)```", PAGE, re.DOTALL)[1]
    program = program.replace("2000", str(carla_server.port)).replace("8000", "8076")
    leave = "import os, sys; sys.stdout.flush(); os._exit(0)"

    told = run_command([sys.executable, "-c", f"{program}\n{leave}"], patience=60.0, attempts=3)

    n_points, speed = told.split()[-2:]
    assert int(n_points) > 1000
    assert float(speed) > 0.0
