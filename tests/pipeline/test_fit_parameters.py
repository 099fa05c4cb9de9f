import json
import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from toys.coins import Purse
from toys.till import Till

from simgen.core import RequestError, RunError, Streams, changed
from simgen.pipeline.catalogue import load_scenario
from simgen.pipeline.executors import Processes
from simgen.pipeline.fit_parameters import fit_parameters
from simgen.pipeline.generate import generate
from simgen.pipeline.memory import simulate_in_memory
from simgen.pipeline.parameter_fit.simulations import JOURNAL, open_journal
from simgen.pipeline.references import ENVIRONMENT, describe_reference

TRUTH = {"log_amount": 2.2, "thieves.share": 0.2}
N_SIMULATIONS = 100
DESCRIPTION = {
    "title": "Payments at a till",
    "domain": "fraud",
    "file": "till.parquet",
    "source": "the test",
    "licence": "any",
    "samples": {
        "payments": {
            "doc": "Payments.",
            "view": "ulb_creditcard",
            "real": "SELECT amount, hour, label FROM reference",
            "label": "label",
            "columns": {
                "amount": {"kind": "numeric", "unit": "EUR", "scale": "log", "doc": "Amount"},
                "hour": {"kind": "numeric", "unit": "h", "doc": "Hour"},
            },
        }
    },
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder of references of our own."""
    with pytest.MonkeyPatch.context() as patch:
        place = tmp_path_factory.mktemp("reference")
        patch.setenv(ENVIRONMENT, str(place))
        yield place


def rows_of(till):
    """The rows that reality would show if the till were real."""
    table = simulate_in_memory(till, Streams(77)).table("transactions")
    table = table.filter(pc.and_(table["approved"], pc.not_equal(table["channel"], "transfer")))
    seconds = table["at"].cast(pa.int64()).to_numpy() / 1e6 % 86_400
    return {
        "amount": table["amount"].to_numpy(),
        "hour": seconds / 3_600,
        "label": table["label"].to_numpy(zero_copy_only=False),
    }


def reference(folder, name, columns, **changes):
    pq.write_table(pa.table(columns), folder / f"{name}.parquet")
    payments = DESCRIPTION["samples"]["payments"] | changes
    content = DESCRIPTION | {"file": f"{name}.parquet", "samples": {"payments": payments}}
    return describe_reference(name, content)


@pytest.fixture(scope="module")
def real(folder):
    return reference(folder, "till", rows_of(changed(Till(n_payments=1_500), TRUTH)))


@pytest.fixture(scope="module")
def found(real, tmp_path_factory):
    return fit(real, tmp_path_factory.mktemp("fit") / "till")


def fit(real, out, till=None, **options):
    options = {"n_simulations": N_SIMULATIONS, "seed": 3, "quiet": True} | options
    return fit_parameters(till or Till(), real, out=out, **options)


def test_finds_the_truth(found):
    """What the data tell is near the truth, and within its interval."""
    for name, truth in TRUTH.items():
        fitted = found.parameters[name]
        assert fitted.is_told
        assert fitted.low < truth < fitted.high
        assert fitted.value == pytest.approx(truth, rel=0.15)


def test_a_parameter_without_influence_stays(found):
    """The fit says that the data say nothing, and leaves it as the scenario has it."""
    boldness = found.parameters["thieves.boldness"]

    assert not boldness.is_told
    assert boldness.value == 0.0
    assert "thieves.boldness" not in found.values
    assert any("say nothing about thieves.boldness" in line for line in found.warnings)


def test_the_fitted_till_reproduces_the_real_one(found):
    """The one before did not; nothing is called wrong with the model."""
    assert found.before.is_missed.any()
    assert not found.after.is_missed.any()
    assert not found.is_misspecified


def test_the_folder_holds_all_of_it(found):
    """JSON for programs, a scenario to run, a page and a card to read, figures that stand alone."""
    content = json.loads((found.folder / "parameters.json").read_text())

    told = {name: about["value"] for name, about in content["parameters"].items() if about["told"]}
    assert told == found.values
    for name in ("report.html", "README.md"):
        text = (found.folder / name).read_text()
        assert all(parameter in text for parameter in found.parameters)
        assert all(line.split(":")[0] in text for line in found.warnings)
    assert len(list((found.folder / "figures").glob("*.svg"))) == 4


@pytest.mark.slow
def test_a_scenario_of_the_catalogue_keeps_what_was_not_fitted(folder, tmp_path):
    """The file inherits it, with the fitted values and not with the size of the fit's worlds."""
    size = {"n_customers": 60, "n_days": 10, "n_merchants": 1_000, "prevalence": 0.1}
    bank = load_scenario("fraud/retail_bank", **size)
    level = {"spending_level": 1.7}
    real = reference(folder, "bank", rows_of(changed(bank, level)))

    found = fit(real, tmp_path, bank, parameters=["spending_level"], name="fraud/retail_bank")

    assert found.values == {"spending_level": pytest.approx(1.7, rel=0.25)}
    fitted = load_scenario(str(tmp_path / "scenario" / "fitted.yaml"))
    assert fitted == load_scenario("fraud/retail_bank", **found.values)


@pytest.mark.slow
def test_workers_change_nothing(found, real, tmp_path):
    """Two processes give the same bytes as one."""
    again = fit(real, tmp_path / "till", executor=Processes(n_workers=2))

    np.testing.assert_array_equal(again.fit.posterior.units, found.fit.posterior.units)
    name = "parameters.json"
    assert (again.folder / name).read_bytes() == (found.folder / name).read_bytes()


def test_goes_on_from_the_journal(found, real, tmp_path):
    """What was simulated before, to the last whole line, is not simulated again."""
    text = (found.folder / JOURNAL).read_text()
    lines = text.splitlines(keepends=True)
    (tmp_path / JOURNAL).write_text("".join(lines[:31]) + lines[31][:20])

    again = fit(real, tmp_path)

    assert (tmp_path / JOURNAL).read_text() == text
    np.testing.assert_array_equal(again.fit.posterior.units, found.fit.posterior.units)


def test_a_journal_without_a_whole_line_is_begun_anew(found, real, tmp_path):
    """As a kill or a full disk leaves it."""
    text = (found.folder / JOURNAL).read_text()
    settings = json.loads(text.split("\n")[0])["settings"]
    for left in ("", text[:20], text[:20] + "\0\0", "\0\0"):
        (tmp_path / JOURNAL).write_text(left)

        assert open_journal(tmp_path / JOURNAL, settings) == {}
        assert (tmp_path / JOURNAL).read_text() == text.split("\n")[0] + "\n"


def test_lines_of_a_journal_that_a_crash_has_spoilt_are_left_out(found, tmp_path):
    """Whatever stands there is no simulation; of the others none is made again."""
    head, *lines = (found.folder / JOURNAL).read_bytes().splitlines()
    spoilt = [b"\0" * 40, b"\xff\xfe", b"{}", b"7", b"[1, 2]", b'[3, [0.5], ["x"], 9]']
    spoilt += [b"[9, [0.5], [1.0], 9]", b'["8"' + lines[8][2:]]
    (tmp_path / JOURNAL).write_bytes(b"\n".join([head, *spoilt, *lines[9:], b""]))

    known = open_journal(tmp_path / JOURNAL, json.loads(head)["settings"])

    whole = open_journal(found.folder / JOURNAL, json.loads(head)["settings"])
    assert [*known] == [*whole][9:]
    np.testing.assert_equal([*known.values()], [*whole.values()][9:])


def test_what_others_keep_in_a_folder_is_not_written_over(real, tmp_path):
    """A fit goes into a new folder or an empty one, and to no data set."""
    kept = tmp_path / "mine" / "README.md"
    kept.parent.mkdir()
    kept.write_text("mine")
    with pytest.raises(RequestError, match="mine holds something else: give another out"):
        fit(real, tmp_path / "mine")

    generate(Till(), out=tmp_path / "data", quiet=True, difficulty=False)
    for out in (tmp_path / "data", tmp_path / "data" / "fit"):
        with pytest.raises(RequestError, match="data holds a data set: give another out"):
            fit(real, out)
    assert kept.read_text() == "mine"
    assert [path.name for path in kept.parent.iterdir()] == ["README.md"]


class Broken(Till):
    """A third party's, which fails at what it is told, as from its parameters."""

    def simulate(self, *_):
        """Nothing."""
        raise ZeroDivisionError("boom")


def test_a_defect_of_a_third_party_is_no_bug_of_ours(real, tmp_path):
    """Its owner is named, whoever does the work."""
    said = "a simulation of Broken: ZeroDivisionError: boom (a defect of "
    with pytest.raises(RunError, match=re.escape(said)):
        fit(real, tmp_path, Broken())


def test_another_fit_in_the_same_folder_is_refused(found, real):
    """The journal says which fit it belongs to."""
    with pytest.raises(RequestError, match="holds another fit: name another out"):
        fit(real, found.folder, seed=4)


def test_a_model_that_can_not_fit_is_told(real, tmp_path):
    """A spread that no free parameter changes is missed, and named."""
    found = fit(real, tmp_path, Till(spread=0.3))

    assert found.is_misspecified
    assert any("amount log deviation" in line for line in found.warnings)


def test_held_out_rows_are_not_looked_at(real, folder, tmp_path):
    """Where a reference says which rows may be fitted on, the others change nothing."""
    columns = rows_of(changed(Till(), TRUTH))
    n = len(columns["amount"])
    spoilt = {
        name: np.concatenate([values, 1_000 * values if name == "amount" else values])
        for name, values in columns.items()
    }
    spoilt["fitted"] = np.arange(2 * n) < n
    held = reference(
        folder,
        "held",
        spoilt,
        fitted="fitted",
        real="SELECT amount, hour, label, fitted FROM reference",
    )

    found = fit(held, tmp_path)

    assert found.parameters["log_amount"].value == pytest.approx(TRUTH["log_amount"], rel=0.15)


@pytest.mark.parametrize(
    ("till", "options", "line"),
    [
        (Till(), {"parameters": ["log_amout"]}, "did you mean log_amount?"),
        (Till(), {"parameters": ["spread"]}, "'spread' is no free parameter"),
        (Till(), {"parameters": []}, "parameters is empty: name at least 1 of"),
        (Till(), {"n_simulations": 99}, "too few for 3 parameters: give at least 100"),
        (Till(), {"seed": -1}, "seed = -1 is out of bounds: must be >= 0"),
        (Till(log_amount=9.0), {}, "log_amount = 9 is not plausible: give it a value from 1 to 5"),
        (Purse(), {}, "Purse has no free parameter: give one a plausible range"),
    ],
)
def test_wrong_requests_are_refused_in_one_line(real, tmp_path, till, options, line):
    """Before anything is simulated or written."""
    with pytest.raises(RequestError, match=re.escape(line)) as caught:
        fit(real, tmp_path / "fit", till, **options)

    assert "\n" not in str(caught.value)
    assert not (tmp_path / "fit").exists()
