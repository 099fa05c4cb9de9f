"""One call from a scenario to a data set."""

import signal
import typing

import numpy as np
import pytest
from toys.coin import Coin, Failing, Interrupting, Sliced

from simgen.core import RequestError, RunError, build
from simgen.domains.industrial import BearingRig
from simgen.pipeline.executors import Processes, Serial
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


@pytest.mark.parametrize("executor", [Serial(), Processes(n_workers=1)])
def test_a_defect_of_a_third_party_says_where_and_whose_it_is(tmp_path, executor):
    """It is none of simgen's; the error itself is its cause."""
    with pytest.raises(RunError) as failed:
        run(Failing(), tmp_path, executor=executor, name="coins/failing")

    assert str(failed.value) == (
        "block 2 of coins/failing: ZeroDivisionError: boom (a defect of toys: "
        "SIMGEN_TRACEBACK=1 shows where)"
    )
    assert "boom" in str(failed.value.__cause__)


def test_what_our_checks_refuse_is_a_defect_of_who_yields_it(tmp_path):
    """Though none of its own code is on the way to the error."""

    class Nothing(Coin):
        def simulate(self, _block, _shared, _streams):
            return None

    with pytest.raises(RunError, match=r"block 0 of Nothing: TypeError: .* \(a defect of tests:"):
        run(Nothing(), tmp_path)


def test_what_python_s_library_raises_is_a_defect_of_who_calls_it(tmp_path):
    """Though scenarios inherit from classes of its own."""

    class Hinted(Coin):
        def simulate(self, _block, _shared, _streams):
            yield typing.get_type_hints(3)

    with pytest.raises(RunError, match=r"block 0 of Hinted: TypeError: .* \(a defect of tests:"):
        run(Hinted(), tmp_path)


def test_a_bug_of_ours_is_not_blamed_on_who_inherits(tmp_path, monkeypatch):
    """The error stays as it is."""

    class Rig(BearingRig):
        pass

    monkeypatch.setattr("simgen.domains.industrial.bearing_rig.make_hall", None)
    with pytest.raises(TypeError):
        run(build(Rig, BearingRig.small), tmp_path)


@pytest.mark.parametrize("executor", [Serial(), Processes(n_workers=1)])
def test_a_scenario_that_ends_the_program_fails_the_run(tmp_path, executor):
    """What called us is not ended as if the data were there."""
    with pytest.raises(RunError, match=r"block 2 of Failing ends the program, by sys.exit\('no li"):
        run(Failing(exits=True), tmp_path, executor=executor)


def test_parameters_beside_a_ready_scenario_are_refused(tmp_path):
    """They would be ignored otherwise."""
    with pytest.raises(RequestError, match="n_flips can't be given beside a ready Coin"):
        run(Coin(), tmp_path, n_flips=3)


def test_a_negative_seed_is_refused(tmp_path):
    """The line names value and bound."""
    with pytest.raises(RequestError, match="seed = -1 is out of bounds: must be >= 0"):
        run(Coin(), tmp_path, seed=-1)


def test_numbers_of_numpy_are_numbers(tmp_path):
    """The manifest has them as Python's own."""
    scenario = Coin(n_flips=np.int64(5), n_blocks=np.uint8(1), mean_height=np.float32(0.5))
    manifest = run(scenario, tmp_path, seed=np.int64(7)).manifest

    assert manifest["seed"] == 7
    assert manifest["scenario"]["parameters"]["n_flips"] == 5
    run(Coin(n_flips=5, n_blocks=1), tmp_path, seed=7)


@pytest.mark.parametrize("seed", ["7", True, 7.0, None])
def test_a_seed_that_is_no_number_is_refused(tmp_path, seed):
    """Before the folder is claimed."""
    with pytest.raises(RequestError, match=r"is no whole number: give one, such as 7"):
        run(Coin(), tmp_path / "data", seed=seed)

    assert not (tmp_path / "data").exists()


def test_no_folder_is_refused(tmp_path, monkeypatch):
    """None is not the name of one."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RequestError, match=r"^None is no folder: give a path or a URI"):
        run(Coin(), None)

    assert list(tmp_path.iterdir()) == []


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
