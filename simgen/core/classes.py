"""Finding what a package holds, one kind of thing a module."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any


def find_classes(package: str, base: type[Any]) -> Mapping[str, Any]:
    """Every concrete subclass of `base` in a package's modules by its `name`, in their order."""
    found: dict[str, Any] = {}
    path = importlib.import_module(package).__path__
    for module in pkgutil.iter_modules(path, f"{package}."):
        for _, kind in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if issubclass(kind, base) and not inspect.isabstract(kind):
                found[kind.name] = kind  # type: ignore[attr-defined]
    return MappingProxyType(dict(sorted(found.items())))
