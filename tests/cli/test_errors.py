"""Bad requests end with one line that names value, bound and remedy."""

import pytest

FAIR = "scenario=coins/fair"

REFUSED = {
    "unknown command": (["generat"], "unknown command 'generat': did you mean generate?"),
    "argument of list": (["list", "x"], "simgen list takes no argument, got ['x']"),
    "show without a name": (["show"], "simgen show takes the name of one scenario, got []"),
    "show of an unknown scenario": (
        ["show", "coins/fiar"],
        "unknown scenario 'coins/fiar': did you mean coins/fair?",
    ),
    "parameter of an executor that has none": (
        ["generate", FAIR, "executor.n_workers=2"],
        "unknown parameter executor.n_workers: give executor=NAME of one that has it",
    ),
    "parameter of a gate, and no gate": (
        ["evaluate", "synthetic=x", "gate.c2st=0.7"],
        "unknown parameter gate.c2st: give gate=NAME of one that has it",
    ),
    "workers that are no number": (
        ["generate", FAIR, "executor=processes", "executor.n_workers=many"],
        "n_workers = 'many' is no number: give a whole one >= 1",
    ),
    "a value instead of a list": (
        ["evaluate", "synthetic=x", "metrics=c2st"],
        "metrics = 'c2st' has the wrong type: a list is wanted: give metrics=[c2st]",
    ),
    "an option after the values": (
        ["generate", FAIR, "-m", "seed=1,2"],
        "unrecognized arguments: seed=1,2: give options such as -m first",
    ),
    "nobody's configuration": (
        ["generate", "--config-name", "other"],
        "there is no configuration 'other': --config-name is for files of your own",
    ),
    "no scenario": (
        ["generate"],
        "no scenario: give scenario=NAME, one of those that simgen list shows",
    ),
    "parameters without a scenario": (
        ["generate", "scenario.n_flips=3"],
        "no scenario: give scenario=NAME, one of those that simgen list shows",
    ),
    "unknown scenario": (
        ["generate", "scenario=coins/fiar"],
        "unknown scenario 'coins/fiar': did you mean coins/fair?",
    ),
    "unknown parameter": (
        ["generate", FAIR, "scenario.n_flip=3"],
        "unknown parameter scenario.n_flip: did you mean n_flips?",
    ),
    "unknown nested parameter": (
        ["generate", FAIR, "scenario.wear.rat=3"],
        "unknown parameter scenario.wear.rat: did you mean rate?",
    ),
    "unknown parameter, added": (
        ["generate", FAIR, "+scenario.n_flip=3"],
        "unknown parameter n_flip: did you mean n_flips?",
    ),
    "unknown option": (["generate", FAIR, "sed=3"], "unknown parameter sed: did you mean seed?"),
    "unknown option, added": (
        ["generate", FAIR, "+sed=3"],
        "unknown parameter sed: did you mean seed?",
    ),
    "wrong type": (
        ["generate", FAIR, "scenario.n_flips=many"],
        (
            "scenario.n_flips = 'many' has the wrong type: "
            "Value 'many' of type 'str' could not be converted to Integer"
        ),
    ),
    "wrong type of a group": (
        ["generate", FAIR, "scenario.wear=3"],
        (
            "scenario.wear = 3 has the wrong type: "
            "Invalid type assigned: int is not a subclass of Wear. value: 3"
        ),
    ),
    "wrong type of the seed": (
        ["generate", FAIR, "seed=seven"],
        (
            "seed = 'seven' has the wrong type: "
            "Value 'seven' of type 'str' could not be converted to Integer"
        ),
    ),
    "negative seed": (
        ["generate", FAIR, "seed=-1"],
        "seed = -1 is out of bounds: must be >= 0",
    ),
    "out of bounds": (
        ["generate", FAIR, "scenario.n_flips=0"],
        "n_flips = 0 is out of bounds: must be >= 1",
    ),
    "nested, out of bounds": (
        ["generate", FAIR, "scenario.wear.rate=2"],
        "wear.rate = 2.0 is out of bounds: must be >= 0 and <= 1 1/year",
    ),
    "none of the choices": (
        ["generate", FAIR, "scenario.wear.metal=wood"],
        "wear.metal = 'wood' is out of bounds: must be gold | tin",
    ),
    "too many entries": (
        ["generate", FAIR, "scenario.wear.years=[1,2,3]"],
        "wear.years = (1, 2, 3) is no tuple[int, int]: give one, such as (1, 3)",
    ),
    "contradiction": (
        ["generate", FAIR, "scenario.wear.years=[9,2]"],
        "wear.years = [9, 2] runs backward: give the lower first",
    ),
    "bad syntax": (
        ["generate", FAIR, "seed=["],
        (
            "can't read 'seed=[': write name=value, and quote a value that holds any of ,=[]{}() "
            "or blanks: 'name=\"value\"'"
        ),
    ),
    "a sweep without -m": (
        ["generate", FAIR, "seed=1,2"],
        (
            "Ambiguous value for argument 'seed=1,2' "
            "1. To use it as a list, use key=[value1,value2] "
            "2. To use it as string, quote the value: key=\\'value1,value2\\' "
            "3. To sweep over it, add --multirun to your command line"
        ),
    ),
    "unknown option of Hydra": (
        ["generate", FAIR, "--foo"],
        "unrecognized arguments: --foo: see simgen generate --help",
    ),
    "unknown executor": (
        ["generate", FAIR, "executor=process"],
        "unknown executor 'process': did you mean processes?",
    ),
    "parameter of an executor": (
        ["generate", FAIR, "executor=processes", "executor.n_workers=0"],
        "n_workers = 0 is out of bounds: must be >= 1 and <= 1000",
    ),
    "a setting of a list's entry": (
        ["evaluate", "synthetic=x", "metrics.c2st=3"],
        "metrics.c2st = 3: metrics takes a list: give metrics=[c2st]",
    ),
    "a setting of a number": (
        ["generate", FAIR, "+seed.first=3"],
        "seed.first = 3: seed takes one value: give seed=VALUE",
    ),
    "an entry of a list by its place": (
        ["fit", FAIR, "parameters.0=rate"],
        "parameters.0 = rate: parameters takes a list: give parameters=[NAME]",
    ),
    "a mapping instead of a list": (
        ["evaluate", "synthetic=x", "metrics={c2st: 3}"],
        (
            "metrics={c2st: 3} has the wrong shape, a list for a mapping or the reverse: "
            "give one as --cfg job shows it"
        ),
    ),
    "a list that is interpolated from a number": (
        ["evaluate", "synthetic=x", "metrics=${seed}"],
        "metrics = 0 is no list: give metrics=[NAME]",
    ),
    "an interpolation of nothing": (
        ["generate", FAIR, "seed=${oc.env:NO_SUCH_SEED}"],
        (
            "can't work out seed: KeyError raised while resolving interpolation: "
            "\"Environment variable 'NO_SUCH_SEED' not found\": give seed=VALUE"
        ),
    ),
    "a number for a group": (
        ["evaluate", "synthetic=x", "gate=3"],
        "gate = 3 names no option: give gate=NAME",
    ),
    "a list for a group": (
        ["evaluate", "synthetic=x", "gate=[default]"],
        "gate = [default] names no option: give gate=NAME",
    ),
    "null for a group": (
        ["evaluate", "synthetic=x", "gate=null"],
        "gate = null names no option: give gate=NAME, or leave it out for none",
    ),
    "a number for one of Hydra's groups": (
        ["generate", "-m", FAIR, "hydra.sweeper=3"],
        "hydra.sweeper = 3 names no option: give hydra/sweeper=NAME",
    ),
    "an option of Hydra's groups that is not there": (
        ["generate", "-m", FAIR, "hydra/launcher=baisc"],
        "unknown hydra/launcher 'baisc': did you mean basic?",
    ),
    "an interval without a sweeper that takes it": (
        ["generate", "-m", FAIR, "scenario.wear.rate=interval(0,1)"],
        (
            "BasicSweeper does not support sweep type : INTERVAL_SWEEP: give a list of values, or "
            "hydra/sweeper=optuna to a fit"
        ),
    ),
    "what another command takes": (
        ["evaluate", "synthetic=x", "executor=processes"],
        "simgen evaluate takes no executor: see simgen evaluate --help for what it takes",
    ),
    "a group left out that is needed": (
        ["evaluate", "synthetic=x", "~reference"],
        "no value for reference: give reference=VALUE",
    ),
    "a number for the text of a reference": (
        ["evaluate", "synthetic=x", "reference.file=3"],
        "reference ulb_creditcard: file = 3 must be a text",
    ),
    "a number for the samples of a reference": (
        ["evaluate", "synthetic=x", "reference.samples=3"],
        "reference ulb_creditcard: samples = 3 must be a mapping from names",
    ),
    "a list for a residual's folder": (
        ["generate", FAIR, "residual={path: [a]}"],
        "residual.path = ['a'] is no folder: give residual=fitted residual.path=FOLDER",
    ),
    "what makes no executor": (
        ["generate", FAIR, "executor._target_=os.getcwd"],
        "executor._target_ = 'os.getcwd' makes no executor: give executor=NAME",
    ),
    "an unknown setting of an executor": (
        ["generate", FAIR, "executor=processes", "+executor.n_cores=3"],
        (
            "executor processes can't be made: Processes.__init__() got an unexpected keyword "
            "argument 'n_cores': see simgen generate --help"
        ),
    ),
    "a seed that metrics can't take": (
        ["evaluate", "synthetic=x", "seed=99999999999"],
        "seed = 99999999999 is out of bounds: must be >= 0 and <= 4,000,000,000",
    ),
    "parameters for a residual": (
        ["fit", "simulated=x", "parameters=[rate]"],
        "parameters = ['rate'] is of no use to simulated=FOLDER: leave it out",
    ),
    "shadow models for parameters": (
        ["fit", FAIR, "n_shadows=8"],
        "n_shadows = 8 is of no use to scenario=NAME: leave it out",
    ),
    "a store without a bucket": (
        ["generate", FAIR, "out=s3://"],
        "s3:// names no bucket: give one, such as s3://bucket/prefix",
    ),
    "more workers than anybody has": (
        ["generate", FAIR, "executor=processes", "executor.n_workers=100000000"],
        "n_workers = 100000000 is out of bounds: must be >= 1 and <= 1000",
    ),
    "whether for how many": (
        ["generate", FAIR, "executor=processes", "executor.n_workers=true"],
        "n_workers = True is no number: give a whole one >= 1",
    ),
    "nothing to evaluate": (["evaluate"], "no value for synthetic: give synthetic=VALUE"),
    "unknown reference": (
        ["evaluate", "synthetic=x", "reference=ulb_creditcards"],
        "unknown reference 'ulb_creditcards': did you mean ulb_creditcard?",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_wrong_request_ends_with_2_and_one_line(simgen, tmp_path, case):
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


def test_a_sweep_stops_at_the_job_that_fails(simgen, tmp_path):
    """Its line is the last; jobs after it are not begun."""
    code, _, err = simgen("generate", "-m", FAIR, "scenario.n_flips=5,0,6", "difficulty=false")

    assert code == 2
    assert err.splitlines()[-1] == "simgen: n_flips = 0 is out of bounds: must be >= 1"
    assert "job 2" not in err
    assert len(list(tmp_path.rglob("manifest.json"))) == 1
