"""Servers as a run has them: one of ours, which ends with the process, or somebody else's.

Run as `python -m simgen.worlds.carla.client.servers MAP`: it prints its port and serves until
nobody holds the other end of its standard input, however that came about.
"""

from __future__ import annotations

import atexit
import os
import socket
import subprocess
import sys
import time
from threading import Thread, Timer

from simgen.worlds.carla.client.process import LostError

LOOPBACK = "127.0.0.1"
_MODULE = "simgen.worlds.carla.client.servers"
_RUNNING: dict[str, OwnServer] = {}
_PAUSE = 0.2  # between two knocks at a server that is not there yet [s]


class OtherServer:
    """A server that somebody else runs.

    A connection on which nothing is said ends when the server does: the client would only wait.

    Args:
        host: where it runs.
        port: of its calls.
        patience: until it must be there [s].

    Raises:
        LostError: nobody listens there.
    """

    def __init__(self, host: str, port: int, patience: float) -> None:
        self.host, self.port = host, port
        until = time.monotonic() + patience
        while True:
            try:
                left = max(until - time.monotonic(), _PAUSE)
                self._line = socket.create_connection((host, port), timeout=left)
                break
            except OSError as error:
                if isinstance(error, socket.gaierror) or time.monotonic() > until:
                    raise LostError(
                        f"no CARLA server answers at {host} port {port} within {patience:g} s "
                        f"({error.strerror or error})"
                    ) from error
                time.sleep(_PAUSE)
        self._line.setblocking(False)

    def lives(self) -> bool:
        """Whether it still runs, or its machine can't be asked."""
        try:
            return bool(self._line.recv(1, socket.MSG_PEEK))
        except BlockingIOError:
            return True
        except OSError:
            return False

    def leave(self) -> None:
        """Hang up. May be called again."""
        self._line.close()

    def drop(self) -> None:
        """Give it up: whoever runs it may start it anew."""
        self.leave()


class OwnServer:
    """A server in a process of its own, kept for the next episode."""

    host = LOOPBACK

    def __init__(self, chart: str, patience: float) -> None:
        self._chart = chart
        self._process = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", _MODULE, chart],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # interrupts are for the run to deal with
        )
        watchdog = Timer(patience, self._process.kill)
        watchdog.daemon = True
        watchdog.start()
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        watchdog.cancel()
        if not line:
            self.kill()
            raise LostError(f"a CARLA server of ours did not start with map {chart}")
        self.port = int(line)

    @property
    def number(self) -> int:
        """Of the process, for those who want to see it die."""
        return self._process.pid

    def lives(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def leave(self) -> None:
        """Keep it for the next episode."""

    def drop(self) -> None:
        """End it at once: the next episode starts another."""
        if _RUNNING.get(self._chart) is self:
            del _RUNNING[self._chart]
        self.kill()

    def kill(self) -> None:
        """End it at once. May be called again."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()


def own_server(chart: str, patience: float) -> OwnServer:
    """This process's server for a map, started if there is none [s]; LostError if it can't be."""
    found = _RUNNING.get(chart)
    if found is None or not found.lives():
        if found is not None:
            found.drop()
        found = _RUNNING[chart] = OwnServer(chart, patience)
    return found


@atexit.register
def drop_servers() -> None:
    """End all servers of this process."""
    for server in tuple(_RUNNING.values()):
        server.drop()


def main() -> None:
    """Serve until the run is gone."""
    # Whoever starts a server needs none of this.
    from simgen.worlds.carla.server.serving import serve  # noqa: PLC0415 - said above
    from simgen.worlds.carla.server.simulation import Options  # noqa: PLC0415 - same

    Thread(target=_end_with_the_run, daemon=True).start()
    serve(
        Options(map=sys.argv[1]),
        host=LOOPBACK,
        port=0,
        ready=lambda port: print(port, flush=True),  # noqa: T201 - for whoever started it
    )


def _end_with_the_run() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    main()
