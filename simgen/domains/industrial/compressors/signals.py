"""What a compressor tells: telemetry of gas and oil, and windows of its housing and its gas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from simgen.core import MINUTE, Field, Key
from simgen.domains.industrial.bearings import catalogue
from simgen.domains.industrial.compressors.compressor import (
    N_HARMONICS,
    RATED_SPEED,
    RECIPROCATING,
    SCREW,
    TABLE,
    ZERO,
    CompressorParameters,
    Made,
    built,
    machines_with,
    make,
    power,
    suction_pressure,
    working,
)
from simgen.domains.industrial.compressors.features import FEATURES, LOBES, measure
from simgen.domains.industrial.fleet.signals import Channel, Conditions, Signals, thickening
from simgen.domains.industrial.kernels.fleet import normals
from simgen.domains.industrial.kernels.gas import AMBIENT
from simgen.domains.industrial.kernels.vibration import DEFECT, RUNNING, vibrate
from simgen.domains.industrial.lookalikes.sensor_fault import Sizes

Floats = npt.NDArray[np.float64]

_BEARING = "SKF_6205"  # whose orders are those of all bearings here; assumption
# Of windows; all assumptions.
_ROLLING, _FLOOR, _PRESSURE_NOISE = 0.04, 0.01, 0.03  # at full speed [g], [g], [bar]
_WOBBLE = 0.001  # of the speed within a window, relative
_SLAP, _SPALL = 0.8, 1.6  # of a valve and of a bearing at full load [g]
_HISS = 1.5  # of rolling noise, by a leaking valve; and half of it by worn rings
_PULSE = (0.02, 0.12)  # of the pressure between the stages, screw and reciprocating [bar]
_RATED_POWER = 110.0  # with which the oil has its rated rise [kW]; assumption


def _warm(name: str, doc: str, minutes: float, faults: Sizes | None = None) -> Channel:
    return Channel(
        name=name,
        unit="degree Celsius",
        doc=doc,
        decimals=1,
        noise=0.5,
        warming_time=minutes * MINUTE,
        faults=faults,
    )


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
    channels: ClassVar[tuple[Channel, ...]] = (
        Channel(name="speed", unit="rpm", doc="Of the shaft", decimals=1, noise=1.0),
        Channel(
            name="suction_pressure",
            unit="bar",
            doc="Behind the filter, absolute",
            decimals=4,
            noise=0.005,
        ),
        Channel(
            name="interstage_pressure",
            unit="bar",
            doc="Absolute",
            decimals=3,
            noise=0.02,
            faults=(0.3, 0.1, 0.0, 0.8, 0.0, 2.9),
        ),
        Channel(name="discharge_pressure", unit="bar", doc="Absolute", decimals=3, noise=0.03),
        _warm("first_temperature", "Of the air behind the first stage", 6.0),
        _warm("interstage_temperature", "Of the air behind the intercooler", 8.0),
        _warm(
            "discharge_temperature",
            "Of the air behind the second stage",
            6.0,
            (8.0, 2.5, 0.0, 25.0, 0.0, 150.0),
        ),
        Channel(name="flow", unit="m3/min", doc="Of free air", decimals=2, noise=0.15),
        Channel(name="power", unit="kW", doc="Of the motor", decimals=2, noise=0.6),
        _warm("oil_temperature", "Of the oil in its tank", 45.0, (6.0, 2.0, 0.0, 20.0, 0.0, 45.0)),
        Channel(
            name="oil_pressure",
            unit="bar",
            doc="Behind the oil's filter, gauge",
            decimals=2,
            noise=0.04,
        ),
        Channel(
            name="vibration",
            unit="mm/s",
            doc="Root mean square velocity of the housing",
            decimals=2,
            noise=0.12,
        ),
        Channel(
            name="dew_point",
            unit="degree Celsius",
            doc="Of the air behind the dryer, under pressure",
            decimals=1,
            noise=0.8,
        ),
    )
    warming: ClassVar[str] = "oil_temperature"
    windows: ClassVar[str] = "Windows of vibration and of the pressure between the stages"
    waveforms: ClassVar[tuple[Field, ...]] = (
        Field("acceleration", pa.list_(pa.float32()), "g", "Of the housing, radial."),
        Field("pressure", pa.list_(pa.float32()), "bar", "Between the stages, absolute."),
    )
    window_faults: ClassVar[Mapping[str, Sizes]] = {"accelerometer": (0.6, 0.2, 0.0, 2.5, 0.0, 0.4)}
    features: ClassVar[tuple[Field, ...]] = FEATURES
    quantities: ClassVar[Mapping[str, str]] = {
        "rms": "g",
        "line_lobes": "g",
        "envelope_outer_race": "1",
        "interstage_excess": "1",
        "interstage_lack": "1",
    }

    def make(self, rng: np.random.Generator) -> Made:
        """See `Signals.make`."""
        return make(self.about, rng)

    def ratings(self) -> Mapping[str, float]:
        """See `Signals.ratings`: those of a screw."""
        return self._plate(SCREW)

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
        gas = working(about, built(made), at)
        drive = power(gas)
        oil = about.warming * (0.4 + 0.6 * drive / _RATED_POWER)
        oil = oil + 10.0 * severity["outer_race_spall"]
        thin = np.exp(-0.012 * (at.warmth - 50.0))  # as oil thins; assumption
        stiff = thickening(at.warmth)
        coolant = at.hall + about.coolant_rise + at.disturbance["hot_coolant"]
        return {
            "speed": RATED_SPEED[made.kind] * at.speed,
            "suction_pressure": suction_pressure(built(made), at),
            "interstage_pressure": gas["between"],
            "discharge_pressure": (AMBIENT + about.header_pressure) * at.load,
            "first_temperature": gas["first_outlet"] - ZERO,
            "interstage_temperature": gas["second_inlet"] - ZERO,
            "discharge_temperature": gas["second_outlet"] - ZERO,
            "flow": gas["flow"],
            "power": drive * (1.0 + 0.03 * stiff),
            "oil_temperature": at.hall + oil,
            "oil_pressure": 3.2
            * (0.6 + 0.4 * at.speed)
            * thin
            * (1.0 - 0.6 * severity["oil_pump_wear"]),
            "vibration": self._shake(made, at),
            "dew_point": made.dew_point
            + 34.0 * severity["desiccant_ageing"]
            + 0.7 * (coolant - 25.0)
            + at.disturbance["humid_air"],
        }

    def _shake(self, made: Made, at: Conditions) -> Floats:
        """Causes add up as powers [mm/s]; sizes are assumptions."""
        severity = at.severity
        valves = severity["first_valve_leakage"] + severity["second_valve_leakage"]
        parts = [
            made.shake * (0.4 + 0.6 * at.speed**2) * (1.0 + 0.4 * thickening(at.warmth)),
            4.0 * severity["outer_race_spall"],
            2.0 * severity["rotor_wear"] * at.speed,
            1.2 * valves + 1.0 * severity["ring_wear"],
        ]
        return np.asarray(np.sqrt(sum(part * part for part in parts)))

    def floor(self) -> float:
        """See `Signals.floor`: rolling noise, and as much in bar."""
        return _ROLLING

    def sample(
        self, key: Key, window: int, made: Made, at: Conditions, *, rate: float, n_samples: int
    ) -> npt.NDArray[np.float32]:
        """See `Signals.sample`."""
        speed, load = float(at.speed[0]), float(at.load[0])
        severity = {name: float(value[0]) for name, value in at.severity.items()}
        turn = RATED_SPEED[made.kind] / 60.0 * speed
        running = np.zeros(1, RUNNING)
        running["shaft_rate"], running["wobble"] = turn, _WOBBLE
        leaks = severity["first_valve_leakage"] + severity["second_valve_leakage"]
        hiss = 1.0 + _HISS * (leaks + 0.5 * severity["ring_wear"])
        stiff = 1.0 + 0.5 * float(thickening(at.warmth)[0])
        running["rolling"] = _ROLLING * speed**1.5 * load * hiss * stiff
        running["floor"] = _FLOOR
        shake, one = np.zeros(n_samples), np.empty(n_samples, np.float32)
        turns = _multiples(made, severity, speed, load)
        for strikes in (np.zeros(1, DEFECT)[0], *_strikes(made, severity, speed, load)):
            vibrate(key, window, rate, running[0], made.modes, turns, strikes, one)
            shake += one
            # Noise and the shaft belong to the first round; the others are strikes alone.
            running["rolling"] = running["floor"] = 0.0
            turns = np.zeros((0, 2))
        time = np.arange(n_samples) / rate
        order = 2.0 if made.kind == RECIPROCATING else LOBES
        wave = np.sin(2.0 * np.pi * order * turn * time + made.phases[0])
        mean = float(working(self.about, built(made), at)["between"][0])
        pulse = _PULSE[made.kind] * made.pulse * mean * (1.0 + 0.5 * leaks)
        # Apart from what `vibrate` draws for the same window.
        noise = normals(key, -1 - window, 1, n_samples)[0]
        pressure = mean + pulse * wave + _PRESSURE_NOISE * noise
        return np.stack([shake, pressure]).astype(np.float32)

    def measure(
        self, samples: npt.NDArray[np.float32], made: Made, at: Conditions, *, rate: float
    ) -> Mapping[str, float]:
        """See `Signals.measure`; the header's pressure is known."""
        speed = RATED_SPEED[made.kind] * float(at.speed[0])
        header = (AMBIENT + self.about.header_pressure) * float(at.load[0])
        return measure(
            samples,
            rate,
            # A tachometer reads to a tenth of a turn a minute.
            speed=round(speed, 1),
            outer_race=catalogue()[_BEARING].orders.outer_race,
            ends=(AMBIENT, header),
        )


def _multiples(made: Made, severity: Mapping[str, float], speed: float, load: float) -> Floats:
    """Cosine and sine part of each multiple of the turn `(N_HARMONICS, 2)` [g]; assumptions."""
    size = np.zeros(N_HARMONICS)
    if made.kind == RECIPROCATING:
        size[:4] = 0.06, 0.08, 0.02, 0.02
    else:
        lobes = int(LOBES)
        size[0] = 0.03
        size[lobes - 1] = 0.08 * load * (1.0 + 3.0 * severity["rotor_wear"])
        size[2 * lobes - 1] = 0.03 * load * (1.0 + 4.0 * severity["rotor_wear"])
    size *= speed**2
    return np.column_stack([size * np.cos(made.phases), size * np.sin(made.phases)])


def _strikes(made: Made, severity: Mapping[str, float], speed: float, load: float) -> Iterator[Any]:
    """Records of dtype DEFECT: valves slap once a turn, sound as they are; spalls are struck."""
    orders = catalogue()[_BEARING].orders
    leaks = severity["first_valve_leakage"] + severity["second_valve_leakage"]
    slap = _SLAP * load * speed * (1.0 + 0.6 * leaks) if made.kind == RECIPROCATING else 0.0
    spall = _SPALL * severity["outer_race_spall"] * speed * np.sqrt(load)
    for order, strike, slip in ((1.0, slap, 0.0), (orders.outer_race, spall, 0.008)):
        if strike > 0.0:
            row = np.zeros(1, DEFECT)
            row["order"], row["amplitude"], row["slip"] = order, strike, slip
            row["zone"], row["every_second"], row["spread"] = 1.0, 1.0, 0.15
            row["spall_time"] = 4e-4
            yield row[0]
