"""Whether plain data is of the type that a dataclass states for it."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from typing import Any, Literal


def is_a(value: Any, hint: Any) -> bool:
    """Whether a value is of a type: a whole number is a float too, and a truth is no number."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in {types.UnionType, typing.Union}:
        return any(is_a(value, kind) for kind in inner)
    if origin is Literal:
        return value in inner
    if origin is tuple:
        if not isinstance(value, tuple):
            return False
        if inner[-1] is Ellipsis:
            return all(is_a(entry, inner[0]) for entry in value)
        return len(value) == len(inner) and all(map(is_a, value, inner))
    if origin and issubclass(origin, Mapping):
        return isinstance(value, Mapping) and all(is_a(entry, inner[1]) for entry in value.values())
    if isinstance(value, bool):
        return hint is bool
    if hint is float:
        return isinstance(value, int | float)
    return isinstance(value, hint)
