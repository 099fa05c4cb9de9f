"""The two ways in which a command can end badly."""

from __future__ import annotations


class RequestError(ValueError):
    """What was asked for can't be done: names the value, the bound and the remedy in one line.

    The command line prints it and exits with 2; nothing has been written.
    """


class RunError(RuntimeError):
    """What was asked for was right, but the run failed: a full disk, a broken invariant.

    The command line prints it and exits with 1; finished parts stay and the run can be resumed.
    """
