"""A site in pictures: what its sensors read, what the crew did, how long parts live."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from simgen.core import Bars, Curve, Illustration, Plot, Source
from simgen.domains.industrial.site.tables import plural
from simgen.domains.industrial.survival import kaplan_meier
from simgen.kernels.arrays import Floats

DAYS = "days since the start"
YEAR = 365.25 * 24.0  # [h]
_MOST_MACHINES = 24  # in a chart of work
_STEP = 0.25  # between two medians, as _READINGS has them [days]

# The machine that failed most often, or else whose defects lasted longest, has most to show.
_WORST = """
SELECT entity_id FROM events WHERE lookalike_of = '' GROUP BY entity_id
ORDER BY (SELECT count(*) FROM failures WHERE machine_id = entity_id) DESC,
    sum(epoch(ended_at - onset_at)) DESC, entity_id LIMIT 1
"""
_READINGS = """
SELECT time_bucket(INTERVAL '6 hours', "at") + INTERVAL '3 hours' AS "at", {columns}
FROM telemetry WHERE machine_id = {machine} GROUP BY 1 ORDER BY 1
"""
_EVENTS = """
SELECT kind::VARCHAR AS kind, onset_at, ended_at, lookalike_of = '' AS rare
FROM events
WHERE entity_id = {machine} AND (lookalike_of = '' OR kind IN ({marked}))
ORDER BY lookalike_of, onset_at
"""
_FAILURES = 'SELECT "at" FROM failures WHERE machine_id = {machine}'
_ORDERS = """
SELECT machine_id, kind::VARCHAR AS kind, opened_at,
       coalesce(started_at, cancelled_at) AS started_at,
       coalesce(finished_at, cancelled_at) AS finished_at
FROM work_orders ORDER BY opened_at
"""


def numbers(rows: Any, name: str) -> Floats:
    """A column `(n,)`."""
    return np.asarray(rows[name].to_numpy(), np.float64)


def days(source: Source, rows: Any, name: str) -> Floats:
    """Instants as days since the start `(n,)`; NaN where there is none."""
    passed = rows[name].to_numpy() - np.datetime64(source.parameters["start_date"], "us")
    return np.asarray(passed / np.timedelta64(1, "D"), np.float64)


def broken(at: Floats, values: Floats, longest: float) -> tuple[Floats, Floats]:
    """The points of a line `(n,)`, and NaN between two that are farther apart than `longest`."""
    after = np.flatnonzero(np.diff(at) > longest) + 1
    return np.insert(at, after, at[after]), np.insert(values, after, np.nan)


@dataclass(frozen=True, kw_only=True)
class SitePictures:
    """What there is to draw of sites of machines.

    Attributes:
        noun: what a machine is.
        shown: columns of telemetry, with what stands at their axis.
        kinds: of components.
        marked: look-alikes that are marked beside defects.
    """

    noun: str
    shown: Mapping[str, str]
    kinds: Sequence[str]
    marked: Sequence[str]

    @property
    def chapters(self) -> tuple[Illustration, ...]:
        """Readings, work and lives."""
        return (
            Illustration(
                title="What the sensors read",
                doc=f"Medians of six hours of the {self.noun} that failed most often. A line "
                "breaks where nothing was read. Marked are its defects from onset to end, what "
                "resembles them, and failures.",
                plot=self.telemetry,
            ),
            Illustration(
                title="What the crew did",
                doc="From when work was asked for until it began, and until it was done; bars of "
                "hours are drawn as wide as can be seen.",
                plot=self.work,
            ),
            Illustration(
                title="How long components live",
                doc="Kaplan and Meier's estimate. Components that were old at the start count from "
                "their age then; those that were renewed in time, or are alive at the end, are "
                "censored. Where few are at risk, as at low ages, steps are large.",
                plot=self.survival,
            ),
        )

    def telemetry(self, sources: Mapping[str, Source]) -> list[Plot]:
        """The readings of the machine with most to show in the first data set."""
        source = next(iter(sources.values()))
        machine = worst(source)
        if machine is None:
            return []
        columns = ", ".join(f"median({name}) AS {name}" for name in self.shown)
        rows = source.ask(_READINGS.format(columns=columns, machine=machine))
        at = days(source, rows, "at")
        return [
            self.marked_plot(source, machine, label, *broken(at, numbers(rows, name), 1.5 * _STEP))
            for name, label in self.shown.items()
        ]

    def marked_plot(
        self, source: Source, machine: int, label: str, at: Floats, values: Floats
    ) -> Plot:
        """Something about a machine over time, with its events and failures."""
        marked = ", ".join(f"'{kind}'" for kind in self.marked)
        events = source.ask(_EVENTS.format(machine=machine, marked=marked))
        failures = source.ask(_FAILURES.format(machine=machine))
        ends = (days(source, events, name).tolist() for name in ("onset_at", "ended_at"))
        rare = events.filter(events["rare"])["kind"].to_pylist()
        return Plot(
            title=f"{self.noun.capitalize()} {machine}: {label.partition(' [')[0]}",
            x=DAYS,
            y=label,
            curves=[Curve(name="", x=at, y=values)],
            spans=list(zip(events["kind"].to_pylist(), *ends, strict=True)),
            marks=[("failure", day) for day in days(source, failures, "at").tolist()],
            x_range=(0.0, float(source.parameters["n_days"])),
            alt=(
                f"{label} of {self.noun} {machine} over time: median {np.nanmedian(values):.3g}, "
                f"with {', '.join(sorted(set(rare)))} and {failures.num_rows} failures marked."
            ),
        )

    def work(self, sources: Mapping[str, Source]) -> list[Plot]:
        """What was asked for, waited for and done at each machine; a chart for each data set."""
        return [plot for name, source in sources.items() for plot in self._work(name, source)]

    def _work(self, name: str, source: Source) -> list[Plot]:
        rows = source.ask(_ORDERS)
        found = source.ask("SELECT machine_id FROM machines ORDER BY machine_id")
        machines = found["machine_id"].to_pylist()[:_MOST_MACHINES]
        part = f"the first {len(machines)} of " if len(machines) < found.num_rows else ""
        whose = f"{part}{found.num_rows} {plural(self.noun)}"
        end, row_of = float(source.parameters["n_days"]), {one: i for i, one in enumerate(machines)}
        opened, started, finished = (
            np.nan_to_num(days(source, rows, column), nan=end)
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
                title=f"Work, {name}: {whose}" if part else f"Work, {name}",
                x=DAYS,
                y="",
                rows=[f"{self.noun} {one}" for one in machines],
                x_range=(0.0, end),
                bars=[kind for kind in bars if len(kind.row)],
                alt=(
                    f"Work on {whose}, {name}: {len(waits)} orders, which waited "
                    f"{np.median(waits):.1f} days in the median and {waits.max():.1f} at most."
                ),
            )
        ]

    def survival(self, sources: Mapping[str, Source]) -> list[Plot]:
        """Kaplan and Meier's curves of each component, a line for each data set."""
        return survival_plots(sources, "component_survival", "kind", self.kinds)


def worst(source: Source) -> int | None:
    """The machine with most to show; None if no machine has any defect."""
    found = source.ask(_WORST)
    return int(found["entity_id"][0].as_py()) if found.num_rows else None


def survival_plots(
    sources: Mapping[str, Source], view: str, column: str, kinds: Sequence[str]
) -> list[Plot]:
    """Curves of survival from a view, a plot for each kind that a column of it names."""
    path = files("simgen.domains.industrial") / "views" / f"{view}.sql"
    lives = {name: source.ask(path.read_text("utf-8")) for name, source in sources.items()}
    plots = []
    for kind in kinds:
        mine = {name: r.filter(pc.equal(r[column], kind)) for name, r in lives.items()}
        curves = [_curve(name, rows) for name, rows in mine.items() if rows.num_rows]
        if curves:
            left = ", ".join(f"{curve.name}, {100 * curve.y[-1]:.0f} % left" for curve in curves)
            plots.append(
                Plot(
                    title=f"{kind}: share alive, 95 % interval",
                    x="age in use [years of 8,766 h]",
                    y="share alive",
                    y_range=(0.0, 1.03),
                    curves=curves,
                    alt=f"Survival of the {kind} by age: {left}",
                    is_wide=False,
                )
            )
    return plots


def _curve(name: str, rows: pa.Table) -> Curve:
    """The curve of one kind of component in one data set, to the end of its oldest life."""
    duration, failed = numbers(rows, "duration"), rows["event"].to_numpy()
    found = kaplan_meier(duration, failed, numbers(rows, "entry"))
    age, share, low, high = (np.append(values, values[-1]) for values in found)
    age[-1] = duration.max()
    return Curve(
        name=f"{name} ({int(failed.sum())} of {len(failed)} failed)",
        x=age / YEAR,
        y=share,
        low=low,
        high=high,
        steps=True,
    )
