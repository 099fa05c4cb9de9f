"""Where the files that are no code lie: in a checkout beside the package, in a wheel inside it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).parents[1]


def data_folder(name: str) -> Path:
    """The folder `scenarios`, `configs` or `assets`."""
    installed = _PACKAGE / "_data" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


@cache
def asset(name: str) -> Any:
    """The content of a YAML file of `assets`, which nobody changes: `asset("industrial/rig")`."""
    import yaml  # noqa: PLC0415 - the vocabulary needs arrays alone

    return yaml.safe_load((data_folder("assets") / f"{name}.yaml").read_text(encoding="utf-8"))
