from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from simgen.core import RequestError, build
from simgen.domains.fraud import RetailBank
from simgen.domains.fraud.rules import RULES
from simgen.domains.fraud.schema import LOOKALIKE_KINDS, RARE_KINDS

SILENT = {kind: {"rate": 0.0} for kind in RARE_KINDS}
HALF = {kind: {"rate": 0.0} for kind in RARE_KINDS[1:]} | {"card_testing": {"rate": 0.5}}


@pytest.mark.parametrize(
    ("values", "line"),
    [
        ({"n_days": 0}, "n_days = 0 is out of bounds: must be >= 1 and <= 3660 day"),
        (
            {"n_customers": 0},
            "n_customers = 0 is out of bounds: must be >= 1 and <= 10,000,000",
        ),
        (
            {"n_customers": 2.5},
            "n_customers = 2.5 is no int: give one, such as 8000",
        ),
        (
            {"start_date": "last year"},
            "start_date = 'last year' is no date: write it as 2024-01-31",
        ),
        (
            {"start_date": "2024-02-30"},
            "start_date = '2024-02-30' is no date: write it as 2024-01-31",
        ),
        (
            {"prevalence": 0.0, "typologies": HALF},
            (
                "prevalence = 0 contradicts typologies.card_testing.rate=0.5: "
                "leave prevalence null or set the rates to 0"
            ),
        ),
        (
            {"prevalence": 0.25},
            "prevalence = 0.25 is out of bounds: must be >= 0 and <= 0.2",
        ),
        (
            {"prevalence": float("nan")},
            "prevalence = nan is out of bounds: must be >= 0 and <= 0.2",
        ),
        (
            {"prevalence": 0.01, "typologies": SILENT},
            "prevalence = 0.01 needs a typology: all rates are 0, raise one",
        ),
        (
            {"typologies": {"card_testing": {"probes_per_card": [3, 1]}}},
            (
                "typologies.card_testing.probes_per_card = [3, 1] is no range: give the lower "
                "first, both finite"
            ),
        ),
        (
            {"typologies": {"card_testing": {"rate": -1.0}}},
            (
                "typologies.card_testing.rate = -1.0 is out of bounds: must be >= 0 and <= 1000 "
                "1/(1000 customers and month)"
            ),
        ),
        (
            {"typologies": {"card_tasting": {"rate": 1.0}}},
            "unknown parameter typologies.card_tasting: did you mean card_testing?",
        ),
        (
            {"lookalikes": {"new_phone": {"rate": 51.0}}},
            "lookalikes.new_phone.rate = 51.0 is out of bounds: must be >= 0 and <= 50 1/year",
        ),
        (
            {"bank": {"alert_recall": 1.5}},
            "bank.alert_recall = 1.5 is out of bounds: must be >= 0 and <= 1",
        ),
    ],
    ids=str,
)
def test_a_bad_value_is_refused_in_one_line(values, line):
    """The line names the value, what bounds it, and what to do."""
    with pytest.raises(RequestError) as refusal:
        build(RetailBank, values)

    assert str(refusal.value) == line


def test_more_fraud_than_transactions_is_refused():
    """Rates that nature could not bear name themselves, the bound and the remedy."""
    with pytest.raises(RequestError) as refusal:
        build(RetailBank, {"typologies": SILENT | {"card_not_present": {"rate": 1_000.0}}, **RARE})

    line = str(refusal.value)
    assert line.startswith("typologies.card_not_present.rate=1000 make ")
    assert "more than 0.2 of" in line
    assert line.endswith("payments: lower the rates")
    assert "\n" not in line


RARE = {"purchase_rate": 0.05, "cash_rate": 0.01, "transfer_rate": 0.01}


@pytest.mark.parametrize("text", ["", "NaT", "today", "now", "2024", "20240101", "2024-01-01T12"])
def test_only_a_plain_date_is_a_date(text):
    """Nothing that NumPy alone would read: an empty one, the clock's, a year."""
    with pytest.raises(RequestError, match=r"is no date: write it as 2024-01-31"):
        build(RetailBank, {"start_date": text})


@pytest.mark.parametrize(
    "lookalikes",
    [
        {"large_purchase": {"shops": ["furnitur"]}},
        {"large_purchase": {"shops": []}},
        {"large_purchase": {"shops": ["fuel"]}},
        {"subscription_burst": {"n_services": [5, 2]}},
        {"large_purchase": {"median_amount": 1e9}},
        {"new_payee": {"median_amount": 1e9}},
    ],
    ids=str,
)
def test_a_lookalike_that_cannot_happen_is_refused(lookalikes):
    """Before the run, not by a crash within it."""
    with pytest.raises(RequestError):
        build(RetailBank, {"lookalikes": lookalikes})


def test_blocks_cover_every_customer_once():
    """The last block takes what is left."""
    blocks = RetailBank(n_customers=2_345, customers_per_block=1_000).blocks()

    assert [tuple(block) for block in blocks] == [(0, 1_000), (1_000, 2_000), (2_000, 2_345)]


rates = st.sampled_from([0.0, 0.5, 50.0])
small_banks = st.fixed_dictionaries(
    {
        "n_customers": st.integers(1, 25),
        "n_days": st.integers(1, 40),
        "start_date": st.dates(date(1900, 1, 1), date(2100, 1, 1)).map(date.isoformat),
        "n_merchants": st.just(1_000),
        "prevalence": st.none() | st.floats(1e-6, 0.2),
        "customers_per_block": st.just(10),
        "typologies": st.fixed_dictionaries(
            {kind: st.fixed_dictionaries({"rate": rates}) for kind in RARE_KINDS}
        ),
        "lookalikes": st.fixed_dictionaries(
            {kind: st.fixed_dictionaries({"rate": rates}) for kind in LOOKALIKE_KINDS[:-1]}
        ),
    }
).filter(lambda bank: any(about["rate"] for about in bank["typologies"].values()))


@settings(max_examples=25)
@given(values=small_banks, seed=st.integers(0, 2**32))
def test_any_small_bank_obeys_the_rules(simulate_blocks, values, seed):
    """Whatever is asked for within bounds runs, and its books balance."""
    for tables in simulate_blocks(build(RetailBank, values), seed).values():
        assert all(np.all(rule(tables)) for rule in RULES)
