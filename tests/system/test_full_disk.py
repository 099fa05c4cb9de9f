"""A disk that fills up."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TOYS = Path(__file__).parents[1]

PROGRAM = """
import sys
from toys.coin import Coin
from simgen.core import RunError
from simgen.pipeline.generate import generate

try:
    generate(Coin(n_flips={n_flips}), out=sys.argv[1], difficulty=False, quiet=True)
except RunError as error:
    print(error)
"""
# A disk of one megabyte, seen by the program alone.
MOUNT = 'mount -t tmpfs -o size=1m tmpfs "$2" && "$0" -c "$1" "$2/data"; ls -A "$2/data"'


def run(command):
    environment = {**os.environ, "PYTHONPATH": str(TOYS)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_a_full_disk_is_told_and_leaves_no_manifest(tmp_path):
    """The line names the place and the remedy, and nothing looks whole."""
    if run(["unshare", "-rm", "true"]).returncode != 0:
        pytest.skip("no right to mount a small disk")
    program = PROGRAM.format(n_flips=2000)

    ended = run(["unshare", "-rm", "sh", "-c", MOUNT, sys.executable, program, tmp_path])

    said, *left = ended.stdout.splitlines()
    assert said.startswith(f"no space left in {tmp_path}/data (No space left on device)")
    assert said.endswith("free some space, then the same command resumes")
    assert "manifest.json" not in left
    assert ".simgen" in left


def test_a_limit_on_file_sizes_is_told_and_the_run_can_be_resumed(tmp_path):
    """No half part is left, and the same command goes on."""
    limited = ["sh", "-c", 'ulimit -f "$0"; exec "$@"']
    command = [sys.executable, "-c", PROGRAM.format(n_flips=2000), tmp_path / "data"]

    stopped = run([*limited, "100", *command])
    parts = list((tmp_path / "data" / "flips").glob("*.parquet"))
    resumed = run(command)

    assert "no space left in" in stopped.stdout
    assert parts == []  # each is larger than the limit, and no half of one is there
    assert resumed.stdout == ""
    manifest = json.loads((tmp_path / "data" / "manifest.json").read_text())
    assert manifest["totals"]["blocks"] == 8
