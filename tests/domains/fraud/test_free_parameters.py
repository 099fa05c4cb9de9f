"""What `simgen fit` may fit: every free parameter does what it says."""

import numpy as np
import pytest

from simgen.core import changed, free
from simgen.domains.fraud import RetailBank

SIZE = {"n_customers": 300, "n_days": 30, "n_merchants": 1_000, "prevalence": 0.05}


def purchases(world, *, label=False):
    rows = world.transactions
    return rows[(rows["label"] == label) & rows["channel"].isin(["card_present", "ecommerce"])]


@pytest.mark.parametrize("end", ["low", "high"])
def test_a_bank_with_all_parameters_at_an_end_is_valid(end):
    """The plausible ranges don't contradict one another."""
    values = {about.name: getattr(about, end) for about in free(RetailBank())}

    assert all(about.value == values[about.name] for about in free(changed(RetailBank(), values)))


def test_default_parameters_are_plausible():
    """A fit starts from within."""
    assert all(about.low < about.value < about.high for about in free(RetailBank()))


def test_spending_level_moves_ordinary_amounts(simulate):
    """Where shops have no fixed prices, in proportion; frauds are another parameter's."""
    before, after = simulate(**SIZE), simulate(**SIZE, spending_level=2.0)

    ratio = purchases(after)["amount"].quantile(0.7) / purchases(before)["amount"].quantile(0.7)
    assert ratio == pytest.approx(2.0, rel=0.1)


def test_spending_spread_moves_their_spread(simulate):
    """Within one kind of shop: groceries, whose shops are much alike."""
    spreads = []
    for spread in (1.0, 0.5):
        rows = purchases(simulate(**SIZE, spending_spread=spread))
        amounts = rows.loc[rows["merchant_category"] == "groceries", "amount"]
        spreads.append(np.log(amounts[amounts > 0]).std())

    assert 0.5 < spreads[1] / spreads[0] < 0.8


def test_hourly_contrast_flattens_the_day(simulate):
    """At 0 every hour sees as many payments; travellers and retries don't matter."""
    flat = purchases(simulate(**SIZE, hourly_contrast=0.0))["at"].dt.hour
    counts = np.bincount(flat, minlength=24)

    assert counts.min() > 0.8 * counts.mean()


def test_purchase_rate_shape_makes_customers_alike(simulate):
    """The higher the shape, the less their numbers of payments differ."""
    uneven, even = (
        purchases(simulate(**SIZE, purchase_rate_shape=shape)).groupby("customer_id").size()
        for shape in (0.7, 20.0)
    )

    assert even.std() / even.mean() < 0.6 * uneven.std() / uneven.mean()
