"""SMOTE (Chawla et al. 2002) for mixed columns, the whole table made anew.

SMOTE fills up the rare class between rare neighbours. To make a table of it, every class is filled
up by as many rows as are asked for and the originals are thrown away.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from imblearn.over_sampling import SMOTE, SMOTENC

from benchmarks.peers.contract import Job, Sampler, serve

N_NEIGHBOURS = 5  # imbalanced-learn's default


def fit(real: pa.Table, job: Job) -> Sampler:
    """Nothing is learned: SMOTE keeps the rows themselves, and works when asked for more."""
    table = real.drop_columns([job.label]).to_pandas()
    label = real[job.label].to_numpy()
    codes = [name for name in job.categorical if name != job.label]
    types = table.dtypes

    def sample(n_rows: int) -> pa.Table:
        wanted = _wanted(label, n_rows)
        of_mixed = {"categorical_features": [table.columns.get_loc(name) for name in codes]}
        method = (SMOTENC if codes else SMOTE)(
            **of_mixed if codes else {},
            sampling_strategy={value: (label == value).sum() + n for value, n in wanted.items()},
            k_neighbors=min(N_NEIGHBOURS, np.bincount(label).min() - 1),
            random_state=job.seed,
        )
        made, made_label = method.fit_resample(table, label)
        made = made.iloc[len(table) :].astype(types)
        made[job.label] = made_label[len(table) :]
        shuffled = made.sample(frac=1, random_state=job.seed)
        return pa.Table.from_pandas(shuffled, preserve_index=False)

    return sample


def _wanted(label: np.ndarray, n_rows: int) -> dict[bool, int]:
    """How many rows of each class, so that labels come as often as in the real rows."""
    n_rare = round(n_rows * float(pc.mean(pa.array(label.astype(np.int64))).as_py()))
    return {False: n_rows - n_rare, True: n_rare}


if __name__ == "__main__":
    serve(fit, packages=("imbalanced-learn", "scikit-learn", "numpy", "pandas"))
