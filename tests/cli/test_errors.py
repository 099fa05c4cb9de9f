"""How a command ends that does not end well."""

import os
import re
import shlex
import signal
import subprocess
import sys

import pytest
from omegaconf import OmegaConf

from simgen.core import RunError
from simgen.storage.reader import Dataset

FAIR = "scenario=coins/fair"

REFUSED = {
    "unknown command": (["generat"], "unknown command 'generat': did you mean generate?"),
    "argument of list": (["list", "x"], "simgen list takes no argument, got ['x']"),
    "show without a name": (["show"], "simgen show takes the name of one scenario, got []"),
    "show of an unknown scenario": (
        ["show", "coins/fiar"],
        "unknown scenario 'coins/fiar': did you mean coins/fair?",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_command_ends_with_2_and_one_line(simgen, tmp_path, case):
    """The line is printed, nothing else is, and nothing is written."""
    arguments, line = REFUSED[case]

    assert simgen(*arguments) == (2, "", f"simgen: {line}\n")
    assert not list(tmp_path.iterdir())


def test_a_value_that_hydra_trips_over_is_no_bug_of_ours(simgen):
    """What Hydra's own code says of it stands in the one line."""
    code, out, err = simgen("generate", FAIR, "hydra.verbose=3")

    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("simgen: Hydra takes no such value (AssertionError")


def test_a_failed_run_ends_with_1_and_one_line(simgen):
    """A world that breaks its own rules is no fault of the request."""
    code, out, err = simgen("generate", FAIR, "scenario.lowest=-9", "quiet=true")

    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "No coin flies downward" in err


def test_a_dead_worker_ends_with_1_and_one_line(simgen):
    """It is said what may have killed it, and how to go on."""
    workers = ("executor=processes", "executor.n_workers=2")
    code, out, err = simgen("generate", "scenario=coins/crashing", *workers, "quiet=true")

    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "worker processes died" in err


def test_an_unwritable_folder_ends_with_2_and_one_line(simgen, tmp_path):
    """The folder is named."""
    (tmp_path / "file").touch()
    code, out, err = simgen("generate", FAIR, "out=file/data", "quiet=true")

    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "file/data" in err


def test_a_bug_ends_with_1_and_says_how_to_see_it(simgen, monkeypatch):
    """What nobody foresaw is called a bug, and its traceback can be had."""
    monkeypatch.setattr("simgen.pipeline.generate.card", None)
    code, _, err = simgen("generate", FAIR, "difficulty=false", "quiet=true")

    assert (code, err.count("\n")) == (1, 1)
    assert "a bug in simgen: SIMGEN_TRACEBACK=1 shows where" in err

    monkeypatch.setenv("SIMGEN_TRACEBACK", "1")
    with pytest.raises(TypeError):
        simgen("generate", FAIR, "difficulty=false", "quiet=true")


def test_a_defect_of_a_third_party_is_no_bug_of_ours(simgen, monkeypatch):
    """Scenario, block and package are named, and its traceback can be had."""
    code, _, err = simgen("generate", "scenario=coins/failing", "quiet=true")

    said = "block 2 of coins/failing: ZeroDivisionError: boom (a defect of toys: "
    assert (code, err) == (1, f"simgen: {said}SIMGEN_TRACEBACK=1 shows where)\n")

    monkeypatch.setenv("SIMGEN_TRACEBACK", "1")
    with pytest.raises(RunError) as failed:
        simgen("generate", "scenario=coins/failing", "quiet=true")
    assert isinstance(failed.value.__cause__, ZeroDivisionError)


def test_a_scenario_that_ends_the_program_does_not_end_the_command_well(simgen, monkeypatch):
    """Without data there is an error, whatever the code."""
    monkeypatch.setattr("toys.coin.Coin.prepare", lambda *_: sys.exit())
    code, out, err = simgen("generate", FAIR, "quiet=true")

    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "coins/fair ends the program, by sys.exit(None)" in err


def test_whatever_ends_the_program_does_not_end_the_command_well(simgen):
    """Not only where a scenario is simulated."""
    OmegaConf.register_new_resolver("leave", lambda: sys.exit(0))
    try:
        ended = simgen("evaluate", "synthetic=${leave:}")
    finally:
        OmegaConf.clear_resolver("leave")

    assert ended == (1, "", "simgen: sys.exit(0) ended the command before it was done\n")


def test_words_that_end_a_command_are_its_line(simgen, monkeypatch):
    """As Python does it: they are printed, and the code is 1."""
    monkeypatch.setattr("simgen.cli._tell", lambda *_: sys.exit("no catalogue"))

    assert simgen("list") == (1, "", "simgen: no catalogue\n")


def test_what_keeps_nothing_says_so_when_it_is_interrupted(simgen):
    """An evaluation begins anew; only what is resumed is said to go on."""
    OmegaConf.register_new_resolver("interrupt", lambda: signal.raise_signal(signal.SIGINT))
    try:
        ended = simgen("evaluate", "synthetic=${interrupt:}")
    finally:
        OmegaConf.clear_resolver("interrupt")

    assert ended == (1, "", "simgen: interrupted: the same command begins anew\n")


def test_a_sweep_stops_at_the_job_that_fails(simgen, tmp_path):
    """Its line is the last; jobs after it are not begun."""
    code, _, err = simgen("generate", "-m", FAIR, "scenario.n_flips=5,0,6", "difficulty=false")

    assert code == 2
    assert err.splitlines()[-1] == "simgen: n_flips = 0 is out of bounds: must be >= 1"
    assert "job 2" not in err
    assert len(list(tmp_path.rglob("manifest.json"))) == 1


@pytest.mark.parametrize("n_signals", [1, 2])
def test_an_interrupted_sweep_says_how_to_come_back_to_its_folder(simgen, tmp_path, n_signals):
    """The same command alone would begin another one, named by the time."""
    request = ["scenario=coins/interrupting", f"scenario.n_signals={n_signals}", "quiet=true"]
    code, _, err = simgen("generate", "-m", *request)
    told = re.search(r"the same command with hydra\.sweep\.dir=(\S+) (resumes|goes on)", err)

    assert (code, err.count("\n")) == (1, 1)
    folder = told.group(1)
    assert (tmp_path / folder / "0").is_dir()

    again = simgen("generate", "-m", *request, f"hydra.sweep.dir={folder}")[2]
    assert "hydra.sweep.dir" not in again


def test_a_sweep_that_is_terminated_ends_as_one_that_is_interrupted(simgen):
    """Launchers end their workers on KeyboardInterrupt alone; a single job dies as any program."""
    OmegaConf.register_new_resolver("terminate", lambda: signal.raise_signal(signal.SIGTERM))
    try:
        ended = simgen("evaluate", "-m", "synthetic=${terminate:}", "quiet=true")
    finally:
        OmegaConf.clear_resolver("terminate")

    assert ended == (1, "", "simgen: interrupted: the same command begins anew\n")
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


@pytest.mark.parametrize(
    "request_",
    [
        ("evaluate", "synthetic=x"),
        ("fit", "simulated=x", "residual=transport"),
        ("fit", FAIR),
        ("review", "synthetic=x"),
        ("export", "dataset=x", "format=coco"),
        ("portray", "dataset=x"),
    ],
)
def test_what_goes_into_a_folder_of_this_machine_is_refused_elsewhere(simgen, tmp_path, request_):
    """No folder is made that is called like the store."""
    code, out, err = simgen(*request_, "out=s3://team/x", "quiet=true")

    assert (code, out, err.count("\n")) == (2, "", 1)
    if request_[0] != "export":  # which looks at the data set first
        assert "out = s3://team/x: " in err
        assert "goes into a folder of this machine; give one" in err
    assert not list(tmp_path.iterdir())


def test_a_model_is_read_from_this_machine(simgen):
    """The line says so, rather than that it is not there."""
    code, _, err = simgen("generate", FAIR, "residual=fitted", "residual.path=s3://team/m")

    said = "residual = s3://team/m: a fitted model is read from a folder of this machine; give one"
    assert (code, err) == (2, f"simgen: {said}\n")


def test_closed_output_is_no_error(simgen, tmp_path, monkeypatch):
    """What would be printed goes nowhere."""
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)

    assert simgen("list")[0] == 0
    assert simgen("generate", FAIR, "out=data", "difficulty=false")[0] == 0
    assert Dataset(tmp_path / "data").damaged_parts() == []
    for nowhere in (sys.stdout, sys.stderr):
        nowhere.close()


@pytest.mark.parametrize(("lowest", "code"), [("1", 0), ("-9", 1), ("high", 2)])
def test_a_reader_who_leaves_changes_nothing_of_a_run(simgen, tmp_path, monkeypatch, lowest, code):
    """It is done, or the exit code tells that it is not."""
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "w") as stream:  # noqa: PTH123 - it has no path
        monkeypatch.setattr(sys, "stdout", stream)
        monkeypatch.setattr(sys, "stderr", stream)
        ended = simgen(
            "generate", "scenario=coins/fair", f"scenario.lowest={lowest}", "difficulty=false"
        )
    monkeypatch.undo()

    assert ended == (code, "", "")
    assert len(list(tmp_path.rglob("manifest.json"))) == (code == 0)


def test_nothing_that_is_printed_gets_into_a_file_where_output_is_closed(tmp_path):
    """The number of the closed stream is taken before a file could have it."""
    program = f"""
import os
from simgen.cli import main
main(["--version"])
file = open({str(tmp_path / "file")!r}, "w")
os.write(1, b"as a C library prints")
"""
    line = shlex.join([sys.executable, "-c", program])
    subprocess.run(["sh", "-c", f"{line} >&-"], check=True)

    assert (tmp_path / "file").read_text() == ""


def test_a_domain_that_cannot_be_imported_is_named_in_one_line(tmp_path):
    """What needs another goes on, or ends as it would have."""
    about = tmp_path / "dice-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: dice\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[simgen.domains]\ndice = dice\n")
    (tmp_path / "dice.py").write_text("import no_such_module\n")
    done = subprocess.run(
        [sys.executable, "-m", "simgen", "search", "scenario=fraud/retail_bank"],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    named, ended = done.stderr.splitlines()

    assert named.startswith("simgen: domain dice of the package dice can't be imported (ModuleNot")
    assert (done.returncode, ended[:34]) == (2, "simgen: RetailBank can't be search")
