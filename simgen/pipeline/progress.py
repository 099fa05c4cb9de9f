"""Telling how far the work is: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from simgen.pipeline.saying import tell, write_line

Advance = Callable[[int], None]  # called with the rows of each block as it is done

_LINE_EVERY_TIME = 5.0  # [s]
_COMPILING = "compiling (first run)"


@contextmanager
def progress(
    title: str,
    *,
    n_blocks: int,
    n_done: int,
    quiet: bool,
    n_rows: int = 0,
    unit: str = "blocks",
) -> Iterator[Advance]:
    """Show the work on `n_blocks` blocks on standard error.

    Args:
        title: what is worked on.
        n_blocks: all there are.
        n_done: those that were done before.
        quiet: whether to show nothing.
        n_rows: what was done before holds.
        unit: what a block is called.
    """
    console = Console(stderr=True)
    if quiet:
        yield lambda _rows: None
    elif console.is_terminal:
        with _bar(console, unit) as bar:
            task = bar.add_task(title, total=n_blocks, completed=n_done, rate="")
            count = Count(n_blocks=n_blocks, n_done=n_done, n_rows=n_rows)

            def advance(n_rows: int) -> None:
                count.add(n_rows)
                bar.update(task, completed=count.n_done, rate=count.rows())

            with _compilers(lambda: bar.update(task, rate=_COMPILING)):
                yield advance
    else:
        count = Count(n_blocks=n_blocks, n_done=n_done, n_rows=n_rows)
        with _compilers(lambda: tell(f"{title}: {_COMPILING}")):
            yield Lines(title, count, sys.stderr, unit)


def _compilers(say: Callable[[], None]) -> AbstractContextManager[None]:
    """While it lasts, kernels that are compiled have it said once: that can take a minute."""
    if "numba" not in sys.modules:  # whose import takes longer than many a run
        return nullcontext()
    from simgen.pipeline.compiling import noticed  # noqa: PLC0415

    return noticed(say)


@dataclass
class Count:
    """What was done, how fast, and what is left."""

    n_blocks: int
    n_done: int
    clock: Callable[[], float] = time.monotonic  # [s]
    n_rows: int = 0
    n_before: int = field(init=False)
    n_rows_before: int = field(init=False)
    began_at: float = field(init=False)

    def __post_init__(self) -> None:
        self.n_before, self.n_rows_before = self.n_done, self.n_rows
        self.began_at = self.clock()

    def add(self, n_rows: int) -> None:
        """Count one more block."""
        self.n_done += 1
        self.n_rows += n_rows

    def rows(self) -> str:
        """The rows, and at what rate they come now."""
        elapsed = max(self.clock() - self.began_at, 1e-9)
        rate = (self.n_rows - self.n_rows_before) / elapsed
        return f"{self.n_rows:,} rows, {rate:,.0f} rows/s"

    def left_time(self) -> float:
        """How long the rest will take at the present pace [s]."""
        pace = (self.clock() - self.began_at) / max(self.n_done - self.n_before, 1)
        return pace * (self.n_blocks - self.n_done)


@dataclass
class Lines:
    """Progress where there is no terminal: a line every few seconds, and the last one."""

    title: str
    count: Count
    stream: TextIO
    unit: str = "blocks"
    told_at: float = field(init=False)

    def __post_init__(self) -> None:
        self.told_at = self.count.began_at

    def __call__(self, n_rows: int) -> None:
        """Count a block and tell of it if the time has come."""
        count = self.count
        count.add(n_rows)
        now = count.clock()
        if now - self.told_at < _LINE_EVERY_TIME and count.n_done < count.n_blocks:
            return
        self.told_at = now
        done = f"{count.n_done}/{count.n_blocks} {self.unit}, {count.rows()}"
        write_line(f"{self.title}: {done}, {count.left_time():.0f} s left", self.stream)


def _bar(console: Console, unit: str) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn(f"{{task.completed:.0f}}/{{task.total:.0f}} {unit}, {{task.fields[rate]}}"),
        TimeRemainingColumn(),
        console=console,
    )
