"""When an event first shows in records."""

from __future__ import annotations

from typing import Any

from numba import njit


@njit(cache=True, error_model="numpy", nogil=True)
def first_seen(event: Any, at: Any, first: Any) -> None:
    """Bring forward when each event first shows.

    Args:
        event: which event each record belongs to, -1 if none. (n,)
        at: when each record was made, ascending. (n,) [s]
        first: infinite, or what other records tell. (events,) [s]
    """
    for i in range(len(event)):
        if event[i] >= 0 and at[i] < first[event[i]]:
            first[event[i]] = at[i]
