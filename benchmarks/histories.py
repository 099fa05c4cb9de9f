# ruff: noqa: ANN001, ANN201 - a script to read: names say what types would
"""Purchase histories of a trivial simulator, corrected toward CDNOW's customers.

    python -m benchmarks.histories [--peers]

The simulator knows no memory: gaps and amounts are independent of what came before. Prints, before
and after transport, lag-1 rank correlations beside the real ones, and the AUC of boosted trees that
see each purchase with the one before it. Half of the real customers teach; the others judge. With
--peers, SDV's PAR makes histories, too: it learns from fewer customers, as it is slow.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
import pyarrow.parquet as pq
from scipy.stats import spearmanr

from simgen.core import Streams
from simgen.metrics import Sample
from simgen.metrics.c2st import ClassifierTwoSample
from simgen.residual import Column, Rows, Shape
from simgen.residual.histories import History
from simgen.residual.transport import Transport

FILE = Path("fraud/cdnow_purchases.parquet")
SHAPE = Shape(
    columns=(
        Column(name="gap", whole=True, lags=1),
        Column(name="amount", whole=True, lags=1),
    ),
    entity="customer",
    order="purchase",
)
N_CUSTOMERS = 20_000
N_SEEDS = 3
N_PEER_CUSTOMERS = 1_000  # real ones that PAR learns from


def simulate(n_customers, streams):
    """Customers who come back now and then, each time as if for the first."""
    chance = streams.generator("customers")
    # A few purchases in one and a half years; a dozen for one in some hundred.
    n_purchases = 1 + chance.poisson(chance.gamma(0.5, 4.0, n_customers))
    customer = np.repeat(np.arange(n_customers), n_purchases)
    purchase = np.arange(len(customer)) - np.repeat(
        np.cumsum(n_purchases) - n_purchases, n_purchases
    )
    gap = np.floor(chance.exponential(60.0, len(customer))) * (purchase > 0)  # [days]
    amount = np.rint(100 * np.exp(chance.normal(3.2, 0.6, len(customer))))  # [cents]
    return Rows.of({"customer": customer, "purchase": purchase, "gap": gap, "amount": amount})


def read_reference(path):
    """The real purchases; days since the customer's last one, 0 for the first."""
    table = pq.read_table(path).to_pandas().sort_values(["customer_id", "date"], kind="stable")
    customer = table["customer_id"]
    gap = table.groupby(customer)["date"].diff().dt.days.fillna(0)
    return Rows.of(
        {
            "customer": np.unique(customer.to_numpy(str), return_inverse=True)[1],
            "purchase": table.groupby(customer).cumcount().to_numpy(np.int64),
            "gap": gap.to_numpy(np.float64),
            "amount": np.rint(100 * table["dollar_value"].to_numpy(np.float64)),
        }
    )


def pairs(rows):
    """Each purchase but the first beside the one before it."""
    columns = rows.columns
    history = History.of(columns["customer"], columns["purchase"], ())
    later = np.flatnonzero(history.previous >= 0)
    before = history.previous[later]
    numeric = {name: columns[name][later].astype(np.float64) for name in SHAPE.names}
    numeric |= {f"last_{name}": columns[name][before].astype(np.float64) for name in SHAPE.names}
    return Sample(numeric=numeric, entity=columns["customer"][later], weight=rows.weight[later])


def scores(rows, test):
    """Lag-1 rank correlations of gaps (without that of the first) and amounts, and the AUC."""
    sample = pairs(rows)
    once = sample.numeric["last_gap"] > 0
    gaps = spearmanr(sample.numeric["gap"][once], sample.numeric["last_gap"][once])
    amounts = spearmanr(sample.numeric["amount"], sample.numeric["last_amount"])
    distance = ClassifierTwoSample().compute(test, sample)
    return [gaps.statistic, amounts.statistic, distance.value or np.nan]


def halves(real, streams):
    """The rows of the customers that teach, and of those that judge."""
    customer = real.columns["customer"]
    first = streams.generator("halves").random(customer.max() + 1) < 0.5
    return real.take(first[customer]), real.take(~first[customer])


def compare(real, seed):
    """By side: two correlations and an AUC; and the time of fit and apply [s]."""
    streams = Streams(seed)
    train, test = halves(real, streams)
    pool = simulate(N_CUSTOMERS, streams)
    began = perf_counter()
    made = Transport().fit(pool, train, SHAPE, streams.child("fit")).apply(pool, streams)
    took = perf_counter() - began
    sides = {"real": train, "simulated": pool, "corrected": made}
    return {name: scores(rows, pairs(test)) for name, rows in sides.items()}, took


def by_peer(train, test, seed):
    """The scores of PAR's histories, learned from some of the customers, and CPU seconds."""
    # Found only where this file runs as a module.
    from benchmarks.peers.contract import Job  # noqa: PLC0415 - see above
    from benchmarks.residuals.methods import ENVIRONMENTS  # noqa: PLC0415 - see above
    from benchmarks.residuals.references import ROOT  # noqa: PLC0415 - see above
    from benchmarks.residuals.tables import table_of  # noqa: PLC0415 - see above

    few = train.take(np.isin(train.columns["customer"], known(train)[:N_PEER_CUSTOMERS]))
    words = {"customer": few.columns["customer"].astype(str)}
    with TemporaryDirectory() as folder:
        place = Path(folder)
        job = Job(
            train=str(place / "train.parquet"),
            label="",
            categorical=(),
            n_rows=few.n_rows,
            seed=seed,
            out=str(place / "rows.parquet"),
            about={"entity": "customer", "order": "purchase"},
        )
        job.write(place / "job.json")
        pq.write_table(table_of(Rows.of(few.columns | words)), job.train)
        python = ENVIRONMENTS / "sdv" / "bin" / "python"
        command = [python, "-m", "benchmarks.peers.par", place / "job.json"]
        subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603 - ours
        made = pq.read_table(job.out).to_pandas()
        report = json.loads(job.report.read_text(encoding="utf-8"))
    columns = {name: made[name].to_numpy(np.float64) for name in ("purchase", *SHAPE.names)}
    columns["customer"] = np.unique(made["customer"].to_numpy(str), return_inverse=True)[1]
    took = sum(report[part]["cpu"] for part in ("fit_time", "sampling_time"))
    return scores(Rows.of(columns), pairs(test)), took


def known(rows):
    """The customers of the rows, in the order of their numbers."""
    return np.unique(rows.columns["customer"])


def main():
    """Print mean and spread over seeds."""
    path = Path(os.environ.get("SIMGEN_REFERENCE", "../shared/reference")) / FILE
    if not path.is_file():
        print(f"Skipped: there is no {path}. Set SIMGEN_REFERENCE to the reference folder.")
        return
    real = read_reference(path)
    results = [compare(real, seed) for seed in range(N_SEEDS)]
    print("side       gap lag 1        amount lag 1     C2ST with the past")
    for side in results[0][0]:
        table = np.array([found[side] for found, _ in results])
        mean, spread = table.mean(axis=0), table.std(axis=0, ddof=1)
        told = (f"{m:.3f} ± {s:.3f}" for m, s in zip(mean, spread, strict=True))
        print(f"{side:10}", "  ".join(told))
    print(f"fit and apply: {np.mean([took for _, took in results]):.1f} s")
    if "--peers" in sys.argv[1:]:
        found, took = by_peer(*halves(real, Streams(0)), seed=0)
        told = "          ".join(f"{score:.3f}" for score in found)
        print(f"PAR        {told}\n{N_PEER_CUSTOMERS} customers, one seed: {took:.0f} CPU s")


if __name__ == "__main__":
    main()
