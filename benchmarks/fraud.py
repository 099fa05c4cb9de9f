"""The retail bank against what a user would write instead: labelled records to Parquet.

One process each. Rows of `transactions` and `sessions` count; what simgen writes besides (ledger,
cards, events, what the bank observed) and checks is stated, not counted. Ratios of records per
second, above 1 where simgen is faster; bars: DESIGN, section 9.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from _fraud_by_hand import numpy_generator, simpy_generator
from _measure import alternate, emit, medians, verdict

import simgen
from simgen.domains.fraud import RetailBank

BANK = RetailBank(prevalence=0.002)
N_CUSTOMERS_BY_SIMPY = 400  # its speed does not depend on how many


class Runs:
    """The three ways to make the records, each into an empty folder of its own."""

    def __init__(self, scratch: Path) -> None:
        self.scratch = scratch
        self.n_rows: dict[str, int] = {}  # by table, of simgen's run
        self.n_records: dict[str, int] = {}  # by way

    def simgen(self) -> None:
        """The world."""
        data = simgen.generate(
            BANK,
            out=self._empty("simgen"),
            executor=simgen.Serial(),
            difficulty=False,
            quiet=True,
        )
        self.n_rows = {name: about["rows"] for name, about in data.manifest["tables"].items()}
        self.n_records["simgen"] = self.n_rows["transactions"] + self.n_rows["sessions"]

    def numpy(self) -> None:
        """As many rows of independent columns; after `simgen`, which says how many."""
        self.n_records["numpy"] = numpy_generator(
            self.n_rows["transactions"], self.n_rows["sessions"], self._empty("numpy"), BANK.n_days
        )

    def simpy(self) -> None:
        """A process per customer, a dictionary per record."""
        self.n_records["simpy"] = simpy_generator(
            N_CUSTOMERS_BY_SIMPY, BANK.n_days, self._empty("simpy")
        )

    def _empty(self, name: str) -> Path:
        folder = self.scratch / name
        folder.mkdir()
        return folder

    def clean(self) -> None:
        """Delete what was written; nobody's time."""
        for folder in self.scratch.iterdir():
            shutil.rmtree(folder)


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as scratch:
        runs = Runs(Path(scratch))
        works = {"simgen": runs.simgen, "numpy": runs.numpy, "simpy": runs.simpy}
        took = alternate(works, after=runs.clean)
    wall, cpu = {}, {}  # [records/s]
    print(f"{'':8}{'records':>10}{'wall [s]':>10}{'CPU [s]':>9}{'records/s':>11}{'per CPU s':>11}")
    for name, rounds in took.items():
        n, middle = runs.n_records[name], medians(rounds)
        wall[name], cpu[name] = n / middle.wall, n / middle.cpu
        times = f"{middle.wall:10.2f}{middle.cpu:9.2f}"
        print(f"{name:8}{n:10,}{times}{wall[name]:11,.0f}{cpu[name]:11,.0f}")
    ratios = {name: (wall["simgen"] / wall[name], cpu["simgen"] / cpu[name]) for name in wall}
    for name, bar in (("numpy", 1.0), ("simpy", 10.0)):
        print(f"simgen / {name}, wall: {verdict(ratios[name][0], bar)}")
        print(f"simgen / {name}, CPU:  {verdict(ratios[name][1], bar)}")
    besides = {
        name: n for name, n in runs.n_rows.items() if name not in {"transactions", "sessions"}
    }
    print("besides, not counted:", ", ".join(f"{n:,} {name}" for name, n in besides.items()))
    emit(
        "fraud",
        records=runs.n_records["simgen"],
        rows_besides=sum(besides.values()),
        records_per_second=wall["simgen"],
        **{f"{name}_wall_ratio": ratios[name][0] for name in ("numpy", "simpy")},
        **{f"{name}_cpu_ratio": ratios[name][1] for name in ("numpy", "simpy")},
    )


if __name__ == "__main__":
    main()
