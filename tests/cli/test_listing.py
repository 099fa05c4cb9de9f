"""What simgen tells of itself."""

from importlib.metadata import version

import pytest


def test_list_gives_each_scenario_its_first_line(simgen):
    """A third party's scenarios stand beside ours."""
    code, out, _ = simgen("list")
    rows = dict(line.split(maxsplit=1) for line in out.splitlines()[1:])

    assert code == 0
    assert rows["coins/fair"] == "A purse of fair coins: most of them."
    assert "fraud/retail_bank" in rows


def test_show_explains_parameters_and_columns(simgen):
    """Value, type, unit, bounds and meaning come from the dataclass, columns from the schema."""
    code, out, _ = simgen("show", "coins/worn")
    lines = [" ".join(line.split()) for line in out.splitlines()]

    assert code == 0
    assert lines[0] == "A purse of worn coins: the fair ones, years later."
    assert "wear.rate 0.001 float 1/year >= 0 and <= 1 How fast the rim wears off." in lines
    assert "wear.years [30, 50] tuple[int, int] year >= 0 Age, from and to." in lines
    assert "side category feature Which side was up." in lines
    assert "height double m feature How high it flew." in lines


def test_show_spells_values_as_files_do(simgen):
    """A flag is true or false as in YAML, not as in Python."""
    lines = [line.split() for line in simgen("show", "industrial/pump_station")[1].splitlines()]
    told = {words[0]: words[1] for words in lines if len(words) > 1}

    assert told["upkeep.services"] == "true"
    assert told["upkeep.service_interval"] == "2000.0"


def test_show_reads_a_file_of_the_users_own(simgen, tmp_path):
    """A path names a scenario as well as a name does."""
    (tmp_path / "mine.yaml").write_text("# Mine.\ndefaults: [coins/worn, _self_]\nn_flips: 33\n")
    code, out, _ = simgen("show", "mine.yaml")

    assert code == 0
    assert "Mine." in out
    assert " 33 " in out


def test_a_long_cell_moves_its_own_row_alone(simgen):
    """In a pipe, one parameter with many choices pushes no other's meaning out of sight."""
    lines = simgen("show", "fraud/retail_bank")[1].splitlines()
    (usual,) = [line for line in lines if line.startswith("n_customers")]
    (long,) = [line for line in lines if line.startswith("lookalikes.large_purchase.shops")]

    assert len(usual) < 250 < len(long)


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"], ["help"]])
def test_help_names_the_commands(simgen, arguments):
    """Whoever asks for nothing is told what there is."""
    code, out, _ = simgen(*arguments)

    assert code == 0
    assert all(f"simgen {name}" in out for name in ("list", "show", "generate", "evaluate"))


def test_help_of_commands_without_options(simgen):
    """They say what they take."""
    assert simgen("show", "-h")[1].endswith("takes the name of one scenario\n")
    assert simgen("list", "--help")[1] == "simgen list: name every scenario; takes no argument\n"


def test_version_is_the_installed_one(simgen):
    """The version stands in one place."""
    assert simgen("--version") == (0, f"simgen {version('simgen')}\n", "")
