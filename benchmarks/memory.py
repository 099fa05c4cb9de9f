"""Peak memory of a run and of one with ten times the rows: flat if blocks leave nothing behind.

Each run is a process of its own, which says its peak resident set itself; a ratio of 1 is ideal.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from _measure import emit, verdict

N_CUSTOMERS = 4_000
N_ROUNDS = 5
RUN = """
import json, resource, sys
import simgen
from simgen.domains.fraud import RetailBank

data = simgen.generate(
    RetailBank(prevalence=0.002, n_customers=int(sys.argv[1])),
    out=sys.argv[2], executor=simgen.Serial(), difficulty=False, quiet=True,
)
rows = sum(about["rows"] for about in data.manifest["tables"].values())
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([rows, peak]))
"""


def rows_and_peak(n_customers: int) -> tuple[int, float]:
    """Rows written and peak resident set [MiB] of a fresh process."""
    with tempfile.TemporaryDirectory() as scratch:
        command = [sys.executable, "-c", RUN, str(n_customers), str(Path(scratch) / "bank")]
        done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - ours
    rows, peak = json.loads(done.stdout.splitlines()[-1])
    return rows, peak


def main() -> None:
    """Print the table."""
    rows: dict[int, int] = {}
    peaks: dict[int, list[float]] = {1: [], 10: []}
    rows_and_peak(N_CUSTOMERS)  # compiles what is not compiled yet
    for _ in range(N_ROUNDS):
        for times, found in peaks.items():
            rows[times], peak = rows_and_peak(times * N_CUSTOMERS)
            found.append(peak)
    print(f"{'':4}{'rows':>12}{'peak RSS [MiB]':>16}")
    for times, found in peaks.items():
        print(f"{times:3}x{rows[times]:12,}{median(found):16.0f}")
    ratio = median(peaks[10]) / median(peaks[1])
    print(f"10x / 1x: {verdict(ratio, 1.1, at_least=False)}")
    emit("memory", rows=rows[10], peak_mib=median(peaks[10]), ratio=ratio)


if __name__ == "__main__":
    main()
