"""How like each other the real halves are: no method could be expected to come nearer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.residuals.judging import FILES, error, joined
from benchmarks.residuals.references import Reference
from simgen.core import Streams
from simgen.metrics.c2st import ClassifierTwoSample
from simgen.residual import Rows

HALVES_FILES = [*FILES, Path(__file__)]  # a change of one of these may give other scores


def halves(reference: Reference, train: Rows, final: Rows) -> dict[str, Any]:
    """C2ST of the rows to learn from against the final ones, and how many of both break a rule.

    As rows of methods are judged.
    """
    order = Streams(0).child("halves").generator("order").permutation(train.n_rows)
    some = train.take(order[: final.n_rows])
    sides = [reference.example.sample(rows) for rows in (final, some)]
    obeys = reference.shape.obeys(joined(train, final))
    return {
        "c2st": error(ClassifierTwoSample().compute(*sides)),
        "broken_share": float(np.mean(~np.logical_and.reduce([*obeys.values()]))),
    }
