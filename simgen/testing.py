"""Fixtures for the tests of those who use simgen.

In a `conftest.py`:

    from simgen.testing import carla_server

and in a test:

    def test_my_planner(carla_server):
        client = carla.Client(carla_server.host, carla_server.port)
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Timer

import pytest

from simgen.core import RunError

_PATIENCE = 300.0  # for a server to start, which may have to compile its kernels [s]
_MAIN = "from simgen.cli import main; raise SystemExit(main())"


@dataclass(frozen=True, kw_only=True)
class CarlaServer:
    """A server that runs in a process of its own."""

    host: str
    port: int
    process: int  # its number, for those who want to see it die


@contextmanager
def running_carla_server(*arguments: str) -> Iterator[CarlaServer]:
    """A `simgen carla-server` with these arguments, on free ports of this machine.

    Raises:
        RunError: it does not start.
    """
    command = [sys.executable, "-c", _MAIN, "carla-server", "--port", "0", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own command
        watchdog = Timer(_PATIENCE, process.kill)
        watchdog.start()
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            watchdog.cancel()
            if not line:
                raise RunError(f"simgen carla-server {' '.join(arguments)} did not start")
            _, _, host, _, port = line.split()
            yield CarlaServer(host=host, port=int(port), process=process.pid)
        finally:
            watchdog.cancel()
            process.kill()


@pytest.fixture(scope="module")
def carla_server() -> Iterator[CarlaServer]:
    """A server for all tests of a module; `client.load_world` gives each a fresh world."""
    with running_carla_server() as server:
        yield server
