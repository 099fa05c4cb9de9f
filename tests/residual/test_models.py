"""What each residual corrects, and what it can't: planted differences and closed forms."""

import numpy as np
import pytest
from scipy import stats

from simgen.core import RequestError, Streams
from simgen.residual import Column, Rows, Shape
from simgen.residual.density_ratio import DensityRatio
from simgen.residual.drawing import draw
from simgen.residual.quantile import Quantile
from simgen.residual.transport import Transport

PAIR = Shape(columns=(Column(name="x"), Column(name="y")), label="rare")


def pair(name, n_rows=4_000, *, slope=0.0, shift=0.0, rare=0.2, effect=0.0):
    """Two numbers and a label: `y` follows `x` with a slope, and the label moves `x`."""
    chance = Streams(1).generator(name)
    label = chance.random(n_rows) < rare
    x = chance.normal(shift + effect * label, 1.0)
    y = slope * x + chance.normal(size=n_rows)
    return Rows.of({"x": x, "y": y, "rare": label})


def correlation(rows):
    return stats.spearmanr(rows.columns["x"], rows.columns["y"]).statistic


def effect_of_label(rows):
    label, x = rows.columns["rare"], rows.columns["x"]
    return x[label].mean() - x[~label].mean()


FAITHFUL = Transport(prior_rows=20.0)  # the simulator's say is next to nothing


def corrected(residual, simulated, real, shape=PAIR):
    fitted = residual.fit(simulated, real, shape, Streams(5))
    return fitted.apply(simulated, Streams(6))


@pytest.mark.parametrize("kind", [Quantile, Transport])
def test_a_number_moves_to_the_real_quantile_at_its_rank(kind):
    """From N(0, 1) to N(3, 2) without causes: x becomes 3 + 2 x."""
    chance = Streams(2).generator("normal")
    shape = Shape(columns=(Column(name="x"),))
    simulated = Rows.of({"x": chance.normal(size=10_000)})
    real = Rows.of({"x": chance.normal(3.0, 2.0, 10_000)})
    residual = Transport(prior_rows=1e-6, n_trees=3) if kind is Transport else kind()
    made = residual.fit(simulated, real, shape, Streams(5)).correct(simulated, Streams(6))
    inner = np.abs(simulated.columns["x"][made.source]) < 2
    expected = 3 + 2 * simulated.columns["x"][made.source]
    assert np.abs(made.rows.columns["x"] - expected)[inner].max() < 0.4


def test_transport_learns_how_columns_hang_together():
    """A dependence that the simulator lacks is there afterwards; quantile mapping can't make it."""
    simulated, real = pair("simulated"), pair("real", slope=1.0)
    assert abs(correlation(simulated)) < 0.1
    assert correlation(corrected(FAITHFUL, simulated, real)) == pytest.approx(
        correlation(real), abs=0.1
    )
    assert abs(correlation(corrected(Quantile(), simulated, real))) < 0.1


def test_effects_follow_the_corrected_causes():
    """Where the cause itself moves far, the effect is that of the place it moved to."""
    simulated, real = pair("simulated"), pair("real", slope=1.0, shift=4.0)
    made = corrected(FAITHFUL, simulated, real).columns
    assert made["x"].mean() == pytest.approx(4.0, abs=0.15)
    assert made["y"].mean() == pytest.approx(4.0, abs=0.2)
    assert np.std(made["y"] - made["x"]) == pytest.approx(1.0, abs=0.2)


def test_a_column_answers_to_further_causes_as_corrected():
    """What follows from a sum, narrow stripes, splits on one column at a time do not find."""

    def stripe(columns):
        return np.sign(np.sin(8 * (columns["x"] + columns["y"])))

    chance = Streams(9).generator("stripes")
    x, y, z = chance.normal(size=(3, 3_000))
    simulated = Rows.of({"x": y, "y": x, "z": 0.1 * z})
    real = Rows.of({"x": x, "y": y, "z": stripe({"x": x, "y": y}) + 0.1 * z})
    agreement = []
    for causes in ((), (stripe,)):
        columns = (Column(name="x"), Column(name="y"), Column(name="z", causes=causes))
        made = corrected(FAITHFUL, simulated, real, Shape(columns=columns)).columns
        agreement.append(np.mean(np.sign(made["z"]) == stripe(made)))
    assert agreement[0] < 0.9
    assert agreement[1] > 0.97


def test_transport_undoes_a_dependence_that_is_not_real():
    """What only the simulator believes is gone."""
    made = corrected(FAITHFUL, pair("simulated", slope=1.0), pair("real"))
    assert abs(correlation(made)) < 0.15


@pytest.mark.parametrize("residual", [Quantile(), FAITHFUL], ids=["quantile", "transport"])
def test_what_the_label_does_is_learned_from_real_rows(residual):
    """The rare class moves where it really is; shuffled real labels teach that it is nowhere."""
    simulated, real = pair("simulated", effect=0.5), pair("real", effect=2.0)
    assert effect_of_label(corrected(residual, simulated, real)) == pytest.approx(2.0, abs=0.25)
    label = Streams(3).generator("labels").permutation(real.columns["rare"])
    shuffled = Rows.of(dict(real.columns, rare=label))
    assert effect_of_label(corrected(residual, simulated, shuffled)) == pytest.approx(0, abs=0.3)


def test_density_ratio_draws_what_comes_too_seldom():
    """A shifted column comes back by drawing, and the model says what that costs."""
    simulated, real = pair("simulated", 12_000), pair("real", shift=0.7)
    fitted = DensityRatio().fit(simulated, real, PAIR, Streams(5))
    made = fitted.apply(simulated, Streams(6))
    assert made.columns["x"].mean() == pytest.approx(0.7, abs=0.15)
    assert np.isin(made.columns["x"], simulated.columns["x"]).all()
    # The closed form: the mean squared ratio of two such normals is exp(0.7 ** 2).
    assert fitted.card["details"]["effective rows share"] == pytest.approx(
        np.exp(-(0.7**2)), abs=0.12
    )


def test_density_ratio_can_not_make_what_is_not_there():
    """Where real and simulated rows hardly overlap, few rows are effective, and that is said."""
    near = DensityRatio().fit(pair("simulated"), pair("real"), PAIR, Streams(5))
    far = DensityRatio().fit(pair("simulated"), pair("real", shift=4.0), PAIR, Streams(5))
    assert far.card["details"]["effective rows share"] < 0.3
    assert near.card["details"]["effective rows share"] > 0.7


def test_quantile_draws_categories_as_often_as_they_are():
    """Shares by class are the real ones, of two columns at once."""
    chance = Streams(4).generator("words")
    shape = Shape(
        columns=(
            Column(name="a", categories=("p", "q")),
            Column(name="b", categories=(False, True)),
        ),
        label="rare",
    )

    def words(n_rows, share, rare_share):
        label = chance.random(n_rows) < 0.3
        p = chance.random(n_rows) < np.where(label, rare_share, share)
        return Rows.of(
            {"a": np.where(p, "p", "q"), "b": chance.random(n_rows) < share, "rare": label}
        )

    simulated, real = words(20_000, 0.5, 0.5), words(5_000, 0.8, 0.2)
    made = corrected(Quantile(), simulated, real, shape).columns
    for rare in (False, True):
        of_class = real.columns["rare"] == rare
        mine = made["rare"] == rare
        for name, word in (("a", "p"), ("b", True)):
            expected = (real.columns[name][of_class] == word).mean()
            assert (made[name][mine] == word).mean() == pytest.approx(expected, abs=0.03)


def test_what_one_entity_repeats_does_not_come_back():
    """A number that one entity repeats is its own; one that entities share is public."""
    chance = Streams(8).generator("entities")
    entity = np.repeat(np.arange(1_000), 4)
    own = chance.normal(size=1_000)[entity]
    shape = Shape(columns=(Column(name="x"),), entity="entity")
    simulated = Rows.of({"x": chance.normal(size=4_000), "entity": np.arange(4_000)})
    for share in (0.0, 0.3):
        x = np.where(entity < 1_000 * share, 0.0, own)
        real = Rows.of({"x": x, "entity": entity})
        for residual in (Quantile(), FAITHFUL):
            made = corrected(residual, simulated, real, shape).columns["x"]
            assert np.isin(made, own).sum() == 0
            assert np.mean(made == 0) == pytest.approx(share, abs=0.03)


def test_weights_of_real_rows_count():
    """Real rows of which half stand for nine each: the correction is toward nature."""
    real = pair("real", 6_000)
    heavy = real.columns["x"] > 0
    weighted = Rows(columns=real.columns, weight=np.where(heavy, 9.0, 1.0))
    for residual in (Quantile(), FAITHFUL):
        made = corrected(residual, pair("simulated", 6_000), weighted)
        assert (made.columns["x"] > 0).mean() == pytest.approx(0.9, abs=0.04)


def test_simulated_rows_count_where_real_ones_are_few():
    """A correction toward few real rows stays near the simulated ones, toward many it does not."""
    means = []
    for n_rows in (100, 2_000):
        real = pair("real", n_rows, shift=4.0)
        made = corrected(Transport(), pair("simulated", 6_000), real)
        means.append(made.columns["x"].mean() / real.columns["x"].mean())
    assert means[0] < 0.6
    assert means[1] > 0.9


def test_many_real_rows_are_sampled_by_class():
    """No more of either class are learned from than asked for; prevalence is that of all."""
    simulated, real = pair("simulated", rare=0.3), pair("real", 6_000, rare=0.05, shift=1.0)
    fitted = Transport(max_real_rows=400, n_trees=2).fit(simulated, real, PAIR, Streams(5))
    n_rare = int(real.columns["rare"].sum())
    assert fitted.card["details"]["real rows learned from"] == pytest.approx(400 + n_rare, abs=1)
    made = fitted.apply(simulated, Streams(6)).columns
    assert made["rare"].mean() == pytest.approx(n_rare / 6_000, abs=0.01)


def test_as_many_rows_are_drawn_as_expected():
    """Systematic sampling: within one of the sum of the chances, in each class."""
    chance = Streams(7).generator("chances").uniform(0, 1, 5_000)
    label = np.arange(5_000) % 10 == 0
    for seed in range(5):
        kept = draw(chance, label, Streams(seed).generator("draw"))
        for rare in (False, True):
            assert abs((label[kept] == rare).sum() - chance[label == rare].sum()) <= 1


def test_parameters_are_checked():
    """A residual refuses a parameter out of bounds in one line."""
    with pytest.raises(RequestError, match="n_trees = 0 is out of bounds: must be >= 1"):
        Transport(n_trees=0)
