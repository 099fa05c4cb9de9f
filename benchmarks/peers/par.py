"""SDV's PAR with its defaults: an autoregressive network that makes histories of new entities.

`about` names the columns of entity and order. SDV's licence is that of the single-table models.
"""

from __future__ import annotations

import random
import warnings

import numpy as np
import pyarrow as pa
import torch
from sdv.metadata import Metadata
from sdv.sequential import PARSynthesizer

from benchmarks.peers.contract import Job, Sampler, serve

TABLE = "rows"


def fit(real: pa.Table, job: Job) -> Sampler:
    """Train on the histories for the default 128 epochs, on the CPU."""
    # SDV takes seeds from global state only.
    random.seed(job.seed)
    np.random.seed(job.seed)  # noqa: NPY002 - it is what SDV reads
    torch.manual_seed(job.seed)
    table = real.to_pandas()
    entity, order = job.about["entity"], job.about["order"]
    types = {name: {"sdtype": "numerical"} for name in table} | {entity: {"sdtype": "id"}}
    about = {"columns": types, "sequence_key": entity, "sequence_index": order}
    model = PARSynthesizer(Metadata.load_from_dict({"tables": {TABLE: about}}), cuda=False)
    n_rows_of_one = len(table) / table[entity].nunique()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its own future
        model.fit({TABLE: table})

    def sample(n_rows: int) -> pa.Table:
        parts, n_made = [], 0
        while n_made < n_rows:
            wanted = max(10, round((n_rows - n_made) / n_rows_of_one))
            made = model.sample_sequences(num_sequences=wanted)
            made = made[TABLE] if isinstance(made, dict) else made
            made[entity] = [f"{len(parts)}/{name}" for name in made[entity]]
            parts.append(pa.Table.from_pandas(made, preserve_index=False))
            n_made += len(made)
        return pa.concat_tables(parts)

    return sample


if __name__ == "__main__":
    serve(fit, packages=("sdv", "deepecho", "torch", "numpy", "pandas"))
