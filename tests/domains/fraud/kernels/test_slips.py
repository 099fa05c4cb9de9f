"""Second tries, false alarms and what is next to nothing, as the kernel of purchases makes them."""

import numpy as np
import pytest
from scipy import stats

from simgen.domains.fraud.flows import CASH, FLOW, PURCHASE, UNDECIDED
from simgen.domains.fraud.kernels.amounts import TRIAL_PRICES
from simgen.domains.fraud.kernels.purchases import (
    CONTACTLESS_LIMIT,
    GIVES_UP_SHARE,
    MEDIAN_RETRY_TIME,
    RETRY_SPREAD,
    _enter,
    _mishap,
    try_again,
)
from simgen.domains.fraud.schema import Decline, Entry

WRONG_PIN, WRONG_CODE = int(Decline.INCORRECT_PIN), int(Decline.CVV_MISMATCH)


def tries(whether, soon=0.5, **values):
    """The rows of one slip at the start, uniform numbers saying what comes of it."""
    out = np.zeros(2, FLOW)
    for name, value in ({"flow": PURCHASE, "code": WRONG_PIN, "cents": 3_000} | values).items():
        out[name][0] = value
    return out[: try_again(out, 0, whether, soon)]


def test_some_give_up_after_a_slip():
    """The others ask for the same once more."""
    assert len(tries(GIVES_UP_SHARE - 1e-6)) == 1
    first, second = tries(GIVES_UP_SHARE + 0.5)

    assert (first["cents"], second["cents"]) == (3_000, 3_000)
    assert (first["code"], second["code"]) == (WRONG_PIN, UNDECIDED)


def test_what_is_no_slip_is_not_tried_again():
    """What the bank stopped, for instance."""
    assert len(tries(0.5, code=int(Decline.SUSPECTED_FRAUD))) == 1


@pytest.mark.parametrize("code", [WRONG_PIN, WRONG_CODE])
def test_a_few_err_twice(code):
    """In the same way."""
    assert tries(0.99, code=code)["code"].tolist() == [code, code]


def test_some_tap_after_a_wrong_pin():
    """If the sum allows, in a shop."""
    taps = GIVES_UP_SHARE + 0.01
    entries = [
        tries(taps, **values)["entry"][1]
        for values in (
            {"cents": CONTACTLESS_LIMIT},
            {"cents": CONTACTLESS_LIMIT + 1},
            {"flow": CASH},
            {"code": WRONG_CODE},
        )
    ]

    assert entries == [Entry.CONTACTLESS, *[Entry.CHIP_AND_PIN] * 3]


def test_the_next_try_follows_after_a_time_of_its_own():
    """Log-normal (exact, at the quantiles)."""
    law = stats.lognorm(RETRY_SPREAD, scale=MEDIAN_RETRY_TIME)

    for soon in (0.01, 0.5, 0.99):
        first, second = tries(0.5, soon)
        assert second["at"] - first["at"] == pytest.approx(law.ppf(soon), rel=1e-6)


@pytest.mark.parametrize(
    ("share", "values"),
    [
        (0.0003, {}),
        (0.0003 * 8.0, {"event": 1}),
        (0.0003 * 5.0, {"cents": 60_001}),
        (0.0003 * 40.0, {"cents": 60_001, "event": 1}),
    ],
    ids=["at home", "abroad", "large", "large abroad"],
)
def test_monitoring_doubts_payments_abroad_and_large_ones(share, values):
    """Eight times and five times as often."""
    row = np.zeros(1, FLOW)
    for name, value in ({"entry": int(Entry.CONTACTLESS), "cents": 60_000} | values).items():
        row[name] = value

    assert _mishap(row[0], 0.999 * share) == Decline.SUSPECTED_FRAUD
    assert _mishap(row[0], 1.001 * share) == UNDECIDED


@pytest.mark.parametrize(
    ("returning", "how", "entry", "asked"),
    [
        (True, 0.44, Entry.CARD_ON_FILE, {700}),
        (True, 0.46, Entry.WEB, {700}),
        (True, 0.99, Entry.WEB, {700}),
        (False, 0.44, Entry.WEB, {700}),
        (False, 0.01, Entry.WEB, {0}),
        (False, 0.029, Entry.WEB, {1}),
        (False, 0.99, Entry.WEB, set(TRIAL_PRICES)),
    ],
)
def test_a_shop_keeps_the_card_of_those_who_return(returning, how, entry, asked):
    """Who is there for the first time types it in, and at times only verifies or tries it."""
    row = np.zeros(1, FLOW)
    row["cents"] = 700
    _enter(row[0], how, True, returning)

    assert row["entry"][0] == entry
    assert row["cents"][0] in asked
