"""Values of a wrong shape are refused before Hydra sees them."""

import pytest

FAIR = "scenario=coins/fair"

REFUSED = {
    "an option after the values": (
        ["generate", FAIR, "-m", "seed=1,2"],
        "unrecognized arguments: seed=1,2: give options such as -m first",
    ),
    "a sweep of an empty range": (
        ["generate", "-m", FAIR, "seed=range(3,1)"],
        "seed = range(3,1) is a sweep over nothing: name the values, as in seed=A,B",
    ),
    "a range that never ends": (
        ["generate", "-m", FAIR, "seed=range(0,3,0)"],
        "seed = range(0,3,0) is a sweep over nothing: name the values, as in seed=A,B",
    ),
    "a pattern for a number": (
        ["generate", "-m", FAIR, "seed=glob(*)"],
        "seed = glob(*) is a sweep over nothing: name the values, as in seed=A,B",
    ),
    "a pattern that no option matches": (
        ["generate", "-m", "scenario=glob(coins/*)"],
        "scenario = glob(coins/*) is a sweep over nothing: name the values, as in scenario=A,B",
    ),
    "unknown option of Hydra": (
        ["generate", FAIR, "--foo"],
        "unrecognized arguments: --foo: see simgen generate --help",
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
    "what another command takes": (
        ["evaluate", "synthetic=x", "executor=processes"],
        "simgen evaluate takes no executor: see simgen evaluate --help for what it takes",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_value_of_a_wrong_shape_ends_with_2_and_one_line(simgen, tmp_path, case):
    """The line names the value and what to give instead; nothing is written."""
    arguments, line = REFUSED[case]

    assert simgen(*arguments) == (2, "", f"simgen: {line}\n")
    assert not list(tmp_path.iterdir())
