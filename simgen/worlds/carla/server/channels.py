"""Streams from the simulation to whoever subscribed, which never wait for a reader."""

from __future__ import annotations

import logging
from typing import Protocol

MOST_QUEUED = 512 * 2**20  # of all streams together [byte]
MOST_KEPT = 64 * 2**20  # of all streams whose readers are on their way [byte]
_WORTH_COUNTING = 2**20  # a queue below cannot be the reason [byte]

_log = logging.getLogger(__name__)


class Subscriber(Protocol):
    """A reader of one stream."""

    name: str

    @property
    def queued(self) -> int:
        """What has been sent and not been taken [byte]."""
        ...

    def send(self, head: bytes, body: bytes) -> None:
        """Send a packet without waiting."""
        ...

    def close(self) -> None:
        """Send no more."""
        ...


class Channels:
    """Who reads which stream."""

    def __init__(self) -> None:
        self._readers: dict[int, list[Subscriber]] = {}
        self._kept: dict[int, list[tuple[bytes, bytes]]] = {}  # for readers that are on their way

    def open(self, stream: int) -> None:
        """Let a stream be subscribed to."""
        self._readers[stream] = []

    def close(self, stream: int) -> None:
        """End a stream: its readers hear no more.

        Their connections stay, since the client would come back at once, again and again.
        """
        self._readers.pop(stream, None)
        self._kept.pop(stream, None)

    def expect(self, stream: int) -> None:
        """Keep what comes for a reader that has asked where the stream is.

        It connects while its program goes on, which may tick before: the real CARLA then loses
        the first frames.
        """
        if stream in self._readers and not self._readers[stream]:
            self._kept.setdefault(stream, [])

    def subscribe(self, stream: int, reader: Subscriber) -> bool:
        """Let a reader have what comes; False: there is no such stream."""
        if stream not in self._readers:
            return False
        self._readers[stream].append(reader)
        for packet in self._kept.pop(stream, ()):
            reader.send(*packet)
        return True

    def leave(self, stream: int, reader: Subscriber) -> None:
        """Forget a reader."""
        readers = self._readers.get(stream, [])
        if reader in readers:
            readers.remove(reader)

    def is_read(self, stream: int) -> bool:
        """Whether anybody reads a stream, or is about to."""
        return bool(self._readers.get(stream)) or stream in self._kept

    def publish(self, stream: int, head: bytes, body: bytes, *, may_drop: bool) -> None:
        """Send a packet to all readers of a stream.

        Args:
            stream: its number.
            head: of the packet.
            body: of the packet.
            may_drop: whether readers that still have to take an earlier packet go without.
        """
        if stream in self._kept:
            self._keep(stream, head, body)
        for reader in tuple(self._readers.get(stream, ())):
            queued = reader.queued
            if queued and may_drop:
                continue
            reader.send(head, body)
            if queued > _WORTH_COUNTING:
                self._bound()

    def _keep(self, stream: int, head: bytes, body: bytes) -> None:
        self._kept[stream].append((head, body))
        if sum(len(rest) for kept in self._kept.values() for _, rest in kept) > MOST_KEPT:
            del self._kept[stream]

    def _bound(self) -> None:
        """Close the slowest reader if all queues together are too long."""
        readers = [reader for found in self._readers.values() for reader in found]
        if sum(reader.queued for reader in readers) > MOST_QUEUED:
            slowest = max(readers, key=lambda reader: reader.queued)
            _log.warning(
                "%s: closed, since %d bytes wait and nobody reads", slowest.name, slowest.queued
            )
            slowest.close()
