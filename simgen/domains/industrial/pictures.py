"""What an expert is shown of each view: courses of measurements, windows, counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from simgen.core import DAY, HOUR, WEEK, Picture, Scenario, tracks
from simgen.domains.industrial.examples import disk_month, window


def _courses(
    doc: str,
    key: tuple[str, ...],
    x: tuple[str, str],
    lanes: Mapping[str, str],
    fewest: int,
    *,
    scale: float = 1.0,
    stretch: float | None = None,
) -> Picture:
    """A picture of columns over another; `stretch` cuts it."""
    return Picture(
        doc=doc,
        key=key,
        columns=(x[0], *lanes),
        draw=tracks(*x, lanes, scale),
        fewest_rows=fewest,
        stretch=None if stretch is None else (x[0], stretch),
    )


def pictures(kinds: Iterable[type[Scenario[Any]]]) -> dict[str, Picture]:
    """The pictures of references' views, and of those that these scenarios name.

    Scenarios that share a view share its picture, which has a lane for each of their columns; of
    these are drawn which are there.
    """
    lanes: dict[str, dict[str, str]] = {}
    for kind in kinds:
        if order := kind.causal_order:
            named = {name: _title(name) for name in order.columns}
            lanes[order.view] = lanes.get(order.view, {}) | named
    return OF_REFERENCES | {
        "bearing_windows": _courses(
            "A month of what was measured on a bearing's vibration windows.",
            ("machine_id",),
            ("at", "d"),
            lanes["bearing_windows"],
            12,
            scale=HOUR / DAY,
            stretch=30 * DAY / HOUR,
        ),
        "cuts": _courses(
            "What sensors of a mill read in four hours, cut by cut. Tools and products change.",
            ("machine_id",),
            ("at", "h"),
            lanes["cuts"],
            20,
            stretch=4.0,
        ),
        "disk_outlook": _courses(
            "A quarter of a year of what a disk counted.",
            ("disk_id",),
            ("at", "d"),
            lanes["disk_outlook"],
            6,
            scale=HOUR / DAY,
            stretch=90 * DAY / HOUR,
        ),
        "outlook": _courses(
            "A week of what the sensors of a machine read. A line bridges times in which the "
            "machine stood.",
            ("machine_id",),
            ("at", "h"),
            lanes["outlook"],
            24,
            stretch=WEEK / HOUR,
        ),
        "rig_seconds": _courses(
            "A run of a rig. Something may have been done to it.",
            ("run_id",),
            ("at", "s"),
            lanes["rig_seconds"],
            60,
            scale=HOUR,
        ),
    }


def _title(name: str) -> str:
    """A column's name as a title: SMART attributes by their number."""
    number = name.removeprefix("smart_").removesuffix("_raw")
    return f"attribute {number}" if number != name else name.replace("_", " ")


OF_REFERENCES = {
    "backblaze": Picture(
        doc="A disk that has counted something: what it had counted 30 days ago (ring) and has "
        "counted now (dot), on a logarithmic axis.",
        key=("example",),
        columns=(
            "model", "age", "power_cycles", "reallocated_before", "reallocated_rise",
            "pending_before", "pending", "uncorrectable_before", "uncorrectable_rise", "timeouts",
            "high_fly",
        ),
        draw=disk_month,
        stretch=("age", 30.0),
    ),
    "cwru_bearing": Picture(
        doc="A window of a struck bearing's vibration: a tenth of a second of it, and the spectrum "
        "of its envelope between 2 and 5 kHz by orders of the shaft. Each has a scale of its own.",
        key=("example",),
        columns=("acceleration", "sample_rate", "speed"),
        draw=window,
    ),
    "hydraulic_temperatures": _courses(
        "Ten readings, one after the other, of the oil of a hydraulic machine before and behind "
        "its cooler.",
        ("machine_id", "stretch"),
        ("place", "readings"),
        {"oil_temperature": "before the cooler", "return_temperature": "behind the cooler"},
        10,
    ),
    "nab_machine_temperature": _courses(
        "A week of a machine's temperature, hour by hour, relative to the week before: 0 is its "
        "median, and the quartiles lie 1 apart.",
        ("machine_id", "week"),
        ("at", "h"),
        {"level": "temperature", "change": "change in an hour", "spread": "spread in an hour"},
        72,
    ),
    "skab": _courses(
        "A run of a pump on a bench, second by second, relative to how it began. Something may "
        "have been done to it.",
        ("run_id",),
        ("second_of_run", "s"),
        {
            "flow_change": "flow, over that at the start less 1",
            "first_change": "vibration, likewise",
            "current_change": "current, likewise",
            "warming": "warming of the water",
        },
        300,
    ),
}  # fmt: skip
