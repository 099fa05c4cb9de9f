"""Scores in words."""

import numpy as np
import pytest

from simgen.metrics import Sample, Score, find_metrics
from simgen.pipeline.evaluation.advice import family_summaries, uses
from simgen.pipeline.evaluation.levels import level_of, why_unknown
from simgen.pipeline.evaluation.verdicts import judge, too_few


def sentences(**scores):
    return judge({"payments": scores}).sentences


def test_broken_rules_are_counted_on_both_sides():
    """A rule that real rows break is said, even if that is forgiven."""
    details = {
        "rows": [1_000, 2_000],
        "rows_that_break": {
            "amount_is_positive": {"real": 3, "synthetic": 40},
            "key id": {"real": 0, "synthetic": 0},
        },
    }
    ((level, told),) = sentences(rule_adherence=Score(value=0.98, details=details))
    assert level == "far"
    assert "of 2,000 simulated and 1,000 real rows" in told
    assert told.endswith("40 simulated and 3 real ones break 'amount is positive'.")


def test_labels_are_missed_only_where_a_model_was_asked_for():
    """Without that measure, nobody looked for labels; with it, its own reason is given."""
    undefined = Score.undefined("the real rows have no label")
    asked = judge({"payments": {"tstr": undefined}}).headline
    assert asked.endswith("trained on it would work can't be told: the real rows have no label.")
    few = "the real sample has 3 rows of its rarer class that weigh something: 20 are needed"
    asked = judge({"payments": {"tstr": Score.undefined(few)}}).headline
    assert asked.endswith(f"can't be told: {few}.")
    other = judge({"payments": {"spectra": Score(value=0.3)}}).headline
    assert other.endswith("Whether a model trained on it would work was not asked.")


def test_rules_obeyed_are_said():
    """Nothing to count."""
    details = {"rows": [1_000, 2_000], "rows_that_break": {"key id": {"real": 0, "synthetic": 0}}}
    assert sentences(rule_adherence=Score(value=1.0, details=details)) == (
        ("close", "Payments: every row obeys every rule."),
    )


def test_only_values_beyond_the_real_ones_are_worth_a_sentence():
    """The worst column is named."""
    parts = {"amount": {"value": 0.93}, "hour": {"value": 1.0}}
    assert sentences(schema_adherence=Score(value=0.93, details={"parts": parts})) == (
        ("far", "Payments: 7 % of the simulated rows have a value of amount that no real row has."),
    )
    assert sentences(schema_adherence=Score(value=1.0, details={"parts": parts})) == ()


def test_histories_and_attacks_speak():
    """Each with its number and how to read it."""
    told = sentences(
        spectra=Score(value=0.3),
        discriminative=Score(value=0.2),
        predictive=Score(value=1.02),
        learned_membership=Score(value=0.52),
    )
    assert [level for level, _ in told] == ["far", "off", "close", "close"]
    assert "30 % of the power" in told[0][1]
    assert "rightly of 70 % of the histories" in told[1][1]
    assert "1.02 times that of a model" in told[2][1]
    assert "shown examples" in told[3][1]
    assert "area of 0.52" in told[3][1]


def shop(n_told, *, n_entities=50, rows_each=4):
    """Rows of some entities, half of whom are rare; some of these say how long they waited."""
    chance = np.random.default_rng(n_told)
    entity = np.repeat(np.arange(n_entities), rows_each)
    label = entity < max(3, n_entities // 2)
    wait = chance.normal(size=n_entities)[entity]
    wait[label & (entity >= n_told)] = np.nan
    return Sample(
        numeric={"wait": wait, "amount": chance.normal(size=len(entity))},
        weight=np.ones(len(entity)),
        label=label,
        entity=entity,
    )


@pytest.mark.parametrize("n_told", [1, 5])
def test_what_few_entities_tell_is_not_judged(n_told):
    """A column that one customer fills in a class is off by chance alone, however sure it looks."""
    real, synthetic = shop(n_told), shop(20)
    score = find_metrics()["class_marginals"]().compute(real, synthetic)
    scores = {"payments": {"class_marginals": score}}
    few = too_few(real, synthetic)
    told = dict(judge(scores, {"payments": few}).sentences)

    assert few == too_few(synthetic, real)
    assert told.pop("unknown") == "Payments: wait of rare rows is known of too few to tell."
    assert not any("wait of rare rows" in text for text in told.values())
    assert "unknown" not in dict(judge(scores).sentences)


def test_what_many_entities_tell_is_judged():
    """Ten of them; all of a class, if it has some only; or rows, where nobody has entities."""
    assert not too_few(shop(10), shop(20))
    assert not too_few(shop(3, n_entities=6, rows_each=20), shop(20))
    alone = Sample(numeric={"wait": np.r_[np.ones(10), np.full(90, np.nan)]}, weight=np.ones(100))
    assert not too_few(alone, alone)
    assert too_few(alone.take(np.arange(9)), alone) == {"wait", "wait x wait"}


def test_a_score_without_an_interval_says_so():
    """The sentence has the value and no made-up ends."""
    details = {"real": {"roc_auc": 0.9}, "synthetic": {"roc_auc": 0.8}, "no_interval": "one entity"}
    ((_, told),) = sentences(tstr=Score(value=0.9, details=details))
    assert "reaches 90 % (interval unknown) of the average precision" in told


def test_a_score_all_of_whose_parts_are_known_of_too_few_has_no_level():
    """One part that is known well is enough for a level."""
    kind = find_metrics()["marginal_ks"]
    score = Score(value=0.9, details={"parts": {"x": {"value": 0.9}, "y": {"value": 0.9}}})

    assert level_of(kind, score) == level_of(kind, score, {"x"}) == "far"
    assert level_of(kind, score, {"x", "y"}) == "unknown"


def trained(value, low, high, *, area=0.9, spread=0.02):
    """A score of models on ten splits; that of real rows has this area under the ROC curve."""
    real = {"roc_auc": area, "roc_auc_spread": spread}
    details = {"real": real, "synthetic": real, "splits": 10, "parts": {}}
    return Score(value=value, low=low, high=high, details=details)


@pytest.mark.parametrize(
    ("score", "level", "told"),
    [
        (trained(1.0, 0.95, 1.05), "close", "would work about as well"),
        (trained(1.0, 0.8, 1.25), "close", "would work about as well"),
        (trained(1.26, 0.46, 3.42), "unknown", "can't be told: known of too few to tell."),
        (trained(1.0, 0.9, 1.1, area=0.5), "unknown", "tells no better than chance"),
        (trained(1.0, 0.9, 1.1, area=0.6, spread=0.06), "unknown", "tells no better than chance"),
        (trained(0.5, 0.4, 0.6), "far", "would work far worse"),
    ],
)
def test_a_model_that_is_as_good_as_one_that_knows_nothing_promises_nothing(score, level, told):
    """Nor does a ratio whose interval reaches to where a model would be far worse."""
    kind = find_metrics()["tstr"]
    verdict = judge({"payments": {"tstr": score}})

    assert level_of(kind, score) == level
    assert told in verdict.headline
    assert dict(verdict.sentences).keys() == {level}
    assert ("raining models in place" in " ".join(uses({"payments": {"tstr": score}}))) == (
        level == "close"
    )
    assert why_unknown(kind, score) in family_summaries({"payments": {"tstr": score}})[0].answer


def test_the_headline_promises_what_the_worst_sample_keeps():
    """A model that works on payments may fail on customers."""
    good, bad = ({"tstr": trained(value, value - 0.1, value + 0.1)} for value in (1.0, 0.3))

    for scores in ({"payments": good, "customers": bad}, {"payments": bad, "customers": good}):
        assert "would work far worse" in judge(scores).headline


def test_areas_stand_beside_whose_they_are():
    """That of the model trained on simulated rows first."""
    details = {
        "real": {"roc_auc": 0.91, "roc_auc_spread": 0.01},
        "synthetic": {"roc_auc": 0.72, "roc_auc_spread": 0.01},
        "splits": 10,
    }
    ((_, told),) = sentences(tstr=Score(value=0.6, low=0.5, high=0.7, details=details))

    assert "reaches 60 % (50 to 70 %) of the average precision of one trained on real rows" in told
    assert told.endswith("area under the ROC curve 0.72 against 0.91.")


def test_the_column_that_gives_simulated_rows_away_is_named():
    """It is the one whose shuffling costs the model most; none is, if none costs anything."""
    losses = {"amount": 0.21, "merchant_category": 0.03, "hour": 0.001}

    def told(losses):
        ((_, text),) = sentences(c2st=Score(value=0.9, details={"area_lost_without": losses}))
        return text

    assert told(losses).endswith("0.90 (0.5 is a coin toss), mostly by amount.")
    assert told(dict.fromkeys(losses, 0.01)).endswith("0.90 (0.5 is a coin toss).")


def test_rare_rows_met_and_rare_rows_right_are_two_shares():
    """Which kind of rare row is met least is said besides."""
    shares = {"coverage": 0.7, "precision": 0.9}

    def told(parts):
        details = {"parts": {name: {"value": value} for name, value in parts.items()}}
        ((_, text),) = sentences(rare_coverage=Score(value=min(parts.values()), details=details))
        return text

    assert "70 % of the real rare rows have a simulated one beside them" in told(shares)
    assert told(shares).endswith("and 90 % of the simulated ones lie among real ones.")
    least = told(shares | {"coverage of card_testing": 0.2})
    assert least.endswith("; coverage of card testing is the least, 20 %.")
