"""Files that are there whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)  # what an error says where there is no space


@contextmanager
def whole(path: Path, folder: Path | None = None, *, durable: bool = True) -> Iterator[Path]:
    """A path aside; the file that is made there takes the place of `path`, or nothing is left.

    Args:
        path: the file.
        folder: where it is made, on the same file system; beside it unless told.
        durable: whether file and name are synced, so that they outlive a failure of the machine.
    """
    # At random: two machines that share a folder may give their processes the same number.
    aside = (folder or path.parent) / f".{secrets.token_hex(8)}.part"
    try:
        yield aside
        if durable:
            sync(aside)
        aside.replace(path)
        if durable:
            sync(path.parent)
    except BaseException:
        with suppress(OSError):
            aside.unlink()
        raise


def sync(path: Path) -> None:
    """Have a file or a folder outlive a failure of the machine."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
