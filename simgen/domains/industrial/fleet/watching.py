"""Watching a fleet: windows at kHz rates, what is measured on them, and the alarms they raise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from simgen.core import Parameters, parameter
from simgen.domains.industrial.rounds import is_kept, time_between
from simgen.domains.industrial.sensing import spoil_window
from simgen.domains.industrial.site.watching import AlarmRule, judge
from simgen.domains.industrial.telegrams import Telegrams
from simgen.domains.industrial.watch import Watch

if TYPE_CHECKING:
    from simgen.domains.industrial.fleet.hall import FleetMachine, Hall
    from simgen.domains.industrial.fleet.signals import Conditions


@dataclass(frozen=True, kw_only=True)
class FleetWatching(Parameters):
    """What is measured; a subclass adds an `AlarmRule` for each quantity. Assumptions."""

    telemetry_interval: float = parameter(
        1_200.0, doc="Time between two rows of telemetry.", unit="s", minimum=1.0, maximum=86_400.0
    )
    telegrams: Telegrams = parameter(Telegrams, doc="How telemetry travels.")
    window_interval: float = parameter(
        6.0, doc="Time in use between two windows.", unit="h", minimum=0.01, maximum=1e4
    )
    sample_rate: float = parameter(
        12_800.0, doc="Samples per second.", unit="Hz", minimum=20.0, maximum=200_000.0
    )
    n_samples: int = parameter(8_192, doc="Samples of a window.", minimum=1_024, maximum=1_048_576)
    waveform_share: float = parameter(
        0.1, doc="Share of the windows whose samples are kept.", minimum=0.0, maximum=1.0
    )
    horizon: float = parameter(
        14.0 * 24.0,
        doc="Time in use within which a failure counts as near.",
        unit="h",
        above=0.0,
        maximum=1e6,
    )
    detectable_deviations: float = parameter(
        2.0,
        doc="A row of telemetry shows a defect that moves it by so many deviations of noise.",
        unit="1",
        above=0.0,
        maximum=1e3,
    )
    detectable_ratio: float = parameter(
        10.0,
        doc="A window shows a defect whose part of it a matched filter would find with this ratio "
        "of signal to noise.",
        unit="1",
        above=0.0,
        maximum=1e6,
    )

    def watches(self, quantities: Mapping[str, str]) -> dict[str, Watch]:
        """Fresh alarms of one machine."""
        rules: dict[str, AlarmRule] = {name: getattr(self, name) for name in quantities}
        return {name: Watch(policy=rule) for name, rule in rules.items()}


class Window(NamedTuple):
    """One window and what was so when it was taken."""

    window_id: int
    at: float  # [s]
    machine: int  # within the block
    use_time: float  # of the machine [s]
    severity: Mapping[str, float]  # of each defect
    trace: Mapping[str, float]  # ratio of what each adds to noise, as a matched filter gives it
    sensor_fault: int  # code in ("", *FAULTS)
    features: Mapping[str, float]
    samples: npt.NDArray[np.float32] | None  # (channels, n), if they are kept


def take_window(hall: Hall, machine: FleetMachine) -> None:
    """Take a window of a running machine now; ask for an inspection if it raises an alarm."""
    policy, signals, at = hall.about.watching, hall.signals, hall.conditions(machine)
    kept = is_kept(machine.n_windows, policy.waveform_share)
    number = machine.machine_id * hall.NUMBERS + machine.n_windows
    machine.n_windows += 1
    samples, trace = _sample(hall, machine, number, at)
    # Sensors are in the order of their channels, and one is at fault at a time.
    fault = max(
        spoil_window(
            machine.sensor_fault,
            (sensor,),
            channel,
            key=hall.window_sensor_key,
            window=number,
            now=hall.env.now,
        )
        for sensor, channel in zip(signals.window_faults, samples, strict=False)
    )
    features = signals.measure(samples, machine.made, at, rate=policy.sample_rate)
    hall.windows.append(
        Window(
            number,
            hall.env.now,
            machine.index,
            machine.use_time,
            at.severity,
            trace,
            fault,
            features,
            samples if kept else None,
        )
    )
    for quantity in signals.quantities:
        judge(hall, machine, quantity, features[quantity])


def _sample(
    hall: Hall, machine: FleetMachine, number: int, at: Conditions
) -> tuple[npt.NDArray[np.float32], dict[str, float]]:
    """The samples of a window, and how far each defect that there is marks it: its `trace`."""
    policy = hall.about.watching

    def sample(conditions: Conditions) -> npt.NDArray[np.float32]:
        return hall.signals.sample(
            hall.window_key,
            number,
            machine.made,
            conditions,
            rate=policy.sample_rate,
            n_samples=policy.n_samples,
        )

    samples, trace = sample(at), {}
    for defect, severity in at.severity.items():
        if severity > 0.0:
            # Chance is the same in both: only what the defect does is left.
            added = samples - sample(at.without([defect]))
            # The ratio d of Kay (1998), Detection Theory, chapter 4: a known signal in white noise.
            ratio = float(np.sqrt(np.square(added, dtype=np.float64).sum()))
            trace[defect] = ratio / hall.signals.floor()
    return samples, trace


def next_window_time(policy: FleetWatching, rng: np.random.Generator) -> float:
    """Time in use until the next window [s]."""
    return time_between(policy.window_interval, rng)
