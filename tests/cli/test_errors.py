"""How a command ends that does not end well."""

import signal

import pytest
from omegaconf import OmegaConf

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
    monkeypatch.setattr("toys.coin.FLIPS", None)
    code, _, err = simgen("generate", FAIR, "quiet=true")

    assert (code, err.count("\n")) == (1, 1)
    assert "a bug in simgen: SIMGEN_TRACEBACK=1 shows where" in err

    monkeypatch.setenv("SIMGEN_TRACEBACK", "1")
    with pytest.raises(AttributeError):
        simgen("generate", FAIR, "quiet=true")


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
