"""simgen's own way under the contract of all methods: simulate, fit a residual, correct afresh.

Corrected rows that break a rule are dropped; how many is said in the table, so that it counts.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa

from benchmarks.peers.contract import Job, Sampler, serve
from benchmarks.residuals.references import REFERENCES, Reference
from benchmarks.residuals.tables import BROKEN, rows_of, table_of
from simgen.core import Streams
from simgen.residual import Rows, find_residuals
from simgen.residual.base import Correction

N_LEARNED = 150_000  # entities simulated to learn from, at least: rare rows must be enough
N_LEARNED_PER_REAL = 2  # more where the real rows are many
N_IN_BLOCK = 25_000  # entities simulated at a time, until enough rows are kept


def fit(real: pa.Table, job: Job) -> Sampler:
    """Simulate, and learn how the real rows differ; `about` names reference and residual."""
    reference = REFERENCES[job.about["reference"]]
    streams, shape = Streams(job.seed), reference.shape
    n_learned = max(N_LEARNED, N_LEARNED_PER_REAL * real.num_rows)
    pool = reference.example.simulate(n_learned, streams.child("pool"))
    kind = find_residuals()[job.about["residual"]]
    residual = kind(**job.about["parameters"])
    fitted = residual.fit(pool, rows_of(real, pool, shape.entity), shape, streams.child("fit"))

    def sample(n_rows: int) -> pa.Table:
        parts: list[Correction] = []
        while sum(part.rows.n_rows for part in parts) < n_rows:
            own = streams.child(f"block_{len(parts)}")
            block = simulated(reference, own, first=len(parts) * N_IN_BLOCK)
            parts.append(fitted.correct(block, own.child("apply")))
        made = pa.concat_tables([table_of(part.rows) for part in parts])
        n_broken = sum(sum(part.n_broken.values()) for part in parts)
        return made.replace_schema_metadata({BROKEN: str(n_broken / made.num_rows)})

    return sample


def simulated(reference: Reference, streams: Streams, *, first: int) -> Rows:
    """Fresh simulated rows, their entities numbered from `first`."""
    rows = reference.example.simulate(N_IN_BLOCK, streams.child("pool"))
    if not (entity := reference.shape.entity):
        return rows
    code = np.unique(rows.columns[entity], return_inverse=True)[1]
    return replace(rows, columns={**rows.columns, entity: code + first})


def warm() -> None:
    """Load what Numba has compiled, or compile it, as part of the imports: once a process."""
    reference = next(iter(REFERENCES.values()))
    few = reference.example.simulate(2_000, Streams(0))
    fitted = find_residuals()["transport"]().fit(few, few, reference.shape, Streams(0))
    fitted.apply(few, Streams(0))


if __name__ == "__main__":
    warm()
    serve(fit, packages=("simgen", "numpy", "numba", "scikit-learn"))
