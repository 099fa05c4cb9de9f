"""What a press tells: telemetry of its oil, and windows of whole work cycles."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from simgen.core import MINUTE, Field, Key
from simgen.domains.industrial.fleet.signals import Channel, Conditions, Signals
from simgen.domains.industrial.kernels.fleet import normals
from simgen.domains.industrial.kernels.presses import balances, press_cycle, read_cycle
from simgen.domains.industrial.lookalikes.sensor_fault import Sizes
from simgen.domains.industrial.presses.features import FEATURES, measure_cycle
from simgen.domains.industrial.presses.press import (
    OPENINGS,
    SHARES,
    Made,
    PressParameters,
    circuits,
    make,
    oil_rise,
)
from simgen.kernels.arrays import Floats

# Of samples on the default plate [bar], [l/min], [kW]; assumptions.
_PRESSURE_NOISE, _FLOW_NOISE, _POWER_NOISE = 0.4, 0.05, 0.03
_RIPPLE = 0.8  # of the pump's strokes, beyond what the window resolves [bar]; assumption


@dataclass(frozen=True, kw_only=True)
class PressSignals(Signals):
    """See `Signals`; noise and sizes of sensors' faults are assumptions."""

    about: PressParameters

    table: ClassVar[str] = "presses"
    noun: ClassVar[str] = "press"
    rated: ClassVar[Mapping[str, tuple[str, str]]] = {
        "pump_flow": ("l/min", "Of a new pump."),
        "relief_pressure": ("bar", "At which the relief valve opens."),
        "precharge": ("bar", "Of the accumulator's gas, absolute."),
    }
    channels: ClassVar[tuple[Channel, ...]] = (
        Channel(
            name="pressure",
            unit="bar",
            doc="Mean of a cycle",
            decimals=1,
            noise=0.9,
            faults=(9.0, 3.0, 0.0, 40.0, 0.0, 135.0),
        ),
        Channel(name="flow", unit="l/min", doc="Of the pump, mean", decimals=2, noise=0.12),
        Channel(name="power", unit="kW", doc="Of the motor, mean", decimals=3, noise=0.06),
        Channel(
            name="oil_temperature",
            unit="degree Celsius",
            doc="Of the tank's oil",
            decimals=1,
            noise=0.4,
            warming_time=55.0 * MINUTE,
            faults=(7.0, 2.0, 0.0, 22.0, 0.0, 42.0),
        ),
        Channel(
            name="return_temperature",
            unit="degree Celsius",
            doc="Of the oil behind the cooler",
            decimals=1,
            noise=0.4,
            warming_time=50.0 * MINUTE,
        ),
        Channel(name="vibration", unit="mm/s", doc="Of the pump", decimals=2, noise=0.08),
    )
    warming: ClassVar[str] = "oil_temperature"
    windows: ClassVar[str] = "Windows of one work cycle"
    waveforms: ClassVar[tuple[Field, ...]] = (
        Field("pressure", pa.list_(pa.float32()), "bar", "Of the system."),
        Field("flow", pa.list_(pa.float32()), "l/min", "Of the pump."),
        Field("power", pa.list_(pa.float32()), "kW", "Of the motor."),
    )
    window_faults: ClassVar[Mapping[str, Sizes]] = {
        "pressure_sensor": (9.0, 3.0, 0.0, 60.0, 0.0, 150.0)
    }
    features: ClassVar[tuple[Field, ...]] = FEATURES
    quantities: ClassVar[Mapping[str, str]] = {
        "answer_time": "s",
        "flow_slope": "l/min/bar",
        "ripple": "bar",
    }

    def make(self, rng: np.random.Generator) -> Made:
        """See `Signals.make`."""
        return make(rng)

    def ratings(self) -> Mapping[str, float]:
        """See `Signals.ratings`."""
        about = self.about
        return {
            "pump_flow": about.pump_flow,
            "relief_pressure": about.relief_pressure,
            "precharge": about.precharge,
        }

    @cached_property
    def enlargements(self) -> Mapping[str, float]:
        """See `Signals.enlargements`."""
        return dict.fromkeys(("flow", "power"), self.about.enlargement)

    def steady(self, made: Made, at: Conditions) -> Mapping[str, Floats]:
        """See `Signals.steady`: means over the balance under each opening of a cycle."""
        about, severity, rows = self.about, at.severity, circuits(self.about, made, at)
        pressures = balances(rows, OPENINGS)
        flows = rows["pump_flow"][:, None] - rows["leakage"][:, None] * pressures
        power = pressures * self._power(rows["pump_flow"])[:, None]
        rise = oil_rise(about, at)
        shake = np.hypot(made.shake * (0.6 + 0.4 * at.load), 2.5 * severity["pump_leakage"])
        return {
            "pressure": pressures @ SHARES,
            "flow": flows @ SHARES,
            "power": power @ SHARES,
            "oil_temperature": at.hall + rise.tank,
            "return_temperature": at.hall + rise.back,
            "vibration": np.hypot(shake, 3.0 * at.disturbance["air_in_oil"]),
        }

    def warmed(self, made: Made, at: Conditions) -> Any:  # noqa: ARG002 - what others need
        """See `Signals.warmed`."""
        return at.hall + oil_rise(self.about, at).tank

    def floor(self) -> float:
        """See `Signals.floor`: of the pressure [bar]."""
        return float(np.hypot(_PRESSURE_NOISE, _RIPPLE))

    def sample(
        self, key: Key, window: int, made: Made, at: Conditions, *, rate: float, n_samples: int
    ) -> npt.NDArray[np.float32]:
        """See `Signals.sample`."""
        circuit = circuits(self.about, made, at)[0]
        pressure, flow = np.empty((2, n_samples))
        press_cycle(circuit, self.about.command(rate, n_samples).opening, rate, pressure, flow)
        # A volume at a time into gas that is stiffer by so much.
        stiffer = (self.about.precharge / circuit["precharge"]) ** (1.0 / circuit["exponent"])
        ripple = math.hypot(_PRESSURE_NOISE, _RIPPLE * made.ripple * stiffer)
        factor = self.about.enlargement
        deviations = (ripple, _FLOW_NOISE * factor, _POWER_NOISE * factor)
        noise, out = normals(key, window, 3, n_samples), np.empty((3, n_samples), np.float32)
        read_cycle(pressure, flow, self._power(circuit["pump_flow"]), deviations, noise, out)
        return out

    def _power(self, pump_flow: Any) -> Any:
        """What drives all that the pump displaces, whether it leaks or not [kW/bar]."""
        return pump_flow / 600.0 / self.about.efficiency

    def measure(
        self,
        samples: npt.NDArray[np.float32],
        made: Made,  # noqa: ARG002 - what others need
        at: Conditions,  # noqa: ARG002 - same
        *,
        rate: float,
    ) -> Mapping[str, float]:
        """See `Signals.measure`; the control's command is known without a sensor."""
        return measure_cycle(samples, self.about.command(rate, samples.shape[1]), rate)
