"""The server: its sockets, and the clock of the asynchronous mode."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import signal
from collections.abc import Callable
from functools import partial

from simgen.core import RequestError, RunError
from simgen.worlds.carla.server.connections import CallConnection, Crowd, StreamConnection
from simgen.worlds.carla.server.routes import answer
from simgen.worlds.carla.server.simulation import Options, Simulation
from simgen.worlds.carla.server.warming import warm_up

MAX_PORT = 65_535
_BACKLOG = 1024  # clients that may come at once
_log = logging.getLogger(__name__)


def serve(options: Options, *, host: str, port: int, ready: Callable[[int], None]) -> None:
    """Serve until interrupted.

    Args:
        options: of the simulation.
        host: the address to listen at.
        port: for calls; streams are at the next one. 0: any two that are free.
        ready: is told the port once clients may come.

    Raises:
        RequestError: the address or a port can't be used, or the map can't be read.
    """
    if not 0 <= port < MAX_PORT:
        raise RequestError(f"port = {port}: must be in [0, {MAX_PORT - 1}]; 0 means any free one")
    asyncio.run(_Server(options).run(host, port, ready))


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class _Server:
    """One simulation and its clients."""

    def __init__(self, options: Options) -> None:
        self.simulation = Simulation(options)
        self._calls, self._streams = Crowd("client"), Crowd("stream")
        self._timer: asyncio.TimerHandle | None = None

    async def run(self, host: str, port: int, ready: Callable[[int], None]) -> None:
        """Serve until a signal to end."""
        calls = await _listen(self._call_connection, host, port)
        streams = await _listen(self._stream_connection, host, port + 1 if port else 0)
        # After what can be refused, and while an interrupt still ends it.
        warm_up()
        loop, stopped = asyncio.get_running_loop(), asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stopped.set)
        self.simulation.stream_port = _port(streams)
        self.simulation.changed = self._wind_up
        self._wind_up()
        if not is_loopback(host):
            _log.warning("listening at %s: whoever reaches it controls the simulation", host)
        ready(_port(calls))
        await stopped.wait()
        if self._timer:
            self._timer.cancel()
        for server in (calls, streams):
            server.close()
        for member in (*self._calls.members, *self._streams.members):
            member.transport.abort()

    def _call_connection(self) -> CallConnection:
        return CallConnection(self._calls, partial(answer, self.simulation))

    def _stream_connection(self) -> StreamConnection:
        return StreamConnection(
            self._streams, self.simulation.subscribe, self.simulation.channels.leave
        )

    def _wind_up(self) -> None:
        """Start or stop the clock, as the mode wants it."""
        if self._timer:
            self._timer.cancel()
        self._timer = None
        if not self.simulation.settings.synchronous:
            period = 1.0 / self.simulation.options.frame_rate
            self._timer = asyncio.get_running_loop().call_later(period, self._tick)

    def _tick(self) -> None:
        try:
            self.simulation.tick()
        except (RequestError, RunError) as error:
            _log.warning("a step failed: %s", error)
        finally:  # whatever happened, time goes on
            self._wind_up()


async def _listen(factory: Callable[[], asyncio.Protocol], host: str, port: int) -> asyncio.Server:
    try:
        return await asyncio.get_running_loop().create_server(factory, host, port, backlog=_BACKLOG)
    except OSError as error:
        raise RequestError(
            f"can't listen at {host}, port {port}: {error.strerror or error}; give other ones"
        ) from None


def _port(server: asyncio.Server) -> int:
    return int(server.sockets[0].getsockname()[1])
