"""Histories of customers: fitted to a log made up here, and corrected with their days in line."""

import numpy as np
import pandas as pd
import pytest

from simgen import load_scenario
from simgen.pipeline.fit import fit
from simgen.pipeline.generate import generate
from simgen.pipeline.references import ENVIRONMENT

GAPS = np.array([31, 32, 33])  # days between purchases in the log; nothing else happens there


@pytest.fixture(scope="module")
def purchases(tmp_path_factory):
    """A small bank's purchases at media shops, corrected toward the log."""
    root = tmp_path_factory.mktemp("histories")
    path = root / "fraud" / "cdnow_purchases.parquet"
    path.parent.mkdir()
    chance = np.random.default_rng(5)
    customer = np.repeat(np.arange(600), 5)
    start = np.repeat(chance.integers(0, 30, 600), 5)
    since = np.cumsum(np.where(np.arange(3_000) % 5, chance.choice(GAPS, 3_000), 0))
    day = start + since - np.repeat(since[::5], 5)
    log = {
        "customer_id": customer.astype(str),
        "date": pd.Timestamp("1997-01-01") + pd.to_timedelta(day, "D"),
        "dollar_value": np.round(chance.lognormal(3.0, 0.5, 3_000), 2),
    }
    pd.DataFrame(log).to_parquet(path)
    bank = load_scenario("fraud/retail_bank", n_customers=500, n_days=182)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(ENVIRONMENT, str(root))
        made = generate(bank, out=root / "bank", quiet=True, difficulty=False)
        fit(made, "cdnow", out=root / "model", quiet=True)
        corrected = generate(
            bank, seed=2, residual=root / "model", out=root / "out", quiet=True, difficulty=False
        )
    return corrected.to_pandas("calibrated_purchases").sort_values(["buyer", "purchase_number"])


def test_days_follow_from_the_corrected_gaps(purchases):
    """A purchase is as long after the one before as its gap says, and before observation ends."""
    since = purchases.groupby("buyer")["day"].diff()
    assert (since.isna() == purchases["gap_days"].isna()).all()
    assert (since.dropna() == purchases["gap_days"].dropna()).all()
    assert purchases["day"].max() < 182


def test_gaps_are_those_of_the_log(purchases):
    """Most are: few simulated rows weigh in where real ones are many."""
    assert purchases["gap_days"].dropna().isin(GAPS).mean() > 0.9


def test_histories_stay_whole_from_their_beginning(purchases):
    """What falls behind the end of observation is missing at the end, nowhere else."""
    expected = purchases.groupby("buyer").cumcount() + 1
    assert (purchases["purchase_number"] == expected).all()
    assert purchases["gap_days"].isna().sum() == purchases["buyer"].nunique()


def test_amounts_are_in_line_with_their_multiples(purchases):
    """The amount paid over its multiple of the median is one number, that of the fit's rows."""
    level = purchases["amount"] / purchases["relative_amount"]
    assert level.max() == pytest.approx(level.min())
