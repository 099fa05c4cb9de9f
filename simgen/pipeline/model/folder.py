"""The folder of a fitted residual: free for one fit, or holding what the same call made before."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from simgen.core import RequestError
from simgen.metrics import Score
from simgen.pipeline.calibrated import FIT
from simgen.residual import load_residual
from simgen.residual.folder import ARRAYS, CARD as MODEL_CARD
from simgen.residual.shape import Shape
from simgen.storage.local import LocalFolder

SCORES, CARD, ASIDE = "scores.json", "README.md", ".part"


@contextmanager
def claimed(folder: Path) -> Iterator[Path]:
    """A place aside for the files, held against a second fit; of a fit that fails nothing is left.

    Raises:
        RequestError: the folder holds something else, or another fit is at work in it.
    """
    _refuse_others(folder)  # before anything is made
    aside = folder / ASIDE
    with LocalFolder(aside).claim():
        try:
            _refuse_others(folder)  # a fit that has ended meanwhile
            yield aside
        finally:
            shutil.rmtree(aside, ignore_errors=True)
            with suppress(OSError):  # it holds a model
                folder.rmdir()


def _refuse_others(folder: Path) -> None:
    """Refuse a folder that holds anything but what a fit that was killed has left there."""
    if not folder.exists():
        return
    held = {path.name for path in folder.iterdir()} if folder.is_dir() else {folder.name}
    if held and not (ASIDE in held and held <= {ASIDE, ARRAYS, MODEL_CARD, SCORES, CARD}):
        raise RequestError(f"{folder} is not empty: name a new folder for the model")


def finished(folder: Path, request: Mapping[str, Any], shape: Shape) -> dict[str, Any] | None:
    """What a fit found that the same request had made, by name; None if there is none.

    Raises:
        RequestError: its model is damaged.
    """
    try:
        about, told = (
            json.loads((folder / name).read_text(encoding="utf-8")) for name in (FIT, SCORES)
        )
    except (OSError, ValueError):
        return None
    # What the fit kept of the simulated rows follows from the request.
    if not isinstance(about, dict) or {**about, "kept": None} != {**request, "kept": None}:
        return None
    attack = told.pop("shadow_models", None)
    scores = {
        name: {when: Score(**score) for when, score in by_time.items()}
        for name, by_time in told.items()
    }
    return {
        "fitted": load_residual(folder, shape),
        "scores": {name: (each["before"], each["after"]) for name, each in scores.items()},
        "alike": {
            name: each["after_alike"] for name, each in scores.items() if "after_alike" in each
        },
        "attack": None if attack is None else Score(**attack["after"]),
    }
