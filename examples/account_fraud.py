# ruff: noqa: ANN001, ANN201, ANN202 - a script to read: names say what types would
"""A newcomer's simulator of fraudulent accounts, for the comparison on rows nobody had seen.

    python -m benchmarks.residuals

A row is an account on a public chain, Ethereum: how long and how often it was used, for how
much, and whether people later reported it as a fraud (Farrugia, Ellul and Azzopardi 2020, Detection
of illicit accounts over the Ethereum blockchain). None of the simulator's numbers was fitted; they
were written after a look at the quartiles of the rows to learn from. The rows to judge by had
been seen by nobody when this file and the residuals were last changed.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from simgen.metrics import Sample
from simgen.residual import Column, Rows, Shape

FILE = Path("fraud/ethereum_account_fraud.parquet")
DAY = 1440.0  # [min]
FULL = 1e9  # more than there is [ETH]
DUST = 0.001  # about what a payment costs, and what an emptied account keeps [ETH]
ROUND = np.array([0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0])  # what people send each other [ETH]


# ---- the simulator: 60 lines


def counted(mean, chance):
    """Counts `(n,)` that scatter widely about a mean."""
    return chance.poisson(mean * chance.gamma(0.6, 1 / 0.6, len(mean)))


def amounts(n_accounts, median, chance):
    """Ether `(n,)`, every third time a round sum."""
    free = median * chance.lognormal(0.0, 1.8, n_accounts)
    near = ROUND[np.abs(np.log(ROUND[:, None] / free)).argmin(axis=0)]
    return np.where(chance.random(n_accounts) < 0.33, near, free)


def mean_gap(n_payments, life, chance):
    """Minutes between payments of one kind, which fill a part of the account's life."""
    span = life * chance.beta(0.7, 0.5, len(life))
    return np.where(n_payments > 1, span / np.maximum(n_payments, 1), 0.0)


def simulate(n_accounts, streams):
    """Accounts of people and services, and such as frauds are paid into."""
    chance = streams.generator("accounts")
    fraud = chance.random(n_accounts) < 0.15
    # People pay now and then, services all day. Frauds live until they are known for what they are.
    service = ~fraud & (chance.random(n_accounts) < 0.12)
    # Some frauds are paid in tokens alone, or not at all.
    idle = fraud & (chance.random(n_accounts) < 0.25)
    life = DAY * np.where(fraud, 12.0, 120.0) * chance.lognormal(0.0, 2.0, n_accounts)
    busy = np.where(service, 200.0, 6.0) * chance.lognormal(0.0, 0.8, n_accounts)
    n_received = np.where(idle, 0, counted(busy, chance) + 1)
    # A fraud is emptied in a few payments; others spend about as often as they receive.
    n_sent = np.where(idle, 0, counted(np.where(fraud, 1.5, busy), chance))
    n_contracts = np.where(~idle & (chance.random(n_accounts) < 0.1), 1, 0)
    life = np.where(n_received + n_sent + n_contracts > 1, life, 0.0)
    # Victims send small sums; services see large ones.
    largest = amounts(n_accounts, np.where(fraud, 1.5, np.where(service, 80.0, 10.0)), chance)
    largest = np.where(n_received > 0, largest * np.sqrt(np.maximum(n_received, 1)), 0.0)
    least = np.where(n_received > 1, chance.beta(0.3, 1.0, n_accounts), 1.0)
    total = largest * (1 + least * np.maximum(n_received - 1, 0) / 2)
    # What comes in goes out again, all but dust.
    kept = np.where(chance.random(n_accounts) < 0.8, 0.001, chance.random(n_accounts))
    mean_sent = np.where(n_sent > 0, total * (1 - kept) / np.maximum(n_sent, 1), 0.0)
    # Many are sent tokens that they never asked for.
    holds = chance.random(n_accounts) < np.where(fraud, 0.6, 0.4)
    n_kinds = np.where(holds, 1 + counted(np.where(service, 15.0, 2.0), chance), 0)
    tokens = np.where(holds, 50.0 * chance.lognormal(0.0, 3.0, n_accounts), 0.0)
    passes = holds & (chance.random(n_accounts) < 0.3)
    return Rows.of(
        {
            "account": np.arange(n_accounts).astype(str),
            "fraud": fraud,
            "n_received": n_received,
            "n_sent": n_sent,
            "n_contracts": n_contracts,
            "life": life,
            "received_gap": mean_gap(n_received, life, chance),
            "sent_gap": mean_gap(n_sent, life, chance),
            "largest_received": largest,
            "least_received": largest * least,
            "mean_sent": mean_sent,
            "balance": total - mean_sent * n_sent,
            "n_token_kinds": n_kinds,
            "tokens_received": tokens,
            "n_token_receivers": np.where(passes, 1 + counted(busy / 4, chance), 0),
        }
    )


# ---- what a residual must know of the table


def happened(columns):
    """How many payments and contracts an account's life is made of."""
    return columns["n_received"] + columns["n_sent"] + columns["n_contracts"]


def size(name, possible):
    """A column free of its bound at 0, and 0 where it is not possible."""

    def free(columns):
        return np.log1p(columns[name])

    def again(free, columns):
        return np.where(possible(columns), np.expm1(free).clip(0), 0.0)

    return Column(name=name, forward=free, inverse=again)


def gap(name, count):
    """Minutes between payments, free of the account's life and of their number."""

    def longest(columns):
        return columns["life"] / columns[count].clip(1)

    def free(columns):
        return columns[name] / longest(columns).clip(1e-9)

    def again(share, columns):
        gap = np.minimum(share * longest(columns), columns["life"])
        return np.where(columns[count] > 1, gap, 0.0)

    return Column(name=name, forward=free, inverse=again)


def received(columns):
    """Whether anything was."""
    return columns["n_received"] > 0


def sent(columns):
    """Whether anything was."""
    return columns["n_sent"] > 0


def lasted(columns):
    """Whether there are two instants that a life lies between."""
    return happened(columns) > 1


def holds_tokens(columns):
    """Whether it received tokens of any kind."""
    return columns["n_token_kinds"] > 0


def least_sum(columns):
    """Free of the largest sum: money, or FULL where all sums are one."""
    least = columns["least_received"]
    return np.where(least < columns["largest_received"], least, FULL)


def least_again(free, columns):
    """Back from money; a single sum is the least and the largest."""
    largest = columns["largest_received"]
    return np.where(columns["n_received"] > 1, free.clip(0), FULL).clip(max=largest)


def received_at_least(columns):
    """Ether that came in: all of it if it came in one sum or two."""
    others = columns["least_received"] * (columns["n_received"] - 1).clip(0)
    return columns["largest_received"] + others


def is_all_known(columns):
    """Whether what came in is known: the least and the largest sum are all there are."""
    return columns["n_received"] <= 2


def gone(columns):
    """Ether that surely came in, and is no longer there."""
    return received_at_least(columns) - columns["balance"]


def unexplained(columns):
    """Free of what is gone: fees where all that came in is known, else what must have come, too."""
    spent, surely = columns["mean_sent"] * columns["n_sent"], gone(columns)
    share = spent / np.maximum(received_at_least(columns), DUST)
    return np.arcsinh(np.where(is_all_known(columns), surely - spent, share) / DUST)


def spent_again(free, columns):
    """Back from what is gone."""
    left = np.sinh(free) * DUST
    share = left * np.maximum(received_at_least(columns), DUST)
    spent = np.where(is_all_known(columns), gone(columns) - left, share)
    return np.where(sent(columns), spent.clip(0) / columns["n_sent"].clip(1), 0.0)


def signed_log(columns):
    """Small and large balances on one scale; some are negative, as not all income is counted."""
    return np.arcsinh(columns["balance"] / DUST)


def balance_again(free, _):
    """Back from the logarithm."""
    return np.sinh(free) * DUST


def nothing_lasts_no_time(columns):
    """A life lies between two instants at least."""
    return (columns["life"] == 0) | lasted(columns)


def gaps_are_between_two(columns):
    """Two payments have a gap between them, one has none."""
    kinds = ("received", "sent")
    return np.all([(columns[f"{k}_gap"] == 0) | (columns[f"n_{k}"] > 1) for k in kinds], axis=0)


def sums_are_in_order(columns):
    """The least sum is no larger than the largest, and none is negative."""
    least, largest = columns["least_received"], columns["largest_received"]
    return (least >= 0) & (least <= largest)


def sums_need_a_payment(columns):
    """Nothing received is no ether received, nothing sent no ether sent."""
    sides = (("largest_received", received), ("mean_sent", sent))
    return np.all([(columns[name] == 0) | of(columns) for name, of in sides], axis=0)


def tokens_have_a_kind(columns):
    """Tokens received are of a kind."""
    return (columns["tokens_received"] == 0) | holds_tokens(columns)


SHAPE = Shape(
    columns=(
        Column(name="n_received", whole=True),
        Column(name="n_sent", whole=True),
        Column(name="n_contracts", whole=True),
        size("life", lasted),
        gap("received_gap", "n_received"),
        gap("sent_gap", "n_sent"),
        size("largest_received", received),
        Column(name="least_received", forward=least_sum, inverse=least_again),
        Column(name="balance", forward=signed_log, inverse=balance_again),
        Column(name="mean_sent", forward=unexplained, inverse=spent_again, causes=(gone,)),
        Column(name="n_token_kinds", whole=True),
        size("tokens_received", holds_tokens),
        Column(name="n_token_receivers", whole=True),
    ),
    label="fraud",
    entity="account",
    rules=(
        nothing_lasts_no_time,
        gaps_are_between_two,
        sums_are_in_order,
        sums_need_a_payment,
        tokens_have_a_kind,
    ),
)


# ---- the comparison


def read_reference(path):
    """The real accounts, each once, under the simulator's names; no record of tokens is none."""
    table = pq.read_table(path).to_pandas().rename(columns=str.strip).drop_duplicates("Address")
    theirs = {
        "n_received": "Received Tnx",
        "n_sent": "Sent tnx",
        "n_contracts": "Number of Created Contracts",
        "life": "Time Diff between first and last (Mins)",
        "received_gap": "Avg min between received tnx",
        "sent_gap": "Avg min between sent tnx",
        "largest_received": "max value received",
        "least_received": "min value received",
        "mean_sent": "avg val sent",
        "balance": "total ether balance",
        "n_token_kinds": "ERC20 uniq rec token name",
        "tokens_received": "ERC20 total Ether received",
        "n_token_receivers": "ERC20 uniq sent addr",
    }
    columns = {name: table[there].fillna(0).to_numpy(np.float64) for name, there in theirs.items()}
    columns |= {n: v.astype(np.int64) for n, v in columns.items() if n.startswith("n_")}
    about = {"account": table["Address"].to_numpy(str), "fraud": (table["FLAG"] == 1).to_numpy()}
    return Rows.of(about | columns)


def sample(rows):
    """The rows as the evaluation suite takes them."""
    return Sample(
        numeric={name: rows.columns[name].astype(np.float64) for name in SHAPE.names},
        categorical={},
        label=rows.columns["fraud"],
        entity=rows.columns["account"],
        weight=rows.weight,
    )
