"""What a motor tells: telemetry of its relay, and windows of its three currents."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from simgen.core import Field, Key
from simgen.domains.industrial.bearings import FaultOrders, catalogue
from simgen.domains.industrial.fleet.signals import Channel, Conditions, Signals, thickening
from simgen.domains.industrial.kernels.fleet import normals
from simgen.domains.industrial.kernels.tones import make_tones, start_phases, tone_window
from simgen.domains.industrial.lookalikes.sensor_fault import Sizes
from simgen.domains.industrial.motors.channels import CHANNELS, WINDOW_FAULTS
from simgen.domains.industrial.motors.currents import (
    N_PHASES,
    Faults,
    Motor,
    mains,
    phase_currents,
    tones,
    unbalance,
)
from simgen.domains.industrial.motors.features import (
    FEATURES,
    TACHOMETER_STEP,
    measure_currents,
)
from simgen.domains.industrial.motors.heat import BREAKDOWN, most_load, winding_rise
from simgen.domains.industrial.motors.motor import Made, MotorParameters
from simgen.kernels.arrays import Floats

# What a defect does at severity 1; all assumptions.
_BARS = 4.0  # broken, of those in the parameters
_BORN_BARS = (0.02, 0.12)  # same, of a sound cage
_ECCENTRICITY = 0.02  # share of the current at each of its lines
_SHORT = 0.12  # negative sequence that shorted turns draw, share of the current
_RACE = 0.0015  # share of the current on either side of the mains
_SPALL_SHAKE, _GAP_SHAKE, _BAR_SHAKE, _UNBALANCE_SHAKE = 6.0, 3.0, 1.5, 5.0  # [mm/s]
_SPALL_HEAT = 28.0  # [K]
_N_CURRENTS = 3
_MAINS_WOBBLE = 8e-5  # of the mains' frequency within a window, relative; assumption
_MAINS_SPREAD = 4e-4  # of that frequency between windows, relative; assumption: 20 mHz
_MAINS_REACH = 5.0 * _MAINS_SPREAD  # beyond which they are not


@dataclass(frozen=True, kw_only=True)
class MotorSignals(Signals):
    """See `Signals`."""

    about: MotorParameters

    table: ClassVar[str] = "motors"
    noun: ClassVar[str] = "motor"
    rated: ClassVar[Mapping[str, tuple[str, str]]] = {
        "rated_power": ("kW", "At the shaft."),
        "rated_current": ("A", "Of each phase, root mean square."),
        "rated_speed": ("rpm", "At rated load."),
    }
    channels: ClassVar[tuple[Channel, ...]] = CHANNELS
    warming: ClassVar[str] = "winding_temperature"
    windows: ClassVar[str] = "Windows of the three currents"
    waveforms: ClassVar[tuple[Field, ...]] = tuple(
        Field(f"current_{phase}", pa.list_(pa.float32()), "A", f"Of phase {phase}.")
        for phase in "abc"
    )
    window_faults: ClassVar[Mapping[str, Sizes]] = WINDOW_FAULTS
    features: ClassVar[tuple[Field, ...]] = FEATURES
    quantities: ClassVar[Mapping[str, str]] = {
        "unbalance": "1",
        "line_lower_sideband": "1",
        "line_eccentricity": "1",
        "line_races": "1",
    }

    @cached_property
    def _orders(self) -> FaultOrders:
        return catalogue()[self.about.bearing].orders

    def make(self, rng: np.random.Generator) -> Made:
        """See `Signals.make`; spreads are assumptions."""
        angle = rng.uniform(0.0, 2.0 * np.pi)
        return Made(
            ratio=complex(rng.uniform(0.002, 0.012) * np.exp(1j * angle)),
            short_angle=float(rng.integers(3) * 2.0 * np.pi / 3.0 + rng.normal(0.0, 0.1)),
            contact_angle=float(rng.integers(3) * 2.0 * np.pi / 3.0),
            bars=float(rng.uniform(*_BORN_BARS)),
            eccentricity=float(rng.uniform(0.0008, 0.003)),
            third=float(rng.uniform(0.001, 0.008)),
            path=float(rng.lognormal(0.0, 0.3)),
            pulse_rate=float(rng.uniform(0.8, 3.0)),
            shake=float(1.2 * rng.lognormal(0.0, 0.2)),
            phases=rng.uniform(0.0, 2.0 * np.pi, N_PHASES),
        )

    def ratings(self) -> Mapping[str, float]:
        """See `Signals.ratings`."""
        about = self.about
        speed = 60.0 * about.supply_frequency / about.n_pole_pairs * (1.0 - about.rated_slip)
        current = about.rated_current
        return {
            "rated_power": about.rated_power,
            "rated_current": current,
            "rated_speed": speed,
        }

    @cached_property
    def enlargements(self) -> Mapping[str, float]:
        """See `Signals.enlargements`."""
        usual = MotorParameters()
        current = self.about.rated_current / usual.rated_current
        power = self.about.rated_power / usual.rated_power
        sensors = (f"{name}_{phase}" for name in ("current", "clamp") for phase in "abc")
        return {**dict.fromkeys(sensors, current), "power": power}

    def faults(self, made: Made, at: Conditions) -> Faults:
        """How bad each fault is."""
        severity, size = at.severity, at.disturbance
        return Faults(
            n_bars=made.bars + _BARS * severity["broken_bar"],
            eccentricity=made.eccentricity + _ECCENTRICITY * severity["eccentricity"],
            turn_short=_SHORT * severity["turn_short"],
            contact=severity["phase_loss"],
            supply=mains(size["supply_unbalance"]),
            pulsation=size["load_pulsation"],
            outer_race=made.path * _RACE * severity["outer_race_spall"],
            inner_race=made.path * _RACE * severity["inner_race_spall"],
        )

    def slip(self, at: Conditions, faults: Faults) -> Any:
        """It rises with load, and with the rotor's resistance as bars break.

        Voltage goes with frequency and keeps the flux, so a load takes as many turns at any speed.
        """
        lost = faults.n_bars / self.about.n_rotor_bars
        return self.about.rated_slip * at.load * (1.0 + lost) / at.speed

    def least_speed(self) -> float:
        """Over the rated one; at less, the largest load with all bars broken takes every turn."""
        lost = (_BARS + _BORN_BARS[1]) / self.about.n_rotor_bars
        return BREAKDOWN * self.about.rated_slip * (1.0 + lost)

    def _shares(self, at: Conditions) -> tuple[Any, Any]:
        """Current over the rated one, and the part of it that makes torque."""
        idle = self.about.idle_share
        torque = math.sqrt(1.0 - idle * idle) * at.load
        current = np.hypot(idle, torque)
        return current, torque / current

    def _ratio(self, made: Made, faults: Faults) -> Any:
        return unbalance(faults, made.ratio, made.short_angle, made.contact_angle)

    def steady(self, made: Made, at: Conditions) -> Mapping[str, Floats]:
        """See `Signals.steady`."""
        about, faults = self.about, self.faults(made, at)
        ratio, slip = self._ratio(made, faults), self.slip(at, faults)
        share, _ = self._shares(at)
        currents = about.rated_current * share * phase_currents(ratio)
        synchronous = 60.0 * about.supply_frequency * at.speed / about.n_pole_pairs
        losses = 1.0 / about.efficiency - 1.0
        return {
            **dict(zip(("current_a", "current_b", "current_c"), currents, strict=True)),
            "power": about.rated_power
            * (at.load * at.speed + losses * (0.4 * at.speed + 0.6 * share * share)),
            "speed": synchronous * (1.0 - slip),
            **self._heat(at, share, np.abs(ratio)),
            "vibration": self._shake(made, at, np.abs(ratio)),
        }

    def _heat(self, at: Conditions, share: Floats, ratio: Floats) -> Mapping[str, Floats]:
        rise = winding_rise(self.about, at, share, ratio)
        spall = at.severity["outer_race_spall"] + at.severity["inner_race_spall"]
        return {
            "winding_temperature": at.hall + rise,
            "bearing_temperature": at.hall
            + 0.2 * rise
            + (14.0 + _SPALL_HEAT * spall * spall) * at.speed,
        }

    def warmed(self, made: Made, at: Conditions) -> Any:
        """See `Signals.warmed`: of the winding."""
        share, _ = self._shares(at)
        ratio = np.abs(self._ratio(made, self.faults(made, at)))
        return at.hall + winding_rise(self.about, at, share, ratio)

    def most_load(self, made: Made, at: Conditions) -> float:
        """That a motor may take at one instant, over the rated one."""
        return most_load(self.about, at, abs(self._ratio(made, self.faults(made, at))))

    def _shake(self, made: Made, at: Conditions, ratio: Floats) -> Floats:
        """Causes add up as powers [mm/s]; the velocity of what turns goes with speed."""
        severity = at.severity
        spall = severity["outer_race_spall"] + severity["inner_race_spall"]
        # Cold grease is stiff: an assumption.
        stiff = 1.0 + 0.5 * thickening(at.warmth)
        turning = (made.shake * (0.85 + 0.2 * at.load) * stiff) ** 2 + (_SPALL_SHAKE * spall) ** 2
        square = turning * at.speed**2 + (_GAP_SHAKE * severity["eccentricity"]) ** 2
        square = square + (_BAR_SHAKE * severity["broken_bar"]) ** 2
        square = square + (40.0 * at.disturbance["load_pulsation"]) ** 2
        return np.asarray(np.sqrt(square + (_UNBALANCE_SHAKE * ratio) ** 2))

    def floor(self) -> float:
        """See `Signals.floor`: of the clamps [A]; three thousandths of the rated peak, assumed."""
        return 0.003 * math.sqrt(2.0) * self.about.rated_current

    def sample(
        self, key: Key, window: int, made: Made, at: Conditions, *, rate: float, n_samples: int
    ) -> npt.NDArray[np.float32]:
        """See `Signals.sample`."""
        about, faults = self.about, self.faults(made, at)
        share, torque = map(float, self._shares(at))
        noise = normals(key, window, _N_CURRENTS, n_samples)
        noise *= self.floor()
        # The first number of the unused channel stands for the mains' frequency of the hour.
        hour = float(normals(key, window, _N_CURRENTS + 1, 1)[_N_CURRENTS, 0])
        frequency = about.supply_frequency * at.speed * (1.0 + _MAINS_SPREAD * hour)
        pulse = made.pulse_rate / frequency
        motor = Motor(about.n_pole_pairs, about.n_rotor_bars, self._orders, pulse, made.third)
        peak = math.sqrt(2.0) * about.rated_current * share
        about_tones = {"load_share": torque, "ratio": self._ratio(made, faults)}

        def every(n_bars: float) -> Floats:
            slip = self.slip(at, faults._replace(n_bars=n_bars))
            return np.array([*tones(motor, faults, slip=slip, phases=made.phases, **about_tones)])

        rows, turning = every(faults.n_bars), (frequency, _MAINS_WOBBLE)
        # Chance is the same while bars break, though slip is not.
        rows[:, 2] += start_phases(key, window, every(made.bars)[:, 0])
        # As a filter before the converter does: what is too fast for the rate is not folded back.
        rows = rows[rows[:, 0] * frequency < 0.5 * rate]
        rows[:, 1] *= peak
        return np.asarray(tone_window(key, window, rate, turning, make_tones(rows), noise))

    def measure(
        self, samples: npt.NDArray[np.float32], made: Made, at: Conditions, *, rate: float
    ) -> Mapping[str, float]:
        """See `Signals.measure`."""
        about = self.about
        slip, goal = self.slip(at, self.faults(made, at)), about.supply_frequency * at.speed

        def tachometer(mains: float) -> float:
            # It knows the mains as they are, which a spoilt or short window does not tell.
            frequency = goal * min(max(mains / goal, 1.0 - _MAINS_REACH), 1.0 + _MAINS_REACH)
            turns = 60.0 * frequency / about.n_pole_pairs * (1.0 - slip)
            return float(round(turns / TACHOMETER_STEP) * TACHOMETER_STEP)

        return measure_currents(
            samples,
            rate,
            tachometer=tachometer,
            n_pole_pairs=about.n_pole_pairs,
            races=(self._orders.outer_race, self._orders.inner_race),
        )
