"""The worst slices: found where something was planted, silent where nothing was."""

import dataclasses

import numpy as np
import pytest

from simgen.core import Streams
from simgen.metrics import Sample
from simgen.metrics.slices import worst_slices


def rows(name, n_rows=8_000):
    """Amounts, shops and labels that say nothing of each other."""
    chance = Streams(5).generator(name)
    return Sample(
        numeric={"amount": chance.exponential(10.0, n_rows)},
        categorical={"shop": chance.choice(["large", "small"], n_rows)},
        label=chance.random(n_rows) < 0.2,
        weight=np.ones(n_rows),
    )


def test_two_samples_of_one_nature_have_no_worst_slice():
    """Intervals are corrected for the slices tried: at most one draw of twenty cries wolf."""
    cries = sum(bool(worst_slices(rows(f"a{i}"), rows(f"b{i}"))) for i in range(20))
    assert cries <= 1


def test_a_missing_combination_comes_first():
    """No small shop takes large amounts: both conditions together are named, with their shares."""
    real, synthetic = rows("real"), rows("synthetic")
    bound = np.quantile(real.numeric["amount"], 7 / 8)
    gone = (synthetic.numeric["amount"] > bound) & (synthetic.categorical["shop"] == "small")
    worst = worst_slices(real, synthetic.take(~gone))[0]
    assert worst.conditions.startswith("amount > ")
    assert worst.conditions.endswith(" and shop = small")
    assert worst.real_share == pytest.approx(1 / 16, abs=0.01)
    assert worst.synthetic_share < 0.001
    assert worst.low < worst.ratio < worst.high < 0.2


def test_a_pair_that_says_no_more_than_one_column_is_left_out():
    """Too many small shops: one condition tells it all."""
    synthetic = rows("synthetic")
    keep = (synthetic.categorical["shop"] == "small") | (np.arange(synthetic.n_rows) % 2 == 0)
    found = {entry.conditions for entry in worst_slices(rows("real"), synthetic.take(keep))}
    assert {"shop = small", "shop = large"} <= found
    assert not any(" and " in conditions for conditions in found)


def test_rare_rows_are_cut_by_themselves():
    """A slice of a hundredth of all rows is found where it is a third of the rare ones."""
    real, synthetic = (
        dataclasses.replace(side, label=np.arange(side.n_rows) % 100 == 0)
        for side in (rows("real", 20_000), rows("synthetic", 20_000))
    )
    gone = synthetic.label & (synthetic.categorical["shop"] == "small")
    worst = worst_slices(real, synthetic.take(~gone))
    assert worst[0].conditions == "among rare rows: shop = small"
    assert worst[0].real_share == pytest.approx(0.5, abs=0.1)


def test_rows_of_one_entity_count_as_one():
    """A shop of one busy customer is no certain difference, whatever he buys there."""
    real, synthetic = rows("real"), rows("synthetic")
    busy = np.arange(synthetic.n_rows) < 1_500
    shop = np.where(busy, "small", synthetic.categorical["shop"])
    alone = dataclasses.replace(synthetic, categorical={"shop": shop})
    assert any("shop" in entry.conditions for entry in worst_slices(real, alone))
    entity = np.where(busy, 0, np.arange(synthetic.n_rows))
    assert worst_slices(real, dataclasses.replace(alone, entity=entity)) == ()


def test_rows_of_the_fit_are_left_out():
    """What the generator was fitted on says nothing of how it does elsewhere."""
    real = rows("real")
    odd = np.where(np.arange(real.n_rows) % 2 == 0, 1_000.0, real.numeric["amount"])
    fitted = dataclasses.replace(
        real, numeric={"amount": odd}, fitted=np.arange(real.n_rows) % 2 == 0
    )
    assert worst_slices(fitted, rows("synthetic")) == ()


def test_absent_values_and_few_rows_are_no_crash():
    """A column without numbers is one slice; too few rows have none."""
    real, synthetic = rows("real"), rows("synthetic")
    empty = dataclasses.replace(synthetic, numeric={"amount": np.full(synthetic.n_rows, np.nan)})
    assert worst_slices(real, empty)[0].ratio > 100
    assert worst_slices(real.take(np.arange(20)), synthetic) == ()


def test_what_sixty_rows_lack_may_be_there_in_others():
    """A fiftieth of the real rows is missing in three of ten such samples by chance alone."""
    real, few = rows("real", 6_000), rows("few", 60)
    odd = np.where(np.arange(6_000) % 50 == 0, "kiosk", real.categorical["shop"])
    real = dataclasses.replace(real, categorical={"shop": odd})

    assert not any("kiosk" in entry.conditions for entry in worst_slices(real, few))
    many = rows("many", 6_000)
    assert any("kiosk" in entry.conditions for entry in worst_slices(real, many))
