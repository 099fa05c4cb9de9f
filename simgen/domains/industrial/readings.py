"""Telemetry of a hall, from the phases in which its machines ran."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from simgen.core import HOUR, MINUTE
from simgen.domains.industrial.hall import Hall, Machine, Phase
from simgen.domains.industrial.kernels.telemetry import PHASE, ROW, read_out
from simgen.domains.industrial.lives import remaining
from simgen.domains.industrial.sensing import spoil

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

READING = np.dtype(
    [
        ("at", np.float64),  # [s]
        ("speed", np.float64),  # [rpm]
        ("load", np.float64),  # [kN]
        ("current", np.float64),  # [A]
        ("temperature", np.float64),  # [degree Celsius], NaN where lost
        ("use_time", np.float64),  # of the bearing [s]
        ("spall_size", np.float64),  # [mm]
        ("remaining_time", np.float64),  # [h], NaN where censored
        ("bearing_id", np.int64),
        ("machine", np.int32),  # within the block
        ("sensor_fault", np.int32),  # code in ("", *FAULTS)
    ]
)


def read_telemetry(hall: Hall) -> npt.NDArray[Any]:
    """What every machine of the hall sent, of dtype READING, in order of time."""
    readings = np.concatenate([_of_machine(hall, machine) for machine in hall.machines])
    # Each machine's are in order already, which a stable sort turns to account.
    return readings[np.argsort(readings["at"], kind="stable")]


def _of_machine(hall: Hall, machine: Machine) -> npt.NDArray[Any]:
    phases = [phase for phase in hall.phases if phase.machine == machine.index]
    rows = _rows(hall, machine, phases)
    out = np.empty(len(rows), READING)
    for name in ("at", "speed", "load", "current"):
        out[name] = rows[name]
    temperature = np.ascontiguousarray(rows["temperature"])
    faults = [event for event in hall.events if event.machine == machine.index]
    out["sensor_fault"] = spoil(faults, hall.sensor_key, "temperature", rows["at"], temperature)
    out["temperature"], out["machine"] = temperature, machine.index
    for name, values in _truth(phases, rows["at"], rows["phase"]).items():
        out[name] = values
    return out


def _rows(hall: Hall, machine: Machine, phases: list[Phase]) -> npt.NDArray[Any]:
    """Rows of dtype ROW."""
    rig, about = hall.rig, np.zeros(len(phases), PHASE)
    for name in ("start", "stop", "speed", "load", "seized"):
        about[name] = [getattr(phase, name) for phase in phases]
    about["first_size"] = [phase.bearing.spall.size_at(phase.first_age) for phase in phases]
    about["last_size"] = [phase.bearing.spall.size_at(phase.last_age) for phase in phases]
    interval, operation = rig.monitoring.telemetry_interval, rig.operation
    running = float((about["stop"] - about["start"]).sum())
    out = np.empty(int(running / interval) + 2 * len(phases) + 1, ROW)
    n = read_out(
        hall.telemetry_key,
        machine.machine_id,
        about,
        interval,
        hall.days,
        (operation.rated_speed, operation.rated_load),
        (operation.warming, operation.warming_time * MINUTE),
        rig.defects.failure_size,
        out,
    )
    return out[:n]


def _truth(phases: list[Phase], at: Floats, of: Integers) -> dict[str, npt.NDArray[Any]]:
    """What the simulator knows of each row."""
    start, rate, age, use = (
        np.array([getattr(phase, name) for phase in phases], np.float64)
        for name in ("start", "rate", "first_age", "first_use")
    )
    ages, uses = age[of] + (at - start[of]) / HOUR * rate[of], use[of] + at - start[of]
    ids = np.array([phase.bearing.bearing_id for phase in phases], np.int64)[of]
    size, left = np.zeros(len(at)), np.full(len(at), np.nan)
    for bearing in {phase.bearing.bearing_id: phase.bearing for phase in phases}.values():
        mine = ids == bearing.bearing_id
        size[mine] = bearing.spall.size_at(ages[mine])
        left[mine] = remaining(bearing, uses[mine])
    return {"bearing_id": ids, "use_time": uses, "spall_size": size, "remaining_time": left}
