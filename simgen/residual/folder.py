"""A fitted model as a folder: a card to read and plain arrays. Nothing in it is ever executed."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from simgen.core import RequestError, build
from simgen.core.whole import whole
from simgen.residual.base import FORMAT, Arrays, FittedResidual, find_residuals
from simgen.residual.shape import Shape

CARD = "card.json"
ARRAYS = "arrays.npz"


def save_residual(fitted: FittedResidual, folder: str | Path) -> None:
    """Write a model into a folder that is new or empty; its card comes last.

    Raises:
        RequestError: there is something in the folder.
    """
    place = Path(folder)
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        raise RequestError(f"{place} is not empty: name a new folder for the model")
    place.mkdir(parents=True, exist_ok=True)
    content = _packed(fitted.arrays)
    card = {**fitted.card, "arrays": hashlib.sha256(content).hexdigest()}
    with whole(place / ARRAYS) as aside:
        aside.write_bytes(content)
    with whole(place / CARD) as aside:
        aside.write_text(json.dumps(card, indent=1, allow_nan=False) + "\n", encoding="utf-8")


def load_residual(folder: str | Path, shape: Shape) -> FittedResidual:
    """The model in a folder, for tables of the shape that it was fitted on.

    The shape's functions are code, so they come from the caller and never from the folder.

    Raises:
        RequestError: there is no whole model, or it was fitted on another shape.
    """
    place = Path(folder)
    card = _card(place)
    kinds = find_residuals()
    if card.get("format") != FORMAT or card.get("residual") not in kinds:
        raise RequestError(
            f"{place / CARD} is of format {card.get('format')} and for residual "
            f"{card.get('residual')!r}: known are format {FORMAT} and {', '.join(kinds)}"
        )
    if card["shape"] != shape.plain():
        odd = [key for key, value in shape.plain().items() if card["shape"].get(key) != value]
        raise RequestError(f"the model in {place} was fitted on other {' and '.join(odd)}: refit")
    residual = build(kinds[card["residual"]], card["parameters"])
    try:
        fitted: FittedResidual = residual.revive(shape, card, _unpacked(place, card))
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise RequestError(f"{place / ARRAYS} is damaged ({error}): fit again") from error
    return fitted


def _card(place: Path) -> Mapping[str, Any]:
    try:
        card = json.loads((place / CARD).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RequestError(f"no fitted model in {place}: {CARD} can't be read ({error})") from error
    if not isinstance(card, dict) or not isinstance(card.get("shape"), dict):
        raise RequestError(f"{place / CARD} is no model card")
    return card


def _packed(arrays: Arrays) -> bytes:
    buffer = io.BytesIO()
    named: dict[str, Any] = dict(arrays)
    np.savez_compressed(buffer, allow_pickle=False, **named)
    return buffer.getvalue()


def _unpacked(place: Path, card: Mapping[str, Any]) -> dict[str, npt.NDArray[Any]]:
    content = (place / ARRAYS).read_bytes()
    if hashlib.sha256(content).hexdigest() != card["arrays"]:
        raise ValueError("its digest is not the one in the card")
    with np.load(io.BytesIO(content), allow_pickle=False) as held:
        return {name: held[name] for name in held.files}
