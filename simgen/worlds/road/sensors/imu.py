"""An inertial measurement unit: specific force and angular rate, with bias and noise.

The model of Woodman (2007), An introduction to inertial navigation, UCAM-CL-TR-696: white noise
of a density, and a bias that walks at random. No scale error, no cross coupling, no temperature.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simgen.core import Parameters, parameter
from simgen.kernels.arrays import Floats
from simgen.worlds.road.kernels.vehicles import GRAVITY
from simgen.worlds.road.sensors.motion import Motion

_PULL = np.array([0.0, 0.0, -GRAVITY])  # [m/s2]


@dataclass(frozen=True, kw_only=True)
class Imu(Parameters):
    """A unit of three accelerometers and three gyroscopes.

    Noise and walk by default: the ADIS16448 of the EuRoC data set (Burri et al. 2016), file
    imu0/sensor.yaml. Biases at the start are assumed.
    """

    force_noise: float = parameter(
        2.0e-3, unit="m/s2/sqrt(Hz)", minimum=0.0, doc="density of the accelerometers' noise"
    )
    force_walk: float = parameter(
        3.0e-3, unit="m/s2/sqrt(s)", minimum=0.0, doc="of the accelerometers' bias"
    )
    force_bias: float = parameter(
        0.02, unit="m/s2", minimum=0.0, doc="standard deviation at the start"
    )
    rate_noise: float = parameter(
        1.6968e-4, unit="rad/s/sqrt(Hz)", minimum=0.0, doc="density of the gyroscopes' noise"
    )
    rate_walk: float = parameter(
        1.9393e-5, unit="rad/s/sqrt(s)", minimum=0.0, doc="of the gyroscopes' bias"
    )
    rate_bias: float = parameter(
        1.0e-3, unit="rad/s", minimum=0.0, doc="standard deviation at the start"
    )


@dataclass(frozen=True, kw_only=True)
class Inertial:
    """What a unit reports, in its own frame."""

    specific_force: Floats  # acceleration less gravity: upward at rest (3,) [m/s2]
    angular_rate: Floats  # (3,) [rad/s]


class RunningImu:
    """A unit during one run: it remembers its biases and its last motion."""

    def __init__(self, imu: Imu, generator: np.random.Generator) -> None:
        self._imu = imu
        self._generator = generator
        self._biases = np.repeat([imu.force_bias, imu.rate_bias], 3) * generator.standard_normal(6)
        self._before: Motion | None = None

    def read(self, motion: Motion, acceleration: Floats) -> Inertial:
        """One reading.

        Args:
            motion: of the unit.
            acceleration: of the unit; used at the first reading alone: later ones take the mean
                since the last. (3,) [m/s2]
        """
        imu, before, axes = self._imu, self._before, motion.frame.axes
        noise = np.zeros(6)
        if before is not None:
            since = motion.time - before.time
            acceleration = (motion.velocity - before.velocity) / since
            walk = np.repeat([imu.force_walk, imu.rate_walk], 3) * np.sqrt(since)
            self._biases = self._biases + walk * self._generator.standard_normal(6)
            # White noise of a density, averaged over the time between two readings.
            density = np.repeat([imu.force_noise, imu.rate_noise], 3)
            noise = density / np.sqrt(since) * self._generator.standard_normal(6)
        self._before = motion
        error = self._biases + noise
        return Inertial(
            specific_force=axes.T @ (acceleration - _PULL) + error[:3],
            angular_rate=axes.T @ motion.turning + error[3:],
        )
