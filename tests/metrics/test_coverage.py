"""Whether the synthetic rows are where the real ones are."""

import dataclasses

import numpy as np
import pytest

from simgen.core import Streams
from simgen.metrics import Sample
from simgen.metrics.alpha_precision import AlphaPrecision
from simgen.metrics.beta_recall import BetaRecall
from simgen.metrics.prdc import PrecisionRecallDensityCoverage
from simgen.metrics.rare_coverage import RareCoverage


def cloud(name, n_rows=2_000, spread=1.0, centre=0.0, **changes):
    chance = Streams(7).generator(name)
    numeric = {f"x{i}": chance.normal(centre, spread, n_rows) for i in range(2)}
    return dataclasses.replace(Sample(numeric=numeric, weight=np.ones(n_rows)), **changes)


def prdc(real, synthetic):
    score = PrecisionRecallDensityCoverage().compute(real, synthetic)
    return {name: part["value"] for name, part in score.details["parts"].items()}


def test_noise_costs_precision_and_a_lost_tail_costs_recall():
    """Too wide a cloud leaves the real one; too narrow a cloud does not fill it."""
    wide, narrow = (prdc(cloud("a"), cloud("b", spread=spread)) for spread in (3.0, 0.3))
    assert wide["precision"] < 0.8 < wide["recall"]
    assert narrow["recall"] < 0.6 < narrow["precision"]
    assert narrow["coverage"] < 0.5


def test_the_weakest_of_the_four_is_the_score():
    """A good precision does not make up for a bad coverage."""
    score = PrecisionRecallDensityCoverage().compute(cloud("a"), cloud("b", spread=0.3))
    assert score.value == min(part["value"] for part in score.details["parts"].values())


def test_alpha_precision_and_beta_recall_of_a_collapse():
    """All rows at the centre are typical every time, and cover next to nothing."""
    real, collapsed = cloud("a"), cloud("b", spread=0.01)
    assert AlphaPrecision().compute(real, collapsed).value < 0.1
    assert BetaRecall().compute(real, collapsed).value < 0.1


def test_weights_undo_a_biased_draw():
    """Rows of one side drawn four times as often weigh a quarter: density and recall are right."""
    nature = cloud("nature", 8_000)
    often = np.hypot(*nature.numeric.values()) < 1
    kept = often | (np.arange(8_000) % 4 == 0)
    drawn = dataclasses.replace(nature.take(kept), weight=np.where(often[kept], 1.0, 4.0))
    ignorant = dataclasses.replace(drawn, weight=np.ones(drawn.n_rows))
    for metric in (AlphaPrecision(), BetaRecall()):
        right, wrong = (metric.compute(cloud("a", 4_000), side).value for side in (drawn, ignorant))
        assert right > 0.93
        assert right > wrong + 0.02


def rare(name, kinds=("theft", "ring"), n_rows=3_000):
    """Rare rows of each kind lie together, apart from the others."""
    chance = Streams(8).generator(name)
    kind = np.where(chance.random(n_rows) < 0.1, chance.choice(kinds, n_rows), "")
    centre = np.select([kind == "theft", kind == "ring"], [3.0, -3.0], 0.0)
    numeric = {f"x{i}": centre + chance.normal(0, 0.5, n_rows) for i in range(2)}
    return Sample(numeric=numeric, weight=np.ones(n_rows), label=kind != "", kind=kind)


def test_a_missing_kind_is_named():
    """Overall coverage halves; that of the missing kind vanishes and is the score."""
    score = RareCoverage().compute(rare("a"), rare("b", kinds=("theft",)))
    parts = {name: part["value"] for name, part in score.details["parts"].items()}
    assert parts["coverage of ring"] < 0.1
    assert parts["coverage of theft"] > 0.9
    assert parts["coverage"] == pytest.approx(0.5, abs=0.1)
    assert parts["precision"] > 0.9
    assert score.value == parts["coverage of ring"]


def test_rare_rows_at_random_places_are_not_believable():
    """Labels given at random: what is called rare looks ordinary."""
    synthetic = rare("b")
    shuffled = Streams(0).generator("labels").permutation(synthetic.label)
    parts = (
        RareCoverage()
        .compute(rare("a"), dataclasses.replace(synthetic, label=shuffled))
        .details["parts"]
    )
    assert parts["precision"]["value"] < 0.3


def test_neighbourhoods_of_one_entity_are_not_measured():
    """Rows of one machine have no others beside them: no score, rather than a perfect one."""
    one, far = (cloud(name, entity=np.zeros(2_000)) for name in ("a", "b"))
    far = dataclasses.replace(far, numeric={k: v + 100 for k, v in far.numeric.items()})
    every = np.ones(2_000, bool)
    scores = [metric().compute(one, far) for metric in (PrecisionRecallDensityCoverage, BetaRecall)]
    scores.append(
        RareCoverage().compute(*(dataclasses.replace(s, label=every) for s in (one, far)))
    )

    for score in scores:
        assert score.reason == "a real row has no row of another entity beside it"
    many = cloud("c", entity=np.arange(2_000))
    found = PrecisionRecallDensityCoverage().compute(many, far)
    assert found.reason == "a synthetic row has no row of another entity beside it"


def test_rare_rows_that_weigh_nothing_are_not_counted():
    """They are no rare rows of nature."""
    real = rare("a")
    light = dataclasses.replace(real, weight=np.where(real.label, 0.0, 1.0))
    reason = RareCoverage().compute(light, rare("b")).reason
    assert reason.startswith("the real sample has 0 rare rows that weigh something")


def test_values_that_weigh_nothing_do_not_stop_a_measure():
    """A column filled only in rows of weight 0 is one without values."""
    real = cloud("a")
    x0 = np.where(np.arange(2_000) < 100, real.numeric["x0"], np.nan)
    weight = np.where(np.arange(2_000) < 100, 0.0, 1.0)
    real = dataclasses.replace(real, numeric={**real.numeric, "x0": x0}, weight=weight)

    for metric in (AlphaPrecision, BetaRecall):
        assert metric().compute(real, cloud("b")).value is not None
