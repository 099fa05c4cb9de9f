"""Plain data such as YAML gives, as a dataclass whose fields say what each value must be."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from typing import Any, Literal, TypeVar

from simgen.core import RequestError, suggest
from simgen.core.hints import is_a

Described = TypeVar("Described")

_WORDS = {
    str: "a text",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    type(None): "null",
}


def described(kind: type[Described], content: Any, where: str) -> Described:
    """A dataclass made of a mapping, whose lists become tuples.

    Args:
        kind: of the dataclass.
        content: what should be a mapping from its fields to their values.
        where: what the content is called in errors.

    Raises:
        RequestError: a key is missing or unknown, or a value is not of its field's type.
    """
    facts, hints = mapping(content, where), typing.get_type_hints(kind)
    fields = dataclasses.fields(kind)  # type: ignore[arg-type]
    needed = [
        field.name
        for field in fields
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    ]
    if absent := [name for name in needed if name not in facts]:
        raise RequestError(f"{where} lacks {', '.join(absent)}: state it")
    values = {k: tuple(v) if isinstance(v, list) else v for k, v in facts.items()}
    for name, value in values.items():
        if name not in hints:
            raise RequestError(f"{where} has an unknown key {name}: {suggest(name, hints)}")
        if not is_a(value, hints[name]):
            raise RequestError(f"{where}: {name} = {facts[name]!r} must be {_words(hints[name])}")
    return kind(**values)


def mapping(content: Any, where: str) -> Mapping[str, Any]:
    """The content, which is a mapping from names.

    Raises:
        RequestError: it is not.
    """
    if isinstance(content, Mapping) and all(isinstance(name, str) for name in content):
        return content
    raise RequestError(f"{where} = {content!r} must be a mapping from names")


def _words(hint: Any) -> str:
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in {types.UnionType, typing.Union}:
        return " or ".join(map(_words, inner))
    if origin is Literal:
        return " | ".join(inner)
    if origin is tuple:
        return f"a list, each entry {_words(inner[0])}"
    if origin and issubclass(origin, Mapping):
        return f"a mapping from names, each entry {_words(inner[1])}"
    return _WORDS.get(hint, str(hint))
