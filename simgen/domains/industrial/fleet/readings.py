"""Telemetry of a hall, from the stretches of time in which its machines ran."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from simgen.core import HOUR
from simgen.domains.industrial.kernels.fleet import counts, lag, make_rows, normals
from simgen.domains.industrial.kernels.telemetry import hall_temperatures
from simgen.domains.industrial.labels import Marks, OwnTraces
from simgen.domains.industrial.lookalikes.sensor_fault import TRANSMITTER
from simgen.domains.industrial.telegrams import Journeys
from simgen.domains.industrial.transmission import disturb
from simgen.kernels.arrays import Floats, Integers
from simgen.kernels.ordering import time_order

if TYPE_CHECKING:
    from simgen.domains.industrial.fleet.hall import FleetMachine, Hall
    from simgen.domains.industrial.fleet.signals import Channel, Conditions


@dataclass(frozen=True, kw_only=True)
class Readings:
    """What machines sent; one array `(n,)` a column."""

    at: Floats  # [s]
    machine: Integers  # within the block
    use_time: Floats  # of the machine [s]
    severity: Floats  # of the defect that a row belongs to
    remaining_time: Floats  # [h], NaN if it does not fail any more
    censored_time: Floats  # time in use until the end [h]
    trace: Floats  # largest effect of that defect, in deviations of noise
    defect: Integers  # which it is, in the component table, from 1; 0 if none
    faulty_sensor: Integers  # code in ("", *sensors)
    sensor_fault: Integers  # code in ("", *FAULTS)
    journeys: Journeys
    own: OwnTraces  # of defects that share rows
    channels: dict[str, Floats]


def read_hall(hall: Hall) -> Readings:
    """What every machine of the hall sent, in order of time."""
    parts = [_read_machine(hall, machine) for machine in hall.fleet]
    journeys = Journeys.joined([part.journeys for part in parts])
    order = time_order(np.concatenate([part.at for part in parts]))
    order = order[journeys.arrived[order]]

    def joined(name: str) -> npt.NDArray[np.float64]:
        return np.asarray(np.concatenate([getattr(part, name) for part in parts])[order])

    channels = {
        name: np.concatenate([part.channels[name] for part in parts])[order]
        for name in parts[0].channels
    }
    names = set(Readings.__dataclass_fields__) - {"channels", "journeys", "own"}
    rest: dict[str, Any] = {name: joined(name) for name in names}  # two kinds of numbers
    own = OwnTraces.joined([part.own for part in parts])
    return Readings(channels=channels, journeys=journeys.in_order(order), own=own, **rest)


def _read_machine(hall: Hall, machine: FleetMachine) -> Readings:
    some = machine.stretches
    starts = np.array([one.start for one in some], np.float64)
    stops = np.array([one.stop for one in some], np.float64)
    failed = np.array([one.failed for one in some], np.bool_)
    interval = hall.about.watching.telemetry_interval
    capacity = int((stops - starts).sum() / interval) + 2 * len(some) + 1
    at, of = np.empty(capacity), np.empty(capacity, np.int64)
    n = make_rows(starts, stops, failed, interval, at, of)
    at, of = at[:n], of[:n]
    share = (at - starts[of]) / (stops - starts)[of]
    conditions = _conditions(hall, machine, at, of, share)
    spans = (at, of, starts, stops)
    values = _values(hall, machine, conditions, spans)
    marks = _marks(hall, machine, conditions, spans, values)
    _add_noise(hall, machine, values)
    use = np.array(machine.uses)[of] + at - starts[of]
    left = remaining_times(machine.stops, use)
    sensor, fault, journeys = _disturb(hall, machine, at, values, left == 0.0)
    return Readings(
        at=at,
        machine=np.full(n, machine.index),
        use_time=use,
        severity=marks.severity,
        remaining_time=left,
        censored_time=(machine.use_time - use) / HOUR,
        trace=marks.trace,
        defect=marks.defect,
        faulty_sensor=sensor,
        sensor_fault=fault,
        journeys=journeys,
        own=OwnTraces.of(at, machine.index, marks.traces, journeys.arrived),
        channels=values,
    )


def remaining_times(stops: list[float], use: Floats) -> Floats:
    """Time in use that is left at some [s] until the next of the failures; NaN if none `(n,)` [h].

    Args:
        stops: time in use at each failure, ascending. [s]
        use: (n,) [s]
    """
    ends = np.append(stops, np.nan)
    # To 4 ms: what rounding of sums leaves is nothing.
    left = np.round((ends[np.searchsorted(ends[:-1] + 2e-3, use, "left")] - use) / HOUR, 6)
    return np.where(np.isnan(left), left, np.maximum(left, 0.0))


def _conditions(
    hall: Hall, machine: FleetMachine, at: Floats, of: Integers, share: Floats
) -> Conditions:
    """At each row; severities rise along a straight line within a stretch."""
    some = machine.stretches
    duties = [one.duty for one in some]
    # A machine that stands by may not have run at all.
    shape = (-1, len(machine.defects))
    first = np.array([one.first for one in some], np.float64).reshape(shape)[of]
    last = np.array([one.last for one in some], np.float64).reshape(shape)[of]
    n_kinds = len(hall.about.lookalikes.disturbances)
    disturbance = np.array([d.disturbance for d in duties], np.float64).reshape(-1, n_kinds)
    warmth = np.empty(len(at))
    hall_temperatures(hall.days, len(at), at, warmth)
    return hall.conditions_of(
        np.array([d.speed for d in duties])[of],
        np.array([d.load for d in duties])[of],
        (warmth, warmth),  # the second as long as nothing is known of it
        (first + share[:, None] * (last - first)).T,
        disturbance[of].T,
    )


def _values(
    hall: Hall,
    machine: FleetMachine,
    conditions: Conditions,
    spans: tuple[Floats, Integers, Floats, Floats],
) -> dict[str, Floats]:
    """What each channel reads without noise."""
    signals, made = hall.signals, machine.made

    def follow(channel: Channel, steady: Floats) -> Floats:
        value = np.array(steady, np.float64)
        if channel.warming_time:
            lag(*spans, channel.warming_time, hall.days, value.copy(), value)
        return value

    channels = {channel.name: channel for channel in signals.channels}
    known = replace(
        conditions, warmth=follow(channels[signals.warming], signals.warmed(made, conditions))
    )
    steady = signals.steady(made, known)
    return {name: follow(channel, steady[name]) for name, channel in channels.items()}


def _marks(
    hall: Hall,
    machine: FleetMachine,
    conditions: Conditions,
    spans: tuple[Floats, Integers, Floats, Floats],
    values: dict[str, Floats],
) -> Marks:
    """How defects mark each row: by their largest effect on any channel, in deviations of noise."""
    names = list(conditions.severity)

    def trace(defects: list[int]) -> Floats:
        without = conditions.without([names[place] for place in defects])
        sound = _values(hall, machine, without, spans)
        effects = [
            np.abs(values[one.name] - sound[one.name]) / one.deviation(sound[one.name])
            for one in hall.signals.own_channels
        ]
        return np.asarray(np.max(effects, axis=0))

    return Marks.made(np.stack([conditions.severity[name] for name in names]), trace)


def _add_noise(hall: Hall, machine: FleetMachine, values: dict[str, Floats]) -> None:
    n = len(next(iter(values.values())))
    key, noise = hall.telemetry_key, normals(hall.telemetry_key, machine.machine_id, len(values), n)
    for channel, row in zip(hall.signals.own_channels, noise, strict=True):
        if channel.counting_time == 0.0:
            noisy = values[channel.name] + channel.noise * row
            values[channel.name] = np.abs(noisy) if channel.is_magnitude else noisy
        else:
            # Below 0: apart from the noise of what is measured.
            mean = channel.counting_time * values[channel.name]
            values[channel.name] = counts(key, -machine.machine_id, mean) / channel.counting_time


def _disturb(
    hall: Hall,
    machine: FleetMachine,
    at: Floats,
    values: dict[str, Floats],
    failed: npt.NDArray[np.bool_],
) -> tuple[Integers, Integers, Journeys]:
    """Let a machine's slow sensors and its transmitter fail, and send what they read."""
    names = telemetry_sensors(hall.signals.channels)
    events = [e for e in hall.events if e.machine == machine.index and e.sensor in names]
    return disturb(
        hall.about.watching.telegrams,
        events,
        at,
        {name: values[name] for name in names if name != TRANSMITTER},
        confirmed=failed,
        key=hall.sensor_key,
        machine_id=machine.machine_id,
    )


def telemetry_sensors(channels: tuple[Channel, ...]) -> tuple[str, ...]:
    """What may be at fault: the sensors of some channels, and what sends all of them."""
    slow = [channel.name for channel in channels if channel.faults is not None]
    return (*slow, TRANSMITTER)
