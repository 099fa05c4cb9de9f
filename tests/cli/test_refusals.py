"""What Hydra and the pipeline refuse ends with one line that names value, bound and remedy."""

import shlex

import pytest
from hydra.errors import MissingConfigException

from simgen.cli.refusals import refusal
from simgen.storage.words import assigned

FAIR = "scenario=coins/fair"

REFUSED = {
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
    "parameters that are given as the scenario": (
        ["generate", "scenario={n_flips: 3}"],
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
        ("can't read 'seed=[': close its brackets, or quote it: 'seed=\"[\"'"),
    ),
    "letters beyond ASCII": (
        ["generate", FAIR, "out=données"],
        "can't read 'out=données': quote it: 'out=\"données\"'",
    ),
    "a tilde and quotes": (
        ["generate", FAIR, 'out=a~"b'],
        "can't read 'out=a~\"b': quote it: 'out=\"a~\\\"b\"'",
    ),
    "a name that can't be one": (
        ["generate", FAIR, "graine à=3"],
        "can't read 'graine à=3': write name=value",
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
    "unknown executor": (
        ["generate", FAIR, "executor=process"],
        "unknown executor 'process': did you mean processes?",
    ),
    "parameter of an executor": (
        ["generate", FAIR, "executor=processes", "executor.n_workers=0"],
        "n_workers = 0 is out of bounds: must be >= 1 and <= 1000",
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


def test_a_launcher_that_is_not_installed_is_named_with_its_extra():
    """Hydra knows what is installed alone, and would offer nothing but its own."""
    missing = MissingConfigException("", missing_cfg_file="hydra/launcher/ray", options=["basic"])

    line = "hydra/launcher=ray is not installed: pip install 'simgen[ray]'"
    assert str(refusal(missing)) == line


@pytest.mark.parametrize(
    "name", ["données", "a~b", 'a"b\\"c', "a=b&c", "null", "a,b", "[x]", "a\\"]
)
def test_what_is_said_to_be_pasted_is_taken(simgen, tmp_path, name):
    """The folder has the name that was meant."""
    (word,) = shlex.split(shlex.quote(assigned("out", name)))
    assert simgen("generate", FAIR, word, "difficulty=false", "quiet=true")[0] == 0

    assert (tmp_path / name / "manifest.json").is_file()


def test_the_home_of_a_quoted_value_is_spelt_out(simgen, tmp_path, monkeypatch):
    """In quotes a shell would leave ~ as it is."""
    monkeypatch.setenv("HOME", str(tmp_path))

    said = f"can't read 'out=~/x': quote it: out={tmp_path}/x"
    assert simgen("generate", FAIR, "out=~/x") == (2, "", f"simgen: {said}\n")
