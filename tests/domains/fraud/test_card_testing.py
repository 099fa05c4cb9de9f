"""What becomes of numbers that a ring has tested."""

import numpy as np
import pandas as pd
import pytest

DAY = pd.Timedelta("1D")
N_DAYS = 90
N_DAYS_OF_USE = 40  # ten times the mean time until a number is used: what is sold is seen in use


@pytest.fixture(scope="module")
def sold(simulate):
    """Tests, each with its number of failures and the use that a buyer made of the number."""
    silent = {kind: {"rate": 0.0} for kind in ("lost_or_stolen_card", "account_takeover")}
    testing = {"rate": 10.0, "sold_share": 1.0, "probes_per_card": [3, 3], "unreported_share": 1.0}
    world = simulate(
        n_customers=1_000,
        n_days=N_DAYS,
        n_merchants=1_000,
        purchase_rate=0.3,
        typologies=silent
        | {"card_testing": testing, "card_not_present": {"rate": 1e-6, "unreported_share": 1.0}},
        bank={"monitoring_share": 0.0, "mistaken_dispute_rate": 0.0},
    )
    tests = world.transactions.query("event_kind == 'card_testing'")
    end = pd.Timestamp(world.bank.start_date) + N_DAYS * DAY
    tests = tests[tests.groupby("event_id")["at"].transform("max") < end - N_DAYS_OF_USE * DAY]
    wrong = (tests["decline_code"] == "cvv_mismatch").groupby(tests["event_id"])
    cases = wrong.agg(["sum", "size", "last"]).query("size == 3")
    uses = world.events.query("kind == 'card_not_present'").set_index("caused_by")
    return cases.join(uses["onset_at"]).join(tests.groupby("event_id")["at"].max())


def test_a_number_that_worked_once_is_sold(sold):
    """Whichever of its probes it was, and whatever the last one said."""
    works = sold["sum"] < 3

    assert len(sold) > 100
    assert (sold["last"] & works).sum() > 10
    assert (sold["onset_at"].notna() == works).all()


def test_uses_after_the_end_of_the_data_are_no_events(simulate):
    """Many numbers that were tested in the last days are used later only."""
    testing = {"rate": 40.0, "sold_share": 1.0, "wrong_code_share": 0.0}
    typologies = {"card_testing": testing}
    world = simulate(n_customers=1_000, n_days=14, prevalence=None, typologies=typologies)
    end = pd.Timestamp(world.bank.start_date) + 14 * DAY
    causes = set(world.events.query("kind == 'card_testing'")["event_id"])
    uses = world.events[world.events["caused_by"].isin(causes)]

    assert 0 < len(uses) < 0.9 * len(causes)
    assert (world.events["onset_at"] < end).all()


def test_a_number_is_used_days_after_it_was_tested(sold):
    """Four in the mean."""
    days = ((sold["onset_at"] - sold["at"]) / DAY).dropna()

    assert days.mean() == pytest.approx(4.0, abs=5.0 * 4.0 / np.sqrt(len(days)))
