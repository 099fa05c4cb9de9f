"""docs/recording-from-carla.md keeps its word."""

import re
import shlex
import subprocess
import sys
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from simgen.storage.reader import Dataset
from simgen.testing import running_carla_server

ROOT = Path(__file__).parents[4]
PAGE = (ROOT / "docs" / "recording-from-carla.md").read_text(encoding="utf-8")
SHORT = ["scenario.duration=2.0", "scenario.step_time=0.25", "scenario.n_vehicles=2", "quiet=true"]
needs_carla = pytest.mark.skipif(find_spec("carla") is None, reason="the carla wheel is missing")


def test_the_table_is_that_of_the_code():
    """`python docs/bridge_table.py` writes it."""
    spec = spec_from_file_location("bridge_table", ROOT / "docs" / "bridge_table.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)

    assert module.table() in PAGE


def test_the_tests_that_it_names_are_there():
    """Each row of the table says by which test it is held."""
    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py"))
    names = set(re.findall(r"`(test_\w+)`", PAGE))

    assert len(names) > 10
    assert [name for name in names if f"def {name}(" not in tests] == []


@needs_carla
@pytest.mark.slow
def test_the_commands_run(tmp_path):
    """With a server of their own, and with one that runs already; the data sets are the same."""
    commands = re.findall(r"^simgen generate .*$", PAGE, re.MULTILINE)
    with running_carla_server("--map", "highway") as server:
        for command in commands:
            words = shlex.split(command.replace("port=2000", f"port={server.port}"))[1:]
            program = "from simgen.cli import main; raise SystemExit(main())"
            subprocess.run(
                [sys.executable, "-c", program, *words, *SHORT],
                check=True, cwd=tmp_path, timeout=120.0,
            )  # fmt: skip
    first, second = (Dataset(tmp_path / "data" / name) for name in ("cut_in_carla", "cut_in_real"))

    assert first.manifest["tables"] == second.manifest["tables"]


@needs_carla
def test_the_program_runs():
    """It prints how fast the car has become."""
    (program,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    with running_carla_server("--map", "parking") as server:
        done = subprocess.run(
            [sys.executable, "-c", program.replace("port=2000", f"port={server.port}")],
            check=True, capture_output=True, text=True, timeout=60.0,
        )  # fmt: skip

    assert float(done.stdout.strip("[] \n").split()[0]) > 0.5
