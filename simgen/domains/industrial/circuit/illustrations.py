"""A pump rig in pictures: one run of each kind of fault."""

from __future__ import annotations

from collections.abc import Mapping

from simgen.core import Curve, Illustration, Plot, Source
from simgen.domains.industrial.site.illustrations import numbers

# The run of each kind in which it went farthest.
_RUNS = """
SELECT arg_max(r.run_id, e.severity) AS run_id, r.done::VARCHAR AS done,
    arg_max(epoch(e.onset_at - r.started_at), e.severity) AS onset,
    arg_max(epoch(e.ended_at - r.started_at), e.severity) AS ended
FROM runs AS r JOIN events AS e
    ON e.entity_id = r.run_id AND e.kind::VARCHAR = r.done::VARCHAR
GROUP BY r.done ORDER BY 2
"""
_SECONDS = """
SELECT epoch(t."at" - r.started_at) AS second, t.flow, t.accelerometer_1
FROM telemetry AS t JOIN runs AS r USING (run_id) WHERE run_id = {run} ORDER BY 1
"""


def runs(sources: Mapping[str, Source]) -> list[Plot]:
    """Flow and vibration of a run of each kind."""
    source = next(iter(sources.values()))
    plots = []
    for run in source.ask(_RUNS).to_pylist():
        rows, name = source.ask(_SECONDS.format(run=run["run_id"])), run["done"].replace("_", " ")
        for column, label in (("flow", "flow [l/min]"), ("accelerometer_1", "acceleration [g]")):
            values = numbers(rows, column)
            plots.append(
                Plot(
                    title=f"{name}: {label.partition(' [')[0]}",
                    x="seconds of the run",
                    y=label,
                    curves=[Curve(name="", x=numbers(rows, "second"), y=values)],
                    spans=[(name, run["onset"], run["ended"])],
                    alt=f"{label} in run {run['run_id']}, with {name}: from {values.min():.3g} "
                    f"to {values.max():.3g}.",
                    is_wide=False,
                )
            )
    return plots


ILLUSTRATIONS = (
    Illustration(
        title="What is done to runs",
        doc="Flow and vibration, second by second, of the run of each kind in which it went "
        "farthest. Marked is when it was done.",
        plot=runs,
    ),
)
