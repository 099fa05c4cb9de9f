"""Recordings through CARLA that are killed, in whole or in part, end with the same bytes."""

import contextlib
import os
import random
import select
import signal
import subprocess
import sys
import time
from collections import Counter
from importlib.util import find_spec
from pathlib import Path
from typing import ClassVar

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
        sensors="roof_and_front", world="carla", carla=CarlaLink(max_restarts=1000, **{link}),
    )
    generate(
        scenario, out={out!r}, seed=11, difficulty=False, quiet=True, executor={executor}
    )
"""


def start(out, n_episodes, executor="Serial()", **link):
    program = PROGRAM.format(
        out=str(out), n_episodes=n_episodes, road=ROAD, executor=executor, link=link
    )
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


@pytest.mark.slow
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


class OwnServers:
    """Each run starts its own server, and another when that dies."""

    link: ClassVar = {}

    def victims(self, process):
        """The numbers of a run and of what it has started, by name."""
        return {**children(process), "run": process.pid}

    def mourn(self, victim):
        """After a death."""


class StandingServer:
    """A server that somebody else runs, and starts anew in its place when it dies."""

    def __init__(self):
        self._port = 0
        self._begin()
        self.link = {"host": "127.0.0.1", "port": self._port}

    def _begin(self):
        program = "from simgen.cli import main; raise SystemExit(main())"
        words = ["carla-server", "--map", ROAD, "--port", str(self._port)]
        command = [sys.executable, "-c", program, *words]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self._port = int(self._process.stdout.readline().split()[-1])

    def victims(self, process):
        """The same, with this server."""
        return {**children(process), "run": process.pid, SERVER: self._process.pid}

    def mourn(self, victim):
        """Whoever runs it notices."""
        if victim == SERVER:
            self.end()
            self._begin()

    def end(self):
        """For good."""
        with self._process as process:
            process.kill()


@pytest.fixture
def standing():
    server = StandingServer()
    yield server
    server.end()


class Recording:
    """Data sets of so many episodes."""

    def __init__(self, n_episodes, servers):
        self._n_episodes, self._servers = n_episodes, servers

    def make(self, out, kills=(), wait=lambda: 0.0):
        """Record to the end, with kills on the way; gives who died.

        `kills`: after how many blocks, and of whom; `wait`: how much later each comes [s].
        """
        died, pending = Counter(), list(kills)
        while True:
            with start(out, self._n_episodes, **self._servers.link) as process:
                while pending:
                    due, victim = pending.pop(0)
                    died[victim] += self._kill(process, out, due, victim, wait())
                    if victim == "run":
                        break
                if process.wait() == 0:
                    return died
                assert process.returncode == -signal.SIGKILL

    def _kill(self, process, out, due, victim, later):
        """Whether it was still there: a run that is over has nobody to kill."""
        while n_blocks(out) < due or victim not in self._servers.victims(process):
            if is_over(process, 0.05):
                return False
        found = self._servers.victims(process).get(victim)
        if found is None or is_over(process, later):
            return False
        with contextlib.suppress(ProcessLookupError):
            os.kill(found, signal.SIGKILL)
        self._servers.mourn(victim)
        return True


def kill_at_random(tmp_path, servers, n_episodes, n_kills):
    """Two data sets of which one was undisturbed; gives who died of the other's makers."""
    recording = Recording(n_episodes, servers)
    draw = random.Random(3)  # noqa: S311 - moments, not secrets
    began_at = time.monotonic()
    recording.make(tmp_path / "whole")
    pace = (time.monotonic() - began_at) / n_episodes
    order = ["run", SERVER, CLIENT] * (n_kills // 3)
    draw.shuffle(order)
    due = sorted(draw.randrange(n_episodes) for _ in order)
    kills = zip(due, order, strict=True)
    return recording.make(tmp_path / "killed", kills, lambda: draw.uniform(0.0, pace))


@pytest.mark.slow
def test_kills_at_random_moments(tmp_path):
    """Of server, client or the whole run, fifty and more: nothing is lost, nothing doubled."""
    died = kill_at_random(tmp_path, OwnServers(), 50, 60)

    assert died.total() >= 50
    assert min(died.values()) >= 10
    assert contents(tmp_path / "killed") == contents(tmp_path / "whole")
    assert Dataset(tmp_path / "killed").damaged_parts() == []


@pytest.mark.slow
def test_kills_beside_a_server_of_others(tmp_path, standing):
    """The same: what dead runs and clients leave there is in nobody's way."""
    died = kill_at_random(tmp_path, standing, 12, 30)

    assert died.total() >= 20
    assert contents(tmp_path / "killed") == contents(tmp_path / "whole")


@pytest.mark.slow
def test_workers_make_the_same_bytes(tmp_path):
    """Each has a server of its own; what was recorded does not tell."""
    for executor in ("Serial()", "Processes(n_workers=2)"):
        with start(tmp_path / executor[0], 4, executor) as process:
            assert process.wait() == 0

    assert contents(tmp_path / "S") == contents(tmp_path / "P")
