"""What all tests with the official client share.

Its Python is the one that runs the tests, or the one that SIMGEN_CARLA_PYTHON names: so the same
tests run with the client of another version, which has no wheel for ours (`make check-clients`).
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from toys.lost_wakeup import is_deadlocked

from simgen.testing import running_carla_server

PYTHON = os.environ.get("SIMGEN_CARLA_PYTHON", sys.executable)
VERSION = "import importlib.metadata; print(importlib.metadata.version('carla'))"
PATIENCE = 120.0  # for one program, on a machine that does other things too [s]


@pytest.fixture(autouse=True, scope="module")
def _files_of_the_client(tmp_path_factory):
    """Where the client keeps what servers give it: not in the home of who runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        yield


@pytest.fixture(scope="session")
def client_version():
    """Of the official client."""
    done = subprocess.run([PYTHON, "-c", VERSION], check=False, capture_output=True, text=True)
    if done.returncode:
        pytest.skip("the carla wheel is missing")
    return done.stdout.strip()


@pytest.fixture(scope="module")
def carla_server(client_version):
    """A server that speaks as its client does."""
    with running_carla_server("--carla-version", client_version) as server:
        yield server


@pytest.fixture(scope="session")
def run_command():
    """Runs a client in a process of its own; gives what it printed.

    A Traffic Manager of 0.9.16 sometimes hangs for good (CARLA's issue 9172, mended after 0.9.16):
    who uses one may try again. No other hang is excused.
    """

    def run(command, patience, attempts=1):
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            try:
                told, errors = process.communicate(timeout=patience)
            except subprocess.TimeoutExpired:
                is_carlas_fault = is_deadlocked(process.pid)
                process.kill()
                if attempts == 1 or not is_carlas_fault:
                    raise
                return run(command, patience, attempts - 1)
        assert process.returncode == 0, errors[-2000:]
        return told

    return run


@pytest.fixture(scope="session")
def run_client(run_command):
    """Runs a program of this folder; gives what its last line holds."""

    def run(program, *arguments, patience=PATIENCE, attempts=1):
        command = [PYTHON, Path(__file__).with_name(program), *map(str, arguments)]
        return json.loads(run_command(command, patience, attempts).splitlines()[-1])

    return run
