# ruff: noqa: ANN001, ANN201, ANN202 - a script to read: names say what types would
"""A newcomer's simulator of credit card customers, corrected toward real ones and judged.

    python examples/card_default.py

A table of histories: six months of payment status, payment and statement for each customer, and
whether he defaults in the month after. None of the simulator's numbers comes from the reference,
card holders in Taiwan in 2005 (Yeh and Lien 2009). Each residual learns from one half of the real
customers; the other half, which no fit has seen, judges. A ratio of 1 is a model trained on the
first half. The reference is looked for in SIMGEN_REFERENCE, by default ../shared/reference.
"""

from __future__ import annotations

import os
from pathlib import Path
from time import perf_counter

import numpy as np
import pyarrow.parquet as pq
from rich.console import Console
from rich.table import Table
from sklearn.metrics import average_precision_score, roc_auc_score

from simgen.core import Streams
from simgen.metrics import Sample
from simgen.metrics.c2st import ClassifierTwoSample
from simgen.metrics.models import boosted, encode, rank
from simgen.residual import Column, Rows, Shape, find_residuals

FILE = Path("fraud/uci_credit_card_default.parquet")
EDUCATIONS = ("school", "university", "graduate", "other")
MARRIAGES = ("married", "single", "other")
MONTHS = (6, 5, 4, 3, 2, 1)  # before the month of the label, oldest first
UNUSED, PAID, REVOLVING = -2, -1, 0  # payment status; above 0 it counts months of delay
STEP = 10_000  # limits come in steps [NT$]
FULL = 10_000_000  # more than anybody owes [NT$]
N_CUSTOMERS = 100_000  # simulated
N_SEEDS = 3


# ---- the simulator: 60 lines


def happens(log_odds, chance):
    """Flags `(n,)`, True with the given log odds."""
    return chance.random(len(log_odds)) < 1 / (1 + np.exp(-log_odds))


def people(n_customers, chance):
    """Who holds a card, and how much the bank lends them."""
    age = np.floor(21 + chance.gamma(1.6, 9, n_customers)).clip(21, 80)
    education = chance.choice(4, n_customers, p=[0.3, 0.4, 0.25, 0.05])
    married = happens((age - 32) / 5, chance)
    alone = np.where(chance.random(n_customers) < 0.02, "other", "single")
    # A month's or two months' income: it grows with schooling, and until mid-life. [NT$]
    wealth = 0.35 * education + 0.02 * (age.clip(0, 45) - 30) + 0.8 * chance.normal(size=len(age))
    return {
        "female": chance.random(n_customers) < 0.5,
        "education": np.array(EDUCATIONS)[education],
        "marriage": np.where(married, "married", alone),
        "age": age.astype(np.int64),
        "limit": (STEP * np.ceil(10 * np.exp(wealth))).clip(STEP, 1_000_000).astype(np.int64),
    }


def month(before, who, chance):
    """One month: what is paid of the last statement, the status after it, the next statement."""
    debt, limit, strain = before["statement"].clip(0), who["limit"], who["strain"]
    owes = debt > 0
    misses = owes & happens(1.5 * strain - 3.5 + 2 * (before["status"] > 0), chance)
    # Cards ask for some 5 % of the debt; who pays it in parts rounds up, and adds what he can.
    part = np.ceil(debt * 0.05 * chance.lognormal(0, 0.5, len(debt)) / 500) * 500
    paid = np.where(misses, 0, np.where(who["in_full"], debt, np.minimum(part, debt)))
    late = np.where(misses, before["status"].clip(0) + 1, REVOLVING)
    status = np.where(owes, np.where(paid < debt, late, PAID), UNUSED)
    # Who has paid in full is charged no interest; others some 18 % a year.
    room = (limit - debt + paid).clip(0)
    spent = room * who["appetite"] * chance.lognormal(-0.5, 1.0, len(debt)) * ~misses
    spent = np.where(happens(who["idle"], chance), 0, np.minimum(spent, room))
    statement = debt - paid + np.where(who["in_full"], 0, 0.015 * (debt - paid)) + spent
    return {"status": status, "paid": paid, "statement": statement}


def simulate(n_customers, streams):
    """Six months of card holders, from what is commonly known of them."""
    chance = streams.generator("customers")
    columns = people(n_customers, chance)
    strain = chance.normal(size=n_customers) - 0.4 * np.log(columns["limit"] / 100_000)
    hidden = {
        "limit": columns["limit"],
        "strain": strain,
        "in_full": happens(-0.3 - strain, chance),
        "appetite": chance.beta(0.8, 6.0, n_customers),  # share of the room spent in a month
        "idle": chance.normal(-2.5, 2.5, n_customers),
    }
    used = np.where(hidden["in_full"], hidden["appetite"], chance.beta(0.8, 0.8, n_customers))
    last = {"status": np.zeros(n_customers), "statement": used * columns["limit"]}
    for back in MONTHS:
        last = month(last, hidden, chance)
        columns |= {f"{name}_{back}": np.rint(last[name]).astype(np.int64) for name in last}
    use = last["statement"] / columns["limit"]
    odds = -2.4 + 0.8 * strain + 0.8 * last["status"].clip(0, 3) + 0.5 * use
    return Rows.of(columns | late_months(columns) | {"default": happens(odds, chance)})


# ---- what a residual must know of the table


def months_late(columns):
    """Follows from the statuses."""
    return np.sum([columns[f"status_{back}"] > 0 for back in MONTHS], axis=0)


def late_months(columns):
    """The derived column, by its name."""
    return {"months_late": months_late(columns)}


def limit_steps(columns):
    """Free of the bank's rounding."""
    return columns["limit"] / STEP


def limit_again(steps, _):
    """Back from steps."""
    return steps * STEP


def status(back):
    """Free as it is; a delay grows by a month a month, or begins at no more than two."""

    def free(columns):
        return columns[f"status_{back}"]

    def again(free, columns):
        return np.minimum(free, columns[f"status_{back + 1}"].clip(1) + 1)

    ways = {} if back == MONTHS[0] else {"forward": free, "inverse": again}
    return Column(name=f"status_{back}", whole=True, **ways)


def debt(back):
    """What a customer owes as the month begins; before the first month nobody knows."""

    def owed(columns):
        return columns.get(f"statement_{back + 1}", np.zeros(len(columns["limit"]))).clip(0)

    return owed


def paid(back):
    """Free of the debt: money if a part of it is paid; FULL and what comes on top if all of it is.

    Whole, as many pay a round sum.
    """
    owed = debt(back)

    def money(columns):
        due, given = owed(columns), columns[f"paid_{back}"]
        return np.where((given >= due) & (due > 0), FULL + given - due, given)

    def again(money, columns):
        due = owed(columns)
        part = np.where(due > 0, np.minimum(money, due), money)
        return np.where(money >= FULL, due + money - FULL, part)

    causes = () if back == MONTHS[0] else (owed,)
    return Column(name=f"paid_{back}", whole=True, forward=money, inverse=again, causes=causes)


def statement(back):
    """Free of the limit; it answers to what is left of the last one."""

    def use(columns):
        return columns[f"statement_{back}"] / columns["limit"]

    def again(use, columns):
        return use * columns["limit"]

    def left(columns):
        return columns[f"statement_{back + 1}"] - columns[f"paid_{back}"]

    def left_of_limit(columns):
        return left(columns) / columns["limit"]

    causes = () if back == MONTHS[0] else (left, left_of_limit)
    return Column(name=f"statement_{back}", forward=use, inverse=again, causes=causes)


def delays_grow_by_one(columns):
    """A delay grows by a month a month, or begins at no more than two."""
    pairs = [(columns[f"status_{back}"], columns[f"status_{back + 1}"]) for back in MONTHS[1:]]
    return np.all([now <= before.clip(1) + 1 for now, before in pairs], axis=0)


def payments_are_not_negative(columns):
    """Customers pay the bank, not the bank them."""
    return np.all([columns[f"paid_{back}"] >= 0 for back in MONTHS], axis=0)


def months_late_are_counted(columns):
    """The count agrees with the statuses."""
    return columns["months_late"] == months_late(columns)


def holders_are_of_age(columns):
    """Cards are for adults, and limits are above 0."""
    return (columns["age"] >= 21) & (columns["limit"] >= STEP)


SHAPE = Shape(
    columns=(
        Column(name="female", categories=(False, True)),
        Column(name="education", categories=EDUCATIONS),
        Column(name="marriage", categories=MARRIAGES),
        Column(name="age", whole=True),
        Column(name="limit", whole=True, forward=limit_steps, inverse=limit_again),
        *(column(back) for back in MONTHS for column in (status, paid, statement)),
    ),
    label="default",
    derived={"months_late": months_late},
    rules=(
        delays_grow_by_one,
        payments_are_not_negative,
        months_late_are_counted,
        holders_are_of_age,
    ),
)


# ---- the comparison


def read_reference(path):
    """The real rows, under the simulator's names; codes that the source leaves open are other."""
    table = pq.read_table(path).to_pandas()
    education = table["EDUCATION"].map({1: "graduate", 2: "university", 3: "school"})
    marriage = table["MARRIAGE"].map({1: "married", 2: "single"})
    columns = {
        "female": (table["SEX"] == 2).to_numpy(bool),
        "education": education.fillna("other").to_numpy(str),
        "marriage": marriage.fillna("other").to_numpy(str),
        "age": table["AGE"].to_numpy(np.int64),
        "limit": table["LIMIT_BAL"].to_numpy(np.int64),
    }
    for back in MONTHS:
        for name, theirs in (("status", "PAY_"), ("paid", "PAY_AMT"), ("statement", "BILL_AMT")):
            columns[f"{name}_{back}"] = table[f"{theirs}{back}"].to_numpy(np.int64)
    default = (table["default_next_month"] == 1).to_numpy(bool)
    return Rows.of(columns | late_months(columns) | {"default": default})


def sample(rows):
    """The rows as the evaluation suite takes them."""
    words = ("education", "marriage")
    apart = (*words, "default")
    return Sample(
        numeric={k: v.astype(np.float64) for k, v in rows.columns.items() if k not in apart},
        categorical={name: rows.columns[name] for name in words},
        label=rows.columns["default"],
        weight=rows.weight,
    )


def utility(train, test, seed):
    """AUPRC and ROC-AUC `(2,)` on `test` of trees trained on `train`, the mean of three models."""
    features, test_features, codes = encode(sample(train), sample(test))
    label, truth = train.columns["default"], test.columns["default"]
    scores = []
    for again in range(3):
        model = boosted(features, label, None, categorical=codes, n_trees=60, seed=3 * seed + again)
        chance = rank(model, test_features)
        scores.append([average_precision_score(truth, chance), roc_auc_score(truth, chance)])
    return np.mean(scores, axis=0)


def at_most(rows, n_rows, streams):
    """A random part of the rows."""
    kept = streams.generator("kept").permutation(rows.n_rows)[:n_rows]
    return rows.take(np.sort(kept))


def compare(real, seed):
    """By method: rows, AUPRC ratio, AUC ratio, C2ST, rule breaks, fit time and apply time [s]."""
    streams = Streams(seed)
    first = streams.generator("halves").random(real.n_rows) < 0.5
    train, test = real.take(first), real.take(~first)
    ceiling = utility(train, test, seed)
    pool = simulate(N_CUSTOMERS, streams)
    for name, kind in find_residuals().items():
        began = perf_counter()
        fitted = kind().fit(pool, train, SHAPE, streams.child("fit"))
        learned = perf_counter()
        corrected = fitted.apply(pool, streams.child("apply"))
        ended = perf_counter()
        for n_times in (1, 3) if name == "transport" else (1,):
            rows = at_most(corrected, n_times * train.n_rows, streams)
            broken = sum(int((~obeys).sum()) for obeys in SHAPE.obeys(rows).values())
            distance = ClassifierTwoSample().compute(
                sample(test), sample(at_most(rows, test.n_rows, streams))
            )
            yield (
                f"{name} x{n_times}",
                [
                    rows.n_rows,
                    *(utility(rows, test, seed) / ceiling),
                    distance.value or np.nan,
                    broken,
                    learned - began,
                    ended - learned,
                ],
            )


def main():
    """Print the comparison, mean and spread over seeds."""
    console = Console(width=100)
    path = Path(os.environ.get("SIMGEN_REFERENCE", "../shared/reference")) / FILE
    if not path.is_file():
        console.print(f"Skipped: there is no {path}. Set SIMGEN_REFERENCE to the reference folder.")
        return
    results: dict[str, list[list[float]]] = {}
    for seed in range(N_SEEDS):
        for name, row in compare(read_reference(path), seed):
            results.setdefault(name, []).append(row)
    table = Table(
        "residual", "rows", "AUPRC ratio", "AUC ratio", "C2ST", "breaks", "fit s", "apply s"
    )
    for name, rows in results.items():
        mean, spread = np.mean(rows, axis=0), np.std(rows, axis=0, ddof=1)
        scores = [f"{mean[i]:.3f} ± {spread[i]:.3f}" for i in (1, 2, 3)]
        times = [f"{mean[i]:.1f}" for i in (5, 6)]
        table.add_row(name, f"{mean[0]:.0f}", *scores, f"{mean[4]:.0f}", *times)
    console.print(table)


if __name__ == "__main__":
    main()
