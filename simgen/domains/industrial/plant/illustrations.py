"""A pump station in pictures: what its sensors read, what the crew did, how long parts live."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from simgen.core import Bars, Curve, Illustration, Plot, Source
from simgen.domains.industrial.plant.parts import KINDS
from simgen.domains.industrial.survival import kaplan_meier

Floats = npt.NDArray[np.float64]

_DAYS = "days since the start"
_SHOWN = {
    "vibration": "vibration [mm/s]",
    "temperature": "bearing [degree Celsius]",
    "flow": "flow [m3/h]",
    "power": "power [kW]",
}
_YEAR = 365.25 * 24.0  # [h]
_MOST_MACHINES = 24  # in a chart of work

# The pump that failed most often, or else whose defects lasted longest, has most to show.
_WORST_PUMP = """
SELECT entity_id FROM events WHERE lookalike_of = '' GROUP BY entity_id
ORDER BY (SELECT count(*) FROM failures WHERE machine_id = entity_id) DESC,
    sum(epoch(ended_at - onset_at)) DESC, entity_id LIMIT 1
"""
_READINGS = """
SELECT min("at") AS "at", median(vibration) AS vibration, median(temperature) AS temperature,
    median(flow) AS flow, median(power) AS power
FROM telemetry WHERE machine_id = {pump}
GROUP BY time_bucket(INTERVAL '6 hours', "at") ORDER BY 1
"""
_EVENTS = """
SELECT kind::VARCHAR AS kind, onset_at, ended_at, lookalike_of = '' AS rare
FROM events
WHERE entity_id = {pump} AND (lookalike_of = '' OR kind IN ('sensor_fault', 'clogged_strainer'))
ORDER BY lookalike_of, onset_at
"""
_FAILURES = 'SELECT "at" FROM failures WHERE machine_id = {pump}'
_ORDERS = """
SELECT machine_id, kind::VARCHAR AS kind, opened_at, started_at, finished_at
FROM work_orders ORDER BY opened_at
"""


def _numbers(rows: Any, name: str) -> Floats:
    return np.asarray(rows[name].to_numpy(), np.float64)


def _days(source: Source, rows: Any, name: str) -> Floats:
    """Instants as days since the start; NaN where there is none."""
    passed = rows[name].to_numpy() - np.datetime64(source.parameters["start_date"], "us")
    return np.asarray(passed / np.timedelta64(1, "D"), np.float64)


def telemetry(sources: Mapping[str, Source]) -> list[Plot]:
    """The readings of the pump with most to show in the first data set, with events marked."""
    source = next(iter(sources.values()))
    found = source.ask(_WORST_PUMP)
    if not found.num_rows:
        return []
    pump = found["entity_id"][0].as_py()
    rows = source.ask(_READINGS.format(pump=pump))
    events = source.ask(_EVENTS.format(pump=pump))
    failures = source.ask(_FAILURES.format(pump=pump))
    ends = (_days(source, events, name).tolist() for name in ("onset_at", "ended_at"))
    spans = list(zip(events["kind"].to_pylist(), *ends, strict=True))
    rare = events.filter(events["rare"])["kind"].to_pylist()
    return [
        Plot(
            title=f"Pump {pump}: {name}",
            x=_DAYS,
            y=label,
            curves=[Curve(name="", x=_days(source, rows, "at"), y=_numbers(rows, name))],
            spans=spans,
            marks=[("failure", day) for day in _days(source, failures, "at").tolist()],
            x_range=(0.0, float(source.parameters["n_days"])),
            alt=(
                f"{label} of pump {pump} over time: median {np.nanmedian(_numbers(rows, name)):.1f}"
                f", with {', '.join(sorted(set(rare)))} and {failures.num_rows} failures marked."
            ),
        )
        for name, label in _SHOWN.items()
    ]


def work(sources: Mapping[str, Source]) -> list[Plot]:
    """What was asked for, waited for and done at each pump; one chart for each data set."""
    return [plot for name, source in sources.items() for plot in _work(name, source)]


def _work(name: str, source: Source) -> list[Plot]:
    rows = source.ask(_ORDERS)
    found = source.ask("SELECT machine_id FROM machines ORDER BY machine_id")
    machines = found["machine_id"].to_pylist()[:_MOST_MACHINES]
    end, row_of = float(source.parameters["n_days"]), {one: i for i, one in enumerate(machines)}
    opened, started, finished = (
        np.nan_to_num(_days(source, rows, column), nan=end)
        for column in ("opened_at", "started_at", "finished_at")
    )
    place = np.array([row_of.get(one, -1) for one in rows["machine_id"].to_pylist()], np.int64)
    kinds, shown = np.array(rows["kind"].to_pylist(), object), place >= 0
    if not shown.any():
        return []
    bars = [Bars(name="waits", row=place[shown], start=opened[shown], stop=started[shown])]
    for kind in dict.fromkeys(kinds[shown].tolist()):
        mine = shown & (kinds == kind) & (started < end)
        bars.append(Bars(name=kind, row=place[mine], start=started[mine], stop=finished[mine]))
    waits = (started - opened)[shown]
    return [
        Plot(
            title=f"Work, {name}",
            x=_DAYS,
            y="",
            rows=[f"pump {one}" for one in machines],
            x_range=(0.0, end),
            bars=[kind for kind in bars if len(kind.row)],
            alt=(
                f"Work on {len(machines)} pumps, {name}: {len(waits)} orders, which waited "
                f"{np.median(waits):.1f} days in the median and {waits.max():.1f} at most."
            ),
        )
    ]


def survival(sources: Mapping[str, Source]) -> list[Plot]:
    """Kaplan and Meier's curves of each component, a line for each data set."""
    view = files("simgen.domains.industrial") / "views" / "component_survival.sql"
    lives = {name: source.ask(view.read_text("utf-8")) for name, source in sources.items()}
    plots = []
    for kind in KINDS:
        curves = [
            _curve(name, rows.filter(pc.equal(rows["kind"], kind))) for name, rows in lives.items()
        ]
        plots.append(
            Plot(
                title=f"{kind}: share alive, 95 % interval",
                x="age in use [years of 8,766 h]",
                y="share alive",
                y_range=(0.0, 1.03),
                curves=curves,
                alt=f"Survival of the {kind} by age: "
                + ", ".join(f"{c.name}, {100 * c.y[-1]:.0f} % left" for c in curves),
                is_wide=False,
            )
        )
    return plots


def _curve(name: str, rows: pa.Table) -> Curve:
    """The curve of one kind of component in one data set, to the end of its oldest life."""
    duration, failed = _numbers(rows, "duration"), rows["event"].to_numpy()
    found = kaplan_meier(duration, failed, _numbers(rows, "entry"))
    age, share, low, high = (np.append(values, values[-1]) for values in found)
    age[-1] = duration.max()
    return Curve(
        name=f"{name} ({int(failed.sum())} of {len(failed)} failed)",
        x=age / _YEAR,
        y=share,
        low=low,
        high=high,
        steps=True,
    )


ILLUSTRATIONS = (
    Illustration(
        title="What the sensors read",
        doc="Medians of six hours of the pump that failed most often. Marked are its defects "
        "from onset to end, what resembles them, and failures.",
        plot=telemetry,
    ),
    Illustration(
        title="What the crew did",
        doc="From when work was asked for until it began, and until it was done; bars of hours are "
        "drawn as wide as can be seen.",
        plot=work,
    ),
    Illustration(
        title="How long components live",
        doc="Kaplan and Meier's estimate. Components that were old at the start count from their "
        "age then; those that were renewed in time, or are alive at the end, are censored. Where "
        "few are at risk, as at low ages, steps are large.",
        plot=survival,
    ),
)
