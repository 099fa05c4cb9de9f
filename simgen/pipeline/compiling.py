"""Noticing compilers: what a kernel takes the first time it is needed on a machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from numba.core.event import Event, Listener, install_listener, register, trigger_event

from simgen.core.compiled import check_cache

_COMPILE = "numba:compile"


class _Once(Listener):
    """Passes on the first event."""

    def __init__(self, tell: Callable[[], None]) -> None:
        self._tell, self._told = tell, False

    def on_start(self, event: Event) -> None:  # noqa: ARG002 - Numba calls it so
        if not self._told:
            self._told = True
            self._tell()

    def on_end(self, event: Event) -> None:
        """Nothing."""


@contextmanager
def noticed(tell: Callable[[], None]) -> Iterator[None]:
    """Call `tell` once if a kernel is compiled meanwhile; what the cache holds is not.

    Raises:
        RunError: the cache is full or damaged.
    """
    with install_listener(_COMPILE, _Once(tell)):
        try:
            yield
        except Exception as error:
            check_cache(error)
            raise


def notice(tell: Callable[[], None]) -> None:
    """Call `tell` once if a kernel is compiled in the rest of this process' life."""
    register(_COMPILE, _Once(tell))  # type: ignore[no-untyped-call]


def announce() -> None:
    """Have it noticed here that a worker process compiles."""
    with trigger_event(_COMPILE):
        pass
