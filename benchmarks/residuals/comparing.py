"""Every method on every reference: results by case, method and seed, kept so that a run resumes."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.residuals.halves import HALVES_FILES, halves
from benchmarks.residuals.judging import FILES, Judge
from benchmarks.residuals.making import digest, make
from benchmarks.residuals.methods import METHODS, REAL, Method
from benchmarks.residuals.references import Reference, entities, with_few_rare
from benchmarks.residuals.tables import table_of
from simgen.core import Streams
from simgen.residual import Rows, Shape, find_residuals

N_SEEDS = 5  # models trained on real rows alone
N_RARE = 40  # real rows of the rare class where they are few
N_FEW = 5  # random sets of so few
FEWEST_RARE = 2 * N_RARE  # in all: sets drawn from fewer would be nearly the same ones
MOST_RARE = 1.5 * N_RARE  # in a set: more come where an entity has many, and are not few

Runs = dict[str, list[dict[str, Any]]]  # by method, a result for each seed


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Methods compared on one reference.

    Attributes:
        reference: the real table.
        folder: where results are kept.
        peers: whether methods that are not ours are run as well.
    """

    reference: Reference
    folder: Path
    peers: bool

    def whole(self) -> Runs:
        """Every method, given all development rows."""
        train, final = self.reference.halves()
        judge = Judge.of(self.reference, train, final)
        between = self._halves(train, final)
        real = [self._real("whole", train, judge, seed) for seed in range(N_SEEDS)]
        runs: Runs = {REAL: [{**result, **between} for result in real]}
        for method in self._methods():
            runs[method.name] = [
                self._made("whole", method, train, seed, judge.whole)
                for seed in range(method.n_seeds)
            ]
        if self.reference.differ:
            self._attack_alike(runs, train)
        return runs

    def scarce(self) -> Runs:
        """Some methods, given `N_RARE` rare rows; they make as many rows as all real ones.

        Empty where no such sets can be drawn.
        """
        train, final = self.reference.halves()
        if not (sets := few_sets(train, self.reference.shape)):
            return {}
        methods = [method for method in self._methods() if method.scarce]
        runs: Runs = {name: [] for name in (REAL, *(method.name for method in methods))}
        for seed, few in enumerate(sets):
            judge = Judge.of(self.reference, few, final)
            runs[REAL].append(self._real("scarce", few, judge, seed))
            for method in methods:
                result = self._made("scarce", method, few, seed, judge.added, n_rows=train.n_rows)
                runs[method.name].append(result)
        return runs

    def _attack_alike(self, runs: Runs, train: Rows) -> None:
        """Add to results what an attacker finds where members and others are of the same groups.

        Half of the development entities are learned from; neural methods of others are left out.
        """
        for seed in range(N_SEEDS):
            half, others = random_halves(train, self.reference.shape, seed)
            judge = Judge.of(self.reference, half, others)
            for method in self._methods():
                if method.n_times == 1 and method.n_seeds == N_SEEDS:
                    result = self._made("members", method, half, seed, judge.whole)
                    runs[method.name][seed]["membership_alike"] = result["membership"]

    def _methods(self) -> Iterator[Method]:
        """Those that are there and asked for."""
        for method in METHODS:
            is_there = not method.residual or method.residual in find_residuals()
            if is_there and (self.peers or not method.environment):
                yield method

    def _real(self, case: str, train: Rows, judge: Judge, seed: int) -> dict[str, Any]:
        key = digest([*FILES, self.reference.script], table_of(train), [case, seed])
        kept = self.folder / case / f"{REAL}-{seed}" / "result.json"
        return _kept(kept, key, lambda: judge.real_alone(seed))

    def _halves(self, train: Rows, final: Rows) -> dict[str, Any]:
        key = digest([*HALVES_FILES, self.reference.script], table_of(train), "halves")
        kept = self.folder / "whole" / "halves" / "result.json"
        return _kept(kept, key, lambda: halves(self.reference, train, final))

    def _made(
        self,
        case: str,
        method: Method,
        train: Rows,
        seed: int,
        judged: Callable[[Rows, int], dict[str, Any]],
        *,
        n_rows: int = 0,
    ) -> dict[str, Any]:
        folder = self.folder / case / f"{method.name}-{seed}"
        made = make(
            method,
            self.reference,
            train,
            n_rows=n_rows or method.n_times * train.n_rows,
            seed=seed,
            folder=folder,
        )
        key = digest([*FILES, self.reference.script], table_of(made.rows), [case, made.key])
        scores = _kept(folder / "result.json", key, lambda: judged(made.rows, seed))
        return {**scores, "dropped_share": made.broken_share, "report": made.report}


def few_sets(train: Rows, shape: Shape) -> list[Rows]:
    """Random sets with about `N_RARE` rare rows, one by seed; none where there are no such sets.

    That is so where there are hardly more rare rows in all, or one entity has too many of them.
    """
    if train.columns[shape.label].sum() < FEWEST_RARE:
        return []
    generators = [Streams(seed).child("scarce").generator("few") for seed in range(N_FEW)]
    sets = [with_few_rare(train, shape, N_RARE, generator) for generator in generators]
    return [] if any(few.columns[shape.label].sum() > MOST_RARE for few in sets) else sets


def random_halves(train: Rows, shape: Shape, seed: int) -> tuple[Rows, Rows]:
    """The rows of a random half of the entities, and those of the others."""
    known, code = np.unique(entities(train, shape), return_inverse=True)
    order = Streams(seed).child("members").generator("halves").permutation(len(known))
    is_first = (order < len(known) // 2)[code]
    return train.take(is_first), train.take(~is_first)


def _kept(path: Path, key: str, work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What `work` found, now or when it was done with the same key."""
    if path.is_file():
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if found["key"] == key:
            return found
    print(f"{path.parent.parent.parent.name}: {path.parent.name}", file=sys.stderr, flush=True)
    found = {**work(), "key": key}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found), encoding="utf-8")
    return found
