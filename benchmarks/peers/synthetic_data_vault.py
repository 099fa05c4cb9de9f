"""SDV's single-table models with their defaults: `about` names one of them.

SDV and what it is made of stand under the Business Source License 1.1: run here to be compared
with, in an environment of its own, and no dependency of anything.
"""

from __future__ import annotations

import random
import warnings

import numpy as np
import pandas as pd
import pyarrow as pa
import torch
from sdv.metadata import Metadata
from sdv.single_table import CTGANSynthesizer, GaussianCopulaSynthesizer, TVAESynthesizer

from benchmarks.peers.contract import Job, Sampler, serve

MODELS = {
    "gaussian_copula": GaussianCopulaSynthesizer,
    "ctgan": CTGANSynthesizer,
    "tvae": TVAESynthesizer,
}
TABLE = "rows"


def fit(real: pa.Table, job: Job) -> Sampler:
    """Train on the rows; neural models for their default 300 epochs, on the CPU."""
    # SDV takes seeds from global state only.
    random.seed(job.seed)
    np.random.seed(job.seed)  # noqa: NPY002 - it is what SDV reads
    torch.manual_seed(job.seed)
    table = real.to_pandas()
    model = MODELS[job.about["model"]](described(table, job.categorical), **neural(job))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its own future
        model.fit({TABLE: table})

    def sample(n_rows: int) -> pa.Table:
        # Sampling begins with the same chance whatever the seed: draw on to come elsewhere.
        for _ in range(job.seed):
            model.sample(1)
        return pa.Table.from_pandas(_one(model.sample(n_rows)), preserve_index=False)

    return sample


def described(table: pd.DataFrame, categorical: tuple[str, ...]) -> Metadata:
    """What SDV must be told of the columns; left to itself it would guess."""
    columns = {
        name: {"sdtype": "categorical" if name in categorical else "numerical"} for name in table
    }
    return Metadata.load_from_dict({"tables": {TABLE: {"columns": columns}}})


def neural(job: Job) -> dict[str, bool]:
    """What only neural models take."""
    return {} if job.about["model"] == "gaussian_copula" else {"enable_gpu": False}


def _one(sampled: pd.DataFrame | dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The table; SDV 2 gives a dictionary of them."""
    return sampled[TABLE] if isinstance(sampled, dict) else sampled


if __name__ == "__main__":
    serve(fit, packages=("sdv", "ctgan", "copulas", "torch", "numpy", "pandas"))
