"""The private residual: what leaves a fit, and what it does with the noised tables."""

import json
from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial import cKDTree
from scipy.stats import ks_2samp
from toys.payments import SHAPE, rows

from simgen.core import RequestError, Streams
from simgen.residual import Rows, find_residuals, load_residual, save_residual

pytest.importorskip("opendp", reason="needs the extra dp")
PRIVATE = find_residuals()["private"]
PLENTY = {"epsilon": 10.0, "rows_per_entity": 8}  # all rows count, and show above the noise


def fit(real=None, shape=SHAPE, **parameters):
    real = rows("real", real=True) if real is None else real
    return PRIVATE(**parameters).fit(rows("simulated"), real, shape, Streams(2))


@pytest.fixture(scope="module")
def plenty():
    """A model of all rows, well above the noise."""
    return fit(**PLENTY)


def numbers(value):
    """Every number in a card."""
    if isinstance(value, dict):
        return [number for part in value.values() for number in numbers(part)]
    if isinstance(value, list):
        return [number for part in value for number in numbers(part)]
    return [value] if isinstance(value, int | float) and not isinstance(value, bool) else []


def test_tables_come_near_the_real_ones(plenty):
    """With a wide budget, columns and how they hang together are nearer to real rows."""
    real, fresh = rows("real", real=True), rows("fresh")
    draws = [plenty.apply(fresh, Streams(seed)) for seed in range(8)]
    # No seed repeats the noise: over 60 fits the mean of eight draws left 0.24 to 0.30 of the
    # distance in price and 0.35 to 0.47 in delay; a draw alone up to 0.51.
    for name in ("price", "delay"):
        before, *after = (
            ks_2samp(side.columns[name], real.columns[name], nan_policy="omit").statistic
            for side in (fresh, *draws)
        )
        assert np.mean(after) < before / 2, name

    def toys(side):
        return np.mean(side.columns["kind"][side.columns["rare"]] == "toys")

    # A draw has a hundred rare rows: over 24 fits the mean of eight left 0.29 to 0.58 of it.
    share = np.mean([toys(made) for made in draws])
    assert abs(share - toys(real)) < 0.75 * abs(toys(fresh) - toys(real))


def test_the_card_holds_the_budget_and_nothing_exact():
    """Who reads the card learns what was spent, and no count of real rows, entities or labels."""
    real = rows("real", n_rows=2_917, real=True)
    card = json.loads(json.dumps(dict(fit(real, epsilon=2.0, delta=1e-7).card)))
    budget = card["details"]["budget"]
    assert (budget["epsilon"], budget["delta"]) == (2.0, 1e-7)
    assert 1.99 < budget["epsilon spent"] <= 2.0
    assert budget["neighbours"] == "one customer more or less, with all its rows"
    assert "secure" in budget["noise"]
    n_rare = int(real.columns["rare"].sum())
    n_entities = len(np.unique(real.columns["customer"]))
    exact = {real.n_rows, n_rare, real.n_rows - n_rare, n_entities}
    assert not exact & set(numbers(card))
    assert "real" not in card["rows"]
    assert card["details"]["prevalence after"] != n_rare / real.n_rows


def test_every_fit_has_noise_of_its_own():
    """The same rows and seed give another model: the noise is not seeded."""
    one, other = fit(), fit()
    assert not np.array_equal(one.arrays["potential"], other.arrays["potential"])


def test_weights_of_real_rows_are_not_used():
    """A row counts once, whatever it weighs: a weight would move tables without bound."""
    real = rows("real", real=True)
    heavy = replace(real, weight=np.where(real.columns["rare"], 1e6, 1e-6))
    after = fit(heavy, **PLENTY).card["details"]["prevalence after"]
    assert after == pytest.approx(real.columns["rare"].mean(), abs=0.02)


@pytest.mark.parametrize("n_rows", [0, 1])
def test_next_to_no_real_rows_are_no_error(n_rows):
    """Whether there are few rows is not told: they then change next to nothing."""
    real = rows("real", real=True).take(np.arange(n_rows))
    model = fit(real)
    assert model.apply(rows("fresh"), Streams(3)).n_rows > 0
    assert np.isfinite(model.arrays["potential"]).all()


def test_outputs_are_no_nearer_to_real_rows_than_to_others():
    """What was fitted on is not remembered: other real rows are as near to what comes out."""
    fitted, other = rows("real", real=True), rows("other", real=True, seed=5)
    made = fit(fitted).apply(rows("fresh"), Streams(3))

    def place(side):
        delay = np.nan_to_num(side.columns["delay"], nan=-1.0)
        return np.column_stack([side.columns["age"] / 10, np.log1p(side.columns["price"]), delay])

    tree = cKDTree(place(made))
    nearest = [tree.query(place(side))[0] for side in (fitted, other)]
    # Of two samples of 3000 from one law, at a chance of error of one in a million.
    assert ks_2samp(*nearest).pvalue > 1e-6


def test_one_entity_can_not_make_itself_heard():
    """However many rows one customer has, only as many as stated count."""
    real = rows("real", real=True)
    odd = {name: np.repeat(values[:1], 1_500) for name, values in real.columns.items()}
    odd |= {"customer": np.full(1_500, 10_000), "rare": np.ones(1_500, bool)}
    both = Rows.of({name: np.append(values, odd[name]) for name, values in real.columns.items()})
    # Of all rows 40 % are rare; of one row of each customer, a tenth.
    assert fit(both, epsilon=10.0).card["details"]["prevalence after"] < 0.2


def test_a_model_without_an_entity_protects_rows():
    """Where every row stands alone, the unit of privacy is the row."""
    card = fit(shape=replace(SHAPE, entity="")).card
    assert card["details"]["budget"]["neighbours"] == "one row more or less, with all its rows"


def test_a_damaged_model_is_refused(tmp_path):
    """Potentials for other tables than the model's are not read."""
    model = fit()
    arrays = dict(model.arrays, pairs=model.arrays["pairs"][:-1])
    save_residual(replace(model, arrays=arrays), tmp_path / "model")
    with pytest.raises(RequestError, match=r"damaged .*potentials"):
        load_residual(tmp_path / "model", SHAPE)


def test_rows_beyond_the_simulated_range_stay():
    """A number that no simulated row had on fitting is left as it is."""
    fresh = rows("fresh")
    far = dict(fresh.columns, price=np.full(fresh.n_rows, 1e6), dear=np.ones(fresh.n_rows, bool))
    made = fit().apply(replace(fresh, columns=far), Streams(3))
    assert made.n_rows
    assert (made.columns["price"] == 1e6).all()
