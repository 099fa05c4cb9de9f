"""Where compiled kernels are kept."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from numba.core import config

from simgen.core.compiled import find_cache


@pytest.fixture
def homeless(tmp_path, monkeypatch):
    """A package that can't be written, run by a user without a home; gives the package."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("HOME", str(tmp_path / "file" / "home"))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("NUMBA_CACHE_DIR", "")
    monkeypatch.setattr(config, "CACHE_DIR", config.CACHE_DIR)  # Numba's own copy of it
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    return tmp_path / "file" / "simgen"


def test_kernels_go_into_a_folder_of_the_users_own_where_numba_finds_none(homeless, tmp_path):
    """Nobody else can write there, and the next process takes the same."""
    find_cache(homeless)
    chosen = os.environ["NUMBA_CACHE_DIR"]

    assert chosen == str(tmp_path / "tmp" / f"simgen-{os.geteuid()}")
    assert stat.S_IMODE(Path(chosen).stat().st_mode) == 0o700
    os.environ["NUMBA_CACHE_DIR"] = ""
    find_cache(homeless)
    assert os.environ["NUMBA_CACHE_DIR"] == chosen


def test_a_folder_that_others_can_write_is_not_taken(homeless, tmp_path):
    """What lies in a cache is run: another folder is made."""
    taken = tmp_path / "tmp" / f"simgen-{os.geteuid()}"
    taken.mkdir()
    taken.chmod(0o777)

    find_cache(homeless)
    chosen = os.environ["NUMBA_CACHE_DIR"]
    assert chosen.startswith(f"{taken}-")
    assert stat.S_IMODE(Path(chosen).stat().st_mode) == 0o700


def test_a_link_is_not_followed(homeless, tmp_path):
    """It may lead to a folder that somebody else can read and change."""
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    place = tmp_path / "tmp" / f"simgen-{os.geteuid()}"
    place.symlink_to(tmp_path / "elsewhere")

    find_cache(homeless)
    assert os.environ["NUMBA_CACHE_DIR"].startswith(f"{place}-")


@pytest.mark.parametrize("usable", ["package", "home", "XDG_CACHE_HOME", "NUMBA_CACHE_DIR"])
def test_where_numba_finds_a_folder_nothing_is_changed(homeless, tmp_path, monkeypatch, usable):
    """Beside the source, in the user's cache, or where the user said."""
    package = tmp_path / "simgen" if usable == "package" else homeless
    if usable != "package":
        monkeypatch.setenv("HOME" if usable == "home" else usable, str(tmp_path / "own"))
    before = os.environ["NUMBA_CACHE_DIR"]

    find_cache(package)
    assert os.environ["NUMBA_CACHE_DIR"] == before
    assert not list((tmp_path / "tmp").iterdir())


@pytest.mark.parametrize("first", ["", "import numba"])
def test_numba_takes_the_folder(tmp_path, first):
    """Also where it was imported before."""
    program = f"""
import os
{first}
os.access = lambda *_: False  # a test may be root, who can write anywhere
import simgen
from simgen.kernels import philox
kernels = [one for one in vars(philox).values() if hasattr(one, "_cache")]
print(os.environ["NUMBA_CACHE_DIR"], {{one._cache.cache_path for one in kernels}})
"""
    environment = {**os.environ, "NUMBA_CACHE_DIR": "", "TMPDIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    folder, _, used = done.stdout.partition(" ")

    assert folder == str(tmp_path / f"simgen-{os.geteuid()}")
    assert f"{folder}/kernels_" in used
