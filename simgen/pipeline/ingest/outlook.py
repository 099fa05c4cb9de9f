"""What a failure log tells of telemetry: what comes before failures, and how long lives are."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from simgen.core import RequestError

_HOUR = 3_600_000_000  # [us]


def outlook(telemetry: pa.Table, failures: pa.Table, *, horizon: float) -> pa.Table:
    """The telemetry with whether its machine fails within a horizon.

    Readings within a horizon of the end of all records, or of the end that a failure log states
    for a machine, are left out whatever their label: only failures could be known there. So are
    those after which their machine's readings stop before one can know; if machines leave because
    they are about to fail, labels lack these, and `lives` has them as censored. Time is the
    calendar's, as a log knows it.

    Args:
        telemetry: as `read_wide` or `read_long` gives it.
        failures: as `read_failures` gives it.
        horizon: [h]

    Returns:
        The columns of `telemetry`, and `label`.

    Raises:
        RequestError: a failure's machine has no telemetry, or all readings have the same label.
    """
    if horizon <= 0.0:
        raise RequestError(f"horizon = {horizon:g} h is out of bounds: must be > 0")
    left, watched, read = (np.empty(len(telemetry)) for _ in range(3))
    rows, end = _rows(telemetry), np.inf
    ends = _ends(failures, set(rows))
    at = _hours(telemetry["at"])
    for machine, mine in rows.items():
        when, failed = ends.get(machine, (np.empty(0), np.empty(0, np.bool_)))
        left[mine] = _until(when[failed], at[mine])
        watched[mine] = when[~failed].min(initial=np.inf) - at[mine]
        read[mine] = at[mine].max() - at[mine]
        if when[failed].max(initial=-np.inf) < at[mine].max():
            end = at.max()  # which there is not if all machines ran to failure
    label = left <= horizon
    kept = (label | (read >= horizon)) & (np.minimum(watched, end - at) >= horizon)
    if len(set(label[kept].tolist())) < 2:
        raise RequestError(
            f"{int(label[kept].sum())} of {int(kept.sum())} readings come within horizon = "
            f"{horizon:g} h of a failure: both kinds are needed"
        )
    return telemetry.append_column("label", pa.array(label)).filter(pa.array(kept))


def lives(telemetry: pa.Table, failures: pa.Table) -> pa.Table:
    """How long machines were watched until each failure, or without one.

    A life begins where the machine's telemetry begins, or with the failure before: ages at the
    start are not known.

    Args:
        telemetry: as `read_wide` or `read_long` gives it.
        failures: as `read_failures` gives it.

    Returns:
        `machine_id`, `duration` [h] and `event`: whether it ended with a failure.

    Raises:
        RequestError: a failure's machine has no telemetry.
    """
    at, rows = _hours(telemetry["at"]), _rows(telemetry)
    ends, found = _ends(failures, set(rows)), []
    for machine, mine in rows.items():
        when, failed = ends.get(machine, (np.empty(0), np.empty(0, np.bool_)))
        stop = np.append(when[~failed], max(at[mine].max(), when.max(initial=-np.inf))).min()
        first = at[mine].min()
        failures_of = when[failed & (when > first) & (when <= stop)].tolist()
        events = [*(True for _ in failures_of), False]
        found += [
            (machine, late - early, event)
            for (early, late), event in zip(
                pairwise([first, *failures_of, stop]), events, strict=True
            )
            if late > early
        ]
    return pa.table(
        {
            "machine_id": pa.array([machine for machine, _, _ in found], pa.string()),
            "duration": pa.array([duration for _, duration, _ in found], pa.float64()),
            "event": pa.array([event for _, _, event in found], pa.bool_()),
        }
    )


def _hours(when: pa.ChunkedArray) -> npt.NDArray[np.float64]:
    return np.asarray(when.cast(pa.int64()).to_numpy(), np.float64) / _HOUR


def _rows(table: pa.Table) -> dict[str, npt.NDArray[np.int64]]:
    """Places of each machine's rows."""
    found = table["machine_id"].combine_chunks().dictionary_encode()
    codes, machines = found.indices.to_numpy(), found.dictionary.to_pylist()
    ends = np.cumsum(np.bincount(codes, minlength=len(machines)))
    parts = np.split(np.argsort(codes, kind="stable"), ends[:-1]) if machines else []
    return dict(zip(machines, parts, strict=True))


def _ends(
    failures: pa.Table, known: set[str]
) -> dict[str, tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]]:
    """When each machine failed or was last watched, ascending, and which of the two it is."""
    at, failed = _hours(failures["at"]), failures["failed"].to_numpy()
    rows = _rows(failures)
    if strange := sorted(set(rows) - known):
        raise RequestError(
            f"the failure log names {len(strange)} machines without telemetry, such as "
            f"{strange[0]}: name machines alike in both, or leave them out"
        )
    ordered = {machine: mine[np.argsort(at[mine])] for machine, mine in rows.items()}
    return {machine: (at[mine], failed[mine]) for machine, mine in ordered.items()}


def _until(when: npt.NDArray[np.float64], at: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Time until the next of some ascending instants; infinite after the last `(n,)`."""
    return np.asarray(np.append(when, np.inf)[np.searchsorted(when, at)] - at)
