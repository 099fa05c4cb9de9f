"""What copies, near copies and attacks see, by hand and by construction."""

import dataclasses

import numpy as np
import pytest

from simgen.core import Streams
from simgen.metrics import Sample
from simgen.metrics.attribute_inference import AttributeInference
from simgen.metrics.authenticity import Authenticity
from simgen.metrics.exact_copies import ExactCopies
from simgen.metrics.membership_inference import MembershipInference
from simgen.metrics.near_copies import NearCopies, _share_nearer


def generator(name):
    return Streams(6).generator(name)


def rows(name, n_rows=3_000, n_columns=3, **changes):
    chance = generator(name)
    sample = Sample(
        numeric={f"x{i}": chance.normal(size=n_rows) for i in range(n_columns)},
        weight=np.ones(n_rows),
        entity=np.arange(n_rows) // 2,
    )
    return dataclasses.replace(sample, **changes)


def joined(*samples):
    """Rows of several samples, one below the other."""
    numeric = {
        name: np.concatenate([sample.numeric[name] for sample in samples])
        for name in samples[0].numeric
    }
    return Sample(numeric=numeric, weight=np.ones(sum(sample.n_rows for sample in samples)))


def test_the_share_of_copies_is_found():
    """A fifth of the rows copied, the others new."""
    real = rows("real")
    synthetic = joined(real.take(np.arange(400)), rows("new", 1_600))
    score = ExactCopies().compute(real, synthetic)
    assert score.value == pytest.approx(0.2)
    assert score.details["share_of_real"] == 0
    assert NearCopies().compute(real, synthetic).value == pytest.approx(0.2 + 0.8 * 0.05, abs=0.02)


def test_held_out_rows_say_how_often_rows_are_alike():
    """Half of all rows are round: so many new ones equal one that the generator was fitted on."""

    def some(name, n_rows=2_000):
        chance = generator(name)
        is_round = chance.random(n_rows) < 0.5
        values = np.where(is_round, chance.integers(0, 5, n_rows), chance.normal(size=n_rows))
        return Sample(numeric={"x": values}, weight=np.ones(n_rows))

    real = dataclasses.replace(some("real"), fitted=np.arange(2_000) % 2 == 0)

    assert ExactCopies().compute(real, some("new")).value == pytest.approx(0.0, abs=0.05)
    copies = some("real").take(real.fitted)
    assert ExactCopies().compute(real, copies).value == pytest.approx(0.5, abs=0.05)


def test_where_everybody_is_like_somebody_else_copies_cannot_be_told():
    """In a coarse table even its own rows look usual, so there is a reason instead of a score."""
    real, synthetic = (
        Sample(
            numeric={"age": generator(name).integers(20, 30, 2_000).astype(float)},
            categorical={
                "sex": generator(f"{name} sex".replace(" ", "_")).choice(["f", "m"], 2_000)
            },
            weight=np.ones(2_000),
        )
        for name in ("real", "synthetic")
    )
    for metric in (ExactCopies(), NearCopies()):
        for rows_judged in (synthetic, real):
            score = metric.compute(real, rows_judged)
            assert score.value is None
            assert "100 % of the real rows equal one of someone else" in score.reason


def test_copies_of_logarithms_are_found():
    """Taken to its logarithm and back, a number differs in its last digit."""
    real = rows("real")
    real = dataclasses.replace(real, numeric={n: np.exp(v) for n, v in real.numeric.items()})
    back = {name: np.expm1(np.log1p(values)) for name, values in real.numeric.items()}
    copies = dataclasses.replace(real, numeric=back)

    assert np.mean(back["x0"] == real.numeric["x0"]) < 0.9
    assert ExactCopies().compute(real, copies).value > 0.99


def test_what_is_usual_is_no_copy():
    """Where some real rows are like somebody else's, so many are not held against the data."""

    def some(name):
        chance = generator(name)
        values = chance.normal(size=2_000)
        return Sample(
            numeric={"age": np.where(chance.random(2_000) < 0.15, 30.0, values)},
            weight=np.ones(2_000),
        )

    real, synthetic = some("real"), some("synthetic")
    score = ExactCopies().compute(real, synthetic)
    assert score.details["share_of_synthetic"] == pytest.approx(0.15, abs=0.03)
    assert score.value == pytest.approx(0.0, abs=0.02)
    assert NearCopies().compute(real, synthetic).value == pytest.approx(0.05, abs=0.01)
    assert NearCopies().compute(real, real).value > NearCopies.far


def test_rows_of_one_person_are_no_copies_of_each_other():
    """A real row that its own person repeats is not the usual."""
    real = rows("real", 1_000)
    twice = {name: np.repeat(values[:500], 2) for name, values in real.numeric.items()}
    score = ExactCopies().compute(dataclasses.replace(real, numeric=twice), rows("new", 500))
    assert score.details["share_of_real"] == 0


def test_copies_of_a_large_file_are_found():
    """However many real rows there are, each is looked at as what may have been copied."""
    real = rows("large", 25_000)
    jittered = {name: values * (1 + 1e-6) for name, values in real.numeric.items()}
    copies = dataclasses.replace(real, numeric=jittered)

    assert NearCopies(max_synthetic_rows=100).compute(real, copies).value > 0.99
    assert Authenticity(max_rows=100).compute(real, copies).value < 0.01


def test_attributes_are_guessed_from_every_released_row():
    """The copy of a row gives its hidden value away, however many other rows are released."""
    fitted, others = rows("fitted", 2_000), rows("others", 2_000)
    real = dataclasses.replace(joined(fitted, others), fitted=np.arange(4_000) < 2_000)
    released = joined(fitted, rows("new", 18_000))

    assert AttributeInference(max_rows=100).compute(real, released).value > 0.75


def test_nothing_is_new_or_copied_where_all_rows_are_of_one_entity():
    """How near others come is not known then: no score, rather than an accusation."""
    real, synthetic = (rows(name, entity=np.zeros(3_000)) for name in ("real", "synthetic"))

    for metric in (Authenticity(), NearCopies()):
        assert "row of another entity beside it" in metric.compute(real, synthetic).reason


def test_nothing_is_new_or_copied_where_no_row_was_fitted():
    """There is nothing that could have been copied: no score."""
    real = dataclasses.replace(rows("real"), fitted=np.zeros(len(rows("real").weight), bool))

    score = Authenticity().compute(real, rows("new"))

    assert score.reason == "there are no fitted real rows"


def test_absent_values_can_be_copied_too():
    """NaN equals NaN in a row."""
    real = rows("real", 200)
    holes = dataclasses.replace(real, numeric={**real.numeric, "x0": np.full(200, np.nan)})
    assert ExactCopies().compute(holes, holes).value == 1.0


def test_ties_count_for_what_makes_up_the_tail():
    """Where a tenth of real rows lie at distance 0, half of such synthetic rows count as near."""
    usual = np.repeat([0.0, 1.0], [10, 90])
    share = _share_nearer(usual, usual, 0.05, (np.ones(100), np.ones(100)))
    assert share == pytest.approx(0.05)
    every = _share_nearer(np.zeros(50), usual, 0.05, (np.ones(100), np.ones(50)))
    assert every == pytest.approx(0.5)


def test_copies_are_not_authentic_and_new_rows_are():
    """A row beside its original is nearer to it than any real row."""
    real = rows("real")
    near = {name: values + 1e-4 for name, values in real.numeric.items()}
    assert Authenticity().compute(real, dataclasses.replace(real, numeric=near)).value < 0.02
    assert 0.3 < Authenticity().compute(real, rows("new")).value < 0.55


@pytest.mark.parametrize(("n_columns", "new"), [(1, 0.33), (2, 0.37), (6, 0.49)])
def test_rows_of_one_nature_are_no_copies_however_few_their_columns(n_columns, new):
    """Two draws of one law: a twentieth is near; as many are new as of any points in a space."""
    real, fresh = (rows(name, n_columns=n_columns) for name in ("real", "new"))
    assert NearCopies().compute(real, fresh).value == pytest.approx(0.05, abs=0.02)
    assert Authenticity().compute(real, fresh).value == pytest.approx(new, abs=0.04)


def split(name, n_rows=3_000, **changes):
    real = rows(name, n_rows, **changes)
    return dataclasses.replace(real, fitted=np.arange(n_rows) // 2 % 2 == 0)


def test_an_attack_on_new_rows_is_a_coin_toss():
    """A generator that remembers nobody gives nobody away, and the interval says so."""
    score = MembershipInference().compute(
        split("real", label=np.arange(3_000) % 10 == 0), rows("new")
    )
    assert score.low < 0.5 < score.high
    parts = score.details["parts"]
    assert parts["rare rows"]["low"] < 0.5 < parts["rare rows"]["high"]
    assert score.details["found_at_1_percent_false_alarms"]["all rows"] < 0.04


def test_an_attack_finds_whom_noise_does_not_hide():
    """Fitted rows with noise: the less of it, the more are found."""
    real = split("real")
    source = real.take(real.fitted)

    def attacked(noise):
        numeric = {
            name: values + generator(name).normal(0, noise, source.n_rows)
            for name, values in source.numeric.items()
        }
        synthetic = Sample(numeric=numeric, weight=source.weight)
        return MembershipInference().compute(real, synthetic)

    little, much = attacked(0.02), attacked(0.2)
    assert little.value > 0.95
    assert 0.55 < much.value < little.value - 0.05
    found = [
        score.details["found_at_1_percent_false_alarms"]["all rows"] for score in (little, much)
    ]
    assert found[0] > 0.5 > found[1]


def test_only_the_rare_may_be_at_risk():
    """Rare rows copied and the others new: the attack on all rows sees little, on the rare all."""
    label = np.arange(3_000) % 18 < 2
    real = split("real", label=label)
    copies = real.take(real.fitted & label)
    synthetic = joined(copies, rows("new", 2_500))
    synthetic = dataclasses.replace(synthetic, label=np.arange(synthetic.n_rows) < copies.n_rows)
    score = MembershipInference().compute(real, synthetic)
    assert score.value < 0.7
    assert score.details["parts"]["rare rows"]["value"] > 0.95


def test_without_a_split_there_is_no_attack():
    """Nothing was fitted, or nobody said on what."""
    assert "not stated" in MembershipInference().compute(rows("real"), rows("new")).reason
