"""Fit, and generate with what was fitted, on a small simulated shop and a file made up here."""

import dataclasses
import json
import shutil
from unittest.mock import ANY

import numpy as np
import pyarrow.parquet as pq
import pytest
from toys.shop import Shop, card_file

from simgen.cli import main
from simgen.core import RequestError
from simgen.pipeline.calibrated import load_calibration
from simgen.pipeline.evaluate import evaluate
from simgen.pipeline.executors import Processes
from simgen.pipeline.fit import fit
from simgen.pipeline.generate import generate
from simgen.pipeline.references import ENVIRONMENT, description_of, load_reference
from simgen.residual import find_residuals
from simgen.storage.reader import Dataset


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    """A simulated shop, and a model fitted to a card file whose amounts are thrice as large."""
    root = tmp_path_factory.mktemp("fit")
    path = root / "reference" / "fraud" / "ulb_creditcard_subset.parquet"
    chance = np.random.default_rng(3)
    card_file(path, Amount=np.round(chance.lognormal(4.0, 1.0, 2_000), 2))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(ENVIRONMENT, str(root / "reference"))
        shop = generate(Shop(), out=root / "shop", quiet=True, difficulty=False)
        few = Shop(n_rows=1_000, n_thefts=100)
        generate(few, out=root / "few", quiet=True, difficulty=False)
        fit(shop, "ulb_creditcard", out=root / "model", quiet=True)
    return root


@pytest.fixture
def folder(places, monkeypatch):
    """The same, with the reference where it is looked for."""
    monkeypatch.setenv(ENVIRONMENT, str(places / "reference"))
    return places


@pytest.fixture(scope="module")
def quantile(places):
    """A fit of quantiles, attacked by shadow models, in a folder where a killed one left files."""
    out = places / "quantile"
    (out / ".part").mkdir(parents=True)
    for left in (".part/card.json", ".part/fit.json", "arrays.npz"):
        (out / left).touch()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(ENVIRONMENT, str(places / "reference"))
        return fit(places / "few", "ulb_creditcard", "quantile", out=out, n_shadows=4, quiet=True)


@pytest.fixture(scope="module")
def made(places):
    """The shop with its payments corrected."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(ENVIRONMENT, str(places / "reference"))
        return calibrated(places, places / "made")


def calibrated(folder, out, **options):
    """The shop with its payments corrected."""
    return generate(
        Shop(), seed=4, residual=folder / "model", out=out, quiet=True, difficulty=False, **options
    )


class TestFit:
    """The model's folder."""

    def test_it_holds_what_a_reader_needs(self, folder):
        """Card, privacy, scores before and after, how to use it; and nothing that executes."""
        held = {path.name for path in (folder / "model").iterdir()}
        assert held == {"README.md", "arrays.npz", "card.json", "fit.json", "scores.json"}
        text = (folder / "model" / "README.md").read_text()
        assert "residual=fitted" in text
        assert "Not differentially private" in text
        assert "`V28` (added)" in text
        assert "- max_real_rows: 100,000\n" in text
        assert "- real left out: amount_is_not_negative 0, hour_is_of_a_day 0\n" in text
        assert "- simulated left out: none\n" in text
        assert "\n\nColumns, causes first: " in text
        scores = json.loads((folder / "model" / "scores.json").read_text())
        after = scores["marginal_ks"]["after"]["value"]
        assert after < 0.7 * scores["marginal_ks"]["before"]["value"]

    def test_what_a_killed_fit_left_is_swept(self, quantile):
        """The same call simply goes again."""
        held = {path.name for path in quantile.folder.iterdir()}
        assert held == {"README.md", "arrays.npz", "card.json", "fit.json", "scores.json"}

    def test_what_others_keep_beside_a_killed_fit_is_not_touched(self, folder, tmp_path):
        """Their folder is refused before any work."""
        (tmp_path / ".part").mkdir()
        (tmp_path / "notes.txt").touch()
        with pytest.raises(RequestError, match="is not empty: name a new folder"):
            fit(folder / "shop", "ulb_creditcard", "quantile", out=tmp_path, quiet=True)

        assert {path.name for path in tmp_path.iterdir()} == {".part", "notes.txt"}

    def test_it_sees_no_row_that_is_held_out(self, folder):
        """About half of the real rows are kept for judging."""
        card = json.loads((folder / "model" / "card.json").read_text())
        assert 900 < card["rows"]["real"]["rows"] < 1_100

    def test_before_and_after_are_compared_on_the_same_columns(self, folder):
        """The columns that the model adds make a harder test, which stands apart."""
        scores = json.loads((folder / "model" / "scores.json").read_text())
        parts = {
            when: set(score["details"]["parts"]) for when, score in scores["marginal_ks"].items()
        }
        assert parts["before"] == parts["after_alike"]
        assert "V1" in parts["after"] - parts["before"]
        card = (folder / "model" / "README.md").read_text()
        assert "| metric | best | simulated | corrected | corrected, all columns |" in card

    @pytest.mark.usefixtures("folder")
    def test_a_residual_that_cannot_complete_leaves_the_rest_out(self, quantile, tmp_path):
        """The columns that the simulator makes are corrected, and generate knows it."""
        made = generate(
            Shop(), residual=quantile.folder, out=tmp_path / "made", quiet=True, difficulty=False
        )
        names = made.schema("calibrated_payments").names
        assert "amount" in names
        assert "V1" not in names

    def test_a_private_model_tells_nothing_exact(self, folder, tmp_path):
        """No score and no count of real rows; the budget goes into the manifest."""
        residual = find_residuals()["private"](epsilon=3.0)
        found = fit(folder / "shop", "ulb_creditcard", residual, out=tmp_path / "model", quiet=True)
        assert found.scores == {}
        text = (tmp_path / "model" / "README.md").read_text()
        assert "beyond the privacy budget" in text
        assert "- real rows" not in text
        made = generate(
            Shop(), residual=tmp_path / "model", out=tmp_path / "made", quiet=True, difficulty=False
        )
        assert made.manifest["residual"]["budget"]["epsilon"] == 3.0
        assert "epsilon = 3" in (tmp_path / "made" / "README.md").read_text()

    def test_the_same_call_leaves_a_finished_model_as_it_is(
        self, folder, quantile, tmp_path, monkeypatch
    ):
        """What was found is told again, nothing is fitted; another call or other rows: refused."""
        before = {path: path.stat().st_mtime_ns for path in quantile.folder.iterdir()}
        request = (folder / "few", "ulb_creditcard", "quantile")
        again = fit(*request, out=quantile.folder, n_shadows=4, quiet=True)

        one, other = (
            [[score.plain() for score in pair] for pair in found.compared.values()]
            for found in (again, quantile)
        )
        assert one == json.loads(json.dumps(other))
        assert again.attack.value == quantile.attack.value
        assert again.fitted.card == {**quantile.fitted.card, "arrays": ANY}
        assert {path: path.stat().st_mtime_ns for path in quantile.folder.iterdir()} == before
        for changed in ({"n_shadows": 6}, {"n_shadows": 4, "seed": 1}):
            with pytest.raises(RequestError, match="is not empty: name a new folder"):
                fit(*request, out=quantile.folder, quiet=True, **changed)
        elsewhere = tmp_path / "reference"
        shutil.copytree(folder / "reference", elsewhere)
        (rows,) = elsewhere.rglob("*.parquet")
        pq.write_table(pq.read_table(rows).slice(1), rows)
        monkeypatch.setenv(ENVIRONMENT, str(elsewhere))
        with pytest.raises(RequestError, match="is not empty: name a new folder"):
            fit(*request, out=quantile.folder, n_shadows=4, quiet=True)

    def test_shadow_models_attack_a_model_if_asked(self, quantile):
        """The card tells how well they know who was in the real rows."""
        assert quantile.attack.low < 0.6
        scores = json.loads((quantile.folder / "scores.json").read_text())
        assert scores["shadow_models"]["after"]["value"] == quantile.attack.value
        assert "Shadow models, 4 further fits" in (quantile.folder / "README.md").read_text()

    @pytest.mark.parametrize(
        ("residual", "n_shadows", "why"),
        [("quantile", 3, "even and >= 4"), ("private", 4, "beyond the privacy budget")],
    )
    def test_shadows_that_cannot_be_are_refused(self, folder, tmp_path, residual, n_shadows, why):
        """An odd number, and a score that a private model must not tell; nothing is written."""
        with pytest.raises(RequestError, match=why):
            fit(
                folder / "shop",
                "ulb_creditcard",
                residual,
                out=tmp_path / "model",
                n_shadows=n_shadows,
            )
        assert not (tmp_path / "model").exists()


class TestGenerate:
    """generate with a fitted residual."""

    def test_the_corrected_sample_is_one_more_table(self, made, tmp_path):
        """It has added columns and larger amounts, to the cent; labels and other tables stay."""
        plain = generate(Shop(), seed=4, out=tmp_path / "plain", quiet=True, difficulty=False)
        assert made.table("transactions").equals(plain.table("transactions"))
        rows, before = made.to_pandas("calibrated_payments"), plain.to_pandas("transactions")
        assert rows["amount"].median() > 1.3 * before["amount"].median()
        assert (rows["amount"] == rows["amount"].round(2)).all()
        assert rows.groupby("label")["V1"].mean().diff().iloc[-1] == pytest.approx(3.0, abs=0.5)
        own = before.set_index("transaction_id").loc[rows["transaction_id"]]
        assert (own["label"].to_numpy() == rows["label"].to_numpy()).all()
        share = np.average(rows["label"], weights=rows["weight"])
        assert share == pytest.approx(492 / 284_807, rel=0.5)

    def test_the_manifest_says_what_corrected_it(self, made, folder):
        """Reference, model and what it holds of real rows."""
        told = made.manifest["residual"]
        assert told["reference"] == "ulb_creditcard"
        assert told["model"] == "transport"
        assert "confidential" in told["privacy"]
        assert "real rows" in (folder / "made" / "README.md").read_text()

    def test_a_reference_of_ours_is_known_by_name(self, folder):
        """Its model holds no description of it."""
        assert "description" not in json.loads((folder / "model" / "fit.json").read_text())
        known = load_calibration(folder / "model", Shop()).reference
        assert known == load_reference("ulb_creditcard")

    def test_the_sql_of_a_model_reads_no_file(self, folder, tmp_path):
        """What a model says of its reference sees rows alone, and is in its digest."""
        model, secret = tmp_path / "model", tmp_path / "secret.txt"
        shutil.copytree(folder / "model", model)
        secret.write_text("mine")
        about = json.loads((model / "fit.json").read_text())
        held = json.loads(json.dumps(description_of(load_reference("ulb_creditcard"))))
        sql = f"SELECT * FROM corrected, read_text('{secret}')"  # noqa: S608 - as an attacker would
        held["samples"][about["sample"]]["recomputed"] = sql
        (model / "fit.json").write_text(json.dumps({**about, "description": held}))
        honest, other = (load_calibration(place, Shop()) for place in (folder / "model", model))

        assert honest.settings["digest"] != other.settings["digest"]
        with pytest.raises(RequestError, match="disabled"):
            generate(Shop(), residual=model, out=tmp_path / "made", quiet=True, difficulty=False)

    @pytest.mark.parametrize(
        ("kept", "warned"),
        [((0.055, 0.0003), True), ((0.6, 0.0003), False), ((0.055, 0.007), False)],
    )
    def test_a_model_that_throws_most_rows_away_for_their_class_says_so(
        self, folder, tmp_path, capsys, kept, warned
    ):
        """In one line with the share that is kept, and what helps."""
        model = tmp_path / "model"
        shutil.copytree(folder / "model", model)
        card = json.loads((model / "card.json").read_text())
        card["details"] |= {
            "rows kept share": kept[0],
            "prevalence before": kept[1],
            "prevalence after": 0.007,
        }
        (model / "card.json").write_text(json.dumps(card))
        generate(Shop(n_rows=300), residual=model, out=tmp_path / "made", difficulty=False)

        line = "keeps 5.5 % of the sample payments: rare rows weigh 0.03 %"
        assert (line in capsys.readouterr().err) == warned

    def test_a_model_without_what_its_view_needs_of_all_rows_is_refused(self, folder, tmp_path):
        """As one of an earlier simgen is; the line names what is missing."""
        model = tmp_path / "model"
        shutil.copytree(folder / "model", model)
        about = json.loads((model / "fit.json").read_text())
        about |= {"reference": "cdnow", "sample": "purchases"}
        (model / "fit.json").write_text(json.dumps(about))
        with pytest.raises(RequestError, match="holds no median_amount of all rows: refit it"):
            load_calibration(model, Shop())

    @pytest.mark.slow
    def test_same_seed_same_bytes(self, made, folder, tmp_path):
        """In this process and in two."""
        again = calibrated(folder, tmp_path / "again", executor=Processes(n_workers=2))
        assert again.manifest["tables"] == made.manifest["tables"]

    def test_another_model_is_another_run(self, folder, tmp_path):
        """A folder made without the model is not taken for one made with it."""
        generate(Shop(), seed=4, out=tmp_path / "made", quiet=True, difficulty=False)
        with pytest.raises(RequestError, match="holds another run"):
            calibrated(folder, tmp_path / "made")

    @pytest.mark.usefixtures("folder")
    def test_evaluate_compares_the_corrected_rows(self, made, tmp_path):
        """Against real rows that the fit has not seen, with the columns that it added."""
        reference = load_reference("ulb_creditcard")
        view = reference.samples[0]
        few = tuple(column for column in view.columns if column.name in {"amount", "V1", "V28"})
        fewer = dataclasses.replace(view, columns=few)  # each is drawn, which takes its time
        found = evaluate(
            made,
            dataclasses.replace(reference, samples=(fewer,)),
            out=tmp_path / "report",
            metrics=["marginal_ks"],
            quiet=True,
        )
        assert "V28" in found.scores["payments"]["marginal_ks"].details["parts"]

    def test_the_command_line_does_both(self, folder, tmp_path, capsys):
        """The command simgen fit writes a model of the residual that was named."""
        words = f"fit simulated={folder / 'shop'} residual=private out={tmp_path / 'm'}"
        assert main([*words.split(), "residual.epsilon=3", "quiet=true"]) == 0
        card = json.loads((tmp_path / "m" / "card.json").read_text())
        assert card["residual"] == "private"
        assert card["parameters"]["epsilon"] == 3
        assert capsys.readouterr().err == ""


class TestBadRequests:
    """Each is one line."""

    def refused(self, *more, **options):
        """The line."""
        with pytest.raises(RequestError) as caught:
            fit(*more, quiet=True, **options)
        assert "\n" not in str(caught.value)
        return str(caught.value)

    def test_unknown_residual(self, folder, tmp_path):
        """A near miss is named."""
        line = self.refused(folder / "shop", "ulb_creditcard", "transprot", out=tmp_path / "m")
        assert line == "unknown residual 'transprot': did you mean transport?"

    def test_out_is_not_empty(self, folder):
        """A model never lands among other files."""
        line = self.refused(folder / "shop", "ulb_creditcard", out=folder / "model", seed=1)
        assert "name a new folder" in line

    def test_unknown_sample(self, folder, tmp_path):
        """Those that can be fitted are named."""
        line = self.refused(
            folder / "shop", "ulb_creditcard", sample="customers", out=tmp_path / "m"
        )
        assert line.endswith("has payments")

    @pytest.mark.usefixtures("folder")
    def test_data_that_were_corrected_already(self, made, tmp_path):
        """What is to be corrected is what the simulator made."""
        assert "corrected already" in self.refused(made, "ulb_creditcard", out=tmp_path / "m")

    def test_no_model(self, folder, tmp_path):
        """A folder without a model is named, and what makes one."""
        with pytest.raises(RequestError, match="make one with simgen fit"):
            generate(Shop(), residual=tmp_path, out=tmp_path / "made", quiet=True)
        assert isinstance(Dataset(folder / "shop"), Dataset)

    @pytest.mark.parametrize("both", [False, True])
    def test_neither_or_both(self, folder, tmp_path, capsys, both):
        """The command fits one thing at a time."""
        words = [f"simulated={folder / 'shop'}", "scenario=fraud/retail_bank"] if both else []
        assert main(["fit", f"out={tmp_path / 'm'}", *words]) == 2
        assert "give one of two" in capsys.readouterr().err


def test_every_residual_has_a_name_for_the_command_line():
    """What simgen fit offers is what is there."""
    assert {"identity", "quantile", "transport", "completion"} <= set(find_residuals())
