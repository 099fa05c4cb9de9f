"""Disks in pictures: what those counted that failed, and how long models live."""

from __future__ import annotations

from collections.abc import Mapping

from simgen.core import Curve, Illustration, Plot, Source
from simgen.domains.industrial.disks.catalogue import catalogue
from simgen.domains.industrial.site.illustrations import numbers, survival_plots

_MOST_DISKS = 12  # in a plot
_BEFORE = 180.0  # days before the end that are shown
_COUNTS = {
    "smart_5_raw": "reallocated sectors",
    "smart_187_raw": "uncorrectable reads",
    "smart_197_raw": "pending sectors",
    "smart_188_raw": "command timeouts",
}
_FAILED = """
SELECT disk_id, entry_age + use_time AS last_age, count(*) OVER () AS n FROM disks
WHERE removal = 'failure' ORDER BY disk_id LIMIT {most}
"""
_SNAPSHOTS = """
SELECT smart_9_raw / 24.0 AS age, {column} AS count FROM smart
WHERE disk_id = {disk} AND {column} IS NOT NULL ORDER BY 1
"""


def counts(sources: Mapping[str, Source]) -> list[Plot]:
    """What failed disks counted before they failed, a plot for each attribute."""
    source = next(iter(sources.values()))
    failed = source.ask(_FAILED.format(most=_MOST_DISKS)).to_pylist()
    return [_count(source, failed, column, label) for column, label in _COUNTS.items() if failed]


def _count(source: Source, failed: list[dict[str, float]], column: str, label: str) -> Plot:
    curves = []
    for disk in failed:
        rows = source.ask(_SNAPSHOTS.format(column=column, disk=disk["disk_id"]))
        before = numbers(rows, "age") - disk["last_age"] / 24.0
        near = before >= -_BEFORE
        curves.append(Curve(name="", x=before[near], y=numbers(rows, "count")[near], steps=True))
    shown = f"{len(failed)} of {failed[0]['n']} failed disks"
    risen = sum(len(curve.y) > 0 and curve.y[-1] > curve.y[0] for curve in curves)
    return Plot(
        title=f"{label}, {shown}",
        x="days before the failure",
        y=label,
        curves=[curve for curve in curves if len(curve.x)],
        x_range=(-_BEFORE, 0.0),
        alt=f"{label} of {shown} in the half-year before they failed: they rose on {risen} of "
        "them.",
        is_wide=False,
    )


def survival(sources: Mapping[str, Source]) -> list[Plot]:
    """Kaplan and Meier's curves of each model."""
    return survival_plots(sources, "disk_survival", "model", [one.name for one in catalogue()])


ILLUSTRATIONS = (
    Illustration(
        title="What failed disks counted",
        doc="A line for each disk. More than half of those that fail give no sign beforehand.",
        plot=counts,
    ),
    Illustration(
        title="How long disks live",
        doc="Kaplan and Meier's estimate by model; who came old counts from its age then.",
        plot=survival,
    ),
)
