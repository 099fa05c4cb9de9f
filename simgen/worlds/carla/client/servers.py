"""A server of ours for a run: one for each process and map, which ends with the process.

Run as `python -m simgen.worlds.carla.client.servers MAP`: it prints its port and serves until
nobody holds the other end of its standard input, however that came about.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
from threading import Thread, Timer

from simgen.worlds.carla.client.process import LostError

LOOPBACK = "127.0.0.1"
_MODULE = "simgen.worlds.carla.client.servers"
_RUNNING: dict[str, OwnServer] = {}


class OwnServer:
    """A server in a process of its own."""

    def __init__(self, chart: str, patience: float) -> None:
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
        drop_server(chart)
        found = _RUNNING[chart] = OwnServer(chart, patience)
    return found


def drop_server(chart: str) -> None:
    """Kill this process's server for a map, if there is one."""
    found = _RUNNING.pop(chart, None)
    if found is not None:
        found.kill()


@atexit.register
def drop_servers() -> None:
    """Kill all servers of this process."""
    for chart in tuple(_RUNNING):
        drop_server(chart)


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
