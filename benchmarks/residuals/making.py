"""Rows made by a method, in a process of its own, kept until something that made them changes."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.peers.contract import Job
from benchmarks.residuals.methods import Method
from benchmarks.residuals.references import Reference
from benchmarks.residuals.tables import broken_share, rows_of, table_of
from simgen.core import RunError
from simgen.residual import Rows

# Threads wait for each other on a busy machine: one for every method.
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


@dataclass(frozen=True, kw_only=True)
class Made:
    """What a method made, what that took, and of which making it is.

    Attributes:
        rows: what it made.
        broken_share: rows it dropped because they broke a rule, over those.
        report: see `benchmarks.peers.contract`.
        key: changes with whatever may change the rows.
    """

    rows: Rows
    broken_share: float
    report: dict[str, Any]
    key: str


def make(
    method: Method, reference: Reference, train: Rows, *, n_rows: int, seed: int, folder: Path
) -> Made:
    """Rows like `train`, made now or found in `folder` from the same making.

    Raises:
        RunError: the method failed; its last words are told.
    """
    shape = reference.shape
    given = table_of(train, without=shape.entity if method.environment else "")
    job = Job(
        train=str(folder / "train.parquet"),
        label=shape.label,
        categorical=reference.categorical(train),
        n_rows=n_rows,
        seed=seed,
        out=str(folder / "rows.parquet"),
        about=method.about if method.environment else {**method.about, "reference": reference.name},
    )
    files = method.files if method.environment else [*method.files, reference.script]
    key = digest(files, given, {**asdict(job), "train": "", "out": ""})
    kept = folder / "key.txt"
    if not kept.is_file() or kept.read_text(encoding="utf-8") != key:
        kept.unlink(missing_ok=True)
        folder.mkdir(parents=True, exist_ok=True)
        pq.write_table(given, job.train)
        _run(method, job, folder / "job.json")
        Path(job.train).unlink()
        kept.write_text(key, encoding="utf-8")
    made = pq.read_table(job.out)
    return Made(
        rows=rows_of(made, train, shape.entity),
        broken_share=broken_share(made),
        report=json.loads(job.report.read_text(encoding="utf-8")),
        key=key,
    )


def _run(method: Method, job: Job, path: Path) -> None:
    job.write(path)
    done = subprocess.run(  # noqa: S603 - ours
        [method.python, "-m", method.module, path],
        env={**os.environ, **ONE_THREAD},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        last = "\n".join(done.stderr.splitlines()[-5:])
        raise RunError(f"{method.name} failed on {path}: {last}")


def digest(files: Iterable[Path], table: pa.Table, about: Any) -> str:
    """A hash of files, of a table's columns, and of plain data."""
    state = sha256(json.dumps(about, sort_keys=True).encode())
    for path in files:
        state.update(path.read_bytes())
    for name in table.column_names:
        state.update(name.encode())
        values = table[name].to_numpy()
        state.update(
            "\0".join(values).encode()
            if values.dtype.kind == "O"
            else np.ascontiguousarray(values).tobytes()
        )
    return state.hexdigest()
