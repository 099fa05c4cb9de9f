"""Salaries, bills, statements, savings: what moves an account on its own days of the month.

Numbers that name no source are assumptions.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from simgen.core import DAY, HOUR, Streams
from simgen.domains.fraud.flows import BILL, FLOW, PURCHASE, SALARY, SAVINGS, STATEMENT
from simgen.domains.fraud.market import Market
from simgen.domains.fraud.population import Population
from simgen.domains.fraud.schema import Entry

Flows = npt.NDArray[np.void]

STATEMENT_DAY = 0  # days into the month
SALARY_DAY = 26
SAVINGS_DAYS = (12, 19, 27)
BILL_SHARES = np.array([0.24, 0.05, 0.04, 0.03, 0.02])  # of income: rent, energy, ...; assumption
BILL_DAYS = np.array([2, 4, 9, 14, 18])


def month_starts(start_date: str, n_days: int) -> npt.NDArray[np.float64]:
    """First days of the months that touch the horizon, the first perhaps before it [s]."""
    start = np.datetime64(start_date, "D")
    months = np.arange(start.astype("M8[M]"), (start + n_days - 1).astype("M8[M]") + 1)
    return (months.astype("M8[D]") - start).astype(np.float64) * DAY


def account_flows(
    population: Population, months: npt.NDArray[np.float64], streams: Streams
) -> Flows:
    """Salary, bills, card statement and savings of every customer and month."""
    rng = streams.generator("bills")
    n = len(population)
    income = population.monthly_income[:, None]
    bills = np.round(income * BILL_SHARES * rng.uniform(0.7, 1.3, (n, len(BILL_SHARES))))
    kinds: list[tuple[int, int, float, npt.ArrayLike]] = [  # flow, day, time, cents
        (SALARY, SALARY_DAY, 4 * HOUR, population.monthly_income),
        (STATEMENT, STATEMENT_DAY, 1 * HOUR, 0),
        *((SAVINGS, day, 5 * HOUR, 0) for day in SAVINGS_DAYS),
        *((BILL, day, 2 * HOUR, bill) for day, bill in zip(BILL_DAYS, bills.T, strict=True)),
    ]
    rows = np.zeros((len(kinds), len(months), n), FLOW)
    # A second apart, so that no two customers' flows fall on one instant.
    rows["customer"], rows["merchant"] = np.arange(n), -1
    for part, (flow, day, time, cents) in zip(rows, kinds, strict=True):
        part["at"] = months[:, None] + day * DAY + time + np.arange(n)
        part["flow"], part["cents"] = flow, cents
    return rows.ravel()


def subscriptions(
    population: Population, market: Market, months: npt.NDArray[np.float64], streams: Streams
) -> Flows:
    """Card payments that recur every month, charged to the card on file."""
    rng = streams.generator("subscriptions")
    owner = np.repeat(np.arange(len(population)), population.n_subscriptions)
    shops = market.online_merchants("subscription")
    popularity = 1.0 / np.arange(1, len(shops) + 1)
    merchant = rng.choice(shops, len(owner), p=popularity / popularity.sum())
    day = rng.uniform(0.0, 28.0, len(owner)) * DAY
    rows = np.zeros((len(months), len(owner)), FLOW)
    rows["at"] = months[:, None] + day
    rows["customer"], rows["merchant"] = owner, merchant
    rows["cents"] = market.fixed_price[merchant]
    rows["flow"], rows["entry"], rows["code"] = PURCHASE, int(Entry.CARD_ON_FILE), -1
    return rows.ravel()
