"""What an analyst measures on a work cycle: levels, ripple, how the valve answers, efficiency."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from simgen.core import Field

Floats = npt.NDArray[np.float64]

_SMOOTH = 10  # samples of a running mean


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
    samples: npt.NDArray[np.float32], command: Floats, rate: float
) -> Mapping[str, float]:
    """The features of a window.

    Args:
        samples: pressure [bar], flow [l/min] and power [kW]. (3, n)
        command: opening of the load valve that was asked for. (n,)
        rate: samples per second. [Hz]
    """
    pressure, flow, power = samples.astype(np.float64)
    low, high = np.percentile(pressure, (1.0, 99.0))
    centred = pressure - pressure.mean()
    # Least squares of flow on pressure, whose slope a leaking pump makes steeper.
    slope = float((centred * flow).mean() / max(float((centred * centred).mean()), 1e-9))
    energy = float(power.sum())
    return {
        "pressure_mean": float(pressure.mean()),
        "pressure_low": float(low),
        "pressure_high": float(high),
        "pressure_spread": float(pressure.std()),
        "ripple": _ripple(pressure),
        "flow_mean": float(flow.mean()),
        "flow_slope": -slope,
        "power_mean": float(power.mean()),
        # 1 bar l/min is 1/600 kW.
        "efficiency": float((pressure * flow).sum()) / 600.0 / energy if energy > 0.0 else 0.0,
        **_switch(pressure, command, rate),
    }


def _ripple(pressure: Floats) -> float:
    """What is quicker than the work: the pump's strokes, less the better they are damped [bar]."""
    rest = pressure[1:-1] - 0.5 * (pressure[:-2] + pressure[2:])
    # Of white noise, the variance of this is 3/2 of its own.
    return float(rest.std() / np.sqrt(1.5))


def _switch(pressure: Floats, command: Floats, rate: float) -> Mapping[str, float]:
    """How pressure answers the largest opening of the load valve, up to the next switch."""
    switches = np.flatnonzero(np.diff(command)) + 1
    at = int(switches[np.argmax(np.diff(command)[switches - 1])])
    later = switches[switches > at]
    after = pressure[at : later[0] if len(later) else len(pressure)]
    # Means over a few samples, so that noise does not decide.
    smooth = np.convolve(after, np.full(_SMOOTH, 1.0 / _SMOOTH), "valid")
    start, end = pressure[max(at - _SMOOTH, 0) : at].mean(), smooth[-_SMOOTH:].mean()
    done = (start - smooth) / (start - end) if start - end > 1.0 else np.ones(1)
    tenth, most = (int(np.argmax(done >= share)) for share in (0.1, 0.9))
    return {
        "answer_time": (tenth + 0.5 * _SMOOTH) / rate,
        "fall_time": max(most - tenth, 0) / rate,
    }
