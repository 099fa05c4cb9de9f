"""Parts of several tables, written at once."""

import os
import subprocess
import sys

import pytest
from toys.coin import EVENTS, FLIPS

from simgen.core import RunError
from simgen.storage.folders import open_folder
from simgen.storage.parts import write_parts

FORK = """
import os, sys
from toys.coin import EVENTS, FLIPS
from simgen.storage.folders import open_folder
from simgen.storage.parts import write_parts

def write(name):
    rows = {table.name: table.schema.empty_table() for table in (FLIPS, EVENTS)}
    return write_parts(open_folder(os.path.join(sys.argv[1], name)), (FLIPS, EVENTS), 0, rows)

write("before")
child = os.fork()
if child == 0:
    os._exit(len(write("in_the_fork")) != 2)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def empty_rows():
    return {table.name: table.schema.empty_table() for table in (FLIPS, EVENTS)}


def test_parts_come_in_the_order_of_the_tables_and_leave_no_rows_behind(tmp_path):
    """What is written needs no memory any more."""
    rows = empty_rows()
    parts = write_parts(open_folder(tmp_path), (EVENTS, FLIPS), 3, rows)

    assert [part.table for part in parts] == [EVENTS.name, FLIPS.name]
    assert all((tmp_path / part.path).is_file() for part in parts)
    assert rows == {}


def test_a_part_that_cannot_be_written_is_told_when_all_others_are_done(tmp_path):
    """Nothing goes on behind the back of who hears of it."""
    (tmp_path / FLIPS.name).write_text("in the way")

    with pytest.raises(RunError):
        write_parts(open_folder(tmp_path), (FLIPS, EVENTS), 0, empty_rows())

    assert (tmp_path / EVENTS.name / "part-00000.parquet").is_file()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no forks")
def test_a_fork_of_a_process_that_wrote_parts_writes_too(tmp_path):
    """A fork has none of its parent's threads."""
    path = os.pathsep.join(sys.path)
    done = subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", FORK, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": path},
        timeout=60,
        check=False,
    )

    assert done.returncode == 0
    assert (tmp_path / "in_the_fork" / FLIPS.name / "part-00000.parquet").is_file()
