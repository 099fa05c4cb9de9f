"""A Traffic Manager of CARLA 0.9.16 deadlocks by CARLA's own fault (issue 9172): told, and made.

Its worker checks under a mutex whether a step was asked for, and then waits for a signal. The
thread that ticks asks and signals without the mutex: if it does so between the worker's two steps,
the signal is lost and both wait for ever. Here the worker is stopped at just that place, as a
scheduler might, until the other has signalled. Nothing of either is changed.
"""

import ctypes
import os
import platform
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

PATIENCE = 60.0  # with both threads [s]
# Requests of ptrace(2), and offsets in the kernel's `struct user` of 64-bit x86.
SEIZE, INTERRUPT, CONTINUE, POKE, PEEK, DETACH = 0x4206, 0x4207, 7, 6, 3, 17
SECOND_ARGUMENT, FIRST_BREAKPOINT, BREAKPOINT_CONTROL = 13 * 8, 848, 848 + 7 * 8
ANY_THREAD = 0x40000000  # __WALL of waitpid(2)
FUTEX = 202  # its number among the system calls
TWO_SIGNALS = 96  # two `std::condition_variable` of libstdc++ [byte]


def is_possible():
    """Whether this machine has what it takes, and lets a process trace its children."""
    if sys.platform != "linux" or platform.machine() != "x86_64":
        return False
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        try:
            Tracer(child.pid, child.pid).ask(SEIZE)
        except OSError:
            return False
        finally:
            child.kill()
    return True


def newest_thread(process):
    """The worker, where a Traffic Manager was the last to start threads: it does so at its end."""
    return max(threads(process))


def threads(process):
    """Their numbers."""
    return [int(task.name) for task in Path(f"/proc/{process}/task").iterdir()]


def awaited(process, thread):
    """The address of the futex in which a thread waits; 0: it does not."""
    try:
        number, address = Path(f"/proc/{process}/task/{thread}/syscall").read_text().split()[:2]
    except (OSError, ValueError):  # it ended, or it runs
        return 0
    return int(address, 16) if number == str(FUTEX) else 0


def is_deadlocked(process):
    """Whether the first thread and another one wait for two signals that lie side by side.

    So do those by which a step of a Traffic Manager begins and ends, and nothing else of a client.
    """
    first = awaited(process, process)
    others = [awaited(process, thread) for thread in threads(process)]
    return first > 0 and any(0 < abs(first - other) < TWO_SIGNALS for other in others)


def until(holds):
    """Wait for something, but not for ever; whether it came true."""
    end = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > end:
            return False
        os.sched_yield()
    return True


@contextmanager
def losing_one_wakeup(process, worker):
    """The next wakeup of a worker by the process's first thread is lost, once."""
    tracer = Tracer(process, worker)
    tracer.start()
    try:
        yield tracer
    finally:
        tracer.join(PATIENCE)


class Tracer(Thread):
    """Stops a worker before it waits, until the first thread wants the mutex that it holds."""

    def __init__(self, process, worker):
        super().__init__(daemon=True)
        self.process, self.worker = process, worker
        self.has_lost = False

    def run(self):
        """All requests of a tracer must come from one thread."""
        self.ask(SEIZE)
        self.ask(INTERRUPT)
        self.wait()
        self.ask(POKE, FIRST_BREAKPOINT, self.place())
        self.ask(POKE, BREAKPOINT_CONTROL, 1)
        self.ask(CONTINUE)
        while self.wait() != signal.SIGTRAP:
            self.ask(CONTINUE)
        mutex = self.ask(PEEK, SECOND_ARGUMENT)
        until(lambda: awaited(self.process, self.process) == mutex)
        self.ask(POKE, BREAKPOINT_CONTROL, 0)
        self.ask(DETACH)
        self.has_lost = until(lambda: is_deadlocked(self.process))

    def ask(self, request, address=0, data=0):
        """Of the kernel, by ptrace; OSError."""
        library = ctypes.CDLL(None, use_errno=True)
        library.ptrace.restype = ctypes.c_long
        library.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
        ctypes.set_errno(0)
        answer = library.ptrace(request, self.worker, address, data)
        if ctypes.get_errno():
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
        return answer

    def wait(self):
        """Until the worker stands still; gives the signal that stopped it."""
        _, status = os.waitpid(self.worker, ANY_THREAD)
        assert os.WIFSTOPPED(status), f"the worker ended with {status}"
        return os.WSTOPSIG(status)

    def place(self):
        """Where the process has `pthread_cond_wait`, which is entered with the mutex held."""
        here = ctypes.cast(ctypes.CDLL(None).pthread_cond_wait, ctypes.c_void_p).value
        return here - base("self") + base(self.process)


def base(process):
    """Where the C library begins in a process."""
    maps = Path(f"/proc/{process}/maps").read_text()
    return int(re.search(r"^([0-9a-f]+)-.*/libc\.so\.6$", maps, re.MULTILINE)[1], 16)
