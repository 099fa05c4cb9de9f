"""How hard a labelled table is: what one record gives away, and what its history adds."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from sklearn.metrics import average_precision_score
from sklearn.tree import DecisionTreeClassifier

from simgen.core import CATEGORY, Role, Streams, Table
from simgen.kernels.arrays import Flags, Floats
from simgen.metrics.base import Indices
from simgen.metrics.history import history_features
from simgen.metrics.models import boosted, rank
from simgen.metrics.resampling import entity_codes, half, some_entities

LEAK = 0.30  # average precision of the depth-4 tree above which the label is given away
FEWEST_RARE = 20  # records; fewer make an average precision of pure noise
FEWEST_ENTITIES = 10  # with rare records: five to learn from and five to test on
ROUGH = 30  # entities with rare records; of fewer, which of them tested decides much
MAX_ROWS = 300_000  # whole entities beyond are left out
MAX_ORDINARY = 30_000  # ordinary records a model is trained on
N_SHOWN = 16  # categories with a column of their own beside the code

_HIDDEN = frozenset({Role.LABEL, Role.ORACLE, Role.WEIGHT})
_DAY = 86_400_000_000  # [us]


@dataclass(frozen=True, kw_only=True)
class Difficulty:
    """How hard a labelled table is.

    Attributes:
        prevalence: weighted share of the records that belong to the rare class.
        single_record: average precision of a depth-4 tree on the raw columns of one record; None
            where undefined.
        with_history: the same of boosted trees that also see the history; None where undefined.
        n_rows: records measured on.
        n_rare: those of the rare class.
        n_entities: entities they belong to.
        verdict: what the numbers say, in one sentence.
    """

    prevalence: float
    single_record: float | None
    with_history: float | None
    n_rows: int
    n_rare: int
    n_entities: int
    verdict: str

    @property
    def leaks(self) -> bool | None:
        """Whether one record gives the label away, which is a defect; None where undefined."""
        return None if self.single_record is None else self.single_record > LEAK

    def plain(self) -> dict[str, Any]:
        """The measures as JSON would hold them."""
        return {**asdict(self), "leaks": self.leaks, "method": METHOD}


METHOD = (
    "Average precision on held-out entities: a random half of them trains and the other tests, "
    "then the other way round, and both are averaged; records count as often as they weigh. "
    "Single record: a "
    "decision tree of depth 4 on every column that is neither label, oracle nor weight. With "
    "history: gradient boosted trees on the features of the record and of the records before it. "
    f"At most {MAX_ROWS} records, of whole entities; at most {MAX_ORDINARY} ordinary ones train."
)


def difficulty(rows: pa.Table, table: Table, *, seed: int = 0) -> Difficulty:
    """Measure how hard it is to find the rare records among `rows`.

    Args:
        rows: records of `table`, all those of an entity or none.
        table: a record table with an entity and a time.
        seed: of the choice of entities and the models.
    """
    generator = Streams(seed).generator("difficulty")
    rows = _whole_entities(rows, table, generator)
    label = _column(rows, table, Role.LABEL).astype(bool)
    weight = _column(rows, table, Role.WEIGHT).astype(np.float64)
    codes = entity_codes(rows[table.entity].to_numpy(), len(rows))
    n_rare, mass = int(label.sum()), weight.sum()
    prevalence = float(weight[label].sum() / mass) if mass > 0 else 0.0
    counts = {"n_rows": len(rows), "n_rare": n_rare, "n_entities": int(codes.max(initial=-1)) + 1}
    if reason := _why_undefined(label, codes):
        return Difficulty(
            prevalence=prevalence, single_record=None, with_history=None, verdict=reason, **counts
        )
    raw, inputs = _raw(rows, table)
    past = np.column_stack([inputs, *_distinct(history_features(rows, table))])
    singles, histories = [], []
    first = half(codes, generator)
    for train in (first, ~first):
        tree = DecisionTreeClassifier(max_depth=4, random_state=seed)
        tree.fit(raw[train], label[train], sample_weight=weight[train])
        singles.append(_precision(tree, raw[~train], label[~train], weight[~train]))
        chosen = _training_rows(train, label, weight, generator)
        model = boosted(past[chosen], label[chosen], None, seed=seed, n_trees=120)
        histories.append(_precision(model, past[~train], label[~train], weight[~train]))
    single, with_history = float(np.mean(singles)), float(np.mean(histories))
    return Difficulty(
        prevalence=prevalence,
        single_record=single,
        with_history=with_history,
        verdict=_verdict(single, with_history, n_struck=len(np.unique(codes[label]))),
        **counts,
    )


def _why_undefined(label: Flags, codes: Indices) -> str:
    n_rare, n_ordinary = int(label.sum()), int((~label).sum())
    if min(n_rare, n_ordinary) < FEWEST_RARE:
        return (
            f"Undefined: {n_rare} rare and {n_ordinary} ordinary records; "
            f"{FEWEST_RARE} of each are needed."
        )
    n_entities = len(np.unique(codes[label]))
    if n_entities < FEWEST_ENTITIES:
        return f"Undefined: {n_entities} entities have rare records; {FEWEST_ENTITIES} are needed."
    return ""


def _verdict(single: float, with_history: float, *, n_struck: int) -> str:
    rough = f" Rough: {n_struck} entities have rare records." if n_struck < ROUGH else ""
    if single > LEAK:
        return (
            f"Warning: one record's raw columns give the label away (average precision "
            f"{single:.2f}, more than {LEAK:.2f}).{rough}"
        )
    gain = with_history / single
    adds = f"makes {gain:.1f} times as much of it" if gain > 1.1 else "adds nothing"
    return (
        f"One record gives little away (average precision {single:.2f}); "
        f"its history {adds} ({with_history:.2f}).{rough}"
    )


def _whole_entities(rows: pa.Table, table: Table, generator: np.random.Generator) -> pa.Table:
    if len(rows) <= MAX_ROWS:
        return rows
    codes = entity_codes(rows[table.entity].to_numpy(), len(rows))
    return rows.filter(pa.array(some_entities(codes, MAX_ROWS, generator)))


def _column(rows: pa.Table, table: Table, role: Role) -> npt.NDArray[Any]:
    name = next(field.name for field in table.fields if field.role is role)
    values: npt.NDArray[Any] = rows[name].to_numpy()
    return values


def _raw(rows: pa.Table, table: Table) -> tuple[npt.NDArray[np.float32], Floats]:
    """The columns of one record for the tree and for the booster.

    The tree sees ids as numbers, categories as codes and one column for each of the most frequent,
    times as hour of day, weekday and days since the start. The booster sees neither ids nor days:
    no entity it is tested on was there when it was trained.
    """
    tree: list[npt.NDArray[Any]] = []
    booster: list[npt.NDArray[Any]] = []
    for field in table.fields:
        if field.role in _HIDDEN:
            continue
        column = rows[field.name].combine_chunks()
        if field.type == CATEGORY:
            codes = column.indices.to_numpy(zero_copy_only=False).astype(np.float64)
            shown = range(len(field.categories)) if len(field.categories) <= N_SHOWN else ()
            tree += [codes, *(codes == code for code in shown)]
            booster.append(codes)
        elif pa.types.is_timestamp(field.type):
            parts = _calendar(column.to_numpy(zero_copy_only=False).astype("M8[us]"))
            tree += parts
            booster += parts[:2] if field.role is Role.TIME else []
        else:
            whole = column.cast(pa.int8()) if pa.types.is_boolean(field.type) else column
            values = whole.cast(pa.float64()).to_numpy(zero_copy_only=False)
            tree.append(values)
            booster += [values] if field.role is Role.FEATURE else []
    return np.column_stack(tree).astype(np.float32), np.column_stack(booster)


def _calendar(instant: npt.NDArray[np.datetime64]) -> list[Floats]:
    """Hour of day, weekday from Monday = 0, and days since the first instant; NaN for NaT."""
    absent = np.isnat(instant)
    micros = np.where(absent, np.datetime64(0, "us"), instant).astype(np.int64)
    start = micros[~absent].min(initial=np.iinfo(np.int64).max) if not absent.all() else 0
    hour = micros % _DAY / 3_600_000_000
    weekday = (micros // _DAY + 3) % 7  # 1970-01-01 was a Thursday
    days = (micros - start) / _DAY
    return [np.where(absent, np.nan, part) for part in (hour, weekday, days)]


def _distinct(features: pa.Table) -> list[Floats]:
    """The columns without repetition: an account held by one customer has the same history."""
    columns = [column.to_numpy().astype(np.float64) for column in features.columns]
    return list({column.tobytes(): column for column in columns}.values())


def _training_rows(
    train: Flags, label: Flags, weight: Floats, generator: np.random.Generator
) -> Indices:
    """All rare rows and at most `MAX_ORDINARY` others, drawn by their weight for the rest."""
    ordinary = np.flatnonzero(train & ~label & (weight > 0))
    if len(ordinary) > MAX_ORDINARY:
        # The smallest keys are a draw without replacement (Efraimidis and Spirakis, 2006).
        keys = generator.exponential(size=len(ordinary)) / weight[ordinary]
        ordinary = ordinary[np.argpartition(keys, MAX_ORDINARY)[:MAX_ORDINARY]]
    return np.sort(np.concatenate([np.flatnonzero(train & label), ordinary]))


def _precision(model: Any, features: Any, label: Flags, weight: Floats) -> float:
    return float(average_precision_score(label, rank(model, features), sample_weight=weight))
