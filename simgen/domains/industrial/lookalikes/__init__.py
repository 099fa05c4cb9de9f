"""What resembles a bearing defect, one kind per file."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.core import Parameters, parameter
from simgen.domains.industrial.lookalikes.cold_start import ColdStart
from simgen.domains.industrial.lookalikes.load_step import LoadStep
from simgen.domains.industrial.lookalikes.looseness import Looseness
from simgen.domains.industrial.lookalikes.sensor_fault import RigSensorFault

KINDS = (LoadStep.kind, ColdStart.kind, Looseness.kind, RigSensorFault.kind)


@dataclass(frozen=True, kw_only=True)
class LookAlikes(Parameters):
    """The look-alikes of a scenario."""

    load_step: LoadStep = parameter(LoadStep)
    cold_start: ColdStart = parameter(ColdStart)
    looseness: Looseness = parameter(Looseness)
    sensor_fault: RigSensorFault = parameter(RigSensorFault)
