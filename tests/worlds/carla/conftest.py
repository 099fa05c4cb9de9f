"""What all tests with the official client share."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

PATIENCE = 90.0  # for one program, on a machine that does other things too [s]


@pytest.fixture(autouse=True, scope="module")
def _files_of_the_client(tmp_path_factory):
    """Where the client keeps what servers give it: not in the home of who runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        yield


@pytest.fixture
def run_client():
    """Runs a program of the client in a process of its own; gives what its last line holds.

    A Traffic Manager of 0.9.16 sometimes hangs for good (CARLA's issue 9172, mended after 0.9.16):
    who uses one may try again.
    """

    def run(program, *arguments, patience=PATIENCE, attempts=1):
        command = [sys.executable, Path(__file__).with_name(program), *map(str, arguments)]
        for left in reversed(range(attempts)):
            try:
                done = subprocess.run(
                    command, check=False, capture_output=True, text=True, timeout=patience
                )
                break
            except subprocess.TimeoutExpired:
                if not left:
                    raise
        assert done.returncode == 0, done.stderr[-2000:]
        return json.loads(done.stdout.splitlines()[-1])

    return run
