"""Sockets: one protocol for calls, one for streams. Neither ever waits for its peer."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable
from typing import cast

from simgen.worlds.carla.protocol import packets
from simgen.worlds.carla.protocol.codec import WireError
from simgen.worlds.carla.protocol.messages import Inbox, Request

MAX_CONNECTIONS = 400  # below the usual limit of 1024 open files, with streams
MAX_WAITING = 64 * 2**20  # of all requests that are not whole yet [byte]
MAX_UNREAD = 64 * 2**20  # of answers to one client [byte]
PATIENCE = 10.0  # for the first bytes of a stream's reader [s]
_TURN = 0.01  # after which other clients are served [s]

_log = logging.getLogger(__name__)


class Crowd:
    """All connections of one kind, at most MAX_CONNECTIONS."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.members: dict[Connection, None] = {}  # the oldest first

    def admit(self, newcomer: Connection) -> bool:
        """Let a connection in; if there are too many, one that never said anything goes."""
        if len(self.members) >= MAX_CONNECTIONS:
            silent = next((member for member in self.members if member.is_silent), None)
            if silent is None:
                return False
            silent.drop(f"silent, and there are {MAX_CONNECTIONS} connections")
        self.members[newcomer] = None
        return True


class Connection(asyncio.Protocol):
    """What both kinds share."""

    def __init__(self, crowd: Crowd) -> None:
        self.crowd = crowd
        self.name = crowd.kind
        self.is_silent = True
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client is there."""
        self.transport = cast("asyncio.Transport", transport)
        peer = transport.get_extra_info("peername") or ("?", 0)
        self.name = f"{self.crowd.kind} {peer[0]}:{peer[1]}"
        sock: socket.socket | None = transport.get_extra_info("socket")
        if sock is not None:  # a peer that vanished without a word is found out
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        if not self.crowd.admit(self):
            self.drop(f"there are {MAX_CONNECTIONS} connections")

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's
        """The client is gone."""
        self.crowd.members.pop(self, None)

    def drop(self, reason: str) -> None:
        """End the connection at once and say why in one line."""
        _log.warning("%s: closed: %.200s", self.name, reason)
        self.crowd.members.pop(self, None)
        self.transport.abort()


class CallConnection(Connection):
    """A client's calls, answered in order."""

    def __init__(self, crowd: Crowd, answer: Callable[[Request], bytes]) -> None:
        super().__init__(crowd)
        self.inbox = Inbox()
        self._answer = answer
        self._is_waiting = False  # for its next turn

    def data_received(self, data: bytes) -> None:
        """Take requests."""
        try:
            self.inbox.feed(data)
        except WireError as error:
            self.drop(str(error))
            return
        if not self._is_waiting:
            self._take_turn()

    def _take_turn(self) -> None:
        self._is_waiting = False
        loop = asyncio.get_running_loop()
        end = loop.time() + _TURN
        try:
            while not self.transport.is_closing():
                request = self.inbox.take()
                if request is None:
                    break
                self.is_silent = False
                self.transport.write(self._answer(request))
                if loop.time() > end:
                    self._yield(loop)
                    return
        except WireError as error:
            self.drop(str(error))
            return
        if not self.transport.is_closing():
            self.transport.resume_reading()
            self._check_memory()

    def _yield(self, loop: asyncio.AbstractEventLoop) -> None:
        """Go on when others had their turn."""
        if self._is_unread():
            return
        self._is_waiting = True
        self.transport.pause_reading()
        loop.call_soon(self._take_turn)

    def _is_unread(self) -> bool:
        """Whether too many answers are not read; then the connection ends."""
        is_unread = self.transport.get_write_buffer_size() > MAX_UNREAD
        if is_unread:
            self.drop(f"more than {MAX_UNREAD:,} bytes of answers are not read")
        return is_unread

    def _check_memory(self) -> None:
        self._is_unread()
        if self.inbox.waiting < 2**16:
            return
        members = [member for member in self.crowd.members if isinstance(member, CallConnection)]
        if sum(member.inbox.waiting for member in members) > MAX_WAITING:
            longest = max(members, key=lambda member: member.inbox.waiting)
            longest.drop(f"all clients together began more than {MAX_WAITING:,} bytes of requests")


class StreamConnection(Connection):
    """A reader of one stream."""

    def __init__(
        self,
        crowd: Crowd,
        subscribe: Callable[[int, StreamConnection], bool],
        leave: Callable[[int, StreamConnection], None],
    ) -> None:
        super().__init__(crowd)
        self._subscribe, self._leave = subscribe, leave
        self._first = b""
        self._stream = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A reader is there; it has to say what it reads."""
        super().connection_made(transport)
        asyncio.get_running_loop().call_later(PATIENCE, self._lose_patience)

    def _lose_patience(self) -> None:
        if len(self._first) < packets.SUBSCRIPTION.size and not self.transport.is_closing():
            self.drop(f"named no stream within {PATIENCE:g} s")

    def data_received(self, data: bytes) -> None:
        """The number of a stream, and nothing after it."""
        missing = packets.SUBSCRIPTION.size - len(self._first)
        if missing == 0:
            return
        self._first += data[:missing]
        if len(data) < missing:
            return
        (self._stream,) = packets.SUBSCRIPTION.unpack(self._first)
        # Nothing is sent for a stream that is no more; closing would make the client come back at
        # once, again and again.
        self.is_silent = not self._subscribe(self._stream, self)

    def connection_lost(self, exc: Exception | None) -> None:
        """The reader is gone."""
        super().connection_lost(exc)
        self._leave(self._stream, self)

    @property
    def queued(self) -> int:
        """What has been sent and not been taken [byte]."""
        return self.transport.get_write_buffer_size()

    def send(self, head: bytes, body: bytes) -> None:
        """Send a packet without waiting."""
        if not self.transport.is_closing():
            self.transport.writelines((head, body))

    def close(self) -> None:
        """Send no more."""
        self.transport.abort()
