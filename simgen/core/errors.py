"""The two ways in which a command can end badly, and a remedy that many need."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import TypeVar

Named = TypeVar("Named")


class RequestError(ValueError):
    """What was asked for can't be done: names the value, the bound and the remedy in one line.

    The command line prints it and exits with 2; nothing has been written.
    """


class RunError(RuntimeError):
    """What was asked for was right, but the run failed: a full disk, a broken invariant.

    The command line prints it and exits with 1; finished parts stay and the run can be resumed.
    """


def first_line(told: object) -> str:
    """The first line of what is told, such as an error of a library that goes on for many."""
    return str(told).partition("\n")[0]


def look_up(what: str, name: str, known: Mapping[str, Named]) -> Named:
    """What is called `name`; RequestError, which says what it should be, if nothing is."""
    if name not in known:
        raise RequestError(f"unknown {what} {name!r}: {suggest(name, known)}")
    return known[name]


def suggest(name: str, known: Iterable[str]) -> str:
    """The remedy for a name that is not known."""
    known = list(known)
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f"did you mean {close[0]}?" if close else f"there are {', '.join(known) or 'none'}"
