"""Jobs that worker processes can import."""

import os
from dataclasses import dataclass
from pathlib import Path

from numba import njit


class Double:
    """Twice the task."""

    def make(self, task):
        """Nothing yet."""
        return task

    def store(self, made):
        """Double it."""
        return made * 2


class WhoAmI:
    """The process that does the work."""

    def make(self, task):
        """Nothing yet."""
        return task

    def store(self, _made):
        """Tell the process id."""
        return os.getpid()


class Compiles:
    """A kernel that no cache holds."""

    def make(self, task):
        """One more than the task."""
        return njit(lambda x: x + 1)(task)

    def store(self, made):
        """Nothing more."""
        return made


class OddError(Exception):
    """One that can be pickled, and not made again from that."""

    def __init__(self, one, two):
        super().__init__(f"{one} and {two}")


class FailsOddly:
    """Work on which an error comes that does not travel."""

    def make(self, task):
        """Fail."""
        raise OddError(task, "more")

    def store(self, made):
        """Nothing comes here."""
        return made


@dataclass(frozen=True)
class FailsFirst:
    """Task 0 fails as soon as task 1 is under way, which takes a while."""

    pipe: Path  # a named one, opened once both are there

    def make(self, task):
        """Meet, and fail or go on."""
        with self.pipe.open("rb" if task == 0 else "wb"):
            if task == 0:
                raise RuntimeError("no zeroth")
        return sum(range(10_000_000 * task))

    def store(self, _made):
        """Tell that it is done."""
        return "stored"
