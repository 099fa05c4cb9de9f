"""Peers that behave badly: the others are served."""

import contextlib
import resource
import socket
import struct
import time
from contextlib import ExitStack
from pathlib import Path

import msgpack
import pytest

from simgen.testing import running_carla_server
from simgen.worlds.carla.protocol.calls import CALLS
from simgen.worlds.carla.protocol.messages import MAX_MESSAGE, pack_request
from simgen.worlds.carla.protocol.packets import stream_of
from simgen.worlds.carla.protocol.types import EpisodeSettings, Token

N_SILENT = 1000 if resource.getrlimit(resource.RLIMIT_NOFILE)[0] > 1500 else 450
SYNCHRONOUS = EpisodeSettings(synchronous=True, fixed_step=0.05)


@pytest.fixture(scope="module")
def server():
    with running_carla_server("--map", "parking") as running:
        yield running


@pytest.fixture
def connect(server):
    """Makes clients that end with the test."""
    with ExitStack() as stack:

        def one():
            peer = Peer(server)
            stack.callback(peer.socket.close)
            return peer

        yield one


def connected(host, port):
    return contextlib.closing(socket.create_connection((host, port), timeout=20.0))


class Peer:
    """A client made of bytes."""

    def __init__(self, server):
        self.socket = socket.create_connection((server.host, server.port), timeout=20.0)
        self.unpacker = msgpack.Unpacker()

    def ask(self, name, *arguments):
        """The answer's envelope."""
        self.socket.sendall(pack_request(1, name, CALLS[name], arguments))
        return self.answer()

    def answer(self):
        """The envelope of the next answer."""
        while True:
            for message in self.unpacker:
                return message[3]
            data = self.socket.recv(2**16)
            if not data:
                raise ConnectionResetError
            self.unpacker.feed(data)

    def is_cut_off(self):
        """Whether the server ends the connection."""
        try:
            return self.socket.recv(1) == b""
        except ConnectionResetError:
            return True


def test_requests_in_pieces_are_answered_in_order(connect):
    """Bytes that arrive one by one are requests all the same, answered one after the other."""
    peer = connect()
    both = pack_request(1, "version", CALLS["version"], ()) + pack_request(
        2, "get_available_maps", CALLS["get_available_maps"], ()
    )
    for byte in both:
        peer.socket.sendall(bytes([byte]))

    assert peer.answer() == [[1, "0.9.16"]]
    assert len(peer.answer()[0][1]) == 5


@pytest.mark.parametrize("data", [b"\xc1", b"GET / HTTP/1.1\r\n", b"\x91" * 5000])
def test_nonsense_is_cut_off(connect, data):
    """Who does not speak the protocol is disconnected; others go on."""
    good, bad = connect(), connect()

    bad.socket.sendall(data)

    assert bad.is_cut_off()
    assert good.ask("version") == [[1, "0.9.16"]]


def test_an_endless_message_is_cut_off(connect):
    """A message above the limit ends the connection, not the server."""
    good, bad = connect(), connect()
    bad.socket.sendall(b"\x94\x00\x01\xdb\x7f\xff\xff\xff")
    try:
        for _ in range(2 * MAX_MESSAGE // 2**16):
            bad.socket.sendall(b"x" * 2**16)
    except (ConnectionResetError, BrokenPipeError):
        pass

    assert bad.is_cut_off()
    assert good.ask("version") == [[1, "0.9.16"]]


def test_a_thousand_connections_that_say_nothing(server, connect):
    """Silent ones give way to those that come later."""
    with ExitStack() as silent:
        for _ in range(N_SILENT):
            silent.enter_context(connected(server.host, server.port))

        assert connect().ask("version") == [[1, "0.9.16"]]


def test_a_reader_that_does_not_read(server, connect):
    """Ticks go on at once although a subscriber of the world takes nothing."""
    peer = connect()
    peer.ask("set_episode_settings", SYNCHRONOUS)
    ((_, (_, (token,))),) = peer.ask("get_episode_info")
    stream, port = stream_of(Token(data=token))
    with contextlib.closing(socket.socket()) as reader:
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        reader.connect((server.host, port))
        reader.sendall(struct.pack("<I", stream))

        first = peer.ask("tick_cue")[0][1]
        for _ in range(3000):
            last = peer.ask("tick_cue")[0][1]

    assert last - first == 3000


def test_a_stream_that_does_not_exist(server, connect):
    """Its reader gets nothing, and the server goes on."""
    peer = connect()
    ((_, (_, (token,))),) = peer.ask("get_episode_info")
    _, port = stream_of(Token(data=token))
    with connected(server.host, port) as reader:
        reader.sendall(struct.pack("<I", 999_999))
        reader.settimeout(0.2)

        with pytest.raises(TimeoutError):
            reader.recv(1)
    assert peer.ask("version") == [[1, "0.9.16"]]


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="memory is read from /proc")
def test_clients_come_and_go(server, connect):
    """Clients that each subscribe and vanish leave no open file in the server."""

    def n_files():
        return len(list(Path(f"/proc/{server.process}/fd").iterdir()))

    def visit():
        peer = Peer(server)
        ((_, (_, (token,))),) = peer.ask("get_episode_info")
        stream, port = stream_of(Token(data=token))
        with connected(server.host, port) as reader:
            reader.sendall(struct.pack("<I", stream))
            assert reader.recv(4)
        peer.socket.close()

    watcher = connect()
    watcher.ask("version")  # it is let in
    before = n_files()
    for _ in range(300):
        visit()
    # Closed sockets are noticed while others are served.
    deadline = time.monotonic() + 20.0
    while n_files() > before and time.monotonic() < deadline:
        watcher.ask("tick_cue")
    assert n_files() <= before
