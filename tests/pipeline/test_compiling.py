"""Kernels that are compiled, and kept."""

from pathlib import Path

import pytest
from numba import njit
from numba.core import config

from simgen.core import RunError
from simgen.pipeline.compiling import noticed


def test_a_damaged_cache_is_named(tmp_path, monkeypatch):
    """Such as one whose disk was full: it is no defect of whose kernel it is."""
    monkeypatch.setattr(config, "CACHE_DIR", str(tmp_path))

    @njit(cache=True)
    def double(x):
        return 2.0 * x

    place = double._cache._cache_file._index_path
    Path(place).write_bytes(b"")
    with (
        pytest.raises(RunError, match=rf"can't be kept in {tmp_path}/.* \(EOFError.*delete its"),
        noticed(lambda: None),
    ):
        double(1.0)


def test_other_errors_are_left_as_they_are():
    """They tell of no cache."""
    with pytest.raises(OSError, match="elsewhere"), noticed(lambda: None):
        raise OSError("elsewhere")
