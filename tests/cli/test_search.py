import pytest

QUICK = ("n_simulations=1000", "n_cases=6")


def test_search_prints_estimates_and_how_to_go_on(simgen, tmp_path):
    """What it prints as scenario.cases is what generate takes."""
    code, out, err = simgen("search", "scenario=driving/cut_in", "out=found", *QUICK)
    lines = out.splitlines()

    assert (code, err) == (0, "")
    assert [line.split("  ")[1] for line in lines[:3]] == [
        "near_miss, of all episodes",
        "near_miss, of those with a cut_in",
        "near_miss, of those with a lane_change",
    ]
    given = lines[3].rpartition("; ")[2]
    assert given.startswith("scenario.cases=found@")
    small = ("scenario.n_episodes=2", "scenario.duration=5", "scenario.n_vehicles=0")
    code, _, err = simgen(
        "generate", "scenario=driving/cut_in", given, *small, "out=data", "difficulty=false",
        "quiet=true",
    )  # fmt: skip
    assert (code, err) == (0, "")
    assert (tmp_path / "data" / "manifest.json").is_file()


def test_the_folder_is_named_after_the_scenario(simgen, tmp_path):
    """Quietly, nothing is printed."""
    code, out, _ = simgen("search", "scenario=driving/cut_in", *QUICK, "quiet=true")

    assert (code, out) == (0, "")
    assert (tmp_path / "searches" / "driving_cut_in" / "cases.parquet").is_file()


@pytest.mark.parametrize(("request_", "line"), [
    (("scenario=coins/fair",), "can't be searched: scenarios of driving/cut_in can"),
    (("scenario=driving/cut_in", "critical_share=2"),
     "critical_share = 2.0 is out of bounds: must be > 0 and <= 1"),
    (("scenario=driving/cut_in", "method=guess"),
     "method = 'guess' is out of bounds: must be cross_entropy | plain"),
    (("scenario=driving/cut_in", "outcome=jam"), "outcome = 'jam' is unknown: choose near_miss"),
    ((), "scenario"),
])  # fmt: skip
def test_a_wrong_search_ends_with_2_and_one_line(simgen, request_, line):
    """The value, the bound, the remedy."""
    code, out, err = simgen("search", *request_)

    assert (code, out, err.count("\n")) == (2, "", 1)
    assert line in err
