"""simgen evaluate gate=default."""

import pytest

from simgen.cli import main


def run(shop, out, *more, gate="default"):
    """The exit code."""
    words = f"evaluate synthetic={shop.label} out={out} quiet=true".split()
    return main([*words, f"gate={gate}", *more])


def test_good_data_passes(judged):
    """Exit code 0."""
    assert judged[0] == 0


@pytest.mark.usefixtures("cards")
def test_bad_data_fails_and_the_report_is_there(shop, tmp_path, capsys):
    """Exit code 1, and one line that names metric, value and bound."""
    code = run(shop, tmp_path, "metrics=[c2st]", "gate.c2st=0.1")
    assert code == 1
    line = capsys.readouterr().err
    assert "gate default is not passed" in line
    assert "payments: c2st = 0." in line
    assert ", must be <= 0.1; " in line
    assert "payments: tstr was not computed" in line
    assert (tmp_path / "report.html").exists()


@pytest.mark.usefixtures("cards")
def test_a_gate_without_sense_is_refused(shop, tmp_path, capsys):
    """Exit code 2, before anything is computed."""
    assert run(shop, tmp_path, "+gate.c2sd=0.5") == 2
    assert "did you mean c2st?" in capsys.readouterr().err
    assert not (tmp_path / "report.html").exists()


@pytest.mark.usefixtures("cards")
def test_a_gate_without_a_name_is_called_by_what_it_bounds(shop, tmp_path, capsys):
    """So it is where bounds are given on the command line."""
    assert run(shop, tmp_path, "metrics=[c2st]", gate="{c2st: 0.1}") == 1
    assert "simgen: the gate on c2st is not passed: payments: c2st = 0." in capsys.readouterr().err
