"""Between typed values and what MessagePack carries.

A type is written once, as annotations of a frozen dataclass that inherits `Wire`; its codec
follows from them:

    annotation                 on the wire
    bool, str, bytes           the same
    U8 ... U64, I32, F32, F64  a number within bounds; floats are finite
    Pedal                      a float, or NaN
    Tried[X]                   X; read as the WireError if it is none
    tuple[X, ...]              an array
    Wire                       an array of its fields in order; later ones may be missing if they
                               have defaults, and more than are known may follow
    X | None                   [false] or [true, X]
    X | Y | Z                  [index, value]
    Any                        anything, as it is
"""

from __future__ import annotations

import math
import types
import typing
from dataclasses import MISSING, dataclass, fields
from functools import cache, cached_property
from typing import Annotated, Any, TypeVar

from simgen.core import RequestError


class WireError(RequestError):
    """What came over the wire is not of the type that belongs there."""


@dataclass(frozen=True)
class _Range:
    """Numbers that a wire type holds."""

    low: float
    high: float
    may_be_nan: bool = False


class _Tried:
    """Marks what fails alone, and not with what holds it."""


_LARGEST_SINGLE = 3.4028234663852886e38  # IEEE 754 binary32

U8 = Annotated[int, _Range(0, 2**8 - 1)]
U16 = Annotated[int, _Range(0, 2**16 - 1)]
U32 = Annotated[int, _Range(0, 2**32 - 1)]
U64 = Annotated[int, _Range(0, 2**64 - 1)]
I32 = Annotated[int, _Range(-(2**31), 2**31 - 1)]
F32 = Annotated[float, _Range(-_LARGEST_SINGLE, _LARGEST_SINGLE)]
F64 = Annotated[float, _Range(-math.inf, math.inf)]
Pedal = Annotated[float, _Range(-_LARGEST_SINGLE, _LARGEST_SINGLE, may_be_nan=True)]

T = TypeVar("T")
Tried = Annotated[T, _Tried()]


class Wire:
    """Base of frozen dataclasses that travel as arrays of their fields."""


class Codec:
    """Turns values of one type into what MessagePack carries, and back."""

    def encode(self, value: Any) -> Any:
        """The plain value of a typed one, which is trusted."""
        return value

    def decode(self, plain: Any) -> Any:
        """The typed value of a plain one; WireError if it is none."""
        return plain


@dataclass(frozen=True, kw_only=True)
class _Plain(Codec):
    kind: type

    def decode(self, plain: Any) -> Any:
        if type(plain) is not self.kind:
            raise WireError(f"{_shown(plain)} is no {self.kind.__name__}")
        return plain


class _Bytes(Codec):
    def decode(self, plain: Any) -> Any:
        # Some writers have no binary type.
        if isinstance(plain, str):
            return plain.encode()
        if not isinstance(plain, bytes):
            raise WireError(f"{_shown(plain)} is no bytes")
        return plain


@dataclass(frozen=True, kw_only=True)
class _Number(Codec):
    kind: type
    range: _Range

    def decode(self, plain: Any) -> Any:
        wanted = (int, float) if self.kind is float else (int,)
        if type(plain) not in wanted:
            raise WireError(f"{_shown(plain)} is no {self.kind.__name__}")
        if self.range.may_be_nan and math.isnan(plain):
            return math.nan
        if not (self.range.low <= plain <= self.range.high and math.isfinite(plain)):
            raise WireError(f"{_shown(plain)} is not within {self.range.low} and {self.range.high}")
        return self.kind(plain)


@dataclass(frozen=True, kw_only=True)
class _Attempt(Codec):
    item: Codec

    def encode(self, value: Any) -> Any:
        return self.item.encode(value)

    def decode(self, plain: Any) -> Any:
        try:
            return self.item.decode(plain)
        except WireError as error:
            return error


@dataclass(frozen=True, kw_only=True)
class _Array(Codec):
    item: Codec

    def encode(self, value: Any) -> Any:
        return [self.item.encode(entry) for entry in value]

    def decode(self, plain: Any) -> Any:
        return tuple(self.item.decode(entry) for entry in _array(plain))


@dataclass(frozen=True, kw_only=True)
class _Optional(Codec):
    item: Codec

    def encode(self, value: Any) -> Any:
        return [False] if value is None else [True, self.item.encode(value)]

    def decode(self, plain: Any) -> Any:
        match _array(plain):
            case [False]:
                return None
            case [True, value]:
                return self.item.decode(value)
        raise WireError(f"{_shown(plain)} is no optional value")


@dataclass(frozen=True, kw_only=True)
class _Variant(Codec):
    kinds: tuple[type, ...]

    def encode(self, value: Any) -> Any:
        kind: Any = type(value)
        return [self.kinds.index(kind), codec_of(kind).encode(value)]

    def decode(self, plain: Any) -> Any:
        match _array(plain):
            case [int(index), value] if 0 <= index < len(self.kinds):
                return codec_of(self.kinds[index]).decode(value)
        raise WireError(f"{_shown(plain)} is none of {len(self.kinds)} variants")


class _Struct(Codec):
    """Looks at its fields when first used: a type may hold itself."""

    def __init__(self, kind: type) -> None:
        self.kind = kind

    @cached_property
    def columns(self) -> tuple[tuple[str, Codec, bool], ...]:
        """Name, codec, and whether it must be there."""
        hints = typing.get_type_hints(self.kind, include_extras=True)
        return tuple(
            (
                field.name,
                codec_of(hints[field.name]),
                field.default is MISSING and field.default_factory is MISSING,
            )
            for field in fields(self.kind)
        )

    def encode(self, value: Any) -> Any:
        return [codec.encode(getattr(value, name)) for name, codec, _ in self.columns]

    def decode(self, plain: Any) -> Any:
        found = _array(plain)
        values = {}
        for (name, codec, _), entry in zip(self.columns, found, strict=False):
            try:
                values[name] = codec.decode(entry)
            except WireError as error:
                raise WireError(f"{self.kind.__name__}.{name}: {error}") from None
        for name, _, needed in self.columns[len(found) :]:
            if needed:
                raise WireError(f"{self.kind.__name__}.{name} is missing")
        return self.kind(**values)


@cache
def codec_of(hint: Any) -> Codec:
    """The codec of a type, as the module's table says; TypeError for any other."""
    if hint is Any:
        return Codec()
    if hint is bytes:
        return _Bytes()
    if hint in (bool, str):
        return _Plain(kind=hint)
    if isinstance(hint, type) and issubclass(hint, Wire):
        return _Struct(hint)
    arguments = typing.get_args(hint)
    match typing.get_origin(hint):
        case origin if origin is Annotated and isinstance(arguments[1], _Tried):
            return _Attempt(item=codec_of(arguments[0]))
        case origin if origin is Annotated:
            return _Number(kind=arguments[0], range=arguments[1])
        case origin if origin is tuple:
            return _Array(item=codec_of(arguments[0]))
        case types.UnionType | typing.Union if arguments[-1] is types.NoneType:
            return _Optional(item=codec_of(arguments[0]))
        case types.UnionType | typing.Union:
            return _Variant(kinds=arguments)
    raise TypeError(f"{hint} has no form on the wire")


def _array(plain: Any) -> Any:
    if not isinstance(plain, list | tuple):
        raise WireError(f"{_shown(plain)} is no array")
    return plain


def _shown(plain: Any) -> str:
    text = repr(plain) if isinstance(plain, bool | int | float | str | bytes) else str(type(plain))
    return text if len(text) < 60 else f"{text[:57]}..."
