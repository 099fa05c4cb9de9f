"""Rows as histories: each entity's rows in the order of time."""

from __future__ import annotations

import numpy as np

from simgen.kernels.arrays import Floats
from simgen.metrics.base import Indices, Sample
from simgen.metrics.resampling import entity_codes, some_entities

FEWEST_PAIRS = 50  # of successive rows; fewer say no more than their own noise


def why_undefined(real: Sample, synthetic: Sample) -> str:
    """Why there are no histories to compare; "" if there are."""
    for name, sample in (("real", real), ("synthetic", synthetic)):
        if sample.entity is None or sample.at is None:
            return f"the {name} rows have no {'entity' if sample.entity is None else 'time'}"
        n_pairs = len(successions(sample)[0])
        if n_pairs < FEWEST_PAIRS:
            return (
                f"the {name} entities have {n_pairs} pairs of rows 1 apart: "
                f"{FEWEST_PAIRS} are needed"
            )
    return ""


def whole_entities(sample: Sample, max_rows: int, generator: np.random.Generator) -> Sample:
    """All rows of as many entities, drawn at random, as have at most `max_rows` together."""
    if sample.n_rows <= max_rows:
        return sample
    codes = entity_codes(sample.entity, sample.n_rows)
    return sample.take(some_entities(codes, max_rows, generator))


def in_time(sample: Sample) -> tuple[Indices, Indices]:
    """Each row's entity, as a number from 0 `(n,)`, and the rows by entity and time `(m,)`.

    Rows without a time take no part; rows of one instant follow each other as they stand.
    """
    assert sample.at is not None
    codes = entity_codes(sample.entity, sample.n_rows)
    order = np.lexsort((sample.at, codes))
    return codes, order[~np.isnan(sample.at[order])]


def successions(sample: Sample, lag: int = 1) -> tuple[Indices, Indices]:
    """Rows and the rows `lag` later in the same entity, as two arrays of indices `(p,)`."""
    codes, order = in_time(sample)
    earlier, later = order[:-lag], order[lag:]
    same = codes[earlier] == codes[later]
    return earlier[same], later[same]


def intervals(sample: Sample) -> Floats:
    """Time since the entity's row before `(n,)`; NaN for the first of an entity."""
    assert sample.at is not None
    earlier, later = successions(sample)
    since = np.full(sample.n_rows, np.nan)
    since[later] = sample.at[later] - sample.at[earlier]
    return since
