"""Who does the work: this process, or several."""

from __future__ import annotations

import ctypes
import os
import pickle
import signal
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    wait,
)
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, Protocol, TypeVar

import pyarrow as pa

from simgen.core import RequestError, RunError
from simgen.pipeline.defects import named_error

_MAPPED_APART, _GIVEN_BACK = -3, -1  # glibc's malloc.h: M_MMAP_THRESHOLD, M_TRIM_THRESHOLD
_LARGEST_KEPT, _MOST_KEPT = 32 << 20, 512 << 20  # [bytes]; more than the first glibc refuses
_N_STORED_AT_ONCE = 2  # tasks whose results are put away while the next is made
MOST_WORKERS = 1000  # a pool of millions ends no more if a worker dies; assumption

Task_contra = TypeVar("Task_contra", contravariant=True)
Made = TypeVar("Made")
Result_co = TypeVar("Result_co", covariant=True)


class Job(Protocol[Task_contra, Made, Result_co]):
    """Work in two steps, so that one task's result can be stored while the next is made."""

    def make(self, task: Task_contra) -> Made:
        """Do the work."""

    def store(self, made: Made) -> Result_co:
        """Put away what `make` made; may run in another thread than `make`."""


class Executor(Protocol):
    """Does a job on tasks, in whatever order and place."""

    def run(
        self, job: Job[Task_contra, Made, Result_co], tasks: Iterable[Task_contra]
    ) -> Iterator[Result_co]:
        """Yield the results as they come.

        Tasks are taken one by one as there is somebody to work on them: who wants to stop early
        ends the iterable, and gets what is under way.
        """


def executor_or_serial(executor: Executor | None) -> Executor:
    """The executor, or this process if there is none; RequestError if it is something else."""
    if executor is None:
        return Serial()
    if isinstance(executor, type) or not callable(getattr(executor, "run", None)):
        raise RequestError(
            f"executor = {executor!r} is no executor: give one, such as simgen.Processes()"
        )
    return executor


@dataclass(frozen=True, kw_only=True)
class Serial:
    """One task after the other in this process, with threads that store.

    Storing is Arrow's, the digest's and the disk's work and leaves Python free meanwhile; while one
    task's largest table is encoded, which one thread does, the next task's begins. Three tasks'
    rows are in memory at most.
    """

    def run(
        self, job: Job[Task_contra, Made, Result_co], tasks: Iterable[Task_contra]
    ) -> Iterator[Result_co]:
        """Yield the results in order."""
        _keep_freed_memory()
        with ThreadPoolExecutor(_N_STORED_AT_ONCE, "store") as store:
            storing: deque[Future[Result_co]] = deque()
            for task in tasks:
                try:
                    made = job.make(task)
                except Exception:
                    yield from _results(storing)  # a run that fails keeps what is stored
                    raise
                # What is stored is told at once: a run that is killed then keeps it.
                while storing and (len(storing) == _N_STORED_AT_ONCE or storing[0].done()):
                    if storing[0].exception():
                        yield from _results(storing)
                    yield storing.popleft().result()
                storing.append(store.submit(job.store, made))
                del made  # the thread's alone from here
            yield from _results(storing)


def _results(storing: deque[Future[Result_co]]) -> Iterator[Result_co]:
    """Those of all that is being stored, in order, and then the first error of what can't be."""
    failed: BaseException | None = None
    while storing:
        one = storing.popleft()
        if error := one.exception():
            failed = failed or error
        else:
            yield one.result()
    if failed:
        raise failed


@dataclass(frozen=True, kw_only=True)
class Processes:
    """Worker processes on this machine, as many as it has cores unless told.

    Raises:
        RequestError: `n_workers` is no whole number, less than 1 or more than MOST_WORKERS.
    """

    n_workers: int | None = None

    def __post_init__(self) -> None:
        if self.n_workers is None:
            return
        # Configurations give it untyped, and true is an int to Python.
        if not isinstance(self.n_workers, int) or isinstance(self.n_workers, bool):
            raise RequestError(
                f"n_workers = {self.n_workers!r} is no number: give a whole one >= 1"
            )
        if not 1 <= self.n_workers <= MOST_WORKERS:
            raise RequestError(
                f"n_workers = {self.n_workers} is out of bounds: must be >= 1 and <= {MOST_WORKERS}"
            )

    def run(
        self, job: Job[Task_contra, Made, Result_co], tasks: Iterable[Task_contra]
    ) -> Iterator[Result_co]:
        """Yield the results as they come; the job is sent once to each worker.

        Raises:
            RunError: a worker died.
        """
        n_workers = self.n_workers or _n_cores()
        context = get_context("spawn")  # a fork would copy locks that threads of ours may hold
        watched, lifeline = context.Pipe(duplex=False)
        heard, teller = context.Pipe(duplex=False)
        pool = ProcessPoolExecutor(n_workers, context, _begin, (job, watched, teller))
        hearing = threading.Thread(target=_hear_of_compilers, args=(heard,), daemon=True)
        hearing.start()
        try:
            # One task more than workers, so that none waits while we book a result.
            yield from _in_flight(pool, tasks, n_workers + 1)
            pool.shutdown()
        except BrokenProcessPool as error:
            raise RunError(
                f"one of {n_workers} worker processes died, most likely for want of memory: the "
                "same command resumes, with fewer workers (n_workers) or smaller blocks; a script "
                'that starts workers needs `if __name__ == "__main__":`'
            ) from error
        finally:
            lifeline.close()
            pool.shutdown(cancel_futures=True)
            teller.send_bytes(_OVER)
            hearing.join()
            for end in (watched, heard, teller):
                end.close()


def _keep_freed_memory() -> None:
    """Let this process keep up to 512 MiB of what one task frees for the next.

    Each page that is fetched anew must be cleared first, which costs up to a fifth of a run. By
    itself glibc maps arrays of 128 KiB apart and gives each back at once: mallopt(3). Where there
    is another C library nothing happens.
    """
    if sys.platform == "linux" and (mallopt := getattr(ctypes.CDLL(None), "mallopt", None)):
        mallopt(_MAPPED_APART, _LARGEST_KEPT)
        mallopt(_GIVEN_BACK, _MOST_KEPT)


def _n_cores() -> int:
    """The cores this process may use; macOS tells only how many there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _in_flight(pool: ProcessPoolExecutor, tasks: Iterable[Any], n_most: int) -> Iterator[Any]:
    waiting = iter(tasks)
    # Workers are born with signals held: one that reaches them before they have left the terminal
    # would kill them half-made, and their parent would wait for ever.
    held = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        running: set[Future[Any]] = {pool.submit(_work, task) for task in islice(waiting, n_most)}
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, held)
    failures: list[BaseException] = []
    while running:
        done, running = wait(running, return_when=FIRST_COMPLETED)
        failures += [error for future in done if (error := future.exception())]
        if failures:  # what other workers have under way is kept
            running = {future for future in running if not future.cancel()}
        for future in done:
            if future.exception():
                continue
            if not failures:
                running |= {pool.submit(_work, task) for task in islice(waiting, 1)}
            yield future.result()
    if failures:
        raise failures[0]


def _hear_of_compilers(heard: Connection) -> None:
    while heard.recv_bytes() != _OVER:
        from simgen.pipeline.compiling import announce  # noqa: PLC0415 - imports Numba

        announce()


_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_COMPILES, _OVER = b"c", b"o"  # what workers tell, and that nothing more is told
_job: list[Job[Any, Any, Any]] = []  # a worker's own


def _begin(job: Job[Any, Any, Any], watched: Connection, teller: Connection) -> None:
    """Set up a worker, which lives no longer than its parent holds the other end of `watched`."""
    # Out of the terminal's reach: the parent decides when work ends. SIGTERM must stay deadly, for
    # that is how a broken pool ends the other workers, and it waits until they are gone.
    os.setsid()
    for number in _SIGNALS:  # what came before is dropped
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    threading.Thread(target=_die_with_parent, args=(watched,), daemon=True).start()
    pa.set_cpu_count(1)  # the other cores have their own workers
    _keep_freed_memory()
    if "numba" in sys.modules:  # else its import would take longer than many a job
        from simgen.pipeline.compiling import notice  # noqa: PLC0415

        notice(partial(teller.send_bytes, _COMPILES))
    _job.append(job)


def _die_with_parent(watched: Connection) -> None:
    try:
        watched.recv()
    except EOFError:
        os._exit(1)


def _work(task: Any) -> Any:
    (job,) = _job
    try:
        return job.store(job.make(task))
    except Exception as error:
        if _travels(error):
            raise
        raise RunError(named_error(error)) from error


def _travels(error: Exception) -> bool:
    """Whether the parent can read the error: one that it can't breaks the pool, as a death does."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    except Exception:  # noqa: BLE001 - whatever its own code raises
        return False
    return True
