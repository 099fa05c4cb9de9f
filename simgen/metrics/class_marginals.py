"""How far each column is off within the rare class and within the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from simgen.core import parameter
from simgen.kernels.arrays import Flags, Floats
from simgen.metrics.base import Family, Metric, Sample, Score
from simgen.metrics.resampling import bootstrap, each, thin
from simgen.metrics.weighted import Distance, kolmogorov_smirnov, shared_codes, total_variation

CLASSES = {"rare": True, "ordinary": False}
FEWEST_OF_A_CLASS = 10  # rows; fewer make a distance of pure noise


@dataclass(frozen=True, kw_only=True)
class ClassMarginals(Metric):
    """Kolmogorov-Smirnov or total variation distance of each column by class, averaged."""

    name: ClassVar[str] = "class_marginals"
    title: ClassVar[str] = "Columns, class by class"
    doc: ClassVar[str] = (
        "Distance of each column (Kolmogorov-Smirnov for numbers, total variation for categories) "
        "within the rare class and within the rest, mean over columns and classes."
    )
    range: ClassVar[tuple[float, float]] = (0.0, 1.0)
    ideal: ClassVar[float] = 0.0
    direction: ClassVar[Literal["higher", "lower"]] = "lower"
    close: ClassVar[float] = 0.10
    far: ClassVar[float] = 0.25
    family: ClassVar[Family] = "fidelity"

    max_rows: int = parameter(200_000, minimum=100, doc="Rows of each sample looked at.")
    n_resamples: int = parameter(100, minimum=2, doc="Resamples behind the interval.")

    def _score(self, real: Sample, synthetic: Sample) -> Score:
        if real.label is None or synthetic.label is None:
            return Score.undefined("the rows have no label")
        for side, label in (("real", real.label), ("synthetic", synthetic.label)):
            for name, value in CLASSES.items():
                if (n_rows := int(np.sum(label == value))) < FEWEST_OF_A_CLASS:
                    return Score.undefined(
                        f"the {side} sample has {n_rows} {name} rows: "
                        f"{FEWEST_OF_A_CLASS} are needed"
                    )
        generator = self._generator()
        real, synthetic = (thin(side, self.max_rows, generator) for side in (real, synthetic))
        assert real.label is not None
        assert synthetic.label is not None
        distances = {
            f"{column} of {name} rows": _within(
                distance, real.label == value, synthetic.label == value
            )
            for column, distance in _distances(real, synthetic)
            for name, value in CLASSES.items()
        }
        return bootstrap(
            each(distances),
            real,
            synthetic,
            n_resamples=self.n_resamples,
            generator=generator,
        )


def _distances(real: Sample, synthetic: Sample) -> Iterator[tuple[str, Distance]]:
    for name, values in real.numeric.items():
        yield name, kolmogorov_smirnov(values, synthetic.numeric[name])
    for name, words in real.categorical.items():
        yield name, total_variation(*shared_codes(words, synthetic.categorical[name])[:2])


def _within(distance: Distance, real: Flags, synthetic: Flags) -> Distance:
    def within(real_weight: Floats, synthetic_weight: Floats) -> float | None:
        return distance(real_weight * real, synthetic_weight * synthetic)

    return within
