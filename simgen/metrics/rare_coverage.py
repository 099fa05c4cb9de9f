"""Whether the rare rows are covered, kind by kind, and believable."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

import numpy as np

from simgen.core import parameter
from simgen.kernels.arrays import Flags, Floats
from simgen.metrics.base import Family, Metric, Sample, Score
from simgen.metrics.neighbours import overlap, why_alone
from simgen.metrics.resampling import bootstrap, entity_codes, even
from simgen.metrics.space import Space
from simgen.metrics.weighted import mean

FEWEST_RARE = 20  # rows of each sample, and of a kind or subgroup that is told apart


@dataclass(frozen=True, kw_only=True)
class RareCoverage(Metric):
    """The least of precision and coverage inside the rare class, and of coverage by kind.

    Coverage and precision of Naeem et al. (2020), Reliable fidelity and diversity metrics, among
    rare rows alone: a real rare row is covered if a synthetic rare row is nearer than its k-th real
    rare neighbour; a synthetic one is precise if it is that near to some real one. Kinds and
    subgroups are those of the real rows. Intervals resample entities, not neighbourhoods.
    """

    name: ClassVar[str] = "rare_coverage"
    title: ClassVar[str] = "Rare rows, kind by kind"
    doc: ClassVar[str] = (
        "The least of: share of synthetic rare rows among real ones, share of real rare rows with "
        "a synthetic one beside them, and that share for each kind and subgroup."
    )
    range: ClassVar[tuple[float, float]] = (0.0, 1.0)
    ideal: ClassVar[float] = 1.0
    direction: ClassVar[Literal["higher", "lower"]] = "higher"
    close: ClassVar[float] = 0.80
    far: ClassVar[float] = 0.50
    family: ClassVar[Family] = "coverage"

    max_rows: int = parameter(4_000, minimum=100, doc="Rare rows of each sample looked at.")
    n_neighbours: int = parameter(5, minimum=1, doc="Neighbours that a neighbourhood reaches to.")
    n_resamples: int = parameter(100, minimum=2, doc="Resamples behind the interval.")

    def _score(self, real: Sample, synthetic: Sample) -> Score:
        if real.label is None or synthetic.label is None:
            return Score.undefined("the rows have no label")
        shares = [_rare_share(side) for side in (real, synthetic)]
        space = Space.of(_balanced(real), synthetic)
        real, synthetic = real.take(real.label), synthetic.take(synthetic.label)
        for name, side in (("real", real), ("synthetic", synthetic)):
            if (n_rows := np.count_nonzero(side.weight)) < FEWEST_RARE:
                return Score.undefined(
                    f"the {name} sample has {n_rows} rare rows that weigh something: "
                    f"{FEWEST_RARE} are needed"
                )
        generator = self._generator()
        real, synthetic = even(real, synthetic, self.max_rows, generator)
        if real.n_rows <= self.n_neighbours:
            return Score.undefined(f"{real.n_rows} rare rows are left once drawn by weight")
        sides = [entity_codes(side.entity, side.n_rows) for side in (real, synthetic)]
        if reason := why_alone(*sides, k=self.n_neighbours):
            return Score.undefined(reason)
        found = overlap(
            space.place(real),
            space.place(synthetic),
            k=self.n_neighbours,
            apart=(sides[0], sides[1]),
        )
        groups = dict(_groups(real))

        def measures(real_weight: Floats, synthetic_weight: Floats) -> dict[str, float | None]:
            return {
                "precision": mean(found.precise, synthetic_weight),
                "coverage": mean(found.covered, real_weight),
                **{
                    f"coverage of {name}": mean(found.covered, real_weight * group)
                    for name, group in groups.items()
                },
            }

        score = bootstrap(
            measures,
            real,
            synthetic,
            n_resamples=self.n_resamples,
            generator=generator,
            combine=np.min,
        )
        if score.value is None:
            return score
        return score.detailed(rare_share=dict(zip(("real", "synthetic"), shares, strict=True)))


def _rare_share(sample: Sample) -> float | None:
    assert sample.label is not None
    return mean(sample.label, sample.weight)


def _balanced(real: Sample) -> Sample:
    """The rows, both classes weighing the same: places tell rare rows apart, and from the rest."""
    assert real.label is not None
    shares = [mean(real.label == value, real.weight) or 1.0 for value in (False, True)]
    return replace(real, weight=real.weight / np.where(real.label, shares[1], shares[0]))


def _groups(real: Sample) -> Iterator[tuple[str, Flags]]:
    for column in (real.kind, real.subgroup):
        names, counts = np.unique([] if column is None else column, return_counts=True)
        for name in names[counts >= FEWEST_RARE]:
            if name:
                yield str(name), column == name
