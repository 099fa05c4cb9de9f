"""SQL over the parts of a data set."""

import resource

import pytest
from toys.coin import Coin

from simgen.core import RunError
from simgen.pipeline.generate import generate


def coins(place, n_blocks=1):
    return generate(Coin(n_blocks=n_blocks), out=place, difficulty=False, quiet=True)


def test_too_many_open_files_are_told_before_a_query_begins(tmp_path):
    """DuckDB would end the process."""
    data = coins(tmp_path)
    data.connect().close()
    least, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (3, most))
        with pytest.raises(RunError, match=r"too many open files: close some, .*, then try again$"):
            data.connect()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (least, most))


@pytest.mark.parametrize("name", ["rate=?", "rate=*", "rate=[12]"])
def test_a_path_is_no_pattern(tmp_path, name):
    """SQL sees the rows of this data set, and none of others that DuckDB would find."""
    coins(tmp_path / "rate=1")
    data = coins(tmp_path / name, n_blocks=2)

    found = data.connect().sql("SELECT count(*) FROM flips").fetchall()

    assert found == [(data.table("flips").num_rows,)]
