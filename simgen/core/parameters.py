"""Parameters: name, type, default, unit, bounds and meaning, written once in a dataclass.

The dataclass checks itself, `simgen show` prints it, and Hydra's schema is made from it.
"""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Iterator, Mapping
from dataclasses import MISSING
from typing import Any, Literal

import numpy as np

from simgen.core.bounds import Bounds
from simgen.core.errors import RequestError, suggest
from simgen.core.hints import is_a


def parameter(
    default: Any,
    *,
    doc: str = "",
    unit: str = "",
    minimum: float | None = None,
    maximum: float | None = None,
    above: float | None = None,
    below: float | None = None,
    choices: tuple[str, ...] = (),
    is_range: bool = False,
    plausible: tuple[float, float] | None = None,
    scale: Literal["linear", "log"] = "linear",
) -> Any:
    """A dataclass field that knows its unit, its bounds and its meaning.

    `default` may be a class, which then is called to make the default (nested parameters); its
    docstring is the meaning, unless `doc` is given. The bounds hold for each entry of a tuple.
    `is_range` says that there are two, finite and the lower first, between which one is drawn.
    `plausible` makes the parameter free: `simgen fit` may fit it, and holds every value of that
    range for equally likely beforehand, on `scale`.

    Raises:
        ValueError: it has no meaning, or its plausible range is none within bounds and scale.
    """
    doc = doc or (isinstance(default, type) and default.__doc__) or ""
    if not doc:
        raise ValueError(f"the parameter whose default is {default!r} has no doc")
    bounds = Bounds(minimum=minimum, maximum=maximum, above=above, below=below, choices=choices)
    about = {
        "doc": doc,
        "unit": unit,
        "bounds": bounds,
        "is_range": is_range,
        "plausible": plausible,
        "scale": scale,
    }
    if plausible and not (
        plausible[0] < plausible[1]
        and all(map(bounds.admit, plausible))
        and (scale == "linear" or plausible[0] > 0)
    ):
        raise ValueError(f"plausible = {plausible} is no range within {bounds} on a {scale} scale")
    if isinstance(default, type):
        return dataclasses.field(default_factory=default, metadata=about)
    return dataclasses.field(default=default, metadata=about)


class Parameters:
    """Base of frozen, keyword-only dataclasses whose fields are made by `parameter`.

    Raises RequestError on construction if a value has the wrong type, lies out of bounds, or is
    a range the wrong way round.
    """

    def __post_init__(self) -> None:
        hints = typing.get_type_hints(type(self))
        for field in _fields(type(self)):
            value = _of_python(getattr(self, field.name))
            object.__setattr__(self, field.name, value)
            if not is_a(value, hints[field.name]):
                raise RequestError(
                    f"{field.name} = {value!r} is no {_type_name(hints[field.name])}: "
                    f"{_remedy(field)}"
                )
            bounds: Bounds = field.metadata["bounds"]
            for entry in value if isinstance(value, tuple) else (value,):
                if entry is not None and not bounds.admit(entry):
                    unit = f" {field.metadata['unit']}" if field.metadata["unit"] else ""
                    raise RequestError(
                        f"{field.name} = {value!r} is out of bounds: "
                        f"must be {str(bounds) or 'a number'}{unit}"
                    )
            if field.metadata["is_range"] and not 0.0 <= value[1] - value[0] < float("inf"):
                raise RequestError(
                    f"{field.name} = {list(value)} is no range: give the lower first, both finite"
                )
        self.check()

    def check(self) -> None:
        """Raise RequestError where parameters contradict one another. Nothing by default."""


class Described(typing.NamedTuple):
    """One row of `describe`."""

    name: str  # dotted
    type: str
    value: Any
    unit: str
    bounds: str
    doc: str


def describe(parameters: Parameters, prefix: str = "") -> Iterator[Described]:
    """Every parameter below `parameters`, depth first, with its present value."""
    hints = typing.get_type_hints(type(parameters))
    for field in _fields(type(parameters)):
        value, about = getattr(parameters, field.name), field.metadata
        if isinstance(value, Parameters):
            yield from describe(value, f"{prefix}{field.name}.")
        else:
            kind = _type_name(hints[field.name])
            name = prefix + field.name
            yield Described(name, kind, value, about["unit"], str(about["bounds"]), about["doc"])


class Free(typing.NamedTuple):
    """A parameter that may be fitted."""

    name: str  # dotted
    value: float  # at present
    low: float  # of the plausible range
    high: float
    scale: Literal["linear", "log"]
    unit: str
    doc: str


def free(parameters: Parameters, prefix: str = "") -> Iterator[Free]:
    """The parameters below `parameters` that have a plausible range, depth first."""
    for field in _fields(type(parameters)):
        value, about = getattr(parameters, field.name), field.metadata
        name = prefix + field.name
        if isinstance(value, Parameters):
            yield from free(value, f"{name}.")
        elif about.get("plausible"):
            low, high = about["plausible"]
            yield Free(name, value, low, high, about["scale"], about["unit"], about["doc"])


def changed(parameters: Any, values: Mapping[str, Any]) -> Any:
    """The same parameters with other values at some dotted names.

    Raises:
        RequestError: a value is out of bounds, or contradicts another.
    """
    for name, value in values.items():
        head, _, rest = name.partition(".")
        inner = changed(getattr(parameters, head), {rest: value}) if rest else value
        parameters = dataclasses.replace(parameters, **{head: inner})
    return parameters


def build(kind: type[Any], values: Mapping[str, Any], path: str = "") -> Any:
    """An instance of the parameters class `kind` from plain data such as YAML gives.

    Raises:
        RequestError: a name is unknown, or a value has the wrong type or is out of bounds.
    """
    hints, known = typing.get_type_hints(kind), _names(kind)
    given: dict[str, Any] = {}
    for name, value in values.items():
        if name not in known:
            hint = suggest(str(name), sorted(known))
            raise RequestError(f"unknown parameter {path}{name}: {hint}")
        default = kind.__dataclass_fields__[name].default
        if isinstance(default, Parameters) and isinstance(value, Mapping):
            value = _completed(default, value)  # noqa: PLW2901 - the same value, whole
        given[name] = _convert(hints[name], value, f"{path}{name}.")
    try:
        return kind(**given)
    except RequestError as error:
        raise RequestError(f"{path}{error}") from None if path else error


def plain(parameters: Parameters) -> dict[str, Any]:
    """The parameters as nested dictionaries and lists, as JSON would hold them."""
    return {name: _plain(getattr(parameters, name)) for name in _names(type(parameters))}


def leaves(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted name and value of each entry of nested dictionaries.

    >>> list(leaves({"n_days": 2, "upkeep": {"services": False}}))
    [('n_days', 2), ('upkeep.services', False)]
    """
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from leaves(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _fields(kind: type[Any]) -> Iterator[dataclasses.Field[Any]]:
    for field in dataclasses.fields(kind):
        if "bounds" not in field.metadata:
            raise TypeError(f"{kind.__name__}.{field.name} is not made by `parameter`")
        if field.default is MISSING and field.default_factory is MISSING:
            raise TypeError(f"{kind.__name__}.{field.name} has no default")
        yield field


def _remedy(field: dataclasses.Field[Any]) -> str:
    if field.default is not MISSING:
        return f"give one, such as {field.default!r}"
    kind: Any = field.default_factory  # nested parameters
    return f"give a mapping with any of {', '.join(_names(kind))}"


def _names(kind: type[Any]) -> list[str]:
    return [field.name for field in _fields(kind)]


def _plain(value: Any) -> Any:
    if isinstance(value, Parameters):
        return plain(value)
    return [_plain(entry) for entry in value] if isinstance(value, tuple) else value


def _completed(default: Parameters, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values, and what they leave out as the field's default has it, not its class."""
    whole = plain(default)
    for name, value in values.items():
        inner = getattr(default, name, None)
        if isinstance(inner, Parameters) and isinstance(value, Mapping):
            whole[name] = _completed(inner, value)
        else:
            whole[name] = value
    return whole


def _of_python(value: Any) -> Any:
    """A number, truth or text of NumPy's, also within a tuple, as Python's own: JSON has no others.

    A named tuple stays what it is, and so do instants and durations, which may be whole numbers
    in Python.
    """
    if type(value) is tuple:
        return tuple(map(_of_python, value))
    is_plain = isinstance(value, np.generic) and value.dtype.kind in "biufU"
    return value.item() if is_plain else value


def _convert(hint: Any, value: Any, path: str) -> Any:
    value = _of_python(value)
    if isinstance(hint, type) and issubclass(hint, Parameters) and isinstance(value, Mapping):
        return build(hint, value, path)
    if typing.get_origin(hint) is tuple and isinstance(value, list | tuple):
        inner = typing.get_args(hint)
        kinds = [inner[0]] * len(value) if inner[-1] is Ellipsis else inner
        if len(kinds) != len(value):
            return tuple(value)
        return tuple(_convert(kind, entry, path) for kind, entry in zip(kinds, value, strict=True))
    if float in (hint, *typing.get_args(hint)) and type(value) is int:
        return float(value)
    return value


def _type_name(hint: Any) -> str:
    return hint.__name__ if isinstance(hint, type) and not typing.get_args(hint) else str(hint)
