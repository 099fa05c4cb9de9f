"""Who does the work does not show in the bytes."""

import os
import platform
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from toys.coin import Coin, Crashing
from toys.jobs import Double, FailsFirst, FailsOddly, WhoAmI

from simgen.core import RequestError, RunError
from simgen.pipeline.executors import Processes, Serial, executor_or_serial
from simgen.pipeline.generate import generate
from simgen.storage.folders import open_folder
from simgen.storage.journal import read_journal


def made(place, seed=7, **options):
    manifest = generate(
        Coin(), out=place, seed=seed, difficulty=False, quiet=True, **options
    ).manifest
    return manifest["tables"]


@pytest.fixture(scope="module")
def serial(tmp_path_factory):
    return made(tmp_path_factory.mktemp("serial"))


@pytest.mark.parametrize("n_workers", [1, 2, 4])
def test_processes_write_the_bytes_of_one(serial, tmp_path, n_workers):
    """Digests, sizes and sums are the same for any number of workers."""
    assert made(tmp_path, executor=Processes(n_workers=n_workers)) == serial


def test_another_seed_writes_other_bytes(serial, tmp_path):
    """No part with rows that are drawn is the same."""
    other = made(tmp_path, seed=8)

    same = [
        one["path"]
        for one, two in zip(serial["flips"]["parts"], other["flips"]["parts"], strict=True)
        if one["sha256"] == two["sha256"]
    ]
    assert same == []


def test_a_worker_that_dies_ends_the_run(tmp_path):
    """The line names the likely cause and the remedy, and blocks done before stay."""
    with pytest.raises(RunError, match=r"worker processes died.*resumes, with fewer workers"):
        generate(
            Crashing(),
            out=tmp_path,
            difficulty=False,
            quiet=True,
            executor=Processes(n_workers=2),
        )

    assert not (tmp_path / "manifest.json").exists()
    assert 2 not in read_journal(open_folder(tmp_path))


def test_an_error_in_a_worker_is_the_error_of_the_run(tmp_path):
    """A broken rule reads the same from a worker as from this process."""
    told = []
    for executor in (Serial(), Processes(n_workers=1)):
        with pytest.raises(RunError) as failed:
            generate(
                Coin(lowest=-1.0),
                out=tmp_path / type(executor).__name__,
                difficulty=False,
                quiet=True,
                executor=executor,
            )
        told.append(str(failed.value))

    assert told[0].startswith("block 0 breaks the rule coins_fly_up in ")
    assert "of 1,000 rows (No coin flies downward.)" in told[0]
    assert told[1].partition(" in ")[0].endswith("breaks the rule coins_fly_up")


def test_an_error_that_does_not_travel_is_told_in_words():
    """It is not taken for a worker's death, though the parent can't make it again."""
    with pytest.raises(RunError, match=r"^OddError: 1 and more$"):
        list(Processes(n_workers=1).run(FailsOddly(), [1]))


@pytest.mark.parametrize("other", ["processes", Processes, 2])
def test_what_is_no_executor_is_refused(other, tmp_path):
    """A name or a class does no work; the line says what does."""
    with pytest.raises(RequestError, match=r"is no executor: give one, such as simgen.Processes"):
        made(tmp_path / "out", executor=other)

    assert not (tmp_path / "out").exists()
    assert executor_or_serial(None) == Serial()


def test_tasks_are_taken_as_there_is_room():
    """What is under way stays bounded however many tasks there are."""
    taken = []

    def tasks():
        for number in range(50):
            taken.append(number)
            yield number

    results = Processes(n_workers=1).run(Double(), tasks())
    next(results)
    ahead = len(taken)
    results.close()

    assert ahead <= 4
    assert len(taken) == ahead


@pytest.mark.parametrize("executor", [Serial(), Processes(n_workers=2)])
def test_ending_the_tasks_gives_what_is_under_way(executor):
    """Every task that was taken has its result, and no worker is left."""
    assert sorted(executor.run(Double(), iter([1, 2, 3]))) == [2, 4, 6]


def test_what_is_stored_when_a_task_fails_is_told():
    """Results of the tasks before it come first, then its error."""

    class Job:
        def make(self, task):
            if task == 3:
                raise RuntimeError("no third")
            return task

        def store(self, made):
            return made

    results = Serial().run(Job(), range(5))

    assert [next(results), next(results), next(results)] == [0, 1, 2]
    with pytest.raises(RuntimeError, match="no third"):
        next(results)


def test_what_is_stored_when_another_is_not_is_told():
    """A run whose disk refused one block keeps the next, which it took."""
    other = threading.Event()

    class Job:
        def make(self, task):
            return task

        def store(self, made):
            if made == 0:
                other.wait(timeout=10.0)
                raise RuntimeError("no zeroth")
            other.set()
            return made

    results = Serial().run(Job(), range(2))

    assert next(results) == 1
    with pytest.raises(RuntimeError, match="no zeroth"):
        next(results)


def test_what_other_workers_have_under_way_when_one_fails_is_told(tmp_path):
    """Its error comes last."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    results = Processes(n_workers=2).run(FailsFirst(pipe), range(2))

    assert next(results) == "stored"
    with pytest.raises(RuntimeError, match="no zeroth"):
        next(results)


def test_workers_are_gone_afterwards():
    """Leaving early ends the processes."""
    results = Processes(n_workers=1).run(WhoAmI(), range(10))
    worker = next(results)
    results.close()

    with pytest.raises(ProcessLookupError):
        os.kill(worker, signal.SIG_DFL)


PROGRAM = """
from toys.jobs import WhoAmI
from simgen.pipeline.executors import Processes

results = Processes(n_workers=2).run(WhoAmI(), range(10))
next(results)
print("working", flush=True)
input()
"""


def test_workers_do_not_outlive_a_killed_parent():
    """No orphan goes on writing: all that held our pipe are gone."""
    parent = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        text=True,
    )
    assert parent.stdout.readline() == "working\n"

    parent.kill()

    assert parent.communicate(timeout=30) == ("", None)


def test_no_workers_are_refused():
    """The line names value and bound."""
    with pytest.raises(RequestError, match="n_workers = 0 is out of bounds: must be >= 1"):
        Processes(n_workers=0)


# Forty megabytes a task, in arrays that glibc maps apart until it has seen larger ones.
TASKS = """
import resource
import numpy as np
from simgen.pipeline.executors import Serial

class Job:
    def make(self, task):
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        arrays = [np.ones(50_000) for _ in range(100)]
        return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

    def store(self, made):
        return made

print(*Serial().run(Job(), range(2)))
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other memory allocators differ")
def test_what_a_task_frees_serves_the_next():
    """The second touches next to no page [4 KiB] that the first had not."""
    done = subprocess.run([sys.executable, "-c", TASKS], capture_output=True, check=True, text=True)
    first, second = map(int, done.stdout.split())

    assert first > 9_000
    assert second < 1_000
