"""From a session's history to batches of the declared tables."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from simgen.core import Batch, timestamps
from simgen.des import EventLog
from simgen.domains.industrial.circuit import schema
from simgen.domains.industrial.circuit.faults import FAULTS, KINDS
from simgen.domains.industrial.circuit.kernels import ROW, read_run
from simgen.domains.industrial.circuit.session import Run, Session, severity
from simgen.domains.industrial.labels import events_batch, label_rows

_CHANNELS = ROW.names[:-2] if ROW.names else ()
_SEEN = 2.0  # deviations of noise from which what is done can be seen; assumption


def batches(session: Session) -> Iterator[Batch]:
    """Every table of the block."""
    ids = [run.run_id for run in session.runs]
    yield _runs(session)
    yield _telemetry(session, ids)
    yield events_batch(schema.EVENTS, session.about.start_date, session.events, ids)


def _runs(session: Session) -> Batch:
    log = EventLog(schema.RUNS, session.about.start_date)
    for run in session.runs:
        log.add(
            run_id=run.run_id,
            session_id=session.session_id,
            started_at=run.started_at,
            stopped_at=run.stopped_at,
            speed=float(run.rig["speed"]),
            done=run.kind,
        )
    return log.batch()


def _telemetry(session: Session, ids: list[int]) -> Batch:
    seconds = [
        np.arange(run.started_at, run.stopped_at, 1.0, dtype=np.float64) for run in session.runs
    ]
    rows = [_read(session, run, at) for run, at in zip(session.runs, seconds, strict=True)]
    at, readings = np.concatenate(seconds), np.concatenate(rows)
    whose = np.repeat(np.arange(len(rows)), [len(own) for own in rows])
    labels = label_rows(
        session.events,
        at,
        whose,
        sensors=("",),
        kinds=KINDS,
        rare_kinds=FAULTS,
    )
    return schema.TELEMETRY.batch(
        {
            "at": timestamps(session.about.start_date, at),
            "run_id": np.array(ids, np.int64)[whose],
            **{name: np.ascontiguousarray(readings[name]) for name in _CHANNELS},
            "severity": np.ascontiguousarray(readings["severity"]),
            **labels.columns(),
        }
    )


def _read(session: Session, run: Run, at: npt.NDArray[np.float64]) -> npt.NDArray[np.void]:
    """A run's rows; its event learns when it could be seen first."""
    rows = np.zeros(len(at), ROW)
    read_run(session.key, run.run_id, run.rig, severity(run, at), rows)
    event = run.event
    if event is not None:
        shown = (at >= event.onset_at) & (at <= event.ended_at) & (rows["trace"] >= _SEEN)
        event.detectable_at = float(at[np.argmax(shown)]) if shown.any() else None
    return rows
