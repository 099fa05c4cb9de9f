"""The compressor station: machines on one header that share its load and stand by."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
import simpy

from simgen.core import (
    TIMESTAMP,
    Batch,
    CausalOrder,
    Field,
    Invariant,
    Role,
    Table,
    parameter,
    timestamps,
)
from simgen.domains.industrial.columns import number
from simgen.domains.industrial.compressors.compressor import CompressorParameters
from simgen.domains.industrial.compressors.lookalikes import CompressorLookAlikes
from simgen.domains.industrial.compressors.rules import RULES
from simgen.domains.industrial.compressors.signals import CompressorSignals
from simgen.domains.industrial.compressors.station import Station, StationOperation, operate
from simgen.domains.industrial.fleet.hall import Hall
from simgen.domains.industrial.fleet.scenario import Halls
from simgen.domains.industrial.fleet.schema import fleet_tables
from simgen.domains.industrial.fleet.watching import FleetWatching
from simgen.domains.industrial.kernels.gas import AMBIENT
from simgen.domains.industrial.site.watching import AlarmRule

SUPPLY = Table(
    "supply",
    "What the works asked for and got, from each change of the control's command on.",
    (
        Field("at", TIMESTAMP, "", "From when on.", Role.TIME),
        Field("hall_id", pa.int64(), "", "Which station.", Role.REFERENCE),
        number("demand", "m3/min", "Free air that is asked for at the rated pressure."),
        number(
            "supplied",
            "m3/min",
            "Free air that consumers get; less than asked for if all at full speed do not do. What "
            "machines give beyond it at their lowest speed is blown off.",
        ),
        number("header_pressure", "bar", "Absolute; 0 while nothing runs."),
        Field("n_running", pa.int64(), "", "Compressors that run."),
        Field("n_available", pa.int64(), "", "Compressors that may run."),
    ),
    entity="hall_id",
)


@dataclass(frozen=True, kw_only=True)
class CompressorWatching(FleetWatching):
    """What is measured on compressors, and when it alarms. Defaults are assumptions."""

    sample_rate: float = parameter(
        12_800.0, doc="Samples per second.", unit="Hz", minimum=10_000.0, maximum=200_000.0
    )
    window_interval: float = parameter(
        8.0, doc="Time in use between two windows.", unit="h", minimum=0.01, maximum=1e4
    )
    waveform_share: float = parameter(
        0.04, doc="Share of the windows whose samples are kept.", minimum=0.0, maximum=1.0
    )
    rms: AlarmRule = parameter(
        AlarmRule(alarm_factor=1.9, baseline_windows=12, persistence=3),
        doc="On the acceleration of the housing.",
    )
    line_lobes: AlarmRule = parameter(
        AlarmRule(alarm_factor=2.5, baseline_windows=12, persistence=3),
        doc="On the line of the rotors.",
    )
    line_fan: AlarmRule = parameter(
        AlarmRule(alarm_factor=3.0, baseline_windows=12, persistence=3),
        doc="On the line of the aftercooler's fan.",
    )
    line_belt: AlarmRule = parameter(
        AlarmRule(alarm_factor=3.0, baseline_windows=12, persistence=3),
        doc="On the lines of its belt.",
    )
    envelope_outer_race: AlarmRule = parameter(
        AlarmRule(alarm_factor=3.5, baseline_windows=12, persistence=3),
        doc="On the line of the bearing's outer race.",
    )
    interstage_excess: AlarmRule = parameter(
        AlarmRule(alarm_factor=1.08, baseline_windows=12, persistence=3),
        doc="On a pressure between the stages that is too high.",
    )
    interstage_lack: AlarmRule = parameter(
        AlarmRule(alarm_factor=1.08, baseline_windows=12, persistence=3),
        doc="On one that is too low.",
    )


@dataclass(frozen=True, kw_only=True)
class CompressorStation(Halls):
    """Compressors that share a header's load while filters clog, coolers foul and valves leak."""

    version: ClassVar[int] = 12
    small: ClassVar[Mapping[str, Any]] = {
        "n_machines": 6,
        "machines_per_hall": 3,
        "n_days": 24,
        "ageing": 40.0,
        "growing": 4.0,
        "watching": {"telemetry_interval": 1_800.0, "window_interval": 12.0, "horizon": 72.0},
        "upkeep": {"mean_lead_time": 2.0},
        "operation": {"control_interval": 4.0},
        "lookalikes": {
            "hot_coolant": {"rate": 20.0},
            "humid_air": {"rate": 20.0},
            "pulsing_consumer": {"rate": 20.0},
            "sensor_fault": {"rate": 20.0},
        },
    }
    tables: ClassVar[tuple[Table, ...]] = (
        *fleet_tables(CompressorSignals, CompressorLookAlikes),
        SUPPLY,
    )
    invariants: ClassVar[tuple[Invariant, ...]] = RULES
    causal_order: ClassVar[CausalOrder] = CausalOrder(
        view="outlook",
        table="telemetry",
        columns=(
            "speed",
            "suction_pressure",
            "flow",
            "interstage_pressure",
            "discharge_pressure",
            "first_temperature",
            "interstage_temperature",
            "discharge_temperature",
            "outlet_temperature",
            "power",
            "pressure_swing",
            "power_swing",
            "oil_temperature",
            "oil_pressure",
            "vibration",
            "dew_point",
        ),
        logarithmic=("vibration",),
    )
    hall_class: ClassVar[type[Hall]] = Station

    n_machines: int = parameter(36, doc="Machines.", minimum=1, maximum=1_000_000)
    machines_per_hall: int = parameter(
        4,
        doc="Machines on one header; simulated together and written as one part.",
        minimum=1,
        maximum=200,
    )
    compressor: CompressorParameters = parameter(CompressorParameters, doc="The compressors.")
    operation: StationOperation = parameter(StationOperation, doc="When and how machines run.")
    watching: CompressorWatching = parameter(CompressorWatching, doc="What is measured.")
    lookalikes: CompressorLookAlikes = parameter(
        CompressorLookAlikes, doc="What resembles defects."
    )

    def signals(self) -> CompressorSignals:
        """See `Halls.signals`."""
        return CompressorSignals(about=self.compressor)

    def usual_duties(self, n_machines: int) -> Sequence[tuple[float, float]]:
        """See `Halls.usual_duties`: as many machines as the mean demand takes share it."""
        return [(self.operation.usual_speed(n_machines), 1.0)]

    def work(self, hall: Hall) -> Iterator[Generator[simpy.Event, Any, None]]:
        """See `Halls.work`: one control commands all."""
        assert isinstance(hall, Station)
        yield operate(hall)

    def own_records(self, hall: Hall) -> Iterator[Batch]:
        """See `Halls.own_records`: what was asked for and given."""
        assert isinstance(hall, Station)
        columns = np.array(hall.supply, np.float64).reshape(-1, len(hall.supply[0])).T
        at, demand, flow, pressure, n_running, n_available = columns
        rated = AMBIENT + self.compressor.header_pressure
        yield SUPPLY.batch(
            {
                "at": timestamps(self.start_date, at),
                "hall_id": np.full(len(at), hall.hall_id, np.int64),
                "demand": np.round(demand, 2),
                "supplied": np.round(flow, 2),
                "header_pressure": np.round(rated * pressure, 3),
                "n_running": n_running.astype(np.int64),
                "n_available": n_available.astype(np.int64),
            }
        )
