"""From a rack's history to batches of the declared tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from simgen.core import DAY, HOUR, Batch, timestamps
from simgen.des import EventLog
from simgen.domains.industrial.disks import schema
from simgen.domains.industrial.disks.care import FAILURE
from simgen.domains.industrial.disks.kernels import COUNTS
from simgen.domains.industrial.disks.lives import MECHANICS, MEDIA
from simgen.domains.industrial.disks.lookalikes import CABLE_ERROR, SECTOR_BURST
from simgen.domains.industrial.labels import events_batch, label_rows

if TYPE_CHECKING:
    from simgen.domains.industrial.disks.disk import Disk
    from simgen.domains.industrial.disks.rack import Rack

_FRICTION_HEAT = 3.0  # of a disk whose mechanics fail [K]; assumption
_NOISE = 0.4  # of a temperature before it is rounded [K]; assumption
# Which counts an event raises.
_SECTORS = ("reallocated", "pending", "uncorrectable")
_TRACES = {
    MEDIA: _SECTORS,
    SECTOR_BURST: _SECTORS,
    MECHANICS: ("timeouts", "spin_retries", "high_fly"),
    CABLE_ERROR: ("cable_errors",),
}
_OPTIONAL = {
    10: "spin_retries",
    187: "uncorrectable",
    188: "timeouts",
    189: "high_fly",
    196: "reallocations",
}


def batches(rack: Rack, season: npt.NDArray[Any], up: npt.NDArray[Any]) -> Iterator[Batch]:
    """Every table of the block.

    Args:
        rack: when all is over.
        season: how much warmer the rooms are than in the mean, by day. (n_days,) [K]
        up: whether the collector works, by day. (n_days,)
    """
    days = [_days(rack, disk, up) for disk in rack.disks]
    for disk, own in zip(rack.disks, days, strict=True):
        _note_first_traces(disk, own)
    ids = [disk.disk_id for disk in rack.disks]
    yield _disks(rack)
    yield _smart(rack, days, season, ids)
    yield from _logs(rack)
    yield events_batch(schema.EVENTS, rack.about.start_date, rack.events, ids)


def last_of(rack: Rack, disk: Disk) -> float:
    """When a disk was seen last [s]."""
    return rack.horizon if disk.removed_at is None else disk.removed_at


def _days(rack: Rack, disk: Disk, up: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """The days of the fleet on which the disk's attributes were written down `(n,)`."""
    about = rack.about.watching
    first = int(np.ceil(disk.installed_at / DAY))
    days = np.arange(first, min(int(last_of(rack, disk) / DAY) + 1, rack.about.n_days))
    kept = up[days] & (days % about.snapshot_interval == 0)
    kept &= rack.rng.random(len(days)) >= about.lost_share
    return np.asarray(days[kept], np.int64)


def _ages(disk: Disk, days: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """In whole days, as the disk's history counts them `(n,)`."""
    return ((days * DAY - disk.born_at) / DAY).astype(np.int64)


def _note_first_traces(disk: Disk, days: npt.NDArray[Any]) -> None:
    """An event can be seen from the first snapshot that counts more than there was before it."""
    for event in disk.events.values():
        mine = days[(days * DAY >= event.onset_at) & (days * DAY <= event.ended_at)]
        if event.event_id == 0 or len(mine) == 0:
            continue
        seen = np.ones(len(mine), np.bool_)
        if event.kind in _TRACES:
            before = max(0, int((event.onset_at - disk.born_at) / DAY))
            counts = sum(disk.history[name] for name in _TRACES[event.kind])
            seen = counts[_ages(disk, mine)] > counts[before]
        if seen.any():
            event.detectable_at = float(mine[np.argmax(seen)] * DAY)


def _disks(rack: Rack) -> Batch:
    log = EventLog(schema.DISKS, rack.about.start_date)
    for disk in rack.disks:
        log.add(
            disk_id=disk.disk_id,
            model=disk.model.name,
            capacity=disk.model.capacity,
            rack_id=rack.rack_id,
            slot=disk.slot,
            installed_at=disk.installed_at,
            removed_at=disk.removed_at,
            entry_age=(disk.installed_at - disk.born_at) / HOUR,
            use_time=(last_of(rack, disk) - disk.installed_at) / HOUR,
            failed=disk.removal == FAILURE,
            removal=disk.removal,
        )
    return log.batch()


def _smart(
    rack: Rack, days: list[npt.NDArray[Any]], season: npt.NDArray[Any], ids: list[int]
) -> Batch:
    day = np.concatenate([*days, np.empty(0, np.int64)])
    whose = np.repeat(np.arange(len(days)), [len(own) for own in days])
    counts = np.concatenate(
        [
            np.zeros(0, COUNTS),
            *(d.history[_ages(d, own)] for d, own in zip(rack.disks, days, strict=True)),
        ]
    )
    order = np.argsort(day, kind="stable")
    day, whose, counts = day[order], whose[order], counts[order]
    at = day * DAY
    labels = label_rows(
        rack.events,
        at,
        whose,
        sensors=("",),
        kinds=schema.KINDS,
        rare_kinds=schema.RARE_KINDS,
    )
    born, ends = (
        np.array([get(disk) for disk in rack.disks], np.float64)[whose]
        for get in (lambda disk: disk.born_at, lambda disk: last_of(rack, disk))
    )
    return schema.SMART.batch(
        {
            "at": timestamps(rack.about.start_date, at),
            "disk_id": np.array(ids, np.int64)[whose],
            "model": np.full(len(at), schema.MODELS.index(rack.model.name)),
            **_attributes(rack, counts, (at - born) / HOUR),
            "smart_194_raw": _temperatures(rack, day, whose, counts["friction"], season),
            "severity": np.ascontiguousarray(counts["severity"]),
            **_prospects(rack, at, whose, ends),
            **labels.columns(),
        }
    )


def _attributes(
    rack: Rack, counts: npt.NDArray[Any], hours: npt.NDArray[Any]
) -> dict[str, pa.Array | npt.NDArray[Any]]:
    n, model = len(counts), rack.model
    columns: dict[str, Any] = {
        f"smart_{number}_raw": (
            np.ascontiguousarray(counts[name])
            if number in model.reports
            else pa.nulls(n, pa.int64())
        )
        for number, name in _OPTIONAL.items()
    }
    pending = np.ascontiguousarray(counts["pending"])
    columns |= {
        "smart_5_raw": np.ascontiguousarray(counts["reallocated"]),
        "smart_9_raw": hours.astype(np.int64),
        "smart_12_raw": np.ascontiguousarray(counts["power_cycles"]),
        "smart_197_raw": pending,
        "smart_198_raw": pending if model.offline else np.zeros(n, np.int64),
        "smart_199_raw": np.ascontiguousarray(counts["cable_errors"]),
    }
    return columns


def _temperatures(
    rack: Rack,
    day: npt.NDArray[Any],
    whose: npt.NDArray[Any],
    friction: npt.NDArray[Any],
    season: npt.NDArray[Any],
) -> npt.NDArray[np.int64]:
    warmth = np.array([disk.warmth for disk in rack.disks], np.float64)[whose]
    values = rack.temperature + warmth + season[day] + _FRICTION_HEAT * friction
    for start, stop in rack.hot_spells:
        hot = (day * DAY >= start) & (day * DAY < stop)
        values = values + rack.about.lookalikes.hot_rack.rise * hot
    noise = _NOISE * rack.rng.standard_normal(len(day))
    return np.asarray(np.rint(values + noise), np.int64)


def _prospects(
    rack: Rack, at: npt.NDArray[Any], whose: npt.NDArray[Any], ends: npt.NDArray[Any]
) -> dict[str, Any]:
    """How long each disk has left, as far as that is known.

    Within a horizon of the end of the records, or of the day on which all of the rack retire,
    nothing is known of any disk: failures are seen there, and their absence is not. A disk that was
    taken out on suspicion is unknown within a horizon of that day. As worse ones are suspected, the
    others fail somewhat less often than all would: `disk_survival` carries that as censoring.
    """
    horizon = rack.about.watching.horizon
    failed = np.array([disk.removal == FAILURE for disk in rack.disks], np.bool_)[whose]
    left = (ends - at) / DAY
    known = (min(rack.horizon, rack.retires_at) - at) / DAY >= horizon
    known &= failed | (left >= horizon)
    return {
        "remaining_time": np.where(failed, left, np.nan),
        "fails_soon": pa.array(failed & (left <= horizon), mask=~known),
    }


def _logs(rack: Rack) -> Iterator[Batch]:
    start = rack.about.start_date
    failures, swaps = EventLog(schema.FAILURES, start), EventLog(schema.SWAPS, start)
    for disk in sorted(rack.disks, key=lambda disk: last_of(rack, disk)):
        if disk.removal == FAILURE:
            failures.add(
                at=disk.removed_at,
                disk_id=disk.disk_id,
                mode=disk.life.mode,
                age=disk.life.ends_at / HOUR,
            )
    for swap in rack.swaps:
        swaps.add(**vars(swap))
    yield failures.batch()
    yield swaps.batch()
