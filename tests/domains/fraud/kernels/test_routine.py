"""Logins and transfers as kernels emit them."""

import numpy as np
import pytest
from scipy import stats

from simgen.core import WEEK, Streams
from simgen.domains.fraud.flows import FLOW, SESSION
from simgen.domains.fraud.kernels.purchases import HABIT
from simgen.domains.fraud.kernels.routine import (
    LOG_LOGIN_RETRY,
    LOGIN_RETRY_SPREAD,
    N_PAYEES,
    emit_cash,
    emit_logins,
    emit_transfer_logins,
    emit_transfers,
    payee_of,
)
from simgen.domains.fraud.schema import Decline

KEY = Streams(7).key("routine")
N_CUSTOMERS, HORIZON = 300, 52 * WEEK
CLOCK = np.linspace(0.0, WEEK, 2)
TRIP = (10 * WEEK, 12 * WEEK, 24, 1)  # of the last customer
TRIPS = np.array([TRIP], np.float64)
TRIP_STARTS = np.append(np.zeros(N_CUSTOMERS, np.int64), 1)
WHEN = (0, HORIZON, CLOCK)


@pytest.fixture(scope="module")
def habits():
    """Customers with devices 1, 2, 3 and so on."""
    rows = np.zeros(N_CUSTOMERS, HABIT)
    rows["devices"] = 1 + np.arange(3 * N_CUSTOMERS).reshape(-1, 3)
    rows["phone_changed_at"] = np.inf
    return rows


@pytest.fixture(scope="module")
def logins(habits):
    """A year of logins, by customer and time."""
    out = np.empty(400_000, SESSION)
    n = emit_logins(KEY, *WHEN, 7.0, habits, TRIPS, TRIP_STARTS, out)
    return np.sort(out[:n], order=["customer", "at"])


@pytest.fixture(scope="module")
def transfers(habits):
    """A year of transfers."""
    out = np.empty(60_000, FLOW)
    return out[: emit_transfers(KEY, *WHEN, 2.0, habits, Streams(7).key("payees"), out)]


@pytest.fixture(scope="module")
def cash():
    """A year of cash withdrawals."""
    out = np.empty(130_000, FLOW)
    return out[: emit_cash(KEY, *WHEN, 7.0, TRIPS, TRIP_STARTS, out)]


@pytest.fixture(scope="module")
def transfer_logins(transfers):
    """The login before each."""
    out = np.empty(len(transfers), SESSION)
    emit_transfer_logins(KEY, 0, transfers, TRIPS, TRIP_STARTS, out)
    return out


def test_a_failed_login_is_tried_again_after_a_time_of_its_own(logins):
    """Log-normal (KS), not one delay for all; some give up, some fail again."""
    failed = np.flatnonzero(logins["successful"][:-1] == 0)
    wait = logins["at"][failed + 1] - logins["at"][failed]
    soon = (wait < 600.0) & (logins["customer"][failed + 1] == logins["customer"][failed])
    law = stats.lognorm(LOGIN_RETRY_SPREAD, scale=np.exp(LOG_LOGIN_RETRY))

    assert len(failed) > 3_000
    assert stats.kstest(wait[soon], law.cdf).statistic < 0.04
    assert 0.05 < 1.0 - soon.mean() < 0.3
    assert 0.1 < (logins["successful"][failed + 1][soon] == 0).mean() < 0.4


def test_logins_fail_as_seldom_as_told(logins):
    """Nobody tries for ever."""
    assert 0.02 < (logins["successful"] == 0).mean() < 0.06


def test_nobody_logs_in_who_only_transfers(habits):
    """At a rate of 0 there are no logins to look."""
    out = np.empty(100, SESSION)

    assert emit_logins(KEY, *WHEN, 0.0, habits, TRIPS, TRIP_STARTS, out) == 0


def test_a_transfer_follows_a_login(transfers, transfer_logins):
    """Minutes earlier, by the same customer with the same device."""
    lead = transfers["at"] - transfer_logins["at"]

    assert len(transfers) > 20_000
    assert (transfer_logins["customer"] == transfers["customer"]).all()
    assert (transfer_logins["device"] == transfers["device"]).all()
    assert transfer_logins["successful"].all()
    assert (lead > 0.0).all()
    assert np.median(lead) == pytest.approx(240.0 * np.log(2.0), rel=0.05)


def test_a_new_phone_logs_in_once_it_is_there(habits):
    """Not minutes before, for a transfer that follows."""
    busy = habits[:50].copy()
    busy["phone_changed_at"] = 0.5 * WEEK
    transfers, starts = np.empty(60_000, FLOW), np.zeros(51, np.int64)
    n = emit_transfers(KEY, 0, WEEK, CLOCK, 1_000.0, busy, KEY, transfers)
    logins = np.empty(n, SESSION)
    emit_transfer_logins(KEY, 0, transfers[:n], TRIPS, starts, logins)
    is_new = logins["device"] == 3 * logins["customer"] + 2

    assert is_new.mean() == pytest.approx(0.4, abs=0.05)
    assert logins["at"][is_new].min() >= 0.5 * WEEK


def test_who_is_abroad_logs_in_from_there(transfer_logins):
    """For transfers as otherwise."""
    abroad = transfer_logins[transfer_logins["place"] == TRIP[2]]

    assert len(abroad) > 0
    assert ((abroad["at"] >= TRIP[0]) & (abroad["at"] < TRIP[1])).all()
    assert (abroad["customer"] == N_CUSTOMERS - 1).all()


def test_monitoring_stops_few_ordinary_transfers(transfers):
    """In error: one in a thousand."""
    share = (transfers["code"] == int(Decline.SUSPECTED_FRAUD)).mean()

    assert share == pytest.approx(0.001, rel=0.5)


def close_to(share, n):
    """A share of n independent ones, to five deviations."""
    return pytest.approx(share, abs=5.0 * np.sqrt(share * (1.0 - share) / n))


def test_cash_comes_in_notes(cash):
    """From 20 to 500 EUR, mostly of 50 or 100 (chi-square)."""
    euros, counts = np.unique(cash["cents"] // 100, return_counts=True)
    law = np.array([1, 3, 3, 1, 1, 1, 1]) / 11.0

    assert euros.tolist() == [20, 50, 100, 150, 200, 300, 500]
    assert stats.chisquare(counts, law * len(cash)).pvalue > 1e-3


def test_few_withdrawals_fail(cash):
    """Six of a thousand on a wrong PIN, one in error of monitoring."""
    for code, share in ((Decline.INCORRECT_PIN, 0.006), (Decline.SUSPECTED_FRAUD, 0.001)):
        assert (cash["code"] == int(code)).mean() == close_to(share, len(cash))


def test_transfers_are_round_sums(transfers):
    """In full ten euros above thirty, in full euros below."""
    cents = transfers["cents"]
    is_large = cents > 3_000

    assert 0.5 < is_large.mean() < 0.9
    assert (cents[is_large] % 1_000 == 0).all()
    assert (cents % 100 == 0).all()
    assert (cents[~is_large] % 1_000 > 0).any()


def test_the_first_payee_is_paid_most(transfers):
    """Of five, by the square law of their numbers."""
    key = Streams(7).key("payees")
    first = np.array([payee_of(key, customer, 0) for customer in range(N_CUSTOMERS)])
    others = [payee_of(key, c, n) for c in range(N_CUSTOMERS) for n in range(1, N_PAYEES)]
    unlike = ~np.isin(first, others)
    rows = transfers[unlike[transfers["customer"]]]

    assert (rows["payee"] == first[rows["customer"]]).mean() == close_to(5**-0.5, len(rows))


def test_most_banking_is_done_on_the_phone(transfers, logins):
    """Four in five; the rest on the second device."""
    for rows in (transfers, logins[logins["successful"] == 1]):
        on_phone = rows["device"] % 3 == 1

        assert set(rows["device"] % 3) == {0, 1}
        assert on_phone.mean() == close_to(0.8, len(rows))
