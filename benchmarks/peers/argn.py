"""MOSTLY AI's engine, TabularARGN, with its defaults: an autoregressive network."""

from __future__ import annotations

import sys
import tempfile

import numpy as np
import pandas as pd
import pyarrow as pa

from benchmarks.peers.contract import Job, Sampler, serve

# Tables need neither pictures nor sound, and these two fail to load beside a torch without CUDA:
# to whoever asks for them, they are not installed.
sys.modules.update(dict.fromkeys(("torchvision", "torchaudio")))

from mostlyai.engine import TabularARGN  # noqa: E402 - after the line above


def fit(real: pa.Table, job: Job) -> Sampler:
    """Train on the rows until the engine finds that it no longer learns, on the CPU."""
    table = real.to_pandas()
    types = dict(table.dtypes)
    words = {name: table[name].astype(str) for name in job.categorical}
    kinds = {
        name: "TABULAR_CATEGORICAL" if name in words else "TABULAR_NUMERIC_AUTO" for name in table
    }
    workspace = tempfile.TemporaryDirectory()
    model = TabularARGN(
        tgt_encoding_types=kinds, device="cpu", random_state=job.seed, workspace_dir=workspace.name
    )
    model.fit(table.assign(**words))

    def sample(n_rows: int) -> pa.Table:
        with workspace:  # held until here: the model lies in it
            # Values that few rows have are drawn anew; by default a word takes their place.
            made = model.sample(n_rows, rare_category_replacement_method="SAMPLE")
        columns = {name: _typed(made[name], types[name]) for name in table}
        return pa.Table.from_pandas(pd.DataFrame(columns), preserve_index=False)

    return sample


def _typed(made: pd.Series, kind: np.dtype) -> pd.Series:
    """Words back to the flags that they were."""
    return made == "True" if kind == np.bool_ else made


if __name__ == "__main__":
    serve(fit, packages=("mostlyai-engine", "torch", "numpy", "pandas"))
