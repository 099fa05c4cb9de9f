"""What a gearbox tells: telemetry of oil and bearing, and windows of its housing's vibration."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from simgen.core import MINUTE, Field, Key
from simgen.domains.industrial.bearings import FaultOrders, catalogue
from simgen.domains.industrial.fleet.signals import Channel, Conditions, Signals, thickening
from simgen.domains.industrial.gears.features import FEATURES, GRAVITY, measure_gears
from simgen.domains.industrial.gears.gearbox import GearParameters, Made, housing, make
from simgen.domains.industrial.gears.mesh import Faults, amplification, amplitudes, bow_levels
from simgen.domains.industrial.kernels.telemetry import thickness
from simgen.domains.industrial.kernels.tones import tone_window
from simgen.domains.industrial.kernels.vibration import DEFECT, RUNNING, vibrate
from simgen.domains.industrial.lookalikes.sensor_fault import Sizes

Floats = npt.NDArray[np.float64]

_WOBBLE = 0.0008  # of the speed within a window, relative; assumption
# What a defect does at severity 1; all assumptions.
_CRACK_STRIKE, _SPALL_STRIKE = 2.5, 1.2  # at rated speed and load [g]
_WEAR_HISS = 1.5  # of rolling noise, relative
_WEAR_LOSS = 0.03  # of power
_CHURNING = 0.05  # power lost to cold oil, over the rated one; assumption
_WEAR_HEAT, _SPALL_HEAT = 9.0, 26.0  # of oil, and of the bearing [K]
_WEAR_DEBRIS, _SPALL_DEBRIS, _CRACK_DEBRIS = 20.0, 15.0, 4.0  # particles a minute


_OIL_FAULTS: Sizes = (7.0, 2.0, 0.0, 22.0, 0.0, 48.0)
_SHAKE_FAULTS: Sizes = (1.5, 0.4, 0.0, 4.0, 0.0, 1.5)
_NO_STRIKES, _NO_TURNS = np.zeros(1, DEFECT)[0], np.zeros((0, 2))


def _velocity(speed: float) -> float:
    """Root mean square of velocity [mm/s] for each g of amplitude at the turn of a shaft [rpm]."""
    return GRAVITY * 1e3 / (2.0 * math.pi * speed / 60.0) / math.sqrt(2.0)


@dataclass(frozen=True, kw_only=True)
class GearSignals(Signals):
    """See `Signals`; noise and sizes of sensors' faults are assumptions."""

    about: GearParameters

    table: ClassVar[str] = "gearboxes"
    noun: ClassVar[str] = "gearbox"
    rated: ClassVar[Mapping[str, tuple[str, str]]] = {
        "rated_power": ("kW", "Through the gearbox."),
        "rated_speed": ("rpm", "Of the input shaft."),
        "n_pinion": ("1", "Teeth of the pinion."),
        "n_wheel": ("1", "Teeth of the wheel."),
    }
    channels: ClassVar[tuple[Channel, ...]] = (
        Channel(name="speed", unit="rpm", doc="Of the input shaft", decimals=1, noise=1.0),
        Channel(name="power", unit="kW", doc="At the input shaft", decimals=2, noise=0.2),
        Channel(
            name="oil_temperature",
            unit="degree Celsius",
            doc="Of the sump's oil",
            decimals=1,
            noise=0.4,
            warming_time=70.0 * MINUTE,
            faults=_OIL_FAULTS,
        ),
        Channel(
            name="bearing_temperature",
            unit="degree Celsius",
            doc="Of the input shaft's bearing",
            decimals=1,
            noise=0.4,
            warming_time=40.0 * MINUTE,
        ),
        Channel(
            name="vibration",
            unit="mm/s",
            doc="Root mean square velocity of the housing",
            decimals=2,
            noise=0.10,
            faults=_SHAKE_FAULTS,
        ),
        Channel(
            name="debris", unit="1/min", doc="Particles counted in the oil", decimals=1, noise=2.5
        ),
    )
    warming: ClassVar[str] = "oil_temperature"
    windows: ClassVar[str] = "Windows of the housing's vibration"
    waveforms: ClassVar[tuple[Field, ...]] = (
        Field("acceleration", pa.list_(pa.float32()), "g", "Of the housing, radial."),
    )
    window_faults: ClassVar[Mapping[str, Sizes]] = {
        "accelerometer": (0.5, 0.1, 0.0, 2.0, 0.0, 0.25)
    }
    features: ClassVar[tuple[Field, ...]] = FEATURES
    quantities: ClassVar[Mapping[str, str]] = {
        "velocity": "mm/s",
        "rms": "g",
        "residual_kurtosis": "1",
        "pinion_sidebands": "1",
    }

    @cached_property
    def _orders(self) -> FaultOrders:
        return catalogue()[self.about.bearing].orders

    def make(self, rng: np.random.Generator) -> Made:
        """See `Signals.make`."""
        return make(self.about, rng)

    def ratings(self) -> Mapping[str, float]:
        """See `Signals.ratings`."""
        about = self.about
        return {
            "rated_power": about.rated_power,
            "rated_speed": about.rated_speed,
            "n_pinion": float(about.n_pinion),
            "n_wheel": float(about.n_wheel),
        }

    def steady(self, made: Made, at: Conditions) -> Mapping[str, Floats]:
        """See `Signals.steady`."""
        about, severity = self.about, at.severity
        wear, crack = severity["tooth_wear"], severity["tooth_crack"]
        spall = severity["outer_race_spall"] + severity["inner_race_spall"]
        oil = self._oil_rise(at)
        return {
            "speed": about.rated_speed * at.speed,
            "power": about.rated_power
            * at.speed
            * (at.load * (1.0 + _WEAR_LOSS * wear) + _CHURNING * thickening(at.warmth)),
            "oil_temperature": at.hall + oil,
            "bearing_temperature": at.hall + 6.0 + 0.8 * oil + _SPALL_HEAT * spall * spall,
            "vibration": self._shake(made, at),
            # A gear that wears in sheds little; what it sheds later goes with load.
            "debris": made.debris
            + at.load * (_WEAR_DEBRIS * wear + _SPALL_DEBRIS * spall + _CRACK_DEBRIS * crack),
        }

    def warmed(self, made: Made, at: Conditions) -> Any:  # noqa: ARG002 - what others need
        """See `Signals.warmed`: of the oil."""
        return at.hall + self._oil_rise(at)

    def _oil_rise(self, at: Conditions) -> Any:
        """Over the hall, by churning and by friction in the mesh [K]."""
        rise = self.about.warming * at.speed * (0.45 + 0.55 * at.load)
        return rise + _WEAR_HEAT * at.severity["tooth_wear"]

    def _shake(self, made: Made, at: Conditions) -> Floats:
        """Causes add up as powers, and forces of mass go with speed squared [mm/s]."""
        severity, square = at.severity, at.speed * at.speed
        parts = [
            made.shake * (0.7 * square + 0.3 * at.load) * (1.0 + 0.4 * thickening(at.warmth)),
            4.0 * severity["unbalance"] * square,
            2.5 * severity["misalignment"],
            3.5 * severity["looseness"] * square,
            *self._bow(made, at),
            2.0 * severity["tooth_wear"] * at.load,
            1.5 * (severity["outer_race_spall"] + severity["inner_race_spall"]),
            _velocity(self.about.rated_speed) * at.disturbance["neighbour"],
        ]
        return np.asarray(np.sqrt(sum(part * part for part in parts)))

    def _bow(self, made: Made, at: Conditions) -> tuple[Floats, Floats]:
        """Of a bent shaft at one and at two turns: the slower, the more [mm/s]."""
        first, second = bow_levels(made.bend_place)
        size = _velocity(self.about.rated_speed) * at.severity["bent_shaft"] / at.speed
        return first * size, 0.5 * second * size

    def floor(self) -> float:
        """See `Signals.floor`: rolling noise, after the housing has amplified it."""
        return 3.0 * float(housing()["rolling"])

    def sample(
        self, key: Key, window: int, made: Made, at: Conditions, *, rate: float, n_samples: int
    ) -> npt.NDArray[np.float32]:
        """See `Signals.sample`."""
        speed, load, severity = at.speed, at.load, at.severity
        shaft_rate = self.about.rated_speed / 60.0 * speed
        stiff = 1.0 + 0.5 * thickness(at.warmth)
        hiss = 1.0 + _WEAR_HISS * severity["tooth_wear"]
        rolling = made.rolling * speed**1.5 * math.sqrt(load) * stiff * hiss
        running = np.array([(shaft_rate, _WOBBLE, rolling, housing()["floor"])], RUNNING)
        first, *others = [*self._strikes(severity, speed, load)] or [_NO_STRIKES]
        shaken = np.empty((1, n_samples), np.float32)
        vibrate(key, window, rate, running[0], made.modes, _NO_TURNS, first, shaken[0])
        # Noise belongs to the first round; the others are strikes alone.
        running["rolling"] = running["floor"] = 0.0
        for defect in others:
            one = np.empty(n_samples, np.float32)
            vibrate(key, window, rate, running[0], made.modes, _NO_TURNS, defect, one)
            shaken[0] += one
        tones = _tones(made, at, shaft_rate)
        return np.asarray(tone_window(key, window, rate, (shaft_rate, _WOBBLE), tones, shaken))

    def _strikes(self, severity: Mapping[str, float], speed: float, load: float) -> Iterator[Any]:
        """Records of dtype DEFECT: a cracked tooth meshes once a turn, spalls at their orders."""
        orders, strength = self._orders, speed * math.sqrt(load)
        about = (
            ("tooth_crack", 1.0, _CRACK_STRIKE, 0.0, 0.0),
            ("outer_race_spall", orders.outer_race, _SPALL_STRIKE, 0.0, 0.008),
            ("inner_race_spall", orders.inner_race, _SPALL_STRIKE, 1.0, 0.008),
        )
        for name, order, strike, zone_order, slip in about:
            if severity[name] > 0.0:
                row = np.zeros(1, DEFECT)
                row["order"], row["zone_order"], row["slip"] = order, zone_order, slip
                row["zone"], row["every_second"], row["spread"] = 1.0, 1.0, 0.15
                row["amplitude"] = strike * severity[name] * strength
                row["spall_time"] = 1e-4 + 6e-4 * severity[name]
                yield row[0]

    def measure(
        self, samples: npt.NDArray[np.float32], made: Made, at: Conditions, *, rate: float
    ) -> Mapping[str, float]:
        """See `Signals.measure`."""
        return measure_gears(
            samples[0],
            rate,
            # A tachometer reads to a tenth of a turn a minute.
            speed=round(10.0 * self.about.rated_speed * at.speed) / 10.0,
            teeth=(made.gearbox.n_pinion, made.gearbox.n_wheel),
            races=(self._orders.outer_race, self._orders.inner_race),
        )


def _tones(made: Made, at: Conditions, shaft_rate: float) -> npt.NDArray[np.void]:
    """Those of a window, of dtype TONE; what is nothing is left out `(t,)`."""
    severity = at.severity
    first, second = bow_levels(made.bend_place)
    faults = Faults(
        tooth_wear=severity["tooth_wear"],
        tooth_crack=severity["tooth_crack"],
        misalignment=severity["misalignment"],
        unbalance=severity["unbalance"],
        looseness=severity["looseness"],
        neighbour=at.disturbance["neighbour"],
        bow=(first * severity["bent_shaft"], second * severity["bent_shaft"]),
    )
    levels = amplitudes(made.gearbox, faults, speed=at.speed, load=at.load)
    there = levels != 0.0
    tones: npt.NDArray[np.void] = made.tones[there]
    gains = amplification(made.modes, tones["order"] * shaft_rate)
    tones["amplitude"] = levels[there] * gains
    return tones
