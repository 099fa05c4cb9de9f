"""Recordings through CARLA that are killed, in whole or in part, end with the same bytes."""

import contextlib
import os
import random
import select
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from simgen.storage.reader import Dataset

pytest.importorskip("PIL", reason="pictures are encoded by Pillow: extra [av]")
pytestmark = pytest.mark.skipif(find_spec("carla") is None, reason="the carla wheel is missing")

PATIENCE = 60.0  # with what has to end by itself [s]
ROAD = str(Path(__file__).with_name("two_lanes.xodr"))
SERVER, CLIENT = "client.servers", "client.child"
PROGRAM = """
from simgen.domains.driving import CutIn
from simgen.pipeline.executors import Processes, Serial
from simgen.pipeline.generate import generate
from simgen.worlds.carla.world import CarlaLink

if __name__ == "__main__":
    scenario = CutIn(
        n_episodes={n_episodes}, duration=2.0, step_time=0.25, n_vehicles=4, map={road!r},
        sensors="roof_and_front", world="carla", carla=CarlaLink(max_restarts=1000),
    )
    generate(
        scenario, out={out!r}, seed=11, difficulty=False, quiet=True, executor={executor}
    )
"""


def start(out, n_episodes, executor="Serial()"):
    program = PROGRAM.format(out=str(out), n_episodes=n_episodes, road=ROAD, executor=executor)
    return subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.DEVNULL)


def n_blocks(out):
    journal = out / ".simgen" / "journal.jsonl"
    return journal.read_bytes().count(b"\n") if journal.exists() else 0


def is_over(process, later):
    """Whether the run ends by itself within some time [s]."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(later)
        return True
    return False


def children(process):
    """The numbers of a run's server and client, by a word of theirs."""
    found = {}
    for path in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parent = int((path / "stat").read_text().rpartition(")")[2].split()[1])
            words = (path / "cmdline").read_text()
            for word in (SERVER, CLIENT):
                if parent == process.pid and word in words:
                    found[word] = int(path.name)
    return found


def ends(number):
    """Whether a process, not of ours, ends by itself within our patience."""
    try:
        watched = os.pidfd_open(number)
    except ProcessLookupError:
        return True
    with os.fdopen(watched):
        return bool(select.select([watched], [], [], PATIENCE)[0])


def contents(out):
    """The digests of all tables, and the bytes of all raw files."""
    files = {str(path.relative_to(out)): path.read_bytes() for path in (out / "raw").glob("*/0*")}
    return Dataset(out).manifest["tables"], files


def test_a_killed_recording_goes_on(tmp_path):
    """Its server and client end with it, and the same command completes the data set."""
    with start(tmp_path / "killed", 3) as process:
        while not n_blocks(tmp_path / "killed"):
            assert not is_over(process, 0.05)
        left = children(process)
        process.kill()

    assert set(left) >= {SERVER}
    assert all(ends(number) for number in left.values())
    with start(tmp_path / "killed", 3) as process:
        assert process.wait() == 0
    found = Dataset(tmp_path / "killed")
    named = found.connect().sql("SELECT path FROM sensor_files").fetchall()
    assert sorted(named) == sorted(
        (name,) for name in contents(tmp_path / "killed")[1] if "world" not in name
    )
    assert 1 <= found.manifest["timings"]["resumed_blocks"] < 3
    assert found.damaged_parts() == []


def kill(process, victim, later):
    """Kill the run, or a child of it once that is born; some time after [s]."""
    while victim not in (found := {**children(process), "run": process.pid}):
        assert not is_over(process, 0.05)
    assert not is_over(process, later)
    with contextlib.suppress(ProcessLookupError):
        os.kill(found[victim], signal.SIGKILL)


@pytest.mark.slow
def test_kills_at_random_moments(tmp_path):
    """Of server, client or the whole run: nothing is lost, nothing doubled."""
    draw = random.Random(3)  # noqa: S311 - moments, not secrets
    victims = ["run", SERVER, CLIENT] * 7
    draw.shuffle(victims)
    while victims:
        with start(tmp_path / "killed", 15) as process:
            while victims:
                kill(process, victims[-1], draw.uniform(0.0, 4.0))
                if victims.pop() == "run":
                    break
    for name in ("killed", "whole"):
        with start(tmp_path / name, 15) as process:
            assert process.wait() == 0

    assert contents(tmp_path / "killed") == contents(tmp_path / "whole")
    assert Dataset(tmp_path / "killed").damaged_parts() == []


@pytest.mark.slow
def test_workers_make_the_same_bytes(tmp_path):
    """Each has a server of its own; what was recorded does not tell."""
    for executor in ("Serial()", "Processes(n_workers=2)"):
        with start(tmp_path / executor[0], 4, executor) as process:
            assert process.wait() == 0

    assert contents(tmp_path / "S") == contents(tmp_path / "P")
