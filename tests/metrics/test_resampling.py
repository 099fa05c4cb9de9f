import numpy as np
import pytest

from simgen.core import Streams
from simgen.metrics import Sample
from simgen.metrics.resampling import (
    bootstrap,
    drawn,
    entity_codes,
    error_over_splits,
    even,
    half,
    thin,
)


def generator(name="test"):
    return Streams(0).generator(name)


def labelled(n_rare=100, n_ordinary=10_000):
    label = np.arange(n_rare + n_ordinary) < n_rare
    return Sample(
        numeric={"x": generator("x").normal(size=len(label))},
        label=label,
        weight=generator("weight").uniform(0.5, 2.0, len(label)),
    )


def test_thinning_keeps_the_weight_of_each_class_and_all_rare_rows():
    """Fewer rows stand for the same nature, and what is rare is not thrown away."""
    whole = labelled()
    part = thin(whole, 1_000, generator())
    assert part.n_rows == 1_000
    assert part.label.sum() == 100
    for value in (True, False):
        assert part.weight[part.label == value].sum() == pytest.approx(
            whole.weight[whole.label == value].sum()
        )


def test_thinning_leaves_few_rows_alone():
    """A sample below the cap is the same sample."""
    whole = labelled()
    assert thin(whole, 20_000, generator()) is whole


def test_a_half_never_splits_an_entity():
    """All rows of an entity fall on one side, and about half of the entities on each."""
    codes = entity_codes(np.array(["b", "a", "b", "c", "d", "a"]), 6)
    mask = half(codes, generator())
    for code in range(4):
        assert len(set(mask[codes == code])) == 1
    assert len(set(codes[mask])) == 2


def test_resampled_entities_widen_the_interval():
    """Copies of one row tell no more than the row: resampling by entity knows that."""
    rows = generator().normal(size=200)

    def width(entity):
        sample = Sample(numeric={"x": np.repeat(rows, 25)}, weight=np.ones(5_000), entity=entity)
        score = bootstrap(
            lambda real, _: {"mean": float(np.average(sample.numeric["x"], weights=real)) + 1},
            sample,
            sample,
            n_resamples=200,
            generator=generator("resamples"),
        )
        return score.high - score.value, score.value - score.low

    grouped, alone = width(np.repeat(np.arange(200), 25)), width(None)
    assert grouped[1] > 3 * alone[1]  # sqrt(25) = 5, less what the upper end of the range cuts off


def test_error_over_splits_counts_what_the_splits_share():
    """With many splits the error stays as large as the spread of one: Nadeau and Bengio's point."""
    draws = generator().normal(size=10_000).tolist()
    assert error_over_splits(draws) == pytest.approx(1.96, rel=0.05)


def test_an_even_draw_is_as_dense_as_nature_on_both_sides():
    """Equally many rows, each side's as frequent as they weigh."""
    often = np.arange(20_000) < 16_000  # drawn sixteen times as often as nature would
    real = Sample(numeric={"often": often.astype(float)}, weight=np.where(often, 1 / 16, 1.0))
    synthetic = Sample(numeric={"often": np.zeros(3_000)}, weight=np.ones(3_000))
    first, second = even(real, synthetic, 2_000, generator())
    assert first.n_rows == second.n_rows == pytest.approx(2_000, rel=0.1)
    assert first.numeric["often"].mean() == pytest.approx(0.2, abs=0.03)


def test_a_row_too_heavy_for_its_share_keeps_its_weight():
    """The sums of weights stay right where one row stands for half of nature."""
    sample = Sample(numeric={}, weight=np.where(np.arange(1_000) == 0, 999.0, 1.0))
    part = drawn(sample, 100, generator())
    assert part.weight.max() == 999.0
    assert part.weight.sum() == pytest.approx(1_998, rel=0.3)


def test_no_more_rows_are_drawn_than_were_asked_for():
    """Rows so heavy that their chance would be above 1 take none from the others' share."""
    weight = generator().pareto(1.0, 5_000)
    part = drawn(Sample(numeric={}, weight=weight), 1_000, generator())

    assert 300 < part.n_rows < 1_000


def test_both_sides_of_an_even_draw_are_as_thin_as_the_thinner():
    """Where a few rows weigh nearly all, fewer can be drawn by weight than there are."""
    real = Sample(numeric={}, weight=generator().pareto(1.0, 3_000))
    synthetic = Sample(numeric={}, weight=np.ones(3_000))
    n_drawn = drawn(real, 3_000, generator()).n_rows
    first, second = even(real, synthetic, 3_000, generator())

    assert first.n_rows == second.n_rows < 0.8 * n_drawn
