# ruff: noqa: ANN001, ANN201 - a script to read: names say what types would
"""A newcomer's simulator of a bank's loans, for the comparison on rows nobody had seen.

    python -m benchmarks.residuals

A row is a loan of a Czech bank, granted from 1993 to 1998, as the books stood at the end of 1998:
what was lent to whom, what else is paid from the account by standing order, and whether the debtor
has failed to pay (Berka 1999, PKDD Discovery Challenge). There are 682 loans: a bank with few
cases. None of the simulator's numbers was fitted; they were written after a look at the quartiles
of the rows to learn from. The rows to judge by had been seen by nobody when this file and the
residuals were last changed.

A district's wages, unemployment and inhabitants are left out: they hang on the district alone, by a
table of 77 rows that nobody simulates. Its number is kept, and the region that follows from it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from simgen.metrics import Sample
from simgen.residual import Column, Rows, Shape

FILE = Path("fraud/berka_loans.parquet")
BEGIN = np.datetime64("1993-01-01")  # days are counted from here
LAST = 2190  # the last day of 1998 [d]
DURATIONS = (12, 24, 36, 48, 60)  # [months]
STATEMENTS = ("each", "weekly", "monthly")
CARDS = ("none", "junior", "classic", "gold")
# Districts are numbered by region: each region's last one, and the share of people who look for
# work there, an assumption: few in the capital, most where coal was mined and steel was made.
REGIONS = {
    "Prague": (1, 0.005),
    "central Bohemia": (13, 0.03),
    "south Bohemia": (21, 0.03),
    "west Bohemia": (31, 0.03),
    "north Bohemia": (41, 0.06),
    "east Bohemia": (52, 0.03),
    "south Moravia": (66, 0.04),
    "north Moravia": (77, 0.06),
}


def place_of_region(columns):
    """A district's region, as a number from 0."""
    return np.searchsorted([last for last, _ in REGIONS.values()], columns["district"])


def region(columns):
    """Follows from the district."""
    return np.array(list(REGIONS))[place_of_region(columns)]


def amount(columns):
    """What is lent is what is paid back: interest is charged elsewhere [CZK]."""
    return columns["payment"] * columns["duration"]


def age(columns):
    """Of the debtor when the loan is granted [years]."""
    return 1993 + columns["granted"] // 365 - columns["birth_year"]


# ---- the simulator: 60 lines


def debtors(n_loans, chance):
    """Who has an account since when, and how long he waited for a loan."""
    # The bank won customers when it opened, and most in 1996.
    wave, lag = chance.random(n_loans) < 0.5, chance.beta(1.0, 1.6, n_loans)
    opened = np.where(wave, 1_090 + 700 * lag, 1_250 * chance.beta(0.8, 1.1, n_loans))
    # Loans come in an account's first two years; those not granted yet are in no book.
    waited = np.rint(chance.uniform(100, np.minimum(700, LAST - opened))).astype(np.int64)
    capital = chance.random(n_loans) < 0.12
    # Parents open accounts for their children, too.
    return {
        "district": np.where(capital, 1, chance.integers(2, 78, n_loans)),
        "birth_year": chance.integers(1935, 1981, n_loans),
        "female": chance.random(n_loans) < 0.5,
        "granted": np.floor(opened).astype(np.int64) + waited,
        "days_open": waited,
        "statement": np.array(STATEMENTS)[chance.choice(3, n_loans, p=[0.06, 0.11, 0.83])],
    }


def cards(who, wage, bad, chance):
    """A card for one in four: the young have their own, the rich a golden one."""
    # From most who fail to pay it is taken back.
    drawn = chance.random(len(wage)) < np.where(bad, 0.08, 0.26)
    grown = np.where(wage > np.quantile(wage, 0.8), "gold", "classic")
    return np.where(drawn, np.where(age(who) < 21, "junior", grown), "none")


def outlays(n_loans, chance):
    """How many standing orders there are, the loan's among them, and what the others come to."""
    # A third has nothing but the loan on this account: wages and rent go another way.
    elsewhere = chance.random(n_loans) < 0.36
    extra = (chance.geometric(0.5, n_loans) - 1).clip(max=3)
    rest = 3_000 + 12_000 * chance.beta(1.0, 1.8, n_loans)
    return np.where(elsewhere, 1, 2 + extra), np.where(elsewhere, 0, rest)


def fails(who, n_orders, slack, chance):
    """Whether a wage is lost while the loan runs, and the slack in the budget does not bear it."""
    jobless = np.array([share for _, share in REGIONS.values()])[place_of_region(who)]
    # Losses a year: of those who find work again within months, too. First jobs go most easily.
    rate = 0.24 + 3 * jobless + 0.24 * (age(who) < 26)
    # Who has paid for a year and a half has learned to live with it.
    years = (np.minimum(who["duration"], (LAST - who["granted"]) / 30) / 12).clip(max=1.5)
    lost = chance.random(len(years)) < 1 - np.exp(-rate * years)
    # The bank sees the wages of those who pay their rent from here, and lets them wait in time;
    # but who has bound himself further since, by a car or a policy, gains little by that.
    relief = np.where(n_orders == 2, 12_000, np.where(n_orders > 2, 2_000, 0))
    return lost & (slack + relief < chance.normal(2_000, 2_000, len(years)))


def simulate(n_loans, streams):
    """Loans of households, some of which lose their wages while they pay."""
    chance = streams.generator("loans")
    who = debtors(n_loans, chance)
    who["duration"] = chance.choice(DURATIONS, n_loans)
    n_orders, others = outlays(n_loans, chance)
    # One wage or two, higher in the capital. [CZK a month]
    wage = 9_000 * (1 + (chance.random(n_loans) < 0.6)) * chance.lognormal(0, 0.2, n_loans)
    wage = wage * np.where(who["district"] == 1, 1.3, 1.0)
    payment = np.rint(300 + 9_700 * chance.beta(1.5, 2.4, n_loans))
    slack = wage - payment - np.where(n_orders > 1, others, 7_000)
    bad = fails(who, n_orders, slack, chance)
    rounding = np.round(chance.uniform(-0.5, 0.5, n_loans), 1)
    columns = who | {
        "loan": np.arange(n_loans),
        "n_orders": n_orders,
        "payment": payment.astype(np.int64),
        "orders_sum": np.round(payment + others + rounding, 1),
        "card": cards(who, wage, bad, chance),
        "bad": bad,
    }
    return Rows.of(columns | {name: derive(columns) for name, derive in DERIVED.items()})


# ---- what a residual must know of the table


def days_open(columns):
    """Free as it is."""
    return columns["days_open"]


def days_again(days, columns):
    """No longer than the bank itself is open."""
    return days.clip(0, columns["granted"])


def other_orders(columns):
    """Free of the loan's own order: what the others come to, or its rounding if there is none."""
    return columns["orders_sum"] - columns["payment"]


def orders_again(others, columns):
    """Back from the others; orders are given in tenths."""
    alone = columns["n_orders"] == 1
    bounded = np.where(alone, others.clip(-0.5, 0.5), others.clip(1.0))
    return np.round(columns["payment"] + bounded, 1)


def accounts_come_first(columns):
    """An account is opened before the loan, both within the years of the books."""
    days, granted = columns["days_open"], columns["granted"]
    return (days >= 0) & (days <= granted) & (granted <= LAST)


def payments_make_the_amount(columns):
    """All payments together are what was lent."""
    return columns["amount"] == amount(columns)


def region_is_that_of_the_district(columns):
    """Districts lie where they lie."""
    return columns["region"] == region(columns)


def a_single_order_is_the_loans(columns):
    """Orders pay the loan, and something else only where there are more of them than one."""
    others = np.round(other_orders(columns), 1)
    return np.where(columns["n_orders"] == 1, abs(others) <= 0.5, others > 0.5)


DERIVED = {"region": region, "amount": amount}
SHAPE = Shape(
    columns=(
        Column(name="n_orders", whole=True),
        Column(name="payment"),
        Column(name="orders_sum", forward=other_orders, inverse=orders_again),
        Column(name="duration", categories=DURATIONS),
        Column(name="granted"),
        Column(name="days_open", forward=days_open, inverse=days_again),
        Column(name="birth_year", whole=True),
        Column(name="card", categories=CARDS, causes=(age,)),
        Column(name="female", categories=(False, True)),
        Column(name="statement", categories=STATEMENTS),
        Column(name="district", whole=True),
    ),
    label="bad",
    entity="loan",
    derived=DERIVED,
    rules=(
        accounts_come_first,
        payments_make_the_amount,
        region_is_that_of_the_district,
        a_single_order_is_the_loans,
    ),
)


# ---- the comparison


def read_reference(path):
    """The real loans, under the simulator's names; an account has one loan at most."""
    table = pq.read_table(path).to_pandas()
    sent = {"POPLATEK PO OBRATU": "each", "POPLATEK TYDNE": "weekly", "POPLATEK MESICNE": "monthly"}
    whole = {
        "loan": table["account_id"],
        "n_orders": table["n_orders"],
        "payment": table["payments"],
        "amount": table["amount"],
        "duration": table["duration"],
        "birth_year": table["owner_birth_year"],
        "district": table["district_id"],
        "granted": (table["date"] - BEGIN).dt.days,
        "days_open": (table["date"] - table["open_date"]).dt.days,
    }
    words = {
        "statement": table["frequency"].map(sent),
        "card": table["card_type"].fillna("none"),
        "region": table["region"],
    }
    flags = {"female": table["owner_female"], "bad": table["bad"]}
    return Rows.of(
        {name: values.to_numpy(np.int64) for name, values in whole.items()}
        | {name: values.to_numpy(str) for name, values in words.items()}
        | {name: values.to_numpy() == 1 for name, values in flags.items()}
        | {"orders_sum": table["orders_sum_czk"].to_numpy(np.float64)}
    )


def sample(rows):
    """The rows as the evaluation suite takes them."""
    words = ("statement", "card", "region")
    apart = (*words, "loan", "bad")
    return Sample(
        numeric={k: v.astype(np.float64) for k, v in rows.columns.items() if k not in apart},
        categorical={name: rows.columns[name] for name in words},
        label=rows.columns["bad"],
        entity=rows.columns["loan"],
        weight=rows.weight,
    )
