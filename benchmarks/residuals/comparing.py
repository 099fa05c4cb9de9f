"""Every method on every reference: results by case, method and seed, kept so that a run resumes."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.residuals.judging import FILES, Judge
from benchmarks.residuals.making import digest, make
from benchmarks.residuals.methods import METHODS, REAL, Method
from benchmarks.residuals.references import Reference, with_few_rare
from benchmarks.residuals.tables import table_of
from simgen.core import Streams
from simgen.residual import Rows, find_residuals

N_SEEDS = 5  # models trained on real rows alone
N_RARE = 40  # real rows of the rare class where they are few
N_FEW = 5  # random sets of so few

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
        runs: Runs = {REAL: [self._real("whole", train, judge, seed) for seed in range(N_SEEDS)]}
        for method in self._methods():
            runs[method.name] = [
                self._made("whole", method, train, seed, judge.whole)
                for seed in range(method.n_seeds)
            ]
        return runs

    def scarce(self) -> Runs:
        """Some methods, given `N_RARE` rare rows; they make as many rows as all real ones."""
        train, final = self.reference.halves()
        methods = [method for method in self._methods() if method.scarce]
        runs: Runs = {name: [] for name in (REAL, *(method.name for method in methods))}
        for seed in range(N_FEW):
            generator = Streams(seed).child("scarce").generator("few")
            few = with_few_rare(train, self.reference.shape, N_RARE, generator)
            judge = Judge.of(self.reference, few, final)
            runs[REAL].append(self._real("scarce", few, judge, seed))
            for method in methods:
                result = self._made("scarce", method, few, seed, judge.added, n_rows=train.n_rows)
                runs[method.name].append(result)
        return runs

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
