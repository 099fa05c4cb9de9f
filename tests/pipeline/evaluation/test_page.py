"""What a report says of an evaluation."""

import dataclasses

import numpy as np
import pytest
from toys.evaluations import findings, payments

from simgen.metrics import Score, find_metrics
from simgen.pipeline.evaluation.advice import family_summaries, uses, warnings
from simgen.pipeline.evaluation.drawings import column_figures, model_figures, pair_figures
from simgen.pipeline.evaluation.histories import history_figures
from simgen.pipeline.evaluation.page import evaluation_page
from simgen.pipeline.evaluation.verdicts import too_few
from simgen.report import render_markdown


@pytest.fixture(scope="module")
def page():
    return evaluation_page(findings())


def chapter(page, title):
    return next(entry for entry in page.sections[0].chapters if entry.title == title)


def captions(figures):
    return " | ".join(figure.caption for figure in figures)


def scored(**values):
    return {"payments": {name: Score(value=value) for name, value in values.items()}}


def test_every_column_is_drawn_for_each_class(page):
    """Scored or not, numbers and categories."""
    drawn = captions(chapter(page, "Fidelity").figures)
    for name in ("Amount paid", "Hour of day", "Age", "Kind of shop", "Dollars"):
        for group in ("rare", "ordinary"):
            assert f"{name}, {group} rows" in drawn
    assert drawn.count("shown, not scored") == 2


def test_pairs_are_drawn_worst_first(page):
    """As two-way tables, the pair that differs most before the others, with its interval."""
    drawn = [f.caption for f in chapter(page, "Fidelity").figures if "differ by" in f.caption]
    gaps = [float(caption.split("differ by ")[1].split(" ")[0]) for caption in drawn]
    assert gaps == sorted(gaps, reverse=True)
    assert drawn[0].startswith("Amount paid [EUR] and ")


def test_models_are_drawn_where_they_were_trained():
    """ROC, precision-recall and calibration, with the areas that the score tells."""
    (pair,) = findings().pairs
    score = find_metrics()["tstr"](n_splits=3).compute(pair.real, pair.synthetic)
    figures = list(model_figures(score))
    drawn = captions(figures)
    areas = [float(word) for word in figures[0].alt.split() if word.startswith("0.")]
    told = [score.details[source]["roc_auc"] for source in ("real", "synthetic")]
    assert areas == pytest.approx(told, abs=0.015)  # drawn at fixed places
    assert list(model_figures(Score.undefined("no label"))) == []
    assert "tested on the same real rows" in drawn
    assert "Calibration at 5 % rare rows" in drawn


def test_histories_are_drawn_where_rows_have_a_time(page):
    """Rhythms, gaps, later rows; none of them without a time, rhythms alone without entities."""
    drawn = captions(chapter(page, "Fidelity").figures)
    for text in ("When rows happen", "Time since the row", "(autocorrelation)", "the power that"):
        assert text in drawn
    (pair,) = findings().pairs
    for lost, n_figures in (({"at": None}, 0), ({"entity": None}, 1)):
        sides = {
            name: dataclasses.replace(getattr(pair, name), **lost) for name in ("real", "synthetic")
        }
        assert len(list(history_figures(dataclasses.replace(pair, **sides), 0))) == n_figures


def test_rows_of_one_instant_have_no_rhythm():
    """As where a day was exported by its date alone."""
    (pair,) = findings().pairs
    real = dataclasses.replace(pair.real, at=np.full(pair.real.n_rows, 5.0), entity=None)

    assert not list(history_figures(dataclasses.replace(pair, real=real), 0))


def test_the_worst_slice_leads(page):
    """What was made too dear shows as a slice of high amounts with its ratio and interval."""
    first = chapter(page, "Fidelity").slices[0]
    assert "amount" in first.conditions
    low, _, high = first.interval.partition(" to ")
    assert float(low) <= float(first.ratio) <= float(high)


def test_shares_of_a_slice_stand_on_their_own_sides(page):
    """High amounts were simulated too often."""
    by_name = {entry.conditions: entry for entry in findings().slices["payments"]}
    row = chapter(page, "Fidelity").slices[0]
    entry = by_name[row.conditions]

    assert row.real_share == f"{100 * entry.real_share:.2f} %"
    assert row.synthetic_share == f"{100 * entry.synthetic_share:.2f} %"
    assert float(row.ratio) == pytest.approx(entry.synthetic_share / entry.real_share, rel=0.1)


def test_two_way_tables_count_rows_as_they_weigh():
    """A third of the rows, each of which weighs as much as four others, is two thirds."""
    (pair,) = findings().pairs
    kind = np.tile(["food", "books", "toys"], 200)
    weights = {"real": np.where(kind == "food", 4.0, 1.0), "synthetic": np.ones(600)}
    sides = {
        name: dataclasses.replace(
            getattr(pair, name),
            numeric={"amount": np.full(600, 7.0)},  # one row of the table
            categorical={"kind": kind},
            weight=weight,
        )
        for name, weight in weights.items()
    }
    matrices = {"columns": ["amount"], "real": [[1.0]], "synthetic": [[1.0]]}
    parts = {"amount x kind": {"value": 0.3, "low": 0.2, "high": 0.4}}
    score = Score(value=0.3, details={"spearman": matrices, "parts": parts})

    (figure,) = pair_figures(dataclasses.replace(pair, **sides), score)

    told = "≤ 7 with food, holds 66.7 % of the real rows and 33.3 % of the synthetic ones."
    assert figure.alt.endswith(told)


def test_without_labels_columns_are_drawn_once():
    """There are no classes then."""
    (pair,) = findings().pairs
    sides = {
        name: dataclasses.replace(getattr(pair, name), label=None) for name in ("real", "synthetic")
    }
    bare = dataclasses.replace(pair, **sides)
    assert len(list(column_figures(bare))) == len(pair.view.columns)
    few = {name: payments(name, n_rows=5) for name in ("real", "synthetic")}
    shown = {name: sample.numeric["amount"] for name, sample in few.items()}
    small = dataclasses.replace(pair, **few, shown={"dollars": tuple(shown.values())})
    assert list(column_figures(small)) == []


def test_families_stand_at_the_level_of_their_worst_measure():
    """One bad measure is enough; the sentence names it, and what was not measured is said."""
    found = {entry.title: entry for entry in family_summaries(scored(c2st=0.5, marginal_ks=0.5))}
    assert found["Fidelity"].level == "far"
    assert found["Fidelity"].answer == (
        "1 of 2 measures are good. Worst: numbers, one at a time (payments)."
    )
    assert found["Utility"].level == "unknown"
    assert "no such measure was asked for" in found["Utility"].answer


def test_utility_is_told_by_the_model():
    """With its interval, in percent of what real rows give."""
    scores = {"payments": {"tstr": Score(value=0.63, low=0.51, high=0.77)}}
    utility = family_summaries(scores)[0]
    assert "reaches 63 % (51 to 77 %) of the precision" in utility.answer


def test_a_reason_is_given_for_what_is_not_known():
    """The family quotes why its measures are undefined."""
    scores = {"payments": {"tstr": Score.undefined("the real rows have no label")}}
    assert family_summaries(scores)[0].answer == "Not measured: the real rows have no label."


@pytest.mark.parametrize(
    ("scores", "use", "warning"),
    [
        ({"tstr": 1.0}, "Training models in place of real data", None),
        ({"tstr": 0.8}, "training them first", "never saw real data"),
        ({"tstr": 0.2}, None, "Training a model that is to work on real data"),
        ({"exact_copies": 0.5}, None, "it gives real rows away"),
        ({"c2st": 0.99}, None, "Standing in for real data"),
        ({"prdc": 0.1}, None, "much of it has no counterpart here"),
    ],
)
def test_advice_follows_from_the_scores(scores, use, warning):
    """What to do and not to do changes with what was measured."""
    good, bad = " ".join(uses(scored(**scores))), " ".join(warnings(scored(**scores)))
    assert use is None or use in good
    assert warning is None or warning in bad
    assert use is not None or "raining" not in good


def test_no_model_was_trained_so_none_is_promised_to_work():
    """Good predictions of next rows say nothing of labels; bad ones warn all the same."""
    lacking = {"tstr": Score.undefined("the real rows have no label")}
    found = {"payments": {**lacking, "predictive": Score(value=1.0)}}
    utility = family_summaries(found)[0]

    assert utility.level == "unknown"
    assert utility.answer == (
        "Not measured: the real rows have no label. Of other measures, 1 of 1 are good."
    )
    assert "raining" not in " ".join(uses(found))
    assert "how well a model would work" in " ".join(warnings(found))
    far = {"payments": {**lacking, "predictive": Score(value=9.0)}}
    assert family_summaries(far)[0].level == "far"
    assert "Training a model" in " ".join(warnings(far))


def test_privacy_is_never_taken_for_granted():
    """Where nothing was measured, the page warns."""
    assert any("Taking it for private" in text for text in warnings(scored(tstr=1.0)))


def test_few_entities_have_no_interval_on_the_page():
    """The table and its parts say that none is known, and why; what too few tell has no level."""
    one = {
        side: dataclasses.replace(payments(side), entity=np.zeros(600)) for side in ("real", "new")
    }
    names = ("class_marginals", "exact_copies", "pair_dependence")
    scores = {name: find_metrics()[name]().compute(one["real"], one["new"]) for name in names}
    found = findings()
    pair = dataclasses.replace(found.pairs[0], real=one["real"], synthetic=one["new"])
    few = {"payments": too_few(one["real"], one["new"])}
    page = evaluation_page(
        dataclasses.replace(found, pairs=[pair], scores={"payments": scores}, few=few)
    )
    rows = chapter(page, "Fidelity").scores

    assert {row.interval for row in rows} == {"interval unknown"}
    assert {interval for row in rows for _, _, interval, _ in row.parts} == {"interval unknown"}
    assert all("of the 5 entities that an interval needs" in row.remarks[0] for row in rows)
    assert {row.level for row in rows} == {"unknown"}
    assert {level for row in rows for *_, level in row.parts} == {"unknown"}
    fidelity = page.families[1]
    assert (fidelity.title, fidelity.level) == ("Fidelity", "unknown")
    assert "known of too few to tell" in fidelity.answer
    assert "interval unknown" in render_markdown(page)
