"""Hydra composes what the pipeline is called with."""

import dataclasses
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from simgen.cli.schemas import COMMANDS

QUICK = ("difficulty=false", "quiet=true")


def manifest(folder):
    return json.loads((folder / "manifest.json").read_text())


def test_generate_writes_what_was_asked_for(simgen, tmp_path):
    """Scenario, parameters, seed and folder reach the data set, and nothing else is left."""
    request = ("scenario=coins/worn", "seed=7", "out=data/purse", "scenario.wear.rate=0.5")
    assert simgen("generate", *request, *QUICK)[0] == 0
    made = manifest(tmp_path / "data" / "purse")

    assert made["scenario"]["name"] == "coins/worn"
    assert made["scenario"]["parameters"]["wear"] == {
        "rate": 0.5,
        "years": [30, 50],
        "tilt": 0.25,
        "metal": "gold",
    }
    assert made["seed"] == 7
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_the_folder_is_named_after_the_scenario(simgen, tmp_path):
    """Without `out`, a run has a place of its own below data/."""
    assert simgen("generate", "scenario=coins/fair", *QUICK)[0] == 0

    assert manifest(tmp_path / "data" / "coins_fair")["scenario"]["name"] == "coins/fair"


def test_workers_change_nothing(simgen, tmp_path):
    """The executor is no part of what is made."""
    workers = ("executor=processes", "executor.n_workers=2")
    assert simgen("generate", "scenario=coins/fair", "out=one", *QUICK)[0] == 0
    assert simgen("generate", "scenario=coins/fair", "out=two", *QUICK, *workers)[0] == 0

    one, two = manifest(tmp_path / "one"), manifest(tmp_path / "two")
    assert one["tables"] == two["tables"]


def test_each_job_of_a_sweep_has_its_own_folder(simgen, tmp_path):
    """They are numbered below multirun/, and say on one line what they do."""
    code, _, err = simgen(
        "generate", "-m", "scenario=coins/fair,coins/worn", "seed=1,2", "difficulty=false"
    )
    jobs = sorted(path.parent for path in tmp_path.glob("multirun/*/*/*/manifest.json"))

    assert code == 0
    assert [job.name for job in jobs] == ["0", "1", "2", "3"]
    assert [(manifest(job)["scenario"]["name"], manifest(job)["seed"]) for job in jobs] == [
        ("coins/fair", 1),
        ("coins/fair", 2),
        ("coins/worn", 1),
        ("coins/worn", 2),
    ]
    assert "job 2: scenario=coins/worn seed=1" in err


@pytest.mark.parametrize(
    ("pattern", "jobs"),
    [
        ("executor=glob(s*)", ["executor=serial"]),
        ("scenario=glob(o*)", ["scenario=old"]),
        ("scenario.wear.rate=range(0,1,0.5)", ["scenario.wear.rate=0.0", "scenario.wear.rate=0.5"]),
    ],
)
def test_a_sweep_takes_patterns_and_ranges(simgen, tmp_path, pattern, jobs):
    """Patterns choose among our options and the user's own; nothing that they match is refused."""
    own = tmp_path / "mine" / "scenario" / "old.yaml"
    own.parent.mkdir(parents=True)
    own.write_text("defaults: [coins/worn, _self_]\n")
    request = ("--config-dir", "mine", "-m", "difficulty=false", "scenario=coins/worn")
    _, _, err = simgen("generate", *request, pattern)

    assert [line.split()[-1] for line in err.splitlines() if line.startswith("job ")] == jobs


def test_a_users_own_scenario_is_found(simgen, tmp_path):
    """It lies in scenario/ below --config-dir and may inherit one of ours."""
    own = tmp_path / "mine" / "scenario" / "old.yaml"
    own.parent.mkdir(parents=True)
    own.write_text("defaults: [coins/worn, _self_]\nn_flips: 33\n")
    request = ("--config-dir", "mine", "scenario=old", "out=data")
    assert simgen("generate", *request, *QUICK)[0] == 0

    made = manifest(tmp_path / "data")["scenario"]["parameters"]
    assert (made["n_flips"], made["wear"]["years"]) == (33, [30, 50])


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("n_flips: 33\n", "the scenario's file must begin with defaults: [/schema/NAME, _self_]"),
        ("defaults: [/schema/purs, _self_]\n", "unknown schema 'purs': did you mean purse?"),
        (
            "defaults: [coins/worn, _self_]\nn_flip: 3\n",
            "unknown parameter scenario.n_flip: did you mean n_flips?",
        ),
    ],
)
def test_a_users_wrong_scenario_is_refused(simgen, tmp_path, text, line):
    """Files of the user's own are checked like ours."""
    own = tmp_path / "mine" / "scenario" / "old.yaml"
    own.parent.mkdir(parents=True)
    own.write_text(text)

    request = ("--config-dir", "mine", "scenario=old")
    assert simgen("generate", *request) == (2, "", f"simgen: {line}\n")


def test_cfg_job_prints_the_whole_configuration(simgen):
    """Every parameter is there, with its value."""
    code, out, _ = simgen("generate", "scenario=coins/worn", "--cfg", "job")
    shown = yaml.safe_load(out)

    assert code == 0
    assert shown["scenario"]["wear"]["years"] == [30, 50]
    assert shown["seed"] == 0


@pytest.mark.parametrize(
    "command", ["generate", "fit", "evaluate", "search", "review", "export", "portray"]
)
@pytest.mark.parametrize("option", ["--help", "--hydra-help"])
def test_help_is_given(simgen, command, option):
    """Also before a scenario has been chosen."""
    code, out, err = simgen(command, option)

    assert (code, err) == (0, "")
    assert f"simgen {command}" in out or "Hydra" in out


@pytest.mark.parametrize("command", COMMANDS)
def test_help_explains_every_value(simgen, command):
    """Name, value and meaning of each stand on a line."""
    lines = [line.split(maxsplit=2) for line in simgen(command, "--help")[1].splitlines()]
    explained = {words[0] for words in lines if len(words) == 3}

    assert explained >= {entry.name for entry in dataclasses.fields(COMMANDS[command])}


def test_help_names_what_the_command_takes_and_nothing_else(simgen):
    """Values with their meaning, and what may be chosen."""
    lines = [" ".join(line.split()) for line in simgen("export", "--help")[1].splitlines()]

    assert lines[0] == "simgen export: write a data set in a format that others read."
    assert "dataset ??? the folder that simgen generate wrote" in lines
    assert "format coco, kitti, nuscenes, yolo" in lines
    assert not [line for line in lines if line.startswith(("reference", "gate", "executor"))]


def test_help_offers_the_users_own(simgen, tmp_path):
    """What lies below --config-dir may be chosen as well."""
    own = tmp_path / "mine" / "gate" / "strict.yaml"
    own.parent.mkdir(parents=True)
    own.write_text("c2st: 0.6\n")

    out = simgen("evaluate", "--config-dir", "mine", "--help")[1]
    assert "default, strict" in out


@pytest.mark.parametrize(
    "arguments", [["list"], ["evaluate", "--help"], ["evaluate", "--cfg", "job"]]
)
def test_a_reader_who_leaves_is_no_error(arguments):
    """As `| head` does: nothing is said, and the exit code is 0."""
    program = Path(sys.executable).with_name("simgen")
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [program, *arguments], stdout=writing, stderr=subprocess.PIPE, check=False
    )
    os.close(writing)

    assert (done.returncode, done.stderr) == (0, b"")


def test_info_is_given():
    """Hydra tells where it looks."""
    program = Path(sys.executable).with_name("simgen")
    done = subprocess.run([program, "generate", "--info"], capture_output=True, check=True)

    assert b"Config search path" in done.stdout


def complete(simgen, monkeypatch, line):
    monkeypatch.setenv("COMP_LINE", line)
    code, out, err = simgen("-sc", "query=bash")
    assert (code, err) == (0, "")
    return out.split()


@pytest.mark.parametrize(
    ("line", "choices"),
    [
        ("simgen gen", ["generate"]),
        ("simgen show coins/f", ["coins/failing", "coins/fair"]),
        ("simgen generate scenario=coins/w", ["scenario=coins/worn"]),
        ("simgen generate sc", ["scenario="]),
        ("simgen portray data", ["dataset="]),
        ("simgen generate executor=", ["executor=processes", "executor=serial"]),
        ("simgen generate scenario=coins/worn scenario.wear.r", ["scenario.wear.rate="]),
    ],
)
def test_shells_are_told_what_may_follow(simgen, monkeypatch, line, choices):
    """Commands, scenarios, groups and parameters are completed."""
    assert complete(simgen, monkeypatch, line) == choices


def test_bash_completes_through_the_script_that_it_is_given(coins):
    """The script that `-sc install=bash` prints works in a shell."""
    program = Path(sys.executable).with_name("simgen")
    script = f'eval "$({program} -sc install=bash)"; COMP_LINE="simgen sh"; COMP_CWORD=1; '
    script += 'hydra_bash_completion; echo "${COMPREPLY[@]}"'
    path = f"{program.parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", script], env={"PATH": path}, capture_output=True, text=True, check=True
    )

    assert done.stdout == "show\n"


@pytest.mark.parametrize(("n_signals", "line"), [(1, "the same command resumes"), (2, "goes on")])
def test_an_interrupted_run_ends_with_1_and_says_how_to_go_on(simgen, n_signals, line):
    """The first signal ends it in good order, the second at once."""
    request = ("scenario=coins/interrupting", f"scenario.n_signals={n_signals}")
    code, _, err = simgen("generate", *request, *QUICK)

    assert (code, err.count("\n")) == (1, 1)
    assert line in err


def test_experiments_are_added_by_name(simgen, tmp_path):
    """An experiment of the user's own states a whole run."""
    own = tmp_path / "mine" / "experiment" / "old_purse.yaml"
    own.parent.mkdir(parents=True)
    text = "# @package _global_\ndefaults: [{override /scenario: coins/worn}]\nseed: 5\n"
    own.write_text(text + "scenario: {n_flips: 9}\n")
    request = ("--config-dir", "mine", "+experiment=old_purse", "out=data")
    assert simgen("generate", *request, *QUICK)[0] == 0

    made = manifest(tmp_path / "data")
    assert (made["seed"], made["scenario"]["parameters"]["n_flips"]) == (5, 9)


def test_the_module_is_the_command_line():
    """Where the script is not on the path."""
    done = subprocess.run(
        [sys.executable, "-m", "simgen", "--version"], capture_output=True, check=False
    )

    assert (done.returncode, done.stdout.split()[0]) == (0, b"simgen")


def test_the_card_of_a_users_own_scenario_tells_how_it_was_made(simgen, tmp_path):
    """By its name, with code and with a command line that make the same again."""
    own = tmp_path / "mine" / "scenario" / "old.yaml"
    own.parent.mkdir(parents=True)
    own.write_text("defaults: [coins/worn, _self_]\nn_flips: 33\n")
    request = ("--config-dir", "mine", "scenario=old", "out=data", "scenario.wear.rate=0.5")
    assert simgen("generate", *request, *QUICK)[0] == 0

    card = (tmp_path / "data" / "README.md").read_text()
    assert card.startswith("# old\n")
    assert "from toys.coins import Purse" in card
    program, command = (
        part.partition("```")[0] for part in re.split("```(?:python)?\n", card)[1::2][:2]
    )
    line = "simgen generate --config-dir=mine scenario=old scenario.wear.rate=0.5 difficulty=false"
    assert command == f"{line} out=here\n"
    exec(program.replace(", seed", ", quiet=True, difficulty=False, seed"), {})  # noqa: S102
    made = manifest(tmp_path / "data")["tables"]
    assert manifest(tmp_path / "here")["tables"] == made
    shutil.rmtree(tmp_path / "here")
    assert simgen(*shlex.split(command)[1:], "quiet=true")[0] == 0
    assert manifest(tmp_path / "here")["tables"] == made


def test_what_a_command_makes_is_named_after_the_folder_of_the_data(simgen, tmp_path):
    """Of a URI neither its password nor its options become the name of a file."""
    few = ("scenario=fraud/retail_bank", "scenario.n_customers=30")
    assert simgen("generate", *few, "out=bank", *QUICK)[0] == 0
    place = f"'file://{tmp_path}/bank?password=secret'"
    assert simgen("portray", f"dataset={place}", "quiet=true")[0] == 0

    assert simgen("portray", f"dataset=file://{tmp_path}/bank/", "quiet=true")[0] == 0

    assert [path.name for path in (tmp_path / "portraits").iterdir()] == ["bank"]
