"""What a compressor tells: telemetry of gas and oil, and windows of its housing and its gas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from simgen.core import Field, Key
from simgen.domains.industrial.bearings import catalogue
from simgen.domains.industrial.compressors.channels import CHANNELS, QUANTITIES, WAVEFORMS
from simgen.domains.industrial.compressors.compressor import (
    RATED_SPEED,
    RECIPROCATING,
    SCREW,
    TABLE,
    CompressorParameters,
    Made,
    built,
    machines_with,
    make,
    rated_power,
    working,
)
from simgen.domains.industrial.compressors.fan import fan_lines, heat_left, line_velocity
from simgen.domains.industrial.compressors.features import FEATURES, measure
from simgen.domains.industrial.compressors.valves import power_swing, pressure_swing
from simgen.domains.industrial.compressors.windows import (
    BEARING,
    ROLLING,
    chances,
    gas_window,
    housing_window,
)
from simgen.domains.industrial.fleet.signals import Channel, Conditions, Signals, thickening
from simgen.domains.industrial.kernels.compressors import ZERO
from simgen.domains.industrial.kernels.gas import AMBIENT
from simgen.domains.industrial.lookalikes.sensor_fault import Sizes
from simgen.kernels.arrays import Floats

_OUTLET_SHARE = 0.5  # of the rise behind the aftercooler that the dew point takes; assumption
_UNREST = 0.12  # swing of the pressure under a sound control [bar]; assumption
_CALM_POWER = (2.0, 0.03)  # same of the power on the default plate [kW], and over it; assumption


@dataclass(frozen=True, kw_only=True)
class CompressorSignals(Signals):
    """See `Signals`; noise and sizes of sensors' faults are assumptions."""

    about: CompressorParameters

    table: ClassVar[str] = TABLE
    noun: ClassVar[str] = "compressor"
    rated: ClassVar[Mapping[str, tuple[str, str]]] = {
        "is_reciprocating": ("1", "1 if it has pistons, 0 if it has screws."),
        "rated_speed": ("rpm", "Of the shaft."),
        "rated_flow": ("m3/min", "Of a new one, at ambient pressure."),
    }
    channels: ClassVar[tuple[Channel, ...]] = CHANNELS
    warming: ClassVar[str] = "oil_temperature"
    windows: ClassVar[str] = "Windows of vibration and of the pressure between the stages"
    waveforms: ClassVar[tuple[Field, ...]] = WAVEFORMS
    window_faults: ClassVar[Mapping[str, Sizes]] = {"accelerometer": (0.6, 0.2, 0.0, 2.5, 0.0, 0.4)}
    features: ClassVar[tuple[Field, ...]] = FEATURES
    quantities: ClassVar[Mapping[str, str]] = QUANTITIES

    def make(self, rng: np.random.Generator) -> Made:
        """See `Signals.make`."""
        return make(self.about, rng)

    def ratings(self) -> Mapping[str, float]:
        """See `Signals.ratings`: those of a screw."""
        return self._plate(SCREW)

    @cached_property
    def enlargements(self) -> Mapping[str, float]:
        """See `Signals.enlargements`."""
        usual = CompressorParameters()
        power = rated_power(self.about) / rated_power(usual)
        flow = self.about.rated_flow / usual.rated_flow
        return {"flow": flow, "power": power, "power_swing": power}

    def plate(self, made: Made) -> Mapping[str, float]:
        """See `Signals.plate`."""
        return self._plate(made.kind)

    def _plate(self, kind: int) -> Mapping[str, float]:
        return {
            "is_reciprocating": float(kind == RECIPROCATING),
            "rated_speed": RATED_SPEED[kind],
            "rated_flow": self.about.rated_flow,
        }

    def has(self, made: Made, component: str) -> bool:
        """See `Signals.has`: screws have no valves, pistons no rotors."""
        return made.kind in machines_with(component)

    def steady(self, made: Made, at: Conditions) -> Mapping[str, Floats]:
        """See `Signals.steady`."""
        about, severity = self.about, at.severity
        gas = working(about, built(about, made), at)
        drive = gas["power"]
        thin = np.exp(-0.012 * (at.warmth - 50.0))  # as oil thins; assumption
        stiff = thickening(at.warmth)
        discharge = gas["second_outlet"] - ZERO
        left = heat_left(severity["fan_unbalance"], severity["belt_wear"])
        coolant = at.hall + about.coolant_rise + at.disturbance["hot_coolant"]
        return {
            "speed": RATED_SPEED[made.kind] * at.speed,
            "suction_pressure": gas["suction"],
            "interstage_pressure": gas["between"],
            "discharge_pressure": (AMBIENT + about.header_pressure) * at.load,
            "first_temperature": gas["first_outlet"] - ZERO,
            "interstage_temperature": gas["second_inlet"] - ZERO,
            "discharge_temperature": discharge,
            "outlet_temperature": at.hall + left * (discharge - at.hall),
            "flow": gas["flow"],
            "power": drive * (1.0 + 0.03 * stiff),
            **self._swings(made, at, drive),
            "oil_temperature": gas["oil"],
            "oil_pressure": 3.2
            * (0.6 + 0.4 * at.speed)
            * thin
            * (1.0 - 0.6 * severity["oil_pump_wear"]),
            "vibration": self._shake(made, at),
            "dew_point": made.dew_point
            + 34.0 * severity["desiccant_ageing"]
            + 0.7 * (coolant - 25.0)
            + _OUTLET_SHARE * (left - heat_left(0.0, 0.0)) * (discharge - at.hall)
            + at.disturbance["humid_air"],
        }

    def warmed(self, made: Made, at: Conditions) -> Floats:
        """See `Signals.warmed`."""
        return np.asarray(working(self.about, built(self.about, made), at)["oil"])

    def _swings(self, made: Made, at: Conditions, drive: Floats) -> Mapping[str, Floats]:
        """How far the pressure [bar] and the power [kW] go between two rows."""
        stiction, gulps = at.severity["intake_valve_stiction"], at.disturbance["pulsing_consumer"]
        header = (AMBIENT + self.about.header_pressure) * at.load
        calm = _CALM_POWER[0] * self.enlargements["power"] + _CALM_POWER[1] * drive
        return {
            "pressure_swing": _UNREST * made.unrest + pressure_swing(stiction) + gulps,
            "power_swing": calm * made.unrest + drive * power_swing(stiction, gulps, header),
        }

    def _shake(self, made: Made, at: Conditions) -> Floats:
        """Causes add up as powers [mm/s]; sizes are assumptions."""
        severity = at.severity
        valves = severity["first_valve_leakage"] + severity["second_valve_leakage"]
        blown = severity["fan_unbalance"], severity["belt_wear"]
        # What a new fan shakes is part of what a sound machine does.
        lines = fan_lines(*blown, fan=0.0, belt=0.0)
        parts = [
            made.shake * (0.4 + 0.6 * at.speed**2) * (1.0 + 0.4 * thickening(at.warmth)),
            4.0 * severity["outer_race_spall"],
            2.0 * severity["rotor_wear"] * at.speed,
            1.2 * valves + 1.0 * severity["ring_wear"],
            1.5 * severity["valve_spring_fatigue"] * at.speed**2,
            *(line_velocity(*line) for line in lines),
        ]
        return np.asarray(np.sqrt(sum(part * part for part in parts)))

    def floor(self) -> float:
        """See `Signals.floor`: rolling noise, and as much in bar."""
        return ROLLING

    def sample(
        self, key: Key, window: int, made: Made, at: Conditions, *, rate: float, n_samples: int
    ) -> npt.NDArray[np.float32]:
        """See `Signals.sample`."""
        noise, phases = chances(key, window, n_samples)
        shake, pressure = samples = np.empty((2, n_samples), np.float32)
        housing_window(key, window, made, at, rate=rate, phases=phases[:-1], out=shake)
        chance = noise, float(phases[-1])
        gas_window(self.about, made, at, rate=rate, chance=chance, out=pressure)
        return samples

    def measure(
        self, samples: npt.NDArray[np.float32], made: Made, at: Conditions, *, rate: float
    ) -> Mapping[str, float]:
        """See `Signals.measure`; the header's pressure is known."""
        speed = RATED_SPEED[made.kind] * at.speed
        header = (AMBIENT + self.about.header_pressure) * at.load
        return measure(
            samples,
            rate,
            # A tachometer reads to a tenth of a turn a minute.
            speed=round(speed, 1),
            outer_race=catalogue()[BEARING].orders.outer_race,
            ends=(AMBIENT, header),
        )
