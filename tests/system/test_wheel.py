"""The built wheel works where there is no checkout."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from simgen.pipeline.catalogue import load_scenario, scenario_names

CHECKOUT = Path(__file__).parents[2]
DATA = ("scenarios", "configs", "assets")  # folders that ship beside the code
QUICK = ("industrial/disk_fleet",)  # whose kernels compile in seconds


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The wheel, built and unpacked into a folder that stands before the checkout."""
    place = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", place / "dist"]
    subprocess.run([*build, CHECKOUT], check=True, capture_output=True)
    (wheel,) = (place / "dist").glob("*.whl")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, "--target", place / "site", wheel], check=True, capture_output=True)
    return place / "site"


def ours(site):
    """Every file that should ship, and where it should be."""
    places = {"simgen": site / "simgen"} | {name: site / "simgen/_data" / name for name in DATA}
    for name, place in places.items():
        for path in (CHECKOUT / name).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path, place / path.relative_to(CHECKOUT / name)


def run(site, place, *command):
    environment = {**os.environ, "PYTHONPATH": str(site)}
    done = subprocess.run(
        [sys.executable, *command],
        check=False,
        cwd=place,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def small(name):
    """The overrides that make the scenario small, as the command line takes them."""

    def leaves(values, prefix):
        for key, value in values.items():
            if isinstance(value, dict):
                yield from leaves(value, f"{prefix}{key}.")
            else:
                yield f"{prefix}{key}={json.dumps(value)}"

    return list(leaves(type(load_scenario(name)).small, "scenario."))


def test_the_checkout_is_not_used(installed, tmp_path):
    """Otherwise the tests below would test the wrong thing."""
    where = "import simgen.core as c; print(c.__file__, c.data_folder('scenarios'))"
    code, scenarios = run(installed, tmp_path, "-c", where).split()

    assert Path(code).is_relative_to(installed)
    assert Path(scenarios).is_relative_to(installed)


def test_brings_all_that_the_checkout_holds(installed):
    """Code and data are those of the checkout, file by file."""
    missing = [
        path.relative_to(CHECKOUT)
        for path, copy in ours(installed)
        if not copy.is_file() or copy.read_bytes() != path.read_bytes()
    ]

    assert missing == []


@pytest.mark.parametrize(
    "name",
    # All of a scenario's kernels are compiled anew; where files are the same one scenario tells
    # whether they are found.
    [
        name if name in QUICK else pytest.param(name, marks=pytest.mark.slow)
        for name in scenario_names()
    ],
)
def test_generates_in_an_empty_folder(installed, tmp_path, name):
    """Scenario, configuration and assets come with the wheel."""
    command = (installed / "bin" / "simgen", "generate", f"scenario={name}", "out=data")
    run(installed, tmp_path, *command, *small(name), "quiet=true", "difficulty=false")

    manifest = json.loads((tmp_path / "data" / "manifest.json").read_text())
    assert manifest["scenario"]["name"] == name
    assert sum(part["rows"] for table in manifest["tables"].values() for part in table["parts"])


def test_lists_what_it_brings(installed, tmp_path):
    """Every scenario of the checkout is in the wheel."""
    shown = run(installed, tmp_path, installed / "bin" / "simgen", "list")

    assert all(name in shown for name in scenario_names())
