"""A typed schema for Hydra, made from the dataclass that checks the values: written once."""

from __future__ import annotations

import dataclasses
import types
import typing
from functools import cache
from pkgutil import resolve_name
from typing import Any

from simgen.core import Parameters, Scenario

_MIRRORED = "mirrored"  # names the class that a schema was made from


def mirrored(value: Any) -> Any:
    """The parameters as a dataclass with the types that OmegaConf has; other values as they are."""
    if isinstance(value, Parameters):
        kind: Any = type(value)
        values = {
            entry.name: mirrored(getattr(value, entry.name)) for entry in dataclasses.fields(kind)
        }
        return _mirror(kind)(**values)
    return [mirrored(entry) for entry in value] if isinstance(value, tuple) else value


def scenario_class(schema: type[Any] | None) -> type[Scenario[Any]] | None:
    """The scenario class whose mirror this is; None if it is nobody's."""
    # By name: a launcher's worker process makes a mirror of its own, not the one made here.
    name = getattr(schema, _MIRRORED, None)
    kind = name and resolve_name(name)
    return kind if isinstance(kind, type) and issubclass(kind, Scenario) else None


@cache
def _mirror(kind: type[Any]) -> type[Any]:
    hints = typing.get_type_hints(kind)
    fields = [(entry.name, _plain_type(hints[entry.name])) for entry in dataclasses.fields(kind)]
    origin = {_MIRRORED: f"{kind.__module__}:{kind.__qualname__}"}
    return dataclasses.make_dataclass(kind.__name__, fields, namespace=origin)


def _plain_type(hint: Any) -> Any:
    inner = typing.get_args(hint)
    if isinstance(hint, types.UnionType):
        return typing.Union[tuple(map(_plain_type, inner))]  # noqa: UP007 - made at run time
    if typing.get_origin(hint) is tuple:
        kinds = {kind for kind in inner if kind is not Ellipsis}
        return list[_plain_type(kinds.pop()) if len(kinds) == 1 else Any]  # type: ignore[misc]
    return _mirror(hint) if _is_nested(hint) else hint


def _is_nested(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, Parameters)
