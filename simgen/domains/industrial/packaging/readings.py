"""Telemetry of a line's machines: their counters, and what sensors read meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from simgen.core import HOUR, MINUTE
from simgen.domains.industrial.fleet.readings import remaining_times
from simgen.domains.industrial.kernels.fleet import normals
from simgen.domains.industrial.packaging.lookalikes import ColdLine
from simgen.domains.industrial.packaging.machine import COUNTED
from simgen.domains.industrial.packaging.stations import shows, usual_rejects
from simgen.domains.industrial.sensing import during
from simgen.domains.industrial.telegrams import Journeys
from simgen.domains.industrial.transmission import disturb

if TYPE_CHECKING:
    from simgen.domains.industrial.packaging.line import Line
    from simgen.domains.industrial.packaging.machine import Station

Floats = npt.NDArray[np.float64]

_NOISE = {"current": 0.15, "vibration": 0.08}  # of a row [A], [mm/s]; assumptions
_IDLE = 0.4  # current of a drive that moves nothing, over that at the rated speed; assumption


@dataclass(frozen=True, kw_only=True)
class Readings:
    """What a station sent, one array `(n,)` a column."""

    at: Floats  # [s]
    columns: dict[str, Any]  # of `telemetry`, besides what follows
    trace: Floats  # of defects, in deviations
    censored_time: Floats  # time in use until the end [h]
    journeys: Journeys


def read_station(line: Line, station: Station) -> Readings:
    """What one station sent, in order of time."""
    at, rows = station.history()
    counted = dict(zip(COUNTED, rows.T, strict=True))
    severities = _severities(station, at)
    use = counted["use_time"]
    left = remaining_times(station.stops, use)
    values, sound = _sensors(line, station, at, counted, severities)
    trace = _trace(values, sound, counted, severities, station)
    noise = normals(line.telemetry_key, station.machine_id, len(values), len(at))
    for (name, value), row in zip(list(values.items()), noise, strict=True):
        values[name] = value + _NOISE[name] * row
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
        "severity": severities.max(1, initial=0.0),
        "remaining_time": left,
        "faulty_sensor": sensor,
        "sensor_fault": fault,
    }
    censored = (station.use_time - use) / HOUR
    return Readings(at=at, columns=columns, trace=trace, censored_time=censored, journeys=journeys)


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
) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """Current and vibration without noise, as they are and as without defects."""
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
    sound = {"current": current, "vibration": vibration}
    worn = {
        "current": current * (1.0 + _effect(station, "current", severities)),
        "vibration": np.hypot(vibration, _effect(station, "vibration", severities)),
    }
    return worn, sound


def _trace(
    values: dict[str, Floats],
    sound: dict[str, Floats],
    counted: dict[str, Floats],
    severities: Floats,
    station: Station,
) -> Floats:
    """How far defects show `(n,)`: in a row's sensors, or in all counts since they began."""
    shown = [np.abs(values[name] - sound[name]) / _NOISE[name] for name in values]
    worn = np.asarray(severities.max(1, initial=0.0) > 0.0)
    jams = _effect(station, "jams", severities)
    rejects = _effect(station, "rejects", severities)
    shown.append(_added_up(counted["expected_jams"], jams / (1.0 + jams), worn))
    share = rejects / (rejects + station.about.reject_share + 1e-9)
    shown.append(_added_up(counted["rejected"], share, worn))
    # What leaves here in bad order is found by the checkweigher.
    sent_on, usual = _effect(station, "checkweigher_rejects", severities), usual_rejects()
    found = counted["made"] * (usual + sent_on)
    shown.append(_added_up(found, sent_on / (usual + sent_on), worn))
    return np.asarray(np.max(shown, axis=0))


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
