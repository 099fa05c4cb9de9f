"""What every method must do: learn from real rows, make others, and say what that took.

A method is a process of its own, so that its peak memory is its own, in an environment of its own,
so that nobody's pins bind us. It reads a job from a JSON file and writes rows and a report.
"""

from __future__ import annotations

import json
import platform
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, Self

import pyarrow as pa
import pyarrow.parquet as pq

Sampler = Callable[[int], pa.Table]  # from how many rows to at least so many
_KIB_PER_MIB = 1024


@dataclass(frozen=True, kw_only=True)
class Job:
    """What a method is asked for.

    Attributes:
        train: the Parquet file of the real rows to learn from.
        label: their column of flags.
        categorical: their columns that are no numbers, the label among them.
        n_rows: how many rows to make.
        seed: of whatever chance the method uses.
        out: the Parquet file to write; the report goes beside it.
        about: what else one method must know.
    """

    train: str
    label: str
    categorical: tuple[str, ...]
    n_rows: int
    seed: int
    out: str
    about: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> Self:
        """The job that a file holds."""
        found = json.loads(path.read_text(encoding="utf-8"))
        return cls(**found | {"categorical": tuple(found["categorical"])})

    def write(self, path: Path) -> None:
        """Put the job into a file."""
        path.write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")

    @property
    def report(self) -> Path:
        """The JSON file that says what the work took."""
        return Path(self.out).with_suffix(".json")


def serve(fit: Callable[[pa.Table, Job], Sampler], *, packages: tuple[str, ...]) -> None:
    """Do the job named on the command line: `fit` learns, and what it returns makes rows.

    Call it when everything is imported: the memory of imports is told apart. Both wall and CPU
    times are taken, as a machine may be shared; `packages` are those whose versions matter.

    Raises:
        ValueError: the method made fewer rows than it was asked for.
    """
    imported = _peak_memory()
    job = Job.read(Path(sys.argv[1]))
    real = pq.read_table(job.train)
    began = _now()
    sample = fit(real, job)
    learned = _now()
    made = sample(job.n_rows)
    ended = _now()
    if made.num_rows < job.n_rows:
        raise ValueError(f"{made.num_rows} rows were made, {job.n_rows} asked for")
    pq.write_table(made.slice(0, job.n_rows), job.out)
    report = {
        "real_rows": real.num_rows,
        "columns": real.num_columns,
        "rows": job.n_rows,
        "fit_time": _took(began, learned),
        "sampling_time": _took(learned, ended),
        "peak_memory": _peak_memory(),  # [MiB]
        "imports_memory": imported,  # [MiB]
        "python": platform.python_version(),
        "versions": {package: version(package) for package in packages},
    }
    job.report.write_text(json.dumps(report, indent=1), encoding="utf-8")


def _now() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def _took(began: tuple[float, float], ended: tuple[float, float]) -> dict[str, float]:
    """Wall and CPU time of all threads [s]."""
    return {"wall": ended[0] - began[0], "cpu": ended[1] - began[1]}


def _peak_memory() -> float:
    """Peak resident set of this program [MiB]; that of getrusage begins with its parent's."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(peak.split()[1]) / _KIB_PER_MIB
