"""Trains on simulated machines and tests on real ones: disks, and a pump on a bench.

    python docs/transfer.py backblaze|skab [FOLDER]

A random forest learns from simulated rows of a reference's first sample and is tested on real rows
that no fit has seen; beside it the same forest, trained on the other real rows. With a folder for
models, also simulated rows after their parameters or records were fitted to the other real rows,
which takes a quarter of an hour; what the folder holds already is used again. Writes the table into
disk-fleet.md, between the marks that name the task; for disks, draws a picture. Needs the real
files (`SIMGEN_REFERENCE`).
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from matplotlib.figure import Figure
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import average_precision_score, roc_auc_score

import simgen
from simgen.core import Streams, changed, free
from simgen.pipeline.references import load_reference
from simgen.pipeline.samples import take_rows

SEEDS = range(3)
N_RESAMPLES = 200  # of entities, behind an interval
N_SIMULATIONS = 160  # to fit parameters
PAGE = Path(__file__).parent / "disk-fleet.md"
PICTURE = Path(__file__).parent / "pictures" / "disk-hazards.png"
SHOWN = ("ST4000DM000", "ST3000DM001", "ST31500541AS", "HDS722020ALA330", "WD30EFRX")

Scores = list[np.ndarray[Any, Any]]  # of the test rows, by seed


@dataclass(frozen=True, kw_only=True)
class Task:
    """What is learned from whom.

    Attributes:
        scenario: its name.
        reference: its name.
        size: parameters of what is trained on.
        small: parameters of what parameters and residuals are fitted with.
        kept: one in so many negative simulated rows is trained on, and stands for all.
        leaf: fewest rows of a tree's leaf: the better of two in a cross-validation of the real rows
            that fits may see.
        groups: real rows that are scored by themselves, as conditions, by title.
    """

    scenario: str
    reference: str
    size: Mapping[str, Any]
    small: Mapping[str, Any]
    kept: int
    leaf: int
    groups: Mapping[str, str]


TASKS = {
    # As many days as the real records; enough disks for some 1,500 positive rows.
    "backblaze": Task(
        scenario="industrial/disk_fleet",
        reference="backblaze",
        size={"n_racks": 240, "n_days": 1_270, "watching": {"snapshot_interval": 5}},
        small={"n_racks": 40, "n_days": 1_270, "watching": {"snapshot_interval": 10}},
        kept=10,
        leaf=5,
        groups={"Seagate": "model.str.startswith('ST')", "others": "~model.str.startswith('ST')"},
    ),
    "skab": Task(
        scenario="industrial/pump_rig",
        reference="skab",
        size={"n_sessions": 40},
        small={"n_sessions": 8},
        kept=20,
        leaf=100,
        groups={},
    ),
}


def samples(task: Task, data: simgen.Dataset) -> dict[str, tuple[pd.DataFrame, pd.DataFrame]]:
    """The real and the simulated rows of each sample, by its name."""
    taken = take_rows(load_reference(task.reference), data)
    return {view.name: (_frame(real), _frame(made)) for view, real, made in taken}


def _frame(rows: pa.Table) -> pd.DataFrame:
    return rows.to_pandas().astype({"weight": np.float64})


def features(task: Task, rows: pd.DataFrame) -> pd.DataFrame:
    """What the forest sees: numbers as they are, categories as one column each, sums of counts."""
    found = {}
    for column in load_reference(task.reference).samples[0].columns:
        if column.kind == "numeric":
            found[column.name] = rows[column.name]
        for category in column.categories:
            found[category] = rows[column.name] == category
    if task.reference == "backblaze":
        found["reallocated"] = rows.reallocated_before + rows.reallocated_rise
        found["pending_rise"] = rows.pending - rows.pending_before
        found["uncorrectable"] = rows.uncorrectable_before + rows.uncorrectable_rise
    return pd.DataFrame(found)


def predict(task: Task, train: pd.DataFrame, test: pd.DataFrame, seed: int) -> np.ndarray[Any, Any]:
    """The share of trees that hold each test row for positive `(n,)`."""
    forest = RandomForestClassifier(
        200, min_samples_leaf=task.leaf, max_features=0.4, random_state=seed
    )
    forest.fit(features(task, train), train.label, sample_weight=train.weight)
    found: np.ndarray[Any, Any] = forest.predict_proba(features(task, test))[:, 1]
    return found


def thinned(task: Task, rows: pd.DataFrame, seed: int) -> pd.DataFrame:
    """All positive rows and a sample of the others, with their weights."""
    draws = Streams(seed).generator("thinning").random(len(rows))
    kept = rows[rows.label | (draws * task.kept < 1.0)]
    return kept.assign(weight=np.where(kept.label, kept.weight, task.kept * kept.weight))


def interval(entity: str, test: pd.DataFrame, runs: Scores, measure: Callable[..., float]) -> str:
    """The mean over seeds, and 95 % of what seeds and entities drawn again give."""
    generator = Streams(0).generator("entities")
    codes, entities = pd.factorize(test[entity])
    values = []
    for _ in range(N_RESAMPLES):
        weight = test.weight * generator.poisson(1.0, len(entities))[codes]
        run = runs[generator.integers(len(runs))]
        values.append(measure(test.label, run, sample_weight=weight))
    mean = np.mean([measure(test.label, run, sample_weight=test.weight) for run in runs])
    low, high = np.quantile(values, [0.025, 0.975])
    return f"{mean:.3f} [{low:.3f}, {high:.3f}]"


def fitted_worlds(
    task: Task, folder: Path, models: Path
) -> Iterator[tuple[str, pd.DataFrame, int]]:
    """Simulated rows after parameters, records or both were fitted to real rows."""
    large, small = (simgen.load_scenario(task.scenario, **size) for size in (task.size, task.small))
    fitted = {"simulated": {}}
    if list(free(small)):
        found = simgen.fit_parameters(
            small,
            task.reference,
            out=models / "parameters",
            n_simulations=N_SIMULATIONS,
            name=task.scenario,
        )
        fitted["parameters fitted"] = found.values  # noqa: PD011 - no data frame
    for title, values in fitted.items():
        model, world = models / title.replace(" ", "_"), changed(large, values)
        if not model.exists():
            first = simgen.generate(
                changed(small, values),
                out=folder / "first" / title,
                seed=len(SEEDS),
                difficulty=False,
                quiet=True,
            )
            simgen.fit(first, task.reference, out=model, quiet=True)
        for seed in SEEDS:
            for name, residual in ((title, None), (f"{title}, records corrected", model)):
                if (title, residual) == ("simulated", None):
                    continue  # made already
                out = folder / name / str(seed)
                data = simgen.generate(
                    world, out=out, seed=seed, residual=residual, difficulty=False, quiet=True
                )
                yield name, next(iter(samples(task, data).values()))[1], seed


def hazards(lives: pd.DataFrame) -> pd.DataFrame:
    """Failures per disk-year by half-year of age, and how many years they rest on."""
    rows = []
    for half in range(12):
        first, last = half * 182.6, (half + 1) * 182.6  # [day]
        time = (lives.last_age.clip(upper=last) - lives.first_age.clip(lower=first)).clip(lower=0)
        failed = lives.label & (lives.last_age > first) & (lives.last_age <= last)
        rows.append(((half + 0.5) / 2, failed.sum(), time.sum() / 365.25))
    return pd.DataFrame(rows, columns=["age", "failures", "years"])


def draw(real: pd.DataFrame, made: pd.DataFrame) -> None:
    """Hazard by age of some models of disk, real beside simulated, with Poisson intervals."""
    figure = Figure(figsize=(13, 3.2), layout="constrained")
    for axis, model in zip(figure.subplots(1, len(SHOWN)), SHOWN, strict=True):
        for name, lives in (("real", real), ("simulated", made)):
            seen = hazards(lives[lives.model == model]).query("years > 10")
            spread = 2.0 * np.sqrt(seen.failures + 1.0) / seen.years
            axis.errorbar(seen.age, seen.failures / seen.years, spread, label=name, capsize=2)
        axis.set(title=model, xlabel="age [year]", ylim=(0, None))
    figure.axes[0].set_ylabel("failures per disk-year")
    figure.axes[0].legend()
    figure.savefig(PICTURE, dpi=75)


def table_of(task: Task, test: pd.DataFrame, scores: Mapping[str, Scores]) -> str:
    """Average precision and ROC-AUC, and average precision of each group, with intervals."""
    entity = load_reference(task.reference).samples[0].entity
    titles = ["average precision", "ROC-AUC"]
    titles += [f"average precision, {name}" for name in task.groups]
    lines = ["| trained on | " + " | ".join(titles) + " |", "|---|" + "---:|" * len(titles)]
    for title, runs in scores.items():
        cells = [interval(entity, test, runs, m) for m in (average_precision_score, roc_auc_score)]
        for condition in task.groups.values():
            mine = test.eval(condition, engine="python").to_numpy()
            own = [run[mine] for run in runs]
            cells.append(interval(entity, test[mine], own, average_precision_score))
        lines.append(f"| {title} | " + " | ".join(cells) + " |")
    share = np.average(test.label, weights=test.weight)
    judges = f"{len(test):,} real rows judge, {test.label.sum():,} of them positive"
    return "\n".join([*lines, "", f"{judges}: {100.0 * share:.2f} % by weight."])


def write_down(name: str, table: str) -> None:
    """Put a table between the marks of its task."""
    first, last = f"<!-- transfer {name} -->", f"<!-- end of transfer {name} -->"
    head, _, rest = PAGE.read_text(encoding="utf-8").partition(first)
    _, _, tail = rest.partition(last)
    PAGE.write_text(f"{head}{first}\n\n{table}\n\n{last}{tail}", encoding="utf-8")


def main(arguments: Sequence[str]) -> None:
    """Simulate, learn, judge, write down, draw."""
    if not 1 <= len(arguments) <= 2 or arguments[0] not in TASKS:
        sys.exit(f"give one of {', '.join(TASKS)}, and perhaps a folder for models")
    task = TASKS[arguments[0]]
    scores: dict[str, Scores] = {"real, the other half": [], "simulated": []}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for seed in SEEDS:
            out = folder / "plain" / str(seed)
            data = simgen.generate(
                task.scenario, out=out, seed=seed, difficulty=False, quiet=True, **task.size
            )
            taken = samples(task, data)
            real, made = next(iter(taken.values()))
            test = real[~real.fitted]
            scores["real, the other half"].append(predict(task, real[real.fitted], test, seed))
            scores["simulated"].append(predict(task, thinned(task, made, seed), test, seed))
        if "lives" in taken:
            draw(*taken["lives"])
        for models in map(Path, arguments[1:]):
            for title, made, seed in fitted_worlds(task, folder, models):
                run = predict(task, thinned(task, made, seed), test, seed)
                scores.setdefault(title, []).append(run)
    table = table_of(task, test, scores)
    write_down(arguments[0], table)
    print(table)


if __name__ == "__main__":
    main(sys.argv[1:])
