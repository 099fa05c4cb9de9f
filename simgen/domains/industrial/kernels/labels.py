"""Labels of records: cells of events, row by row."""

from __future__ import annotations

from typing import Any

from numba import njit


@njit(cache=True, error_model="numpy", nogil=True)
def mark(machines: Any, machine: Any, code: Any, out: Any) -> None:
    """Fill in a code where a record is of one machine.

    Args:
        machines: whose each record is. (n,)
        machine: the one.
        code: what is filled in.
        out: (n,)
    """
    for i in range(len(out)):
        if machines[i] == machine:
            out[i] = code


@njit(cache=True, error_model="numpy", nogil=True)
def mark_defect(
    machines: Any, machine: Any, defects: Any, defect: Any, code: Any, out: Any
) -> None:
    """The same where a record also belongs to one defect.

    Args:
        machines: whose each record is. (n,)
        machine: the one.
        defects: to which each record belongs. (n,)
        defect: the one.
        code: what is filled in.
        out: (n,)
    """
    for i in range(len(out)):
        if machines[i] == machine and defects[i] == defect:
            out[i] = code


@njit(cache=True, error_model="numpy", nogil=True)
def tell(event: Any, truths: Any, out: Any) -> None:
    """Fill in what is true of the events that records belong to.

    Args:
        event: which one each record belongs to, an index into the truths; -1 if none. (n,)
        truths: of each event, four arrays. (k,) each
        out: the same of each record; untouched where it belongs to no event. (n,) each
    """
    one, two, three, four = out
    # All in one pass: few records belong to any event.
    for i in range(len(event)):
        k = event[i]
        if k >= 0:
            one[i], two[i], three[i], four[i] = (
                truths[0][k],
                truths[1][k],
                truths[2][k],
                truths[3][k],
            )
