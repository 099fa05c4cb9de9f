"""Monitoring: vibration windows taken while machines run, and the alarms they raise."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from simgen.core import Parameters, Streams, parameter
from simgen.domains.industrial.crew import INSPECTION
from simgen.domains.industrial.kernels.listening import MACHINE, RIG
from simgen.domains.industrial.kernels.rolling import noise_share
from simgen.domains.industrial.kernels.sensors import FAULTS
from simgen.domains.industrial.kernels.vibration import DEFECT
from simgen.domains.industrial.rig.bench import Ears
from simgen.domains.industrial.rig.lives import strikes
from simgen.domains.industrial.rig.lookalikes import VIBRATION
from simgen.domains.industrial.rig.maintenance import open_order
from simgen.domains.industrial.rounds import is_kept, most_windows, time_between
from simgen.domains.industrial.telegrams import Telegrams
from simgen.domains.industrial.watch import Alarm

if TYPE_CHECKING:
    from simgen.domains.industrial.bearing_rig import BearingRig
    from simgen.domains.industrial.rig.hall import Hall, Machine, Phase

_RATE = 12_000.0  # as on the Case Western rig, at which levels of noise are told [Hz]
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
        _RATE,
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


def ears_for(
    rig: BearingRig, machines: Sequence[Machine], streams: Streams, *, floor: float
) -> Ears:
    """What a hall's machines are heard with; `floor` is noise of sensor and cable [g]."""
    operation, rate = rig.operation, rig.monitoring.sample_rate
    about, share = (rate, operation.rated_speed, operation.rated_load, floor), _noise_share(rig)
    return Ears(
        window_key=streams.key("windows"),
        sensor_key=streams.key("window_sensors"),
        rig=np.array([about], RIG),
        machines=np.array([(one.wobble, share * one.rolling) for one in machines], MACHINE),
        modes=np.stack([one.modes for one in machines]),
        harmonics=np.stack([one.harmonics for one in machines]),
    )


def take_window(hall: Hall, machine: Machine, phase: Phase) -> None:
    """Take a vibration window now; open an order if it raises the alarm."""
    bearing, fault, number = machine.bearing, machine.sensor_fault, machine.n_windows
    if fault is not None and not (fault.sensor == VIBRATION and fault.active):
        fault = None
    machine.n_windows += 1
    is_loose = machine.is_loose
    size = bearing.size if bearing.event is not None else 0.0
    window = (  # in the order of WINDOW
        machine.machine_id * hall.NUMBERS + number,
        hall.env.now,
        machine.index,
        bearing.bearing_id,
        phase.speed,
        phase.load,
        machine.temperature,
        hall.rig.lookalikes.looseness.swing if is_loose else 1.0,
        size,
        bearing.use_time,
        0 if fault is None else FAULTS.index(fault.fault) + 1,
        is_kept(number, hall.rig.monitoring.waveform_share),
    )
    defect = None
    # The spall strikes harder if the foot is loose as well.
    if bearing.event is not None:
        defect = _spall(hall, machine, phase, size)
    elif is_loose:
        defect = _rattle(hall, phase)
    hall.bench.take(window, defect, fault)
    if machine.monitored:
        _watch(hall, machine, hall.bench.level())


def _watch(hall: Hall, machine: Machine, level: float) -> None:
    threshold = machine.watch.threshold
    change = machine.watch.judge(level)
    if change is not None:
        hall.alarms.append(Alarm(hall.env.now, machine.index, level, threshold, change))
    # Asked for again if somebody came for something else meanwhile.
    if machine.watch.raised:
        open_order(hall, machine, INSPECTION)


def _spall(hall: Hall, machine: Machine, phase: Phase, size: float) -> Any:
    """The record of dtype DEFECT of the bearing's spall, whose length is known [mm]."""
    speed, load = phase.relative
    row = strikes(
        machine.bearing.spall,
        size,
        hall.orders_of_faults,
        speed=speed,
        rated_speed=hall.rig.operation.rated_speed,
        load=load,
        zone=machine.zone,
        sway=machine.sway,
    )
    row["roughness"] *= _noise_share(hall.rig)
    return row


def _noise_share(rig: BearingRig) -> float:
    return noise_share(rig.monitoring.sample_rate, _RATE)


def _rattle(hall: Hall, phase: Phase) -> Any:
    """The record of dtype DEFECT of a loose foot."""
    row = np.zeros(1, DEFECT)
    row["order"] = row["zone"] = row["every_second"] = 1.0
    row["amplitude"] = hall.rig.lookalikes.looseness.rattle * phase.relative[0]
    row["slip"], row["spread"] = _RATTLE_SLIP, _RATTLE_SPREAD
    return row[0]


def next_window_time(policy: Monitoring, rng: np.random.Generator) -> float:
    """Time in use until the next window [s]."""
    return time_between(policy.window_interval, rng)


def most_kept(policy: Monitoring, time: float) -> int:
    """How many windows of a machine may be kept in a time [s]."""
    return 1 + math.ceil(policy.waveform_share * most_windows(policy.window_interval, time))
