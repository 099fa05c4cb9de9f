"""Sequential trees, the default of synthpop (Nowok, Raab and Dibben 2016), on scikit-learn.

Each column is drawn given those before it: a tree finds the leaf, and a real value of that leaf is
taken. Our own lines, as synthpop is in R; columns go in the order of the table, the label first, so
that the tree of every column may ask for it.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from benchmarks.peers.contract import Job, Sampler, serve

LEAST_IN_LEAF = 5  # rows, synthpop's default


def fit(real: pa.Table, job: Job) -> Sampler:
    """A tree for each column, and the real values in its leaves."""
    order = [job.label, *(name for name in real.column_names if name != job.label)]
    values = {name: real[name].to_numpy() for name in order}
    codes = {name: _codes(values[name]) for name in order}
    generator = np.random.default_rng(job.seed)
    laws = [
        Leaves(
            np.column_stack([np.zeros(real.num_rows), *(codes[cause] for cause in order[:place])]),
            codes[name],
            discrete=name in job.categorical,
            generator=generator,
        )
        for place, name in enumerate(order)
    ]

    def sample(n_rows: int) -> pa.Table:
        causes = np.zeros((n_rows, 1))
        made = {}
        for name, law in zip(order, laws, strict=True):
            donor = law.draw(causes, generator)
            made[name] = values[name][donor]
            causes = np.column_stack([causes, codes[name][donor]])
        return pa.table({name: made[name] for name in real.column_names})

    return sample


def _codes(values: np.ndarray) -> np.ndarray:
    """The values as a tree takes them."""
    if values.dtype.kind in "biuf":
        return values.astype(np.float64)
    return np.unique(values.astype(str), return_inverse=True)[1].astype(np.float64)


class Leaves:
    """A column given those before it: which real rows lie in the leaf that a row falls into."""

    def __init__(
        self,
        causes: np.ndarray,
        target: np.ndarray,
        *,
        discrete: bool,
        generator: np.random.Generator,
    ) -> None:
        kind = DecisionTreeClassifier if discrete else DecisionTreeRegressor
        seed = int(generator.integers(2**31))
        self.tree = kind(min_samples_leaf=LEAST_IN_LEAF, random_state=seed).fit(causes, target)
        leaf = self.tree.apply(causes)
        self.donors = np.argsort(leaf, kind="stable")
        n_in_leaf = np.bincount(leaf, minlength=self.tree.tree_.node_count)
        self.starts = np.concatenate([[0], np.cumsum(n_in_leaf)])

    def draw(self, causes: np.ndarray, generator: np.random.Generator) -> np.ndarray:
        """For each row `(n, d)` of causes, a real row `(n,)` of its leaf."""
        leaf = self.tree.apply(causes)
        first, n_in_leaf = self.starts[leaf], self.starts[leaf + 1] - self.starts[leaf]
        return self.donors[first + generator.integers(n_in_leaf)]


if __name__ == "__main__":
    serve(fit, packages=("scikit-learn", "numpy"))
