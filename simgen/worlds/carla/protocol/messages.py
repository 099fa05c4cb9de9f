"""MessagePack-RPC as CARLA uses it: requests in order on one connection, answers in envelopes."""

from __future__ import annotations

from typing import Any, NamedTuple

# Its types are no part of the package.
import msgpack  # type: ignore[import-untyped,unused-ignore]

from simgen.worlds.carla.protocol.calls import Call
from simgen.worlds.carla.protocol.codec import U32, Wire, WireError, codec_of

MAX_MESSAGE = 8 * 2**20  # [byte]; the largest town of CARLA has 4 MB
# A plain list takes 56 bytes, and two on the wire: this bounds what a message grows to.
MAX_ITEMS = 200_000  # of one array

_REQUEST, _RESPONSE = 0, 1
_NUMBER = codec_of(U32)


class Request(NamedTuple):
    """One call."""

    number: int
    name: str
    arguments: list[Any]


class Inbox:
    """Cuts what arrives into requests."""

    def __init__(self) -> None:
        self._unpacker = msgpack.Unpacker(
            max_buffer_size=MAX_MESSAGE, max_array_len=MAX_ITEMS, unicode_errors="replace"
        )
        self._fed = self._taken = 0

    @property
    def waiting(self) -> int:
        """How much has arrived and was not taken as a request [byte]."""
        return self._fed - self._taken

    def feed(self, data: bytes) -> None:
        """Take what arrived.

        Raises:
            WireError: there is more than MAX_MESSAGE and no request.
        """
        try:
            self._unpacker.feed(data)
        except msgpack.BufferFull:
            raise WireError(f"a message of more than {MAX_MESSAGE:,} bytes") from None
        self._fed += len(data)

    def take(self) -> Request | None:
        """The next request; None: it is not whole yet.

        Raises:
            WireError: this is no request. Nothing can be taken after that.
        """
        try:
            message = self._unpacker.unpack()
        except msgpack.OutOfData:
            return None
        # The unpacker's own errors have several bases.
        except Exception as error:  # noqa: BLE001 - said above
            raise WireError(f"no MessagePack: {type(error).__name__} {error}") from None
        self._taken = int(self._unpacker.tell())
        return _request(message)


def _request(message: Any) -> Request:
    match message:
        case [0, number, str(name), list(arguments)]:
            # The first argument tells whether the client waits, which the call's table knows too.
            return Request(_NUMBER.decode(number), name, arguments[1:])
    raise WireError("no request: expected [0, number, name, arguments]")


def pack_request(number: int, name: str, call: Call, arguments: tuple[Any, ...]) -> bytes:
    """A request as a client sends it."""
    plain = [
        codec_of(hint).encode(value) for hint, value in zip(call.takes, arguments, strict=True)
    ]
    message = [_REQUEST, number, name, [[not call.waits], *plain]]
    return bytes(msgpack.packb(message))


def read_arguments(call: Call, plain: list[Any]) -> list[Any]:
    """The typed arguments of a call; WireError if there are too few, or one is of another type."""
    if len(plain) < len(call.takes):
        raise WireError(f"{len(plain)} arguments; {len(call.takes)} are needed")
    return [codec_of(hint).decode(value) for hint, value in zip(call.takes, plain, strict=False)]


def pack_answer(number: int, call: Call, value: Any) -> bytes:
    """The answer of a call that was done."""
    envelope = [[False]] if call.gives is None else [[1, codec_of(call.gives).encode(value)]]
    return bytes(msgpack.packb([_RESPONSE, number, None, envelope]))


def pack_list(number: int, entries: list[Any]) -> bytes:
    """The answer of `apply_batch`: one envelope a command."""
    return bytes(msgpack.packb([_RESPONSE, number, None, entries]))


def pack_failure(number: int, call: Call | None, message: str) -> bytes:
    """The answer of a call that could not be done; None: the call is unknown."""
    if call is None:
        return bytes(msgpack.packb([_RESPONSE, number, message, None]))
    # Of nothing, the envelope tells whether there is an error; of something, which variant it is.
    envelope = [[True if call.gives is None else 0, [message]]]
    return bytes(msgpack.packb([_RESPONSE, number, None, envelope]))


def pack_body(value: Wire) -> bytes:
    """A value alone: the body of a packet that is MessagePack, or a part of a recording."""
    kind: Any = type(value)
    return bytes(msgpack.packb(codec_of(kind).encode(value)))
