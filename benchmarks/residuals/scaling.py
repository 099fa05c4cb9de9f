"""How time and memory of transport grow with the rows, up to a million.

    python -m benchmarks.residuals.scaling

No reference has a million rows, so rows of its simulator with another seed stand in for real ones:
time hangs on how many there are. As many are made as were learned from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.residuals.making import make
from benchmarks.residuals.methods import METHODS
from benchmarks.residuals.references import REFERENCES, ROOT
from benchmarks.residuals.text import rate, short, table
from simgen.core import Streams

SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000)  # real rows
FULL = 100_000  # real rows up to which transport learns from all of them, by default
REFERENCE = next(iter(REFERENCES.values()))  # whose simulator makes them
SEED = 1  # of the rows that stand in for real ones; methods run with seed 0
KEPT = ROOT / "reports" / "residuals" / "scaling"


@dataclass(frozen=True, kw_only=True)
class Growth:
    """What learning from some rows and making as many takes.

    Attributes:
        n_rows: how many.
        fit_time: [CPU s].
        sampling_time: [CPU s].
        peak_memory: [MiB].
    """

    n_rows: int
    fit_time: float
    sampling_time: float
    peak_memory: float

    @property
    def time(self) -> float:
        """Both times [CPU s]."""
        return self.fit_time + self.sampling_time

    @property
    def per_comparison(self) -> float:
        """Time over n log2 n [CPU ns]: flat where time grows so."""
        return 1e9 * self.time / (self.n_rows * float(np.log2(self.n_rows)))


def growth(folder: Path = KEPT) -> list[Growth]:
    """Measure each size, or find it in `folder`."""
    method = next(method for method in METHODS if method.name == "transport")
    found = []
    for n_rows in SIZES:
        rows = REFERENCE.example.simulate(n_rows, Streams(SEED)).take(np.arange(n_rows))
        report = make(
            method, REFERENCE, rows, n_rows=n_rows, seed=0, folder=folder / str(n_rows)
        ).report
        found.append(
            Growth(
                n_rows=n_rows,
                fit_time=report["fit_time"]["cpu"],
                sampling_time=report["sampling_time"]["cpu"],
                peak_memory=report["peak_memory"],
            )
        )
    return found


def exponent(found: Sequence[Growth]) -> float:
    """Of the power of n that time grows with, by least squares on logarithms."""
    logs = np.log([[each.n_rows, each.time] for each in found])
    return float(np.polyfit(logs[:, 0], logs[:, 1], 1)[0])


def growth_table(found: Sequence[Growth]) -> str:
    """The measurements as Markdown."""
    head = (
        "rows",
        "fit [CPU s]",
        "sampling [CPU s]",
        "time / (n log2 n) [CPU ns]",
        "rows per CPU second, fit and sampling",
        "peak [MiB]",
    )
    rows = [
        (
            f"{each.n_rows:,}",
            short(each.fit_time),
            short(each.sampling_time),
            short(each.per_comparison),
            rate(each.n_rows / each.time),
            f"{each.peak_memory:,.0f}",
        )
        for each in found
    ]
    return table(head, rows)


if __name__ == "__main__":
    measured = growth()
    print(growth_table(measured))
    print(f"time grows as n to the power of {exponent(measured):.2f}")
