"""evaluate, on a small simulated shop and a real file that is made up here."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from toys.shop import TRANSACTIONS, Shop, card_file

from simgen.cli import main
from simgen.core import Batch, RequestError, Streams, Table
from simgen.metrics import find_metrics
from simgen.pipeline.evaluate import evaluate
from simgen.pipeline.generate import generate
from simgen.pipeline.references import (
    ENVIRONMENT,
    describe_reference,
    find_references,
    load_reference,
)
from simgen.storage.reader import Dataset


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
def shop(tmp_path_factory):
    """A simulated data set."""
    return generate(Shop(), out=tmp_path_factory.mktemp("shop") / "data", quiet=True)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder of references of our own."""
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path / "reference"))
    return tmp_path / "reference" / "fraud"


@pytest.fixture
def cards(folder):
    """The path of a good card file."""
    return card_file(folder / "ulb_creditcard_subset.parquet")


CHEAP = ("marginal_ks", "class_marginals")


def refused(shop, out, reference="ulb_creditcard", **options):
    """The one line with which evaluate refuses; it leaves nothing behind."""
    with pytest.raises(RequestError) as caught:
        evaluate(shop, reference, out=out, quiet=True, **options)
    assert not (out / "report.html").exists()
    assert not (out / "scores.json").exists()
    assert "\n" not in str(caught.value)
    return str(caught.value)


class TestScores:
    """What a good request gives."""

    @pytest.mark.usefixtures("cards")
    def test_the_whole_suite_on_data_of_one_nature(self, shop, tmp_path):
        """Scores, real halves, verdict and page are there, and data of one nature is close."""
        found = evaluate(shop, "ulb_creditcard", out=tmp_path / "out", quiet=True)
        content = json.loads(found.scores_path.read_text())
        scores = content["samples"]["payments"]["scores"]
        assert set(scores) == {name for name, kind in find_metrics().items() if kind.by_default}
        assert scores["class_marginals"]["level"] == "close"
        assert scores["tstr"]["level"] == "close"
        assert scores["tstr"]["real_halves"]["value"] == pytest.approx(1.0, abs=0.3)
        assert scores["marginal_total_variation"]["reason"]
        assert content["data_set"]["scenario"]["name"] == "Shop"
        assert content["data_set"]["difficulty"]["transactions"]["n_rare"] == 200
        page = found.report_path.read_text()
        assert found.verdict.headline in page
        assert "Database Contents License" in page
        assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
            "report.html",
            "report.md",
            "scores.json",
        ]

    @pytest.mark.usefixtures("cards")
    def test_real_rows_weigh_as_the_population(self, shop, tmp_path):
        """One row in ten of the file is rare, one in 579 of the population."""
        found = evaluate(shop, "ulb_creditcard", out=tmp_path, metrics=CHEAP, quiet=True)
        assert "0.173 %" in found.report_path.read_text()

    @pytest.mark.parametrize("reference", ["ulb_creditcard", "cdnow"])
    @pytest.mark.usefixtures("cards")
    def test_same_seed_same_bytes(self, shop, folder, tmp_path, reference):
        """Scores and page are a function of the data, the reference and the seed."""
        purchase_file(folder / "cdnow_purchases.parquet")
        one, two = (
            evaluate(shop, reference, out=tmp_path / name, metrics=CHEAP, quiet=True)
            for name in ("one", "two")
        )
        assert one.scores_path.read_bytes() == two.scores_path.read_bytes()
        assert one.report_path.read_bytes() == two.report_path.read_bytes()

    @pytest.mark.usefixtures("cards")
    def test_an_earlier_report_is_replaced(self, shop, tmp_path):
        """The same out can be used again, with other metrics."""
        evaluate(shop, "ulb_creditcard", out=tmp_path, metrics=["marginal_ks"], quiet=True)
        found = evaluate(shop, "ulb_creditcard", out=tmp_path, metrics=["c2st"], quiet=True)
        assert list(json.loads(found.scores_path.read_text())["samples"]["payments"]["scores"]) == [
            "c2st"
        ]

    def test_purchases_are_followed_equally_long(self, shop, folder, tmp_path):
        """The real log is cut where the simulation ends, and customers are summed up alike."""
        purchase_file(folder / "cdnow_purchases.parquet")
        found = evaluate(shop, "cdnow", out=tmp_path, metrics=["marginal_ks"], quiet=True)
        rows = json.loads(found.scores_path.read_text())["samples"]
        assert rows["customers"]["rows"]["real"] == 4_000
        assert 4_000 < rows["purchases"]["rows"]["real"] < 5_000
        parts = found.scores["customers"]["marginal_ks"].details["parts"]
        assert set(parts) == {"n_purchases", "mean_relative_amount", "active_days"}

    @pytest.mark.usefixtures("cards")
    def test_what_a_reference_states_besides_reaches_the_metrics(self, shop, tmp_path):
        """Time, kind, subgroup and the rows fitted on: an attack and a comparison of subgroups."""
        reference = load_reference("ulb_creditcard")
        view = reference.samples[0]
        stated = dataclasses.replace(
            view,
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
    def test_a_path_will_do(self, shop, tmp_path):
        """The data set may be given by its folder."""
        path = shop.label
        found = evaluate(path, "ulb_creditcard", out=tmp_path, metrics=["marginal_ks"], quiet=True)
        assert found.scores["payments"]["marginal_ks"].value is not None


class TestGate:
    """simgen evaluate gate=default."""

    def run(self, shop, out, *more):
        """The exit code."""
        words = f"evaluate synthetic={shop.label} out={out} quiet=true gate=default".split()
        return main([*words, *more])

    @pytest.mark.usefixtures("cards")
    def test_good_data_passes(self, shop, tmp_path):
        """Exit code 0."""
        assert self.run(shop, tmp_path) == 0

    @pytest.mark.usefixtures("cards")
    def test_bad_data_fails_and_the_report_is_there(self, shop, tmp_path, capsys):
        """Exit code 1, and one line that names metric, value and bound."""
        code = self.run(shop, tmp_path, "metrics=[c2st]", "gate.c2st=0.1")
        assert code == 1
        line = capsys.readouterr().err
        assert "gate default is not passed" in line
        assert "payments: c2st = 0." in line
        assert ", must be <= 0.1; " in line
        assert "payments: tstr was not computed" in line
        assert (tmp_path / "report.html").exists()

    @pytest.mark.usefixtures("cards")
    def test_a_gate_without_sense_is_refused(self, shop, tmp_path, capsys):
        """Exit code 2, before anything is computed."""
        assert self.run(shop, tmp_path, "+gate.c2sd=0.5") == 2
        assert "did you mean c2st?" in capsys.readouterr().err
        assert not (tmp_path / "report.html").exists()


class TestBadRequests:
    """Each is one line that names value, bound and remedy, and nothing is written."""

    def test_unknown_reference(self, shop, tmp_path):
        """A near miss is named."""
        line = refused(shop, tmp_path, "ulb_credit_card")
        assert line == "unknown reference 'ulb_credit_card': did you mean ulb_creditcard?"

    @pytest.mark.usefixtures("cards")
    def test_unknown_metric(self, shop, tmp_path):
        """A near miss is named."""
        line = refused(shop, tmp_path, metrics=["c2sd"])
        assert line == "unknown metric 'c2sd': did you mean c2st?"

    @pytest.mark.usefixtures("cards")
    def test_no_metric(self, shop, tmp_path):
        """An empty list asks for nothing."""
        assert "name at least 1 of" in refused(shop, tmp_path, metrics=[])

    @pytest.mark.usefixtures("cards")
    def test_negative_seed(self, shop, tmp_path):
        """Seeds start at 0."""
        assert refused(shop, tmp_path, seed=-1) == "seed = -1 is out of bounds: must be >= 0"

    def test_file_missing(self, shop, folder, tmp_path):
        """The line says where the file was looked for and what to set."""
        line = refused(shop, tmp_path)
        assert str(folder / "ulb_creditcard_subset.parquet") in line
        assert f"set {ENVIRONMENT} to the folder that holds fraud/" in line

    def test_file_no_parquet(self, shop, cards, tmp_path):
        """A CSV file under the name of a Parquet file is refused."""
        cards.write_text("Time,Amount,Class\n1,2,0\n")
        assert "is not a Parquet file" in refused(shop, tmp_path)

    def test_file_empty(self, shop, folder, tmp_path):
        """A file without rows is refused."""
        card_file(folder / "ulb_creditcard_subset.parquet", n_rows=0)
        assert "has 0 rows: at least 1 is needed" in refused(shop, tmp_path)

    def test_file_lacks_a_column(self, shop, folder, tmp_path):
        """The line names the column."""
        card_file(folder / "ulb_creditcard_subset.parquet", Amount=None)
        line = refused(shop, tmp_path)
        assert "is not the file described" in line
        assert "Amount" in line

    @pytest.mark.parametrize(("share", "value"), [(0.0, "false"), (1.1, "true")])
    def test_file_has_one_class(self, shop, folder, tmp_path, share, value):
        """Labels that are all alike can teach nothing."""
        card_file(folder / "ulb_creditcard_subset.parquet", rare_share=share)
        line = refused(shop, tmp_path)
        assert f"has label = {value}: both classes are needed" in line

    @pytest.mark.usefixtures("cards")
    def test_data_set_lacks_a_table(self, tmp_path):
        """A data set of another kind is refused, and the table named."""
        renamed = Table("flights", "x", TRANSACTIONS.fields, TRANSACTIONS.entity)

        class Flights(Shop):
            """Flights."""

            tables = (renamed,)

            def simulate(self, block, shared, streams):
                """The shop's rows under another name."""
                for batch in super().simulate(block, shared, streams):
                    rows = batch.rows.replace_schema_metadata(renamed.schema.metadata)
                    yield Batch("flights", rows)

        other = generate(Flights(), out=tmp_path / "flights", quiet=True, difficulty=False)
        line = refused(other, tmp_path / "out")
        assert "the data set does not fit reference ulb_creditcard" in line
        assert "transactions" in line

    @pytest.mark.usefixtures("cards")
    def test_no_data_set(self, tmp_path):
        """A folder without a manifest is no data set."""
        assert "no finished data set" in refused(tmp_path, tmp_path / "out")

    @pytest.mark.usefixtures("cards")
    def test_out_is_a_data_set(self, shop):
        """A report never lands among a data set's files."""
        assert "give another out" in refused(shop, Path(shop.label))

    @pytest.mark.usefixtures("cards")
    def test_out_is_a_file(self, shop, tmp_path):
        """A file can't be a folder."""
        (tmp_path / "out").write_text("")
        assert "can't make the folder" in refused(shop, tmp_path / "out")

    @pytest.mark.usefixtures("cards")
    def test_few_rows_are_said_and_not_scored(self, tmp_path):
        """A data set too small to compare gives a page that says so."""
        small = generate(Shop(n_rows=5, n_thefts=0), out=tmp_path / "small", quiet=True)
        found = evaluate(small, "ulb_creditcard", out=tmp_path / "out", metrics=CHEAP, quiet=True)
        assert found.verdict.level == "unknown"
        assert "5 rows: 50 are needed" in found.report_path.read_text()


@pytest.mark.parametrize("name", find_references())
def test_every_reference_is_described(name):
    """Each file of configs/reference has all that a reader and the code need."""
    reference = load_reference(name)
    assert reference.licence
    assert reference.source
    assert reference.notes
    for sample in reference.samples:
        assert bool(sample.derived) != bool(sample.view and sample.real)
        assert sample.columns
        if sample.view:
            assert "weight" in reference.view(sample)


def test_a_description_with_a_wrong_key_is_refused():
    """A misspelt key is an error, not an option without effect."""
    with pytest.raises(TypeError, match="licens"):
        describe_reference("x", {"samples": {}, "licens": "?"})


@pytest.mark.parametrize("name", ["ulb_creditcard", "cdnow"])
def test_halves_of_the_real_file_are_close(name, shop, tmp_path):
    """The real files still fit their descriptions, and their halves agree: the ceiling is high."""
    path = load_reference(name).path
    if not path.is_file():
        pytest.skip(f"there is no real file {path.name}: set {ENVIRONMENT}")
    found = evaluate(shop, name, out=tmp_path, metrics=["marginal_ks"], quiet=True)
    for ceilings in found.ceilings.values():
        assert ceilings["marginal_ks"].value < 0.06


def test_the_data_set_of_a_report_is_the_one_on_disk(shop):
    """The fixture is a data set that anyone could read."""
    assert Dataset(shop.label).names == ("transactions",)
