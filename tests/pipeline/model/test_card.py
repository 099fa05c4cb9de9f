"""What a model's card says of its scores."""

from simgen.metrics import Score, find_metrics
from simgen.pipeline.model.card import _text, made_worse


def of(value, spread=0.01):
    return Score(value=value, low=value - spread, high=value + spread)


def test_scores_that_a_correction_made_worse_are_named():
    """Worst first, where the intervals lie apart; whether higher or lower is better."""
    line = made_worse(
        {
            "marginal_ks": (of(0.10), of(0.14)),
            "tstr": (of(0.90), of(0.60)),
            "c2st": (of(0.90), of(0.60)),
            "class_marginals": (of(0.10, 0.05), of(0.15, 0.05)),
            "exact_copies": (Score.undefined("no rows"), of(0.5)),
            "membership_inference": (of(0.5), Score(value=0.9)),
        }
    )
    titles = {name: kind.title for name, kind in find_metrics().items()}

    assert line == (
        f"Made worse by the correction, worst first: {titles['tstr']} 0.900 to 0.600; "
        f"{titles['marginal_ks']} 0.100 to 0.140."
    )


def test_nothing_is_said_where_nothing_became_worse():
    """Better or as good within the intervals."""
    assert made_worse({"marginal_ks": (of(0.14), of(0.10)), "c2st": (of(0.6), of(0.61))}) == ""
    assert made_worse({}) == ""


def test_a_score_without_an_interval_is_told_without_one():
    """Rather than with one of no width."""
    assert _text(Score(value=1.349)) == "1.349 (interval unknown)"
