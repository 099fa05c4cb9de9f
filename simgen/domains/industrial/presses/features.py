"""What an analyst measures on a work cycle: levels, ripple, how the valve answers, efficiency."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from simgen.core import Field
from simgen.domains.industrial.kernels.cycles import SMOOTH, cycle_moments, fall, roughness
from simgen.domains.industrial.presses.press import Command


def _feature(name: str, unit: str, doc: str) -> Field:
    return Field(name, pa.float64(), unit, doc)


FEATURES = (
    _feature("pressure_mean", "bar", "Mean pressure of the cycle."),
    _feature("pressure_low", "bar", "Lowest hundredth of the pressure."),
    _feature("pressure_high", "bar", "Highest hundredth of the pressure."),
    _feature("pressure_spread", "bar", "Standard deviation of the pressure."),
    _feature("ripple", "bar", "Deviation of pressure from the mean of its two neighbours."),
    _feature("flow_mean", "l/min", "Mean flow of the pump."),
    _feature("flow_slope", "l/min/bar", "Loss of flow per pressure: how the pump leaks."),
    _feature("power_mean", "kW", "Mean power of the motor."),
    _feature("efficiency", "1", "Hydraulic over electric energy of the cycle."),
    _feature("answer_time", "s", "From the largest switch until a tenth of the fall is done."),
    _feature("fall_time", "s", "From there until nine tenths of it are."),
)


def measure_cycle(
    samples: npt.NDArray[np.float32], command: Command, rate: float
) -> Mapping[str, float]:
    """The features of a window.

    Args:
        samples: pressure [bar], flow [l/min] and power [kW]. (3, n)
        command: what was asked of the load valve.
        rate: samples per second. [Hz]
    """
    pressure = samples[0]
    mean, flow, power, product, variance, covariance = cycle_moments(*samples)
    low, high = _hundredths(pressure)
    tenth, most = fall(pressure, *command.opens)
    return {
        "pressure_mean": mean,
        "pressure_low": low,
        "pressure_high": high,
        "pressure_spread": math.sqrt(variance),
        # What is quicker than the work: the pump's strokes, less the better they are damped. Of
        # white noise, the variance of this is 3/2 of its own.
        "ripple": roughness(pressure) / math.sqrt(1.5),
        "flow_mean": flow,
        # Least squares of flow on pressure, whose slope a leaking pump makes steeper.
        "flow_slope": -covariance / max(variance, 1e-9),
        "power_mean": power,
        # 1 bar l/min is 1/600 kW.
        "efficiency": product / 600.0 / power if power > 0.0 else 0.0,
        # The running mean goes on for half of its length.
        "answer_time": (tenth + 0.5 * SMOOTH) / rate,
        "fall_time": max(most - tenth, 0) / rate,
    }


def _hundredths(values: npt.NDArray[np.float32]) -> tuple[float, float]:
    """The first and last percentile, along the line between two values."""
    place = 0.01 * (len(values) - 1)
    below, last = int(place), len(values) - 1
    places = (below, below + 1, last - below - 1, last - below)
    found = np.partition(values, places)
    first, second, second_last, very_last = (float(found[one]) for one in places)
    share = place - below
    return first + share * (second - first), very_last + share * (second_last - very_last)
