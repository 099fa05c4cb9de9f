"""Monitoring: vibration windows taken while machines run, and the alarms they raise."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from simgen.core import HOUR, Parameters, parameter
from simgen.domains.industrial.bench import is_kept
from simgen.domains.industrial.kernels.telemetry import thickness
from simgen.domains.industrial.kernels.vibration import DEFECT, RUNNING, vibrate
from simgen.domains.industrial.kernels.windows import deviation
from simgen.domains.industrial.lives import Fitted, strikes
from simgen.domains.industrial.lookalikes.sensor_fault import VIBRATION
from simgen.domains.industrial.maintenance import INSPECTION, open_order
from simgen.domains.industrial.sensing import spoil_window
from simgen.domains.industrial.telegrams import Telegrams

if TYPE_CHECKING:
    from simgen.domains.industrial.hall import Hall, Machine, Phase

_NO_DEFECT = np.zeros(1, DEFECT)[0]
_RATTLE_SLIP, _RATTLE_SPREAD = 0.05, 0.8  # of a loose foot's strikes; assumptions


@dataclass(frozen=True, kw_only=True)
class Monitoring(Parameters):
    """What is measured, and when it alarms. Defaults are assumptions."""

    telemetry_interval: float = parameter(
        600.0, doc="Time between two rows of telemetry.", unit="s", minimum=1.0, maximum=86_400.0
    )
    telegrams: Telegrams = parameter(Telegrams, doc="How telemetry travels.")
    window_interval: float = parameter(
        3.0, doc="Time in use between two vibration windows.", unit="h", minimum=0.01, maximum=1e4
    )
    sample_rate: float = parameter(
        12_000.0,
        doc="Samples of acceleration per second, as on the Case Western rig.",
        unit="Hz",
        minimum=10_000.0,
        maximum=200_000.0,
    )
    n_samples: int = parameter(4_096, doc="Samples of a window.", minimum=1_024, maximum=1_048_576)
    waveform_share: float = parameter(
        0.25, doc="Share of the windows whose samples are kept.", minimum=0.0, maximum=1.0
    )
    monitored_share: float = parameter(
        0.7,
        doc="Share of the machines with alarms; the others run to failure.",
        minimum=0.0,
        maximum=1.0,
    )
    alarm_factor: float = parameter(
        2.5,
        doc="Alarm when the level is so many times that of the first windows.",
        above=1.0,
        maximum=1_000.0,
    )
    baseline_windows: int = parameter(
        8, doc="Windows after a repair that tell the usual level.", minimum=1, maximum=1_000
    )
    persistence: int = parameter(
        2, doc="Windows in a row that make an alarm.", minimum=1, maximum=100
    )


class Alarm(NamedTuple):
    """An alarm that came or went."""

    at: float  # [s]
    machine: int  # within the block
    level: float  # [g]
    threshold: float  # [g]
    raised: bool


class Window(NamedTuple):
    """One vibration window and what was so when it was taken."""

    window_id: int
    at: float  # [s]
    machine: int  # within the block
    bearing: Fitted
    speed: float  # [rpm]
    load: float  # [kN]
    size: float  # of the spall [mm]
    use_time: float  # of the bearing [s]
    added_share: float  # mean square added by the spall over that without
    sensor_fault: int  # code in ("", *FAULTS)
    kept: bool  # its samples


def take_window(hall: Hall, machine: Machine, phase: Phase) -> None:
    """Take a vibration window now; open an order if it raises the alarm."""
    policy, bearing, now = hall.rig.monitoring, machine.bearing, hall.env.now
    samples, kept = hall.bench.place(), is_kept(machine.n_windows, policy.waveform_share)
    number = machine.machine_id * hall.NUMBERS + machine.n_windows
    machine.n_windows += 1
    size = bearing.size if bearing.event is not None else 0.0
    plain, added = vibrate(
        hall.window_key,
        number,
        policy.sample_rate,
        _running(hall, machine, phase),
        machine.modes,
        _harmonics(hall, machine, phase),
        _defect(hall, machine, phase, size),
        samples,
    )
    sensor_fault = spoil_window(
        machine.sensor_fault, (VIBRATION,), samples, key=hall.sensor_key, window=number, now=now
    )
    share = _share(hall, bearing, plain, added)
    hall.windows.append(
        Window(
            number,
            now,
            machine.index,
            bearing,
            phase.speed,
            phase.load,
            size,
            bearing.use_time,
            share,
            sensor_fault,
            kept,
        )
    )
    if machine.monitored:
        _watch(hall, machine, deviation(samples))
    hall.bench.take(phase.speed / 60.0, kept=kept)


def _share(hall: Hall, bearing: Fitted, plain: float, added: float) -> float:
    """What a spall adds to a window's mean square, over that without; it may be seen now."""
    spall = bearing.event
    if spall is None:
        return 0.0
    share = added / plain
    if spall.detectable_at is None and share >= hall.rig.detectable_share:
        spall.detectable_at = hall.env.now
    return share


def _watch(hall: Hall, machine: Machine, level: float) -> None:
    threshold = machine.watch.threshold
    change = machine.watch.judge(level)
    if change is not None:
        hall.alarms.append(Alarm(hall.env.now, machine.index, level, threshold, change))
    # Asked for again if somebody came for something else meanwhile.
    if machine.watch.raised:
        open_order(hall, machine, INSPECTION)


def _running(hall: Hall, machine: Machine, phase: Phase) -> Any:
    """The record of dtype RUNNING for the present conditions."""
    speed, load = phase.relative
    # Level with speed and load: assumptions within what is measured on such rigs.
    stiff = 1.0 + 0.8 * thickness(machine.temperature)
    rolling = machine.rolling * speed**1.5 * math.sqrt(load) * stiff
    return np.array((phase.speed / 60.0, machine.wobble, rolling, hall.floor), RUNNING)[()]


def _harmonics(hall: Hall, machine: Machine, phase: Phase) -> npt.NDArray[np.float64]:
    speed, _ = phase.relative
    swing = hall.rig.lookalikes.looseness.swing if machine.is_loose else 1.0
    return machine.harmonics * (speed * speed * swing)  # unbalance goes with speed squared


def _defect(hall: Hall, machine: Machine, phase: Phase, size: float) -> Any:
    """The spall, or the rattle of a loose foot; the spall strikes harder if there are both."""
    speed, load = phase.relative
    bearing = machine.bearing
    if bearing.event is not None:
        return strikes(
            bearing.spall,
            size,
            hall.orders_of_faults,
            speed=speed,
            load=load,
            zone=machine.zone,
            sway=machine.sway,
        )
    if not machine.is_loose:
        return _NO_DEFECT
    row = np.zeros(1, DEFECT)
    row["order"] = row["zone"] = row["every_second"] = 1.0
    row["amplitude"] = hall.rig.lookalikes.looseness.rattle * speed
    row["slip"], row["spread"] = _RATTLE_SLIP, _RATTLE_SPREAD
    return row[0]


def next_window_time(policy: Monitoring, rng: np.random.Generator) -> float:
    """Time in use until the next window [s]: routes are not walked to the second."""
    # `uniform` gives the same and takes thrice the time.
    return policy.window_interval * HOUR * (0.9 + (1.1 - 0.9) * rng.random())
