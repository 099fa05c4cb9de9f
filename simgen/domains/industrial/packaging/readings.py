"""Telemetry of a line's machines: their counters, and what sensors read meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from simgen.core import HOUR, MINUTE
from simgen.domains.industrial.fleet.readings import remaining_times
from simgen.domains.industrial.kernels.fleet import normals
from simgen.domains.industrial.labels import Marks, OwnTraces
from simgen.domains.industrial.packaging.lookalikes import ColdLine
from simgen.domains.industrial.packaging.machine import COUNTED
from simgen.domains.industrial.packaging.stations import shows, usual_rejects
from simgen.domains.industrial.sensing import during
from simgen.domains.industrial.telegrams import Journeys
from simgen.domains.industrial.transmission import disturb
from simgen.kernels.arrays import Floats

if TYPE_CHECKING:
    from simgen.domains.industrial.packaging.line import Line
    from simgen.domains.industrial.packaging.machine import Station


_NOISE = {"current": 0.15, "vibration": 0.08}  # of a row [A], [mm/s]; assumptions
_IDLE = 0.4  # current of a drive that moves nothing, over that at the rated speed; assumption


@dataclass(frozen=True, kw_only=True)
class Readings:
    """What a station sent, one array `(n,)` a column."""

    at: Floats  # [s]
    columns: dict[str, Any]  # of `telemetry`, besides what follows
    trace: Floats  # of the defect that a row belongs to, in deviations
    defect: npt.NDArray[np.int64]  # which it is, in the component table, from 1; 0 if none
    own: OwnTraces  # of defects that share rows
    censored_time: Floats  # time in use until the end [h]
    journeys: Journeys


def read_station(line: Line, station: Station) -> Readings:
    """What one station sent, in order of time."""
    at, rows = station.history()
    counted = dict(zip(COUNTED, rows.T, strict=True))
    severities = _severities(station, at)
    use = counted["use_time"]
    left = remaining_times(station.stops, use)
    values = _sensors(line, station, at, counted, severities)
    marks = _marks(line, station, at, counted, severities)
    noise = normals(line.telemetry_key, station.machine_id, len(values), len(at))
    for (name, value), row in zip(list(values.items()), noise, strict=True):
        values[name] = np.abs(value + _NOISE[name] * row)
    sensor, fault, journeys = disturb(
        line.about.watching.telegrams,
        [event for event in line.events if event.machine == station.index],
        at,
        values,
        confirmed=left == 0.0,
        key=line.sensor_key,
        machine_id=station.machine_id,
    )
    columns = {
        **_counts(counted),
        **{name: np.round(value, 2) for name, value in values.items()},
        "use_time": use / HOUR,
        "severity": marks.severity,
        "remaining_time": left,
        "faulty_sensor": sensor,
        "sensor_fault": fault,
    }
    censored = (station.use_time - use) / HOUR
    return Readings(
        at=at,
        columns=columns,
        trace=marks.trace,
        defect=marks.defect,
        own=OwnTraces.of(at, station.index, marks.traces, journeys.arrived),
        censored_time=censored,
        journeys=journeys,
    )


def _counts(counted: dict[str, Floats]) -> dict[str, Any]:
    """The columns that no sensor reads."""
    times = ("run_time", "starved_time", "blocked_time", "jam_time")
    return {
        "speed": np.round(counted["made"] / counted["run_time"] * MINUTE, 1),
        "made": counted["products"].astype(np.int64),
        "rejects": counted["rejects"].astype(np.int64),
        "n_jams": counted["n_jams"].astype(np.int64),
        **{name: np.round(counted[name], 1) for name in times},
    }


def _severities(station: Station, at: Floats) -> Floats:
    """Of the table's defects at some instants `(n, defects)`, along straight lines."""
    some, shape = station.stretches, (-1, len(station.defects))
    starts = np.array([one.start for one in some], np.float64)
    stops = np.array([one.stop for one in some], np.float64)
    first = np.array([one.first for one in some], np.float64).reshape(shape)
    last = np.array([one.last for one in some], np.float64).reshape(shape)
    of = np.maximum(np.searchsorted(starts, at, "left") - 1, 0)
    # A row may end a stretch that was over before it; then it tells how that ended.
    share = np.clip((at - starts[of]) / (stops - starts)[of], 0.0, 1.0)[:, None]
    return np.asarray(first[of] + share * (last - first)[of])


def _effect(station: Station, name: str, severities: Floats) -> Floats:
    """What all defects add together `(n,)`."""
    sizes = np.array([getattr(shows()[defect], name) for defect in station.defects])
    return np.asarray(severities @ sizes)


def _sensors(
    line: Line, station: Station, at: Floats, counted: dict[str, Floats], severities: Floats
) -> dict[str, Floats]:
    """Current and vibration without noise."""
    rated = line.about.line.rated_speed / MINUTE
    speed = counted["made"] / counted["run_time"] / rated
    cold = np.zeros(len(at))
    time = line.about.lookalikes.cold_start.warming_time * HOUR
    for event in line.events:
        if event.machine == station.index and event.kind == ColdLine.kind:
            hit = during(event, at)
            cold[hit] += event.size * np.exp((event.onset_at - at[hit]) / time)
    current = station.about.current * station.made[0] * (_IDLE + (1.0 - _IDLE) * speed)
    current *= 1.0 + cold
    vibration = station.about.vibration * station.made[1] * speed
    return {
        "current": current * (1.0 + _effect(station, "current", severities)),
        "vibration": np.hypot(vibration, _effect(station, "vibration", severities)),
    }


def _marks(
    line: Line, station: Station, at: Floats, counted: dict[str, Floats], severities: Floats
) -> Marks:
    """How defects mark each row."""
    values = _sensors(line, station, at, counted, severities)

    def trace(defects: list[int]) -> Floats:
        mine, others = np.zeros_like(severities), severities.copy()
        mine[:, defects], others[:, defects] = severities[:, defects], 0.0
        without = _sensors(line, station, at, counted, others)
        shown = [np.abs(values[name] - without[name]) / _NOISE[name] for name in values]
        return np.asarray(np.max([*shown, *_counts_of(station, counted, severities, mine)], 0))

    return Marks.made(severities.T, trace)


def _counts_of(
    station: Station, counted: dict[str, Floats], severities: Floats, mine: Floats
) -> Iterator[Floats]:
    """How far some defects show in each kind of count, in all rows since they began `(n,)`.

    Args:
        station: the machine.
        counted: what it counted.
        severities: of all defects. (n, defects)
        mine: the same where others than those are 0. (n, defects)
    """
    worn = np.asarray(mine.max(1, initial=0.0) > 0.0)
    jams = _effect(station, "jams", mine) / (1.0 + _effect(station, "jams", severities))
    yield _added_up(counted["expected_jams"], jams, worn)
    rejects = _effect(station, "rejects", severities) + station.about.reject_share + 1e-9
    yield _added_up(counted["rejected"], _effect(station, "rejects", mine) / rejects, worn)
    # What leaves here in bad order is found by the checkweigher.
    found = usual_rejects() + _effect(station, "checkweigher_rejects", severities)
    share = _effect(station, "checkweigher_rejects", mine) / found
    yield _added_up(counted["made"] * found, share, worn)


def _added_up(expected: Floats, share: Floats, worn: npt.NDArray[np.bool_]) -> Floats:
    """What defects added over the deviation of a Poisson count, since they began `(n,)`.

    Args:
        expected: counts of each row. (n,)
        share: of those that is due to defects. (n,)
        worn: whether there is a defect. (n,)
    """
    total, added = np.cumsum(expected * worn), np.cumsum(expected * share)
    begun = np.maximum.accumulate(np.where(worn, -1, np.arange(len(worn))))
    before = np.where(begun >= 0, begun, 0)
    all_since = np.where(begun >= 0, total - total[before], total)
    added_since = np.where(begun >= 0, added - added[before], added)
    return np.asarray(added_since / np.sqrt(np.maximum(all_since, 1.0)))
