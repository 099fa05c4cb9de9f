"""Saying a line to whoever reads on; the work goes on as well if nobody does."""

from __future__ import annotations

import os
import sys
from typing import TextIO


def say(text: str) -> None:
    """Say one line of the results on standard output."""
    write_line(text, sys.stdout)


def tell(text: str) -> None:
    """Say one line on standard error: standard output is for results."""
    write_line(text, sys.stderr)


def write_line(text: str, stream: TextIO) -> None:
    """Write the line at once.

    That its reader left, as `| head` does, says nothing of the work: what follows goes nowhere.
    """
    try:
        print(text, file=stream, flush=True)
    except BrokenPipeError:
        silence(stream)


def silence(stream: TextIO) -> None:
    """Have what the stream still holds, and all that follows, go nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
