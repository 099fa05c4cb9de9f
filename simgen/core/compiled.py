"""Where Numba keeps compiled kernels."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
import traceback
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from simgen.core.errors import RunError

_CACHE = "NUMBA_CACHE_DIR"


def find_cache(package: Path) -> None:
    """Have kernels cached in the temporary folder where Numba finds no folder of its own.

    It looks for one when a module with a kernel is imported, and fails without: beside the source,
    then in the user's cache (`numba/core/caching.py`). A read-only installation that is run by a
    user without a home has neither. Child processes inherit the choice. Nothing is made, and
    Numba not imported, where it finds one by itself.

    Args:
        package: the folder of the package.
    """
    usual = (package / "kernels" / "__pycache__", _user_cache(os.environ))
    if os.environ.get(_CACHE) or any(map(_is_usable, usual)):
        return
    with suppress(OSError):  # nothing can be written anywhere: Numba says so
        os.environ[_CACHE] = _own_folder()
    if "numba" in sys.modules:  # it has read its settings already
        sys.modules["numba"].core.config.reload_config()


def check_cache(error: BaseException) -> None:
    """RunError if Numba could not keep a kernel, or not read it again: no code is at fault then."""
    for frame, _ in traceback.walk_tb(error.__traceback__):
        folder = getattr(frame.f_locals.get("self"), "_cache_path", None)
        if frame.f_globals.get("__name__") == "numba.core.caching" and folder:
            reason = getattr(error, "strerror", None) or f"{type(error).__name__}: {error}"
            raise RunError(
                f"compiled kernels can't be kept in {folder} ({reason}): free some space there, or "
                "delete its files *.nbi and *.nbc"
            ) from error


def _user_cache(environment: Mapping[str, str]) -> Path:
    """As `numba/misc/appdirs.py` has it."""
    home = os.path.expanduser("~")  # noqa: PTH111 - Path's own fails for a user without a home
    if sys.platform == "darwin":
        return Path(home) / "Library" / "Caches" / "numba"
    return Path(environment.get("XDG_CACHE_HOME", f"{home}/.cache")) / "numba"


def _is_usable(folder: Path) -> bool:
    """Whether the folder can be written, and made if need be."""
    # What begins with ~ is the home of a user who has none: Numba would make a folder called so.
    if not folder.is_absolute():
        return False
    there = folder
    while not os.path.exists(there):  # noqa: PTH110 - Path's own fails where we may not look
        there = there.parent
    return there.is_dir() and os.access(there, os.W_OK | os.X_OK)


def _own_folder() -> str:
    """A folder that nobody else can write to: what lies there is run."""
    place = Path(tempfile.gettempdir()) / f"simgen-{os.geteuid()}"
    try:
        place.mkdir(mode=0o700)
    except FileExistsError:
        found = place.lstat()
        is_ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
        if not is_ours or found.st_mode & 0o077:
            return tempfile.mkdtemp(prefix=f"{place.name}-")
    return str(place)
