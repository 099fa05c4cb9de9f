"""How hard the labels of a data set are, measured when it is made or later."""

import shutil
from contextlib import ExitStack

import pytest
from toys.coin import Coin

from simgen.core import build
from simgen.domains.industrial import BearingRig
from simgen.pipeline.generate import _judge, generate
from simgen.storage.folders import open_folder


def run(scenario, place, **options):
    return generate(scenario, out=place, **{"difficulty": False, "quiet": True, **options})


def test_difficulty_is_judged_and_published(tmp_path):
    """The manifest and the card say how hard the labels are to learn."""
    data = run(Coin(), tmp_path, difficulty=True)

    judged = data.manifest["difficulty"]["flips"]
    assert judged["prevalence"] == pytest.approx(0.1 * 0.25 / 0.925)
    assert judged["n_rows"] == 8000
    assert "## Difficulty" in (tmp_path / "README.md").read_text()


def test_difficulty_is_measured_later_if_it_is_asked_for_then(tmp_path, capsys):
    """From the parts, which stay; the data set is as if it had been measured at once."""
    at_once = run(Coin(), tmp_path / "one", difficulty=True)
    before = run(Coin(), tmp_path / "two").manifest
    part = tmp_path / "two" / "flips" / "part-00000.parquet"
    written_at = part.stat().st_mtime_ns

    data = run(Coin(), tmp_path / "two", difficulty=True, quiet=False)

    assert data.manifest == {**before, "difficulty": at_once.manifest["difficulty"]}
    assert part.stat().st_mtime_ns == written_at
    assert "## Difficulty" in (tmp_path / "two" / "README.md").read_text()
    assert "holds this data set: only its difficulty is measured" in capsys.readouterr().err


@pytest.mark.parametrize("hindrance", ["locked", "closed", "damaged"])
def test_a_finished_data_set_that_cannot_be_judged_is_returned_as_it_is(
    tmp_path, capsys, hindrance
):
    """It needs no difficulty to be used: the line says why that is not measured."""
    before = run(Coin(n_blocks=1), tmp_path).manifest
    with ExitStack() as held:
        if hindrance == "locked":
            held.enter_context(open_folder(tmp_path).claim())
        elif hindrance == "damaged":
            part = tmp_path / "flips" / "part-00000.parquet"
            part.write_bytes(b"x" * part.stat().st_size)
        else:
            shutil.rmtree(tmp_path / ".simgen")
            (tmp_path / ".simgen").touch()  # no folder for a lock can be made

        data = run(Coin(n_blocks=1), tmp_path, difficulty=True, quiet=False)

    assert data.manifest == before
    assert "its difficulty is not measured: " in capsys.readouterr().err


def test_difficulty_that_another_call_measured_meanwhile_is_left_as_it_is(tmp_path):
    """Who waited for the folder finds it there, and writes nothing."""
    run(Coin(n_blocks=1), tmp_path, difficulty=True)
    manifest = tmp_path / "manifest.json"
    written_at = manifest.stat().st_mtime_ns

    _judge(open_folder(tmp_path), Coin(n_blocks=1), (), quiet=True)

    assert manifest.stat().st_mtime_ns == written_at


def test_difficulty_takes_any_seed(tmp_path):
    """Also those that scikit-learn's models would refuse."""
    data = run(Coin(), tmp_path, seed=2**64, difficulty=True)

    assert data.manifest["difficulty"]["flips"]["n_rows"] == 8000


def test_every_table_of_records_is_judged(tmp_path):
    """Each by itself: telemetry and vibration windows are not equally hard."""
    data = run(build(BearingRig, BearingRig.small), tmp_path, difficulty=True)

    judged = data.manifest["difficulty"]
    assert list(judged) == ["telemetry", "windows"]
    for name, found in judged.items():
        assert found["n_rows"] == data.manifest["tables"][name]["rows"]
    assert "`telemetry` | `windows` |" in (tmp_path / "README.md").read_text()
