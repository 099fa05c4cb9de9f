"""fit: learn how simulated records differ from real ones, and keep it as a model in a folder."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from simgen.core import RequestError, Streams
from simgen.metrics import Sample, Score, find_metrics
from simgen.pipeline.calibrated import FIT
from simgen.pipeline.model_card import model_card
from simgen.pipeline.progress import tell
from simgen.pipeline.references import Reference, SampleView, load_reference
from simgen.pipeline.samples import sample_of, take_rows
from simgen.pipeline.shapes import corrected_rows, fittable, sample_rows, sample_shape, view_for
from simgen.residual import FittedResidual, Residual, find_residuals, save_residual
from simgen.storage.reader import Dataset

SCORES, CARD = "scores.json", "README.md"

# Told in the model's card: what was wrong, whether a model can be trained on it, and what it leaks.
JUDGES = ("class_marginals", "marginal_ks", "c2st", "tstr", "exact_copies", "membership_inference")


@dataclass(frozen=True, kw_only=True, eq=False)
class Fit:
    """What `fit` made.

    Attributes:
        fitted: the residual.
        scores: of held-out real rows against the simulated ones before and after, by metric;
            none of a private residual.
        folder: where the model lies.
    """

    fitted: FittedResidual
    scores: Mapping[str, tuple[Score, Score]]
    folder: Path


def fit(
    simulated: str | Path | Dataset,
    reference: str | Reference,
    residual: Residual | str = "transport",
    *,
    out: str | Path,
    sample: str | None = None,
    seed: int = 0,
    quiet: bool = False,
) -> Fit:
    """Fit a residual to the real rows that fits may see, and judge it on the others.

    Args:
        simulated: a data set, or its folder.
        reference: one of `configs/reference`, by name.
        residual: a residual, or the name of one.
        out: a new folder for the model.
        sample: which sample of the reference; its first that can be fitted unless told.
        seed: of the residual's and the metrics' chance.
        quiet: whether to tell nothing of the progress.

    Raises:
        RequestError: the data set, the reference, the residual or the folder can't be used.
    """
    kind = find_residuals()[_known(residual)]() if isinstance(residual, str) else residual
    reference = load_reference(reference) if isinstance(reference, str) else reference
    if seed < 0:
        raise RequestError(f"seed = {seed} is out of bounds: must be >= 0")
    view = view_for(type(kind), _view(reference, sample))
    shape = sample_shape(reference, view)
    folder = Path(out)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise RequestError(f"{folder} is not empty: name a new folder for the model")
    dataset = simulated if isinstance(simulated, Dataset) else Dataset(simulated)
    if dataset.manifest.get("residual"):
        raise RequestError(f"{dataset.label} was corrected already: name one that was not")
    real, made = _rows(reference, view, dataset)
    seen = _fitted(view, real)
    if not quiet:
        tell(f"{reference.name}, {view.name}: fitting {kind.title.lower()}")
    streams = Streams(seed).child("fit")
    fitted = kind.fit(
        sample_rows(view, made), sample_rows(view, real.filter(pa.array(seen))), shape, streams
    )
    # Scores would tell of real rows, beyond the budget.
    private = kind.is_private
    scores = {} if private else _scores(view, fitted, real, made, seed=seed, quiet=quiet)
    _save(fitted, folder, reference=reference, view=view, dataset=dataset, scores=scores)
    return Fit(fitted=fitted, scores=scores, folder=folder)


def _known(name: str) -> str:
    known = find_residuals()
    if name in known:
        return name
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(known)}"
    raise RequestError(f"unknown residual {name!r}: {hint}")


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


def _rows(reference: Reference, view: SampleView, dataset: Dataset) -> tuple[pa.Table, pa.Table]:
    """The real and the simulated rows of the sample; RequestError if there are none."""
    for taken, real, made in take_rows(reference, dataset):
        if taken.name == view.name:
            return real, made
    raise AssertionError(view.name)


def _fitted(view: SampleView, real: pa.Table) -> Any:
    """Which real rows a fit may see `(n,)`."""
    if view.fitted:
        return np.asarray(real[view.fitted].to_numpy(), np.bool_)
    return np.ones(len(real), np.bool_)


def _scores(
    view: SampleView,
    fitted: FittedResidual,
    real: pa.Table,
    made: pa.Table,
    *,
    seed: int,
    quiet: bool,
) -> dict[str, tuple[Score, Score]]:
    """Scores of the simulated rows before and after, against real rows that were held out."""
    correction = fitted.correct(sample_rows(view, made), Streams(seed).child("judge"))
    sides: list[tuple[Sample, Sample]] = []
    for rows in (made, corrected_rows(made, fitted.shape, correction)):
        columns = tuple(c for c in view.columns if c.name in rows.column_names)
        own = replace(view, columns=columns)
        sides.append((sample_of(own, real), sample_of(own, rows)))
    kinds, scores = find_metrics(), {}
    for name in JUDGES:
        if not quiet:
            tell(f"judging: {kinds[name].title.lower()}")
        before, after = (kinds[name](seed=seed).compute(*side) for side in sides)
        scores[name] = before, after
    return scores


def _save(
    fitted: FittedResidual,
    folder: Path,
    *,
    reference: Reference,
    view: SampleView,
    dataset: Dataset,
    scores: Mapping[str, tuple[Score, Score]],
) -> None:
    save_residual(fitted, folder)
    told = {
        name: {"before": before.plain(), "after": after.plain()}
        for name, (before, after) in scores.items()
    }
    about = {
        "reference": reference.name,
        "sample": view.name,
        "residual": fitted.residual.name,
        "simulated": {key: dataset.manifest[key] for key in ("scenario", "seed", "versions")},
    }
    text = model_card(fitted, reference=reference, view=view, about=about, scores=scores)
    (folder / SCORES).write_text(json.dumps(told, indent=1, allow_nan=False), encoding="utf-8")
    (folder / CARD).write_text(text, encoding="utf-8")
    # The last: a folder with it holds a whole model.
    (folder / FIT).write_text(json.dumps(about, indent=1), encoding="utf-8")
