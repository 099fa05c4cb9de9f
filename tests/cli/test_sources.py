"""Hydra finds scenarios, residuals and formats, and nobody pays for those not asked for."""

import json
import subprocess
import sys

import pytest
import yaml
from hydra.core.object_type import ObjectType

from simgen.cli.sources import CommandSource
from simgen.core import plain
from simgen.residual import find_residuals

DOMAINS = """
import sys
from simgen.cli import main
main(sys.argv[1:])
print("imported", *sorted({name.split(".")[2] for name in sys.modules if name.count(".") == 2
      and name.startswith("simgen.domains.")}))
"""


@pytest.mark.parametrize(
    ("arguments", "domains"),
    [(["--help"], []), (["scenario=fraud/retail_bank", "--cfg", "job"], ["fraud"])],
)
def test_only_the_domain_that_is_asked_for_is_imported(arguments, domains):
    """A help text needs none, a scenario its own: to import all of them takes seconds."""
    code = [sys.executable, "-c", DOMAINS, "generate", *arguments]
    done = subprocess.run(code, capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1].split() == ["imported", *domains]


@pytest.fixture
def source(coins):
    return CommandSource("schema", "simgen://generate")


@pytest.mark.parametrize(
    ("path", "kind", "below"),
    [
        ("", None, ["residual", "scenario", "schema"]),
        ("scenario", ObjectType.GROUP, ["coins", "driving", "fraud", "industrial"]),
        ("scenario", ObjectType.CONFIG, []),
        ("scenario/fraud", ObjectType.CONFIG, ["retail_bank"]),
        ("scenario/fraud", ObjectType.GROUP, []),
        ("residual", None, ["fitted"]),
        ("executor", None, []),
    ],
)
def test_a_source_lists_what_lies_below(source, path, kind, below):
    """Folders and configurations apart."""
    assert source.list(path, kind) == below


@pytest.mark.parametrize(
    ("path", "is_config", "is_group"),
    [
        ("scenario/fraud/retail_bank", True, False),
        ("scenario/fraud", False, True),
        ("scenario", False, True),
        ("schema/fraud", True, False),
        ("schema/fraude", False, False),
        ("residual/transport", False, False),
        ("executor/serial", False, False),
    ],
)
def test_a_source_knows_its_own_alone(source, path, is_config, is_group):
    """What it does not have is looked for elsewhere."""
    assert (source.is_config(path), source.is_group(path)) == (is_config, is_group)


def test_the_users_own_file_goes_before_one_of_ours(simgen, tmp_path):
    """A copy of a scenario, changed in a folder of the user's own, is what is simulated."""
    own = tmp_path / "mine" / "scenario" / "coins" / "fair.yaml"
    own.parent.mkdir(parents=True)
    own.write_text("defaults: [/schema/purse, _self_]\nn_flips: 7\n")
    request = ("--config-dir", "mine", "scenario=coins/fair", "out=data", "difficulty=false")
    assert simgen("generate", *request, "quiet=true")[0] == 0

    made = json.loads((tmp_path / "data" / "manifest.json").read_text())
    assert made["scenario"]["parameters"]["n_flips"] == 7


def test_a_search_path_of_the_users_own_hides_nothing(simgen, tmp_path):
    """hydra.searchpath adds folders, as everywhere; ours stay."""
    own = tmp_path / "more" / "scenario" / "old.yaml"
    own.parent.mkdir(parents=True)
    own.write_text("defaults: [coins/worn, _self_]\nn_flips: 33\n")
    request = (f"hydra.searchpath=[file://{tmp_path}/more]", "--cfg", "job")
    code, out, _ = simgen("generate", "scenario=old", *request)

    assert code == 0
    assert yaml.safe_load(out)["scenario"]["n_flips"] == 33


def test_help_of_a_fit_imports_no_scikit_learn():
    """One residual needs it, which takes a second; a help text only names them all."""
    script = "import sys; from simgen.cli import main; main(['fit', '--help'])\n"
    told = "print('imported', 'sklearn' in sys.modules)"
    code = [sys.executable, "-c", script + told]
    done = subprocess.run(code, capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "imported False"


def test_every_residual_is_found_by_its_file():
    """The command line reads the names of files, and offers what the package has."""
    source = CommandSource("schema", "simgen://fit")

    assert source.list("residual", ObjectType.CONFIG) == list(find_residuals())
    for name, kind in find_residuals().items():
        settings = source.load_config(f"residual/{name}").config
        assert sorted(settings) == sorted(plain(kind()))
