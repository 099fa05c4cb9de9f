"""What stands in a recording: a head, then frame by frame, each an array of MessagePack.

The format is ours; CARLA's own files can't be read. Places are CARLA's, in metres.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Its types are no part of the package.
import msgpack  # type: ignore[import-untyped,unused-ignore]
import numpy as np
import numpy.typing as npt

from simgen.core import RequestError
from simgen.worlds.carla.protocol.codec import F64, U32, U64, Wire, WireError, codec_of
from simgen.worlds.carla.protocol.packets import ACTOR_STATE
from simgen.worlds.carla.protocol.types import Actor, ActorLights, Transform

_MARK, _VERSION = "simgen recording", 1
MOST_FRAME = 64 * 2**20  # [byte]


@dataclass(frozen=True, kw_only=True)
class Head(Wire):
    """What a recording is of."""

    mark: str = _MARK
    version: U32 = _VERSION
    map: str = ""
    began_at: F64 = 0.0  # since 1970 [s]


@dataclass(frozen=True, kw_only=True)
class Birth(Wire):
    """An actor that came."""

    actor: Actor
    transform: Transform  # in the world; of an attached one in its parent's frame
    category: U32  # number in `CATEGORIES`


@dataclass(frozen=True, kw_only=True)
class Blow(Wire):
    """Two actors that met."""

    actor: U32
    other: U32


@dataclass(frozen=True, kw_only=True)
class Frame(Wire):
    """One frame."""

    number: U64  # from 1
    time: F64  # since the recording began [s]
    step: F64  # since the frame before [s]
    births: tuple[Birth, ...]
    deaths: tuple[U32, ...]
    blows: tuple[Blow, ...]
    lamps: tuple[ActorLights, ...]  # of vehicles
    states: bytes  # ACTOR_STATE of all actors

    @property
    def actors(self) -> npt.NDArray[np.void]:
        """All actors, as ACTOR_STATE `(n,)`."""
        return np.frombuffer(self.states, ACTOR_STATE)


def _fits(value: Head | Frame) -> bool:
    if isinstance(value, Head):
        return (value.mark, value.version) == (_MARK, _VERSION)
    known = all(birth.category < len(CATEGORIES) for birth in value.births)
    return known and len(value.states) % ACTOR_STATE.itemsize == 0


# As CARLA counts and abbreviates them; "h", heroes, and "a", any, are asked for.
CATEGORIES = "ovwt"  # other, vehicle, walker, traffic light


@dataclass(frozen=True, kw_only=True)
class Tape:
    """A recording that can be read."""

    path: Path

    @property
    def head(self) -> Head:
        """What it is of; RequestError if it is no recording."""
        head: Head = next(self._read())
        return head

    def frames(self) -> Iterator[Frame]:
        """All frames; a recording that broke off ends with its last whole one.

        Raises:
            RequestError: it is no recording.
        """
        parts = self._read()
        next(parts)
        yield from parts

    def _read(self) -> Iterator[Any]:
        """The head, then the frames."""
        if not self.path.is_file():
            raise self._foreign()
        with self.path.open("rb") as file:
            unpacker = msgpack.Unpacker(file, max_buffer_size=MOST_FRAME)
            kind: Any = Head
            while True:
                try:
                    value = codec_of(kind).decode(unpacker.unpack())
                except msgpack.OutOfData:
                    if kind is Head:
                        raise self._foreign() from None
                    return
                except (WireError, ValueError, msgpack.UnpackException):
                    raise self._foreign() from None
                if not _fits(value):
                    raise self._foreign()
                yield value
                kind = Frame

    def _foreign(self) -> RequestError:
        return RequestError(
            f"{self.path.name}: no recording of this server, or broken; record it anew"
        )
