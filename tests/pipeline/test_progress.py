"""Telling how far the work is."""

import io
import itertools

from numba import njit
from toys.jobs import Compiles

from simgen.pipeline.executors import Processes
from simgen.pipeline.progress import Count, Lines, progress


def test_lines_come_every_few_seconds_and_at_the_end():
    """A log does not fill up, and shows rows, rate and what is left."""
    seconds = itertools.count()
    stream = io.StringIO()
    count = Count(n_blocks=20, n_done=4, clock=lambda: float(next(seconds)))
    advance = Lines("coins", count, stream)

    for _ in range(16):
        advance(1_000)

    lines = stream.getvalue().splitlines()
    assert 2 <= len(lines) < 16
    assert lines[0].startswith("coins: ")
    assert lines[-1].startswith("coins: 20/20 blocks, 16,000 rows, ")
    assert lines[-1].endswith("rows/s, 0 s left")


def test_the_rate_counts_only_what_this_run_did():
    """Blocks of an earlier attempt took no time now; their rows are there all the same."""
    now = [0.0]
    count = Count(n_blocks=10, n_done=5, n_rows=3_000, clock=lambda: now[0])
    now[0] = 2.0
    count.add(500)

    assert count.rows() == "3,500 rows, 250 rows/s"
    assert count.left_time() == 4 * 2.0


def test_quiet_says_nothing(capsys):
    """Not even at the end."""
    with progress("coins", n_blocks=1, n_done=0, quiet=True) as advance:
        advance(3)

    assert capsys.readouterr().err == ""


def test_elsewhere_than_on_a_terminal_lines_go_to_standard_error(capsys):
    """Standard output is left to results."""
    with progress("coins", n_blocks=1, n_done=0, quiet=False) as advance:
        advance(3)

    said = capsys.readouterr()
    assert said.out == ""
    assert "coins: 1/1 blocks, 3 rows" in said.err


def test_a_terminal_gets_a_bar(monkeypatch, capsys):
    """With blocks, rows and rate."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")
    with progress("coins", n_blocks=2, n_done=1, quiet=False) as advance:
        advance(3)

    said = capsys.readouterr().err
    assert "2/2 blocks, 3 rows" in said
    assert "━" in said


def test_compiling_is_told_once(capsys):
    """The first run of a kernel takes long; what is compiled already says nothing."""
    kernels = [njit(lambda x: x + 1), njit(lambda x: x + 2)]
    for _ in range(2):
        with progress("coins", n_blocks=1, n_done=0, quiet=False):
            assert [kernel(1) for kernel in kernels] == [2, 3]

    assert capsys.readouterr().err == "coins: compiling (first run)\n"


def test_workers_that_compile_are_told_of_once(capsys):
    """However many there are, as if this process did."""
    with progress("coins", n_blocks=4, n_done=0, quiet=False):
        assert sorted(Processes(n_workers=2).run(Compiles(), range(4))) == [1, 2, 3, 4]

    assert capsys.readouterr().err == "coins: compiling (first run)\n"


def test_a_bar_tells_of_compilers_too(monkeypatch, capsys):
    """In the place of rows, of which there are none yet."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")
    with progress("coins", n_blocks=1, n_done=0, quiet=False):
        njit(lambda x: x + 1)(1)

    assert "0/1 blocks, compiling (first run)" in capsys.readouterr().err
