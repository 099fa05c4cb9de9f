"""What the page says of one reference: its numbers, tables and bars."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.residuals.comparing import FEWEST_RARE, N_RARE, Runs
from benchmarks.residuals.estimates import Estimate, mean
from benchmarks.residuals.lines import (
    AREA,
    PRECISION,
    TREES,
    FewLine,
    Line,
    few_lines,
    likeness,
    lines,
    runs,
)
from benchmarks.residuals.methods import REAL
from benchmarks.residuals.references import Reference
from benchmarks.residuals.text import ABSENT, plus, rate, ratio, share, short, table

_SCORES = (
    "rows from",
    "AUPRC",
    "of real",
    "of real, logistic",
    "AUC",
    "of real",
    "C2ST",
    "rule breaks",
    "rare rows",
    "MIA, all",
    "MIA, rare",
    "found at 1 %",
)
_COSTS = (
    "rows from",
    "seeds",
    "rows made",
    "fit [CPU s]",
    "sampling [CPU s]",
    "rows per CPU second",
    "peak [MiB]",
    "before data [MiB]",
)
_ATTACKED = ("all rows", "rare rows")
_ATTACKS = ("rows from", "MIA, all", "MIA, rare")
_FEW = (
    "rows from",
    "of the same real rows",
    "of all real rows",
    "real + made over real",
    "logistic",
    "AUC",
)


@dataclass(frozen=True, kw_only=True)
class Bar:
    """What was asked of the main method on one reference, and what it reaches."""

    asked: str
    reached: str
    met: bool


@dataclass(frozen=True, kw_only=True)
class Few:
    """Where rare rows are few.

    Attributes:
        precision: average precision of boosted trees trained on them.
        n_rows: how many rows there are with them, on average.
        lines: by method, given no more.
    """

    precision: Estimate
    n_rows: float
    lines: dict[str, FewLine]

    @classmethod
    def of(cls, whole: Runs, scarce: Runs) -> Few:
        """What the results come to."""
        real = scarce[REAL]
        return cls(
            precision=mean(runs(real, TREES, PRECISION)),
            n_rows=sum(result["n_real"]["development"] for result in real) / len(real),
            lines={line.method.name: line for line in few_lines(scarce, whole)},
        )

    @property
    def table(self) -> str:
        """What helps."""
        return table(_FEW, [_few_cells(line) for line in self.lines.values()])


@dataclass(frozen=True, kw_only=True)
class Section:
    """All about one reference.

    Attributes:
        n_real: real rows, by half: `development` and `final`.
        n_rare: rare rows among them.
        precision: average precision of boosted trees trained on the development rows.
        area: their ROC-AUC.
        c2st: how well a classifier tells the development rows from the final ones.
        broken_share: real rows that break a rule.
        lines: by method, given all development rows.
        few: the same where rare rows are few; None where no few can be drawn.
    """

    reference: Reference
    n_real: dict[str, int]
    n_rare: dict[str, int]
    precision: Estimate
    area: Estimate
    c2st: Estimate | None
    broken_share: float
    lines: dict[str, Line]
    few: Few | None

    @classmethod
    def of(cls, reference: Reference, whole: Runs, scarce: Runs) -> Section:
        """What the results come to; `scarce` may be empty."""
        real = whole[REAL]
        return cls(
            reference=reference,
            n_real=real[0]["n_real"],
            n_rare=real[0]["n_rare"],
            precision=mean(runs(real, TREES, PRECISION)),
            area=mean(runs(real, TREES, AREA)),
            c2st=likeness(real[:1]),
            broken_share=real[0]["broken_share"],
            lines={line.method.name: line for line in lines(whole)},
            few=Few.of(whole, scarce) if scarce else None,
        )

    def use(self, method: str) -> Estimate | None:
        """The average precision of trees that its rows train, over that of real rows."""
        useful = self.lines[method].usefulness
        return useful.precision_ratio if useful else None

    @property
    def best_peer(self) -> Line | None:
        """The method of others whose rows train the best trees, row for row."""
        peers = [
            (line.usefulness.precision_ratio.value, line)
            for line in self.lines.values()
            if line.method.environment and line.method.n_times == 1 and line.usefulness
        ]
        return max(peers, key=lambda pair: pair[0])[1] if peers else None

    @property
    def scores(self) -> str:
        """How useful and how like real rows they are, what they break, whom they give away."""
        ceiling = ["*real rows*", plus(self.precision), "1", "1", plus(self.area), "1"]
        rare = share(self.n_rare["final"] / self.n_real["final"])
        ceiling += [plus(self.c2st), share(self.broken_share), rare, ABSENT, ABSENT, ABSENT]
        return table(_SCORES, [*map(_score_cells, self.lines.values()), ceiling])

    @property
    def costs(self) -> str:
        """Time and memory."""
        return table(_COSTS, [self._cost_cells(line) for line in self.lines.values()])

    @property
    def attacks(self) -> str:
        """Whom the rows give away among entities of the same groups; "" where nobody tried."""
        cells = [
            [line.method.title, *(plus(line.members_alike.get(name)) for name in _ATTACKED)]
            for line in self.lines.values()
            if line.members_alike
        ]
        return table(_ATTACKS, cells) if cells else ""

    def leak(self, method: str) -> Estimate | None:
        """The area of the attack on all rows, among entities of the same groups."""
        line = self.lines[method]
        return (line.members_alike or line.members).get("all rows")

    @property
    def why_no_few(self) -> str:
        """Why no few rare rows can be drawn."""
        if self.n_rare["development"] < FEWEST_RARE:
            return f"there are {self.n_rare['development']} rare rows to learn from in all"
        return f"most sets of whole entities have many more rare rows than {N_RARE}"

    @property
    def bars(self) -> list[Bar]:
        """The project's own bars."""
        return [
            Bar(asked=asked, reached=reached, met=met)
            for asked, reached, met in (
                *_quality(self.lines),
                *(_scarcity(self.few.lines["transport"]) if self.few else ()),
                *self._speed(),
            )
        ]

    def _cost_cells(self, line: Line) -> list[str]:
        cost = line.cost
        return [
            line.method.title,
            str(line.n_seeds),
            f"{line.method.n_times * self.n_real['development']:,}",
            short(cost.fit_time),
            short(cost.sampling_time),
            rate(cost.rows_rate),
            f"{cost.peak_memory:,.0f}",
            f"{cost.imports_memory:,.0f}",
        ]

    def _speed(self) -> Iterator[tuple[str, str, bool]]:
        own = self.lines["transport"].cost.time
        for name, times in (("gaussian_copula", 1), ("ctgan", 20)):
            if name in self.lines:
                faster = self.lines[name].cost.time / own
                title = self.lines[name].method.title
                asked = f"fit and sampling ≥ {times} x as fast as {title}"
                yield asked, f"{short(faster)} x", faster >= times


def _quality(found: dict[str, Line]) -> Iterator[tuple[str, str, bool]]:
    sizes = {"": "as many rows", "_x3": "3 x the rows", "_x10": "10 x the rows"}
    for suffix, rows in sizes.items():
        if useful := found[f"transport{suffix}"].usefulness:
            reached = useful.precision_ratio
            yield f"AUPRC of real ≥ 0.95, {rows}", plus(reached), reached.value >= 0.95
    line = found["transport"]
    if line.c2st:
        yield "C2ST ≤ 0.60", plus(line.c2st), line.c2st.value <= 0.60
    yield "no rule broken", share(line.broken_share), line.broken_share == 0


def _scarcity(few: FewLine) -> Iterator[tuple[str, str, bool]]:
    asked = f"{N_RARE} rare rows"
    for of, found in (("the same real rows", few.to_same), ("all real rows", few.to_all)):
        yield f"{asked}: AUPRC of {of} ≥ 0.90", plus(found), found.value >= 0.90
    beaten = f"{asked}: real + made beats real beyond the interval"
    yield beaten, plus(few.added), few.added.low > 1


def _score_cells(line: Line) -> list[str]:
    useful = line.usefulness
    worth = [ABSENT] * 5
    if useful:
        ratios = (ratio(useful.precision_ratio), ratio(useful.linear_ratio))
        worth = [plus(useful.precision), *ratios, plus(useful.area), plus(useful.area_ratio)]
    members = [plus(line.members.get(name)) for name in _ATTACKED]
    found = share(line.found["all rows"]) if line.found else ABSENT
    return [
        line.method.title,
        *worth,
        plus(line.c2st),
        share(line.broken_share),
        share(line.prevalence),
        *members,
        found,
    ]


def _few_cells(line: FewLine) -> list[str]:
    ratios = (line.to_same, line.to_all, line.added, line.added_linear)
    return [line.method.title, *map(ratio, ratios), plus(line.added_area)]
