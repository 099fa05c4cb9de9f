"""One call from a scenario to a data set."""

import signal

import pytest
from toys.coin import Coin, Interrupting, Sliced

from simgen.core import RequestError, RunError, build
from simgen.domains.industrial import BearingRig
from simgen.pipeline.generate import generate
from simgen.pipeline.interrupts import Interrupted, interruptible
from simgen.storage.folders import open_folder
from simgen.storage.journal import read_journal


def run(scenario, place, **options):
    return generate(scenario, out=place, **{"difficulty": False, "quiet": True, **options})


def test_writes_one_part_per_block_and_table(tmp_path):
    """The layout is the documented one, for empty tables too."""
    scenario = Coin(n_blocks=3, n_coins=1)  # block 0 has no event
    data = run(scenario, tmp_path / "data")

    parts = [f"part-{i:05d}.parquet" for i in range(3)]
    for name in ("flips", "events"):
        assert sorted(path.name for path in (tmp_path / "data" / name).iterdir()) == parts
    assert data.manifest["tables"]["events"]["parts"][0]["rows"] == 0
    for name in ("manifest.json", "croissant.json", "README.md", ".simgen/journal.jsonl"):
        assert (tmp_path / "data" / name).is_file()


def test_how_rows_are_cut_into_batches_does_not_show(tmp_path):
    """A part is the same bytes however the scenario hands over its rows."""
    size = {"n_blocks": 1, "n_flips": 33_333}  # several pages of a Parquet file, cut anywhere
    one = run(Coin(**size), tmp_path / "one").manifest["tables"]
    two = run(Sliced(**size), tmp_path / "two").manifest["tables"]

    assert one == two


def test_the_manifest_says_what_is_needed_to_make_it_again(tmp_path):
    """Scenario, parameters, seed and versions stand there, and sums that hold."""
    manifest = run(Coin(n_flips=20), tmp_path, seed=3).manifest

    assert manifest["scenario"]["name"] == "Coin"
    assert manifest["scenario"]["class"] == "toys.coin.Coin"
    assert manifest["scenario"]["version"] == 1
    assert manifest["scenario"]["parameters"]["n_flips"] == 20
    assert manifest["changed_parameters"] == {"n_flips": 20}
    assert manifest["seed"] == 3
    assert {"simgen", "numpy", "numba", "pyarrow", "simpy"} <= set(manifest["versions"])
    assert manifest["totals"]["rows"] == 8 * 10 * 20 + 16
    labels = manifest["tables"]["flips"]["labels"]
    assert labels["n_positives"] == 8 * 20
    assert labels["positive_weight_sum"] == pytest.approx(8 * 20 * 0.25)
    assert labels["weight_sum"] == pytest.approx(8 * 20 * 0.25 + 8 * 9 * 20)
    assert labels["n_by_kind"] == {"loaded": 160, "worn": 160}
    assert manifest["tables"]["events"]["labels"] is None


def test_a_finished_data_set_is_left_as_it_is(tmp_path, capsys):
    """The second call writes nothing and says so."""
    run(Coin(), tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}

    data = run(Coin(), tmp_path, quiet=False)

    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before
    assert "already holds this data set: nothing to do" in capsys.readouterr().err
    assert data.names == ("flips", "events")


def test_a_published_data_set_needs_no_journal(tmp_path):
    """Without the run's own folder it is still the same data set."""
    run(Coin(n_blocks=1), tmp_path)
    for path in sorted((tmp_path / ".simgen").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    (tmp_path / ".simgen").rmdir()

    run(Coin(n_blocks=1), tmp_path)

    assert not (tmp_path / ".simgen").exists()
    with pytest.raises(RequestError, match="seed is 0 there, not 1"):
        run(Coin(n_blocks=1), tmp_path, seed=1)


def test_a_lost_part_is_made_again(tmp_path):
    """A finished data set that lost a part becomes whole, with the same bytes."""
    before = run(Coin(), tmp_path).manifest["tables"]
    (tmp_path / "flips" / "part-00004.parquet").unlink()

    data = run(Coin(), tmp_path)

    assert data.manifest["tables"] == before
    assert data.damaged_parts() == []
    assert data.manifest["timings"]["resumed_blocks"] == 7


def test_a_broken_rule_writes_no_manifest(tmp_path):
    """What looks whole obeys its rules."""
    with pytest.raises(RunError, match="coins_fly_up"):
        run(Coin(lowest=-1.0), tmp_path)

    assert not (tmp_path / "manifest.json").exists()


def test_parameters_beside_a_ready_scenario_are_refused(tmp_path):
    """They would be ignored otherwise."""
    with pytest.raises(RequestError, match="n_flips can't be given beside a ready Coin"):
        run(Coin(), tmp_path, n_flips=3)


def test_a_negative_seed_is_refused(tmp_path):
    """The line names value and bound."""
    with pytest.raises(RequestError, match="seed = -1 is out of bounds: must be >= 0"):
        run(Coin(), tmp_path, seed=-1)


def test_a_scenario_without_blocks_is_refused(tmp_path):
    """An empty data set would look whole; the folder is left to the call that is right."""
    with pytest.raises(RequestError, match="nothing to simulate"):
        run(Coin(n_blocks=0), tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_an_unknown_scenario_is_refused(tmp_path):
    """Before anything is written."""
    with pytest.raises(RequestError, match="retail_bonk"):
        run("fraud/retail_bonk", tmp_path / "data")

    assert not (tmp_path / "data").exists()


def test_an_interrupt_ends_after_the_current_part_and_is_resumed(tmp_path):
    """The parts done so far are journalled, and the same call goes on from there."""
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(Interrupted, match=r"after 3 of 8 blocks.*the same command resumes"):
        run(Interrupting(), tmp_path)

    assert len((tmp_path / ".simgen" / "journal.jsonl").read_text().splitlines()) == 3
    assert not (tmp_path / "manifest.json").exists()
    assert signal.getsignal(signal.SIGINT) is before
    assert run(Interrupting(), tmp_path).manifest["timings"]["resumed_blocks"] == 3


def test_a_second_interrupt_ends_at_once(tmp_path):
    """The current block is not waited for."""
    with pytest.raises(KeyboardInterrupt):
        run(Interrupting(n_signals=2), tmp_path)

    assert 2 not in read_journal(open_folder(tmp_path))
    assert not (tmp_path / "manifest.json").exists()


def test_sigterm_is_an_interrupt_too():
    """As batch systems send it."""
    with interruptible() as stop:
        signal.raise_signal(signal.SIGTERM)

        assert stop.is_set()


def test_difficulty_is_judged_and_published(tmp_path):
    """The manifest and the card say how hard the labels are to learn."""
    data = run(Coin(), tmp_path, difficulty=True)

    judged = data.manifest["difficulty"]["flips"]
    assert judged["prevalence"] == pytest.approx(0.1 * 0.25 / 0.925)
    assert judged["n_rows"] == 8000
    assert "## Difficulty" in (tmp_path / "README.md").read_text()


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
