"""fit: learn how simulated records differ from real ones, and keep it as a model in a folder."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from simgen.core import RequestError, Streams, look_up, plain
from simgen.metrics import Sample, Score, find_metrics
from simgen.pipeline.calibrated import FIT, kept_of
from simgen.pipeline.folders import on_this_machine, outside_data_sets
from simgen.pipeline.model.card import model_card
from simgen.pipeline.model.folder import CARD, SCORES, claimed, finished
from simgen.pipeline.model.shadows import Shadows, check_shadows
from simgen.pipeline.references import (
    Reference,
    SampleView,
    description_of,
    is_ours,
    load_reference,
)
from simgen.pipeline.samples import take_rows, view_parameters
from simgen.pipeline.saying import tell
from simgen.pipeline.seeds import HIGHEST_OF_METRICS, check_seed
from simgen.pipeline.shapes import corrected_rows, fittable, sample_rows, sample_shape, view_for
from simgen.pipeline.values import sample_of
from simgen.residual import FittedResidual, Residual, Shape, find_residuals, save_residual
from simgen.storage.manifest import records_digest
from simgen.storage.reader import Dataset, open_dataset

# Told in the model's card: what was wrong, whether a model can be trained on it, and what it leaks.
JUDGES = ("class_marginals", "marginal_ks", "c2st", "tstr", "exact_copies", "membership_inference")


@dataclass(frozen=True, kw_only=True, eq=False)
class Fit:
    """What `fit` made.

    Attributes:
        fitted: the residual.
        scores: of held-out real rows against the simulated ones before and after, by metric;
            none of a private residual.
        alike: those after, of the columns that were there before; none where no column was added.
        attack: how well shadow models tell who was in the real rows; None if none were asked for.
        folder: where the model lies.
    """

    fitted: FittedResidual
    scores: Mapping[str, tuple[Score, Score]]
    alike: Mapping[str, Score]
    attack: Score | None
    folder: Path

    @property
    def compared(self) -> dict[str, tuple[Score, Score]]:
        """Scores before and after of the same columns."""
        return {
            name: (before, self.alike.get(name, after))
            for name, (before, after) in self.scores.items()
        }


def fit(
    simulated: str | Path | Dataset,
    reference: str | Path | Reference,
    residual: Residual | str = "transport",
    *,
    out: str | Path,
    sample: str | None = None,
    n_shadows: int = 0,
    seed: int = 0,
    quiet: bool = False,
) -> Fit:
    """Fit a residual to the real rows that fits may see, and judge it on the others.

    The same call leaves a model that is finished as it is.

    Args:
        simulated: a data set, or its folder.
        reference: one of `configs/reference`, by name, or one of your own, by its YAML's path.
        residual: a residual, or the name of one.
        out: a new folder for the model.
        sample: which sample of the reference; its first that can be fitted unless told.
        n_shadows: how many further fits, to halves of the real rows, attack their secrets: an even
            number, at least 4; 0 for none. Eight make a good attack.
        seed: of the residual's and the metrics' chance.
        quiet: whether to tell nothing of the progress.

    Raises:
        RequestError: the data set, the reference, the residual or the folder can't be used, or
            another fit is at work in it.
    """
    if isinstance(residual, str):
        residual = look_up("residual", residual, find_residuals())()
    reference = load_reference(reference)
    check_shadows(n_shadows, residual)
    seed = check_seed(seed, highest=HIGHEST_OF_METRICS)
    view = view_for(type(residual), _view(reference, sample))
    shape = sample_shape(reference, view)
    folder = outside_data_sets(on_this_machine(out, "a model goes into"))
    dataset = open_dataset(simulated)
    if dataset.manifest.get("residual"):
        raise RequestError(f"{dataset.label} was corrected already: name one that was not")
    reference.check_file()
    request = _request(residual, reference, view, dataset, seed=seed, n_shadows=n_shadows)
    # A private fit tells nothing exact, and so not of which rows it was.
    if not residual.is_private and (before := finished(folder, request, shape)) is not None:
        return Fit(**before, folder=folder)
    with claimed(folder) as aside:
        rows = _rows(reference, view, dataset)
        kept = kept_of(view, rows.made, rows.values)  # before the fit: a file's SQL may be wrong
        say = _silent if quiet else tell
        say(f"{reference.name}, {view.name}: fitting {residual.title.lower()}")
        fitted = _learned(residual, view, shape, rows, seed)
        # Scores of a private one would tell of real rows, beyond the budget.
        scores, alike = ({}, {}) if residual.is_private else _scores(view, fitted, rows, seed, say)
        attack = None
        if n_shadows:
            say(f"attacking: {n_shadows} shadow models")
            shadows = Shadows(
                residual=residual, view=view, shape=shape, simulated=rows.made, values=rows.values
            )
            attack = shadows.attacked(rows.real, n_shadows, seed)
        found = Fit(fitted=fitted, scores=scores, alike=alike, attack=attack, folder=folder)
        about = {**request, "kept": kept} if kept else request
        _save(found, aside, about, reference=reference, view=view)
    return found


def _request(
    residual: Residual, reference: Reference, view: SampleView, dataset: Dataset, **chance: int
) -> dict[str, Any]:
    """All that is asked for, as JSON holds it."""
    request = {
        "reference": reference.name,
        "definition": _digest(description_of(reference)),
        "real": None if residual.is_private else sha256(reference.path.read_bytes()).hexdigest(),
        "sample": view.name,
        "residual": residual.name,
        "parameters": plain(residual),
        "simgen": version("simgen"),
        **chance,
        "simulated": {key: dataset.manifest[key] for key in ("scenario", "seed", "versions")},
        "records": records_digest(dataset.manifest),
    }
    if not is_ours(reference):
        request["description"] = description_of(reference)
    held: dict[str, Any] = json.loads(json.dumps(request))
    return held


def _digest(content: Any) -> str:
    return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _view(reference: Reference, name: str | None) -> SampleView:
    known = fittable(reference)
    if not known:
        raise RequestError(
            f"reference {reference.name} says of no column that it may be corrected: "
            "no residual can be fitted to it"
        )
    if name is not None and name not in known:
        raise RequestError(
            f"sample = {name!r} can't be fitted: reference {reference.name} has {', '.join(known)}"
        )
    return next(view for view in reference.samples if view.name == (name or known[0]))


@dataclass(frozen=True, kw_only=True, eq=False)
class _Rows:
    """The real and the simulated rows of a sample, and the values that its SQL names."""

    real: pa.Table
    made: pa.Table
    values: Mapping[str, Any]


def _rows(reference: Reference, view: SampleView, dataset: Dataset) -> _Rows:
    """Those of the sample; RequestError if there are none."""
    for taken, real, made in take_rows(reference, dataset):
        if taken.name == view.name:
            with dataset.connect() as connection:
                return _Rows(real=real, made=made, values=view_parameters(reference, connection))
    raise AssertionError(view.name)


def _silent(_line: str) -> None:
    """Say nothing of the progress."""


def _learned(
    residual: Residual, view: SampleView, shape: Shape, rows: _Rows, seed: int
) -> FittedResidual:
    """The residual, fitted to the real rows that it may see."""
    seen = rows.real.filter(pa.array(_fitted(view, rows.real)))
    streams = Streams(seed).child("fit")
    return residual.fit(sample_rows(view, rows.made), sample_rows(view, seen), shape, streams)


def _fitted(view: SampleView, real: pa.Table) -> Any:
    """Which real rows a fit may see `(n,)`."""
    if view.fitted:
        return np.asarray(real[view.fitted].to_numpy(), np.bool_)
    return np.ones(len(real), np.bool_)


def _scores(
    view: SampleView,
    fitted: FittedResidual,
    rows: _Rows,
    seed: int,
    say: Callable[[str], None],
) -> tuple[dict[str, tuple[Score, Score]], dict[str, Score]]:
    """Scores against real rows that were held out: see `Fit.scores` and `Fit.alike`."""
    real, made = rows.real, rows.made
    correction = fitted.correct(sample_rows(view, made), Streams(seed).child("judge"))
    corrected = corrected_rows(made, view, fitted.shape, correction, rows.values)
    sides = [_sides(view, real, made, made), _sides(view, real, corrected, corrected)]
    if fitted.shape.completed:
        sides.append(_sides(view, real, corrected, made))
    kinds = find_metrics()
    scores: dict[str, tuple[Score, Score]] = {}
    alike: dict[str, Score] = {}
    for name in JUDGES:
        say(f"judging: {kinds[name].title.lower()}")
        before, after, *more = (kinds[name](seed=seed).compute(*side) for side in sides)
        scores[name] = before, after
        if more:
            alike[name] = more[0]
    return scores, alike


def _sides(
    view: SampleView, real: pa.Table, rows: pa.Table, judged: pa.Table
) -> tuple[Sample, Sample]:
    """Real and simulated rows, of the columns that `judged` has."""
    columns = tuple(c for c in view.columns if c.name in judged.column_names)
    own = replace(view, columns=columns)
    return sample_of(own, real), sample_of(own, rows)


def _save(
    found: Fit, aside: Path, about: Mapping[str, Any], *, reference: Reference, view: SampleView
) -> None:
    """Write all files aside, and let `FIT` come last: a folder with it holds a whole model."""
    fitted, whole = found.fitted, aside / "whole"
    shutil.rmtree(whole, ignore_errors=True)  # of a fit that was killed
    save_residual(fitted, whole)
    told: dict[str, Any] = {
        name: {"before": before.plain(), "after": after.plain()}
        for name, (before, after) in found.scores.items()
    }
    for name, score in found.alike.items():
        told[name]["after_alike"] = score.plain()
    if found.attack is not None:
        told["shadow_models"] = {"after": found.attack.plain()}
    text = model_card(
        fitted,
        reference=reference,
        view=view,
        about=about,
        scores=found.scores,
        alike=found.alike,
        attack=found.attack,
    )
    (whole / SCORES).write_text(json.dumps(told, indent=1, allow_nan=False), encoding="utf-8")
    (whole / CARD).write_text(text, encoding="utf-8")
    (whole / FIT).write_text(json.dumps(about, indent=1), encoding="utf-8")
    for path in sorted(whole.iterdir(), key=lambda path: path.name == FIT):
        path.replace(found.folder / path.name)
