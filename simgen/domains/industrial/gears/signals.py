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
from simgen.domains.industrial.gears.features import FEATURES, measure_gears, velocity
from simgen.domains.industrial.gears.gearbox import GearParameters, Made, housing, make
from simgen.domains.industrial.gears.mesh import (
    Faults,
    amplification,
    amplitudes,
    bow_levels,
    mean_square_velocity,
)
from simgen.domains.industrial.kernels.rolling import noise_share
from simgen.domains.industrial.kernels.telemetry import thickness
from simgen.domains.industrial.kernels.tones import start_phases, tone_window
from simgen.domains.industrial.kernels.vibration import DEFECT, RUNNING, vibrate
from simgen.domains.industrial.lookalikes.sensor_fault import Sizes
from simgen.kernels.arrays import Floats

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
_STRIKES = ("tooth_crack", "outer_race_spall", "inner_race_spall")
# At which rolling noise and strikes are told [Hz], and samples of a trial: 5 s.
_RATE, _N_TRIAL = 12_800.0, 65_536


@dataclass(frozen=True, kw_only=True)
class GearSignals(Signals):
    """See `Signals`; noise, counting times and sizes of sensors' faults are assumptions."""

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
            doc="Root mean square velocity of the housing between 10 Hz and 1 kHz",
            decimals=2,
            noise=0.10,
            faults=_SHAKE_FAULTS,
            is_magnitude=True,
        ),
        Channel(
            name="debris",
            unit="1/min",
            doc="Particles counted in the oil in a minute",
            decimals=0,
            counting_time=1.0,
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
        """See `Signals.make`; how loud it is comes from trials, of which windows are made."""
        made = make(self.about, rng)
        strikes = {
            name: self._trial(made, 0.0, next(self._strikes({name: 1.0}, 1.0, 1.0)))
            for name in _STRIKES
        }
        return made._replace(loudness={"rolling": self._trial(made, 1.0, _NO_STRIKES), **strikes})

    def _trial(self, made: Made, rolling: float, strikes: Any) -> float:
        """Root mean square of velocity that noise or strikes make at rated speed [mm/s]."""
        running = np.array([(self.about.rated_speed / 60.0, _WOBBLE, rolling, 0.0)], RUNNING)
        # Chance is the same for all: what is found is the machine's.
        out, key = np.empty(_N_TRIAL, np.float32), np.zeros(2, np.uint32)
        vibrate(key, 0, _RATE, running[0], made.modes, _NO_TURNS, strikes, out)
        return velocity(out, _RATE)

    def ratings(self) -> Mapping[str, float]:
        """See `Signals.ratings`."""
        about = self.about
        return {
            "rated_power": about.rated_power,
            "rated_speed": about.rated_speed,
            "n_pinion": float(about.n_pinion),
            "n_wheel": float(about.n_wheel),
        }

    @cached_property
    def enlargements(self) -> Mapping[str, float]:
        """See `Signals.enlargements`."""
        return {"power": self.about.rated_power / GearParameters().rated_power}

    def steady(self, made: Made, at: Conditions) -> Mapping[str, Floats]:
        """See `Signals.steady`."""
        about, severity = self.about, at.severity
        wear, crack = severity["tooth_wear"], severity["tooth_crack"]
        spall = severity["outer_race_spall"] + severity["inner_race_spall"]
        oil, thick = self._oil_rise(at), thickening(at.warmth)
        return {
            "speed": about.rated_speed * at.speed,
            "power": about.rated_power
            * at.speed
            * (at.load * (1.0 + _WEAR_LOSS * wear) + _CHURNING * thick),
            "oil_temperature": at.hall + oil,
            "bearing_temperature": at.hall + 6.0 + 0.8 * oil + _SPALL_HEAT * spall * spall,
            "vibration": self._shake(made, at, thick),
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

    def _shake(self, made: Made, at: Conditions, thick: Floats) -> Floats:
        """What windows would have as `velocity`: tones, noise and strikes, as powers [mm/s]."""
        strength = at.speed * np.sqrt(at.load)
        strikes = [made.loudness[name] * at.severity[name] * strength for name in _STRIKES]
        noise = made.loudness["rolling"] * _rolling(made, at, thick)
        levels = amplitudes(made.gearbox, _faults(made, at), speed=at.speed, load=at.load)
        rates = self.about.rated_speed / 60.0 * at.speed
        total = mean_square_velocity(made.modes, made.tones, levels, rates) + noise * noise
        return np.asarray(np.sqrt(sum((one * one for one in strikes), total)))

    def floor(self) -> float:
        """See `Signals.floor`: rolling noise, after the housing has amplified it."""
        return 3.0 * float(housing()["rolling"])

    def sample(
        self, key: Key, window: int, made: Made, at: Conditions, *, rate: float, n_samples: int
    ) -> npt.NDArray[np.float32]:
        """See `Signals.sample`."""
        shaft_rate = self.about.rated_speed / 60.0 * at.speed
        rolling = _rolling(made, at, thickness(at.warmth)) * noise_share(rate, _RATE)
        running = np.array([(shaft_rate, _WOBBLE, rolling, housing()["floor"])], RUNNING)
        first, *others = [*self._strikes(at.severity, at.speed, at.load)] or [_NO_STRIKES]
        shaken = np.empty((1, n_samples), np.float32)
        vibrate(key, window, rate, running[0], made.modes, _NO_TURNS, first, shaken[0])
        # Noise belongs to the first round; the others are strikes alone.
        running["rolling"] = running["floor"] = 0.0
        for defect in others:
            one = np.empty(n_samples, np.float32)
            vibrate(key, window, rate, running[0], made.modes, _NO_TURNS, defect, one)
            shaken[0] += one
        tones = _tones(made, at, shaft_rate, rate)
        tones["phase"] += start_phases(key, window, tones["order"])
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
            if severity.get(name, 0.0) > 0.0:
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


def _rolling(made: Made, at: Conditions, thick: Any) -> Any:
    """Level of rolling noise, which cold oil and worn teeth raise [g]."""
    hiss = 1.0 + _WEAR_HISS * at.severity["tooth_wear"]
    return made.rolling * at.speed**1.5 * np.sqrt(at.load) * (1.0 + 0.5 * thick) * hiss


def _faults(made: Made, at: Conditions) -> Faults:
    severity = at.severity
    first, second = bow_levels(made.bend_place)
    return Faults(
        tooth_wear=severity["tooth_wear"],
        tooth_crack=severity["tooth_crack"],
        misalignment=severity["misalignment"],
        unbalance=severity["unbalance"],
        looseness=severity["looseness"],
        neighbour=at.disturbance["neighbour"],
        bow=(first * severity["bent_shaft"], second * severity["bent_shaft"]),
    )


def _tones(made: Made, at: Conditions, shaft_rate: float, rate: float) -> npt.NDArray[np.void]:
    """Those of a window, of dtype TONE; what is nothing is left out `(t,)`.

    So is what is too fast for the rate [Hz], as by the filter before a converter.
    """
    levels = np.array(amplitudes(made.gearbox, _faults(made, at), speed=at.speed, load=at.load))
    there = (levels != 0.0) & (made.tones["order"] * shaft_rate < 0.5 * rate)
    tones: npt.NDArray[np.void] = made.tones[there]
    gains = amplification(made.modes, tones["order"] * shaft_rate)
    tones["amplitude"] = levels[there] * gains
    return tones
