"""What is written by hand keeps up with what is found."""

import subprocess
import sys
from pathlib import Path

import pytest

from simgen.core import data_folder
from simgen.pipeline.catalogue import scenario_names

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", scenario_names())
def test_the_readme_names_each_scenario(name):
    """Who reads the README knows what there is."""
    assert f"`{name}`" in (ROOT / "README.md").read_text()


@pytest.mark.parametrize(
    "path",
    sorted((data_folder("configs") / "reference").glob("*.yaml")),
    ids=lambda path: path.stem,
)
def test_the_changelog_names_each_reference(path):
    """What was added is told."""
    assert f"`{path.stem}`" in (ROOT / "CHANGELOG.md").read_text()


def test_each_asset_has_a_row_with_its_source_and_licence():
    """Names in the first column: a file, several in one folder, or a pattern."""
    assets, named = ROOT / "assets", set()
    for line in (assets / "README.md").read_text().splitlines():
        if line.startswith("| ") and not line.startswith("| file"):
            first, *others = line.split("|")[1].strip().split(", ")
            folder = Path(first).parent
            named |= {
                path
                for name in (first, *(folder / one for one in others))
                for path in assets.glob(str(name))
            }

    files = {path for path in assets.rglob("*") if path.is_file()} - {assets / "README.md"}
    assert not files - named


def test_the_documentation_builds():
    """Every page is written, and no link is dead."""
    done = subprocess.run(
        [sys.executable, ROOT / "docs" / "build.py"], capture_output=True, text=True, check=True
    )

    index = Path(done.stdout.strip())
    names = {path.stem for path in index.parent.glob("*.html")}
    assert names >= {f"scenario-{name.replace('/', '-')}" for name in scenario_names()}
