"""What evaluate gives, on a small simulated shop and a real file that is made up here."""

import dataclasses
import json
import shutil
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from toys.shop import Shop, card_file

from simgen.core import Streams
from simgen.metrics import find_metrics
from simgen.pipeline.evaluate import evaluate
from simgen.pipeline.generate import generate
from simgen.pipeline.references import ENVIRONMENT, load_reference
from simgen.storage.reader import Dataset

CHEAP = ("marginal_ks", "class_marginals")


def purchase_file(path, n_customers=4_000):
    """A file with the columns of CDNOW's: a second purchase some days after the first, or none."""
    chance = Streams(2).generator("purchases")
    first = chance.integers(0, 84, n_customers)
    again = np.flatnonzero(chance.random(n_customers) < 0.5)
    customer = np.concatenate([np.arange(n_customers), again])
    day = np.concatenate([first, first[again] + chance.integers(1, 400, len(again))])
    path.parent.mkdir(parents=True, exist_ok=True)
    table = {
        "customer_id": [f"{number:05d}" for number in customer],
        "date": np.datetime64("1997-01-01", "us") + day.astype("timedelta64[D]"),
        "dollar_value": np.round(chance.lognormal(3, 0.5, len(day)), 2),
    }
    pq.write_table(pa.table(table), path)


@pytest.fixture(scope="module")
def found(shop, tmp_path_factory):
    """A function from a reference to what cheap metrics find; the files are made up here."""
    root = tmp_path_factory.mktemp("found")
    card_file(root / "reference" / "fraud" / "ulb_creditcard_subset.parquet")
    purchase_file(root / "reference" / "fraud" / "cdnow_purchases.parquet")

    @cache
    def run(name, out="once"):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(ENVIRONMENT, str(root / "reference"))
            return evaluate(shop, name, out=root / name / out, metrics=CHEAP, quiet=True)

    return run


def test_the_whole_suite_on_data_of_one_nature(judged):
    """Scores, real halves, verdict and page are there, and data of one nature is close."""
    out = judged[1]
    content = json.loads((out / "scores.json").read_text())
    scores = content["samples"]["payments"]["scores"]
    assert set(scores) == {name for name, kind in find_metrics().items() if kind.by_default}
    assert scores["class_marginals"]["level"] == "close"
    assert scores["tstr"]["level"] == "close"
    assert scores["tstr"]["real_halves"]["value"] == pytest.approx(1.0, abs=0.3)
    assert scores["marginal_total_variation"]["reason"]
    assert content["data_set"]["scenario"]["name"] == "Shop"
    assert content["data_set"]["difficulty"]["transactions"]["n_rare"] == 200
    page = (out / "report.html").read_text()
    assert content["verdict"]["headline"] in page
    assert "Database Contents License" in page
    assert sorted(path.name for path in out.iterdir()) == [
        "report.html",
        "report.md",
        "scores.json",
    ]


def test_real_rows_weigh_as_the_population(found):
    """One row in ten of the file is rare, one in 579 of the population."""
    assert "0.173 %" in found("ulb_creditcard").report_path.read_text()


def test_one_half_of_the_real_rows_is_held_against_the_other(found):
    """They are of one nature, and not the same rows."""
    evaluation = found("ulb_creditcard")
    ceiling = evaluation.ceilings["payments"]["marginal_ks"].value
    assert 0.0 < ceiling < 0.1
    told = json.loads(evaluation.scores_path.read_text())["samples"]["payments"]["scores"]
    assert told["marginal_ks"]["real_halves"]["value"] == ceiling


@pytest.mark.parametrize("reference", ["ulb_creditcard", "cdnow"])
def test_same_seed_same_bytes(found, reference):
    """Scores and page are a function of the data, the reference and the seed."""
    one, two = found(reference), found(reference, "again")
    assert one.scores_path.read_bytes() == two.scores_path.read_bytes()
    assert one.report_path.read_bytes() == two.report_path.read_bytes()


@pytest.mark.usefixtures("cards")
def test_an_earlier_report_is_replaced(shop, found, tmp_path):
    """The same out can be used again, with other metrics."""
    before = found("ulb_creditcard").scores_path
    out = shutil.copytree(before.parent, tmp_path / "out")
    after = evaluate(shop, "ulb_creditcard", out=out, metrics=["c2st"], quiet=True).scores_path

    told = [json.loads(path.read_text())["samples"]["payments"] for path in (before, after)]
    assert [list(entry["scores"]) for entry in told] == [list(CHEAP), ["c2st"]]


def test_purchases_are_followed_equally_long(found):
    """The real log is cut where the simulation ends, and customers are summed up alike."""
    rows = json.loads(found("cdnow").scores_path.read_text())["samples"]
    assert rows["customers"]["rows"]["real"] == 4_000
    assert 4_000 < rows["purchases"]["rows"]["real"] < 5_000
    parts = found("cdnow").scores["customers"]["marginal_ks"].details["parts"]
    assert set(parts) == {"n_purchases", "mean_relative_amount", "active_days"}


@pytest.mark.usefixtures("cards")
def test_what_a_reference_states_besides_reaches_the_metrics(shop, tmp_path):
    """Time, kind, subgroup and the rows fitted on: an attack and a comparison of subgroups."""
    reference = load_reference("ulb_creditcard")
    view = reference.samples[0]
    stated = dataclasses.replace(
        view,
        columns=view.columns[:8],  # each is drawn, which takes its time
        real=f"""
            SELECT *, CASE WHEN label THEN 'theft' ELSE '' END AS kind,
                   CASE WHEN amount > 50 THEN 'rich' ELSE 'poor' END AS wealth,
                   (amount * 100)::BIGINT % 2 = 0 AS mine
            FROM ({view.real})
        """,  # noqa: S608 - our own file
        at="hour",
        kind="kind",
        subgroup="wealth",
        fitted="mine",
    )
    fitted = Dataset(shop.label)
    fitted.manifest["residual"] = {"reference": reference.name}
    found = evaluate(
        fitted,
        dataclasses.replace(reference, samples=(stated,)),
        out=tmp_path,
        metrics=["membership_inference", "fairness", "rare_coverage"],
        quiet=True,
    ).scores["payments"]
    assert found["membership_inference"].value == pytest.approx(0.5, abs=0.06)
    assert found["fairness"].value is not None
    parts = found["rare_coverage"].details["parts"]
    assert {"coverage of theft", "coverage of rich", "coverage of poor"} <= set(parts)


@pytest.mark.usefixtures("cards")
def test_a_path_will_do(shop, tmp_path):
    """The data set may be given by its folder."""
    path = shop.label
    found = evaluate(path, "ulb_creditcard", out=tmp_path, metrics=["marginal_ks"], quiet=True)
    assert found.scores["payments"]["marginal_ks"].value is not None


@pytest.mark.usefixtures("cards")
def test_few_rows_are_said_and_not_scored(tmp_path):
    """A data set too small to compare gives a page that says so."""
    small = generate(Shop(n_rows=5, n_thefts=0), out=tmp_path / "small", quiet=True)
    found = evaluate(small, "ulb_creditcard", out=tmp_path / "out", metrics=CHEAP, quiet=True)
    assert found.verdict.level == "unknown"
    assert "5 rows: 50 are needed" in found.report_path.read_text()


@pytest.mark.parametrize("name", ["ulb_creditcard", "cdnow"])
def test_halves_of_the_real_file_are_close(name, shop, tmp_path):
    """The real files still fit their descriptions, and their halves agree: the ceiling is high."""
    path = load_reference(name).path
    if not path.is_file():
        pytest.skip(f"there is no real file {path.name}: set {ENVIRONMENT}")
    found = evaluate(shop, name, out=tmp_path, metrics=["marginal_ks"], quiet=True)
    for ceilings in found.ceilings.values():
        assert ceilings["marginal_ks"].value < 0.06
