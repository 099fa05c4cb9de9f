"""A packaging line in pictures: how a stop spreads, what was made, and what every site shows."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from simgen.core import Bars, Curve, Illustration, Plot, Source
from simgen.domains.industrial.fleet.components import component_table
from simgen.domains.industrial.kernels.lines import STATES
from simgen.domains.industrial.packaging.lookalikes import BadMaterial, LineSensorFault
from simgen.domains.industrial.packaging.stations import TABLE
from simgen.domains.industrial.site.illustrations import DAYS, SitePictures, days, numbers

_BEFORE, _AFTER = 5.0, 35.0  # of the stop that is shown [min]
_DAY = 24.0 * 60.0  # [min]

# The longest jam for which all others of its line had to wait, one way or the other.
_STOP = """
WITH spans AS (
    SELECT *, lead("at") OVER (PARTITION BY machine_id ORDER BY "at") AS until FROM messages
), waits AS (
    SELECT machine_id, root_machine_id, "at" FROM messages WHERE state IN ('starved', 'blocked')
), jams AS (
    SELECT machine_id, "at", until FROM spans
    WHERE state = 'jam' AND until IS NOT NULL ORDER BY until - "at" DESC LIMIT 200
)
SELECT jams."at", jams.machine_id
FROM jams LEFT JOIN waits
    ON waits.root_machine_id = jams.machine_id AND waits."at" BETWEEN jams."at" AND jams.until
GROUP BY jams."at", jams.machine_id, jams.until
ORDER BY count(DISTINCT waits.machine_id) DESC, jams.until - jams."at" DESC, jams."at" LIMIT 1
"""
_LINE = """
SELECT machine_id, kind::VARCHAR AS kind FROM machines
WHERE line_id = (SELECT line_id FROM machines WHERE machine_id = {machine}) ORDER BY place
"""
_MESSAGES = """
SELECT "at", machine_id, state::VARCHAR AS state FROM messages
WHERE machine_id IN ({machines}) ORDER BY machine_id, "at"
"""
_MADE = """
SELECT line_id, min("at") AS "at", sum(made) AS made, sum(n_jams) AS jams
FROM production GROUP BY line_id, time_bucket(INTERVAL '1 day', "at" - INTERVAL '1 second')
ORDER BY line_id, "at"
"""


def spread(sources: Mapping[str, Source]) -> list[Plot]:
    """What each machine of a line did around one jam, in the first data set."""
    source = next(iter(sources.values()))
    found = source.ask(_STOP)
    if not found.num_rows:
        return []
    machine, begin = found["machine_id"][0].as_py(), days(source, found, "at")[0] * _DAY
    line = source.ask(_LINE.format(machine=machine))
    ids = line["machine_id"].to_pylist()
    rows = source.ask(_MESSAGES.format(machines=", ".join(map(str, ids))))
    start, row = days(source, rows, "at") * _DAY - begin, rows["machine_id"].to_numpy()
    # Each lasts until the machine's next, and the last beyond what is shown.
    stop = np.where(np.diff(row, append=-1) == 0, np.append(start[1:], 0.0), _AFTER)
    shown = (stop > -_BEFORE) & (start < _AFTER)
    place, state = np.searchsorted(ids, row), np.array(rows["state"].to_pylist(), object)
    bars = [
        Bars(
            name=name,
            row=place[mine],
            start=np.maximum(start[mine], -_BEFORE),
            stop=np.minimum(stop[mine], _AFTER),
        )
        for name in STATES
        if name != "running" and (mine := shown & (state == name)).any()
    ]
    kinds = [kind.replace("_", " ") for kind in line["kind"].to_pylist()]
    name = kinds[ids.index(machine)]
    n_waiting = len({int(one) for bar in bars if bar.name in STATES[2:4] for one in bar.row})
    return [
        Plot(
            title=f"A jam of the {name}",
            x="minutes since it jammed",
            y="",
            rows=kinds,
            bars=bars,
            x_range=(-_BEFORE, _AFTER),
            alt=f"States of {len(ids)} machines around a jam of the {name}: {n_waiting} of them "
            "starve or are blocked meanwhile.",
        )
    ]


def made(sources: Mapping[str, Source]) -> list[Plot]:
    """Products and jams of each line of the first data set, day by day."""
    source = next(iter(sources.values()))
    rows = source.ask(_MADE)
    lines, at = rows["line_id"].to_numpy(), np.floor(days(source, rows, "at"))
    plots = []
    for name, label in (("made", "products a day"), ("jams", "jams a day")):
        values = numbers(rows, name)
        curves = [
            Curve(name=f"line {one}", x=at[lines == one], y=values[lines == one], steps=True)
            for one in np.unique(lines).tolist()
        ]
        if not (values > 0).any():
            continue
        alt = f"{label} of {len(curves)} lines: {values[values > 0].mean():.0f} in the mean."
        plots.append(Plot(title=label, x=DAYS, y=label, curves=curves, alt=alt))
    return plots


ILLUSTRATIONS = (
    Illustration(
        title="How a stop spreads",
        doc="The longest jam for which most others had to wait. Who stands before it is blocked "
        "once its buffer is full, who stands behind starves once theirs is empty.",
        plot=spread,
    ),
    Illustration(
        title="What lines made",
        doc="On workdays, in two shifts. A failure that waits for its spare costs days.",
        plot=made,
    ),
    *SitePictures(
        noun="machine",
        shown={
            "current": "current [A]",
            "vibration": "vibration [mm/s]",
        },
        kinds=component_table(TABLE).kinds,
        marked=(BadMaterial.kind, LineSensorFault.kind),
    ).chapters,
)
