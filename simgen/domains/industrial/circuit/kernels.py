"""What the sensors of a pump rig read, second by second."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from simgen.kernels.distributions import normal_from
from simgen.kernels.elementary import exp
from simgen.kernels.philox import uniform_pair

RIG = np.dtype(
    [
        ("speed", np.float64),  # share of the highest
        ("level", np.float64),  # of vibration, over the usual: how it was bolted down that day
        ("hall", np.float64),  # temperature [degree Celsius]
        ("body", np.float64),  # of the motor at the start [degree Celsius]
        ("fluid", np.float64),  # at the start [degree Celsius]
        ("kind", np.int64),  # what is done, a place in `done`; -1 for nothing
        ("step", np.float64),  # of the speed, where there is one: 1 up, -1 down
        ("floor", np.float64, 2),  # how far it shakes each place, where it does, over the most
    ]
)

ROW = np.dtype(
    [
        ("accelerometer_1", np.float64),  # root mean square [g]
        ("accelerometer_2", np.float64),
        ("current", np.float64),  # [A]
        ("pressure", np.float64),  # [bar]
        ("temperature", np.float64),  # of the motor [degree Celsius]
        ("thermocouple", np.float64),  # of the fluid [degree Celsius]
        ("voltage", np.float64),  # [V]
        ("flow", np.float64),  # [l/min]
        ("severity", np.float64),  # of what is done, now
        ("trace", np.float64),  # of it in the readings, in deviations of noise
    ]
)

# Places in `done`: how far each kind has gone.
SUCTION, DISCHARGE, LEAK, IMBALANCE, OVERFILL, CAVITATION, TWO_PHASE, HOT, STEP, SHAKING = range(10)

# Levels and noise are those of the anomaly-free and first parts of the Skoltech experiments, at
# flows of 32, 76 and 126 l/min.
_FULL_FLOW = 126.0  # at full speed [l/min]
_FLOW_NOISE, _FLOW_STEP = 0.45, 1.0  # [l/min]
_VIBRATION = ((0.012, 0.210), (0.025, 0.245))  # at rest and added at full speed [g]
_VIBRATION_NOISE = 0.012  # relative
_IDLE_CURRENT, _SPEED_CURRENT, _CURRENT_NOISE = 0.5, 2.05, 0.27  # [A]
_CURRENT_MEMORY = 0.35  # of the noise, from one second to the next
_PRESSURE, _PRESSURE_NOISE, _PRESSURE_STEP = 0.055, 0.25, 0.328  # [bar]
_VOLTAGE, _SAG, _VOLTAGE_NOISE = 232.0, 1.3, 10.7  # [V], [V/A], [V]
BODY_RISE, _BODY_TIME, _BODY_NOISE = (38.0, 24.0), 1_500.0, 0.15  # [K] at rest and added, [s], [K]
FLUID_RISE, _FLUID_TIME, _FLUID_NOISE = 6.0, 6_000.0, 0.006  # [K], [s], [K]
# Slow drift, from warming oil and water that does not mix: memory, deviations. The size is that of
# the first parts of the experiments; nothing tells its cause.
_DRIFT_TIME = 300.0  # [s]
_SHAKE_DRIFT, _CURRENT_DRIFT, _BODY_DRIFT, _FLUID_DRIFT = 0.012, 0.10, 0.6, 0.15  # 1, A, K, K
# How far each kind goes at most. Assumptions.
_VALVE_SHARE = 0.12  # of an open valve in the losses of the circuit
_CLOSED = 0.75  # of a valve's area that is taken
_LEAK_SHARE = 0.06  # of the flow
_IMBALANCE = 0.45  # [g] at full speed; a shaking floor does no more
_CAVITATION_SHAKE, _CAVITATION_LOSS = 0.6, 0.12  # relative
_VOIDS = 45.0  # deviation of the flow's reading with gas in it [l/min]
_OVERFILL_GAIN, _OVERFILL_SHAKE, _COLD = 0.01, 0.05, 0.8  # relative, relative, [K]
_HOT, _HOT_GAIN = 6.0, 0.03  # [K], relative
_STEP = 0.06  # of the speed, relative


@njit(cache=True, error_model="numpy")
def circuit_flow(speed: Any, suction: Any, discharge: Any) -> Any:
    """The flow of a closed circuit, over that at full speed with open valves.

    A pump's head and all losses go with the square of speed and flow, so flow goes with speed, and
    falls with the root of what valves add to the losses. A valve's loss goes with the inverse
    square of its open area.

    Args:
        speed: share of the highest.
        suction: how far the valve before the pump is closed, 0 to 1.
        discharge: the same of the valve behind it.
    """
    losses = 1.0
    for closed in (suction, discharge):
        losses += _VALVE_SHARE * (1.0 / (1.0 - _CLOSED * closed) ** 2 - 1.0)
    return speed / math.sqrt(losses)


@njit(cache=True, error_model="numpy")
def steady(rig: Any, done: Any) -> Any:
    """Flow [l/min], both vibrations [g] and current [A] without noise, for what is done `(10,)`."""
    speed = rig.speed * (1.0 + _STEP * rig.step * done[STEP])
    flow = _FULL_FLOW * circuit_flow(speed, done[SUCTION], done[DISCHARGE])
    flow *= 1.0 - _LEAK_SHARE * done[LEAK] - _CAVITATION_LOSS * done[CAVITATION]
    flow *= 1.0 + _OVERFILL_GAIN * done[OVERFILL] + _HOT_GAIN * done[HOT]
    shake = 1.0 + _CAVITATION_SHAKE * done[CAVITATION] + 0.02 * done[TWO_PHASE]
    shakes, most = np.empty(2), _IMBALANCE * rig.speed * rig.speed
    for place in range(2):
        base = _VIBRATION[place][0] + _VIBRATION[place][1] * speed * speed
        # Water on the floor of the tank moves the second sensor's side.
        usual = base * rig.level * shake * (1.0 + _OVERFILL_SHAKE * done[OVERFILL] * place)
        turn = most * done[IMBALANCE]
        floor = most * rig.floor[place] * done[SHAKING]
        shakes[place] = math.sqrt(usual * usual + turn * turn + floor * floor)
    load = flow / max(_FULL_FLOW * speed, 1e-9)
    return flow, shakes[0], shakes[1], _IDLE_CURRENT + _SPEED_CURRENT * speed * (0.8 + 0.2 * load)


@njit(cache=True, error_model="numpy")
def warmed(rig: Any, time: Any) -> Any:
    """Temperatures of motor and fluid after a time that it ran [s], by Newton's law of cooling."""
    body = rig.hall + BODY_RISE[0] + BODY_RISE[1] * rig.speed
    fluid = rig.hall + FLUID_RISE * rig.speed**2
    return (
        body + (rig.body - body) * exp(-time / _BODY_TIME),
        fluid + (rig.fluid - fluid) * exp(-time / _FLUID_TIME),
    )


@njit(cache=True, error_model="numpy", nogil=True)
def read_run(key: Any, run: Any, rig: Any, severity: Any, out: Any) -> None:
    """Fill the rows of one run.

    Args:
        key: a stream's key. (2,)
        run: identifies the run.
        rig: of dtype RIG.
        severity: how far what is done has gone at each second. (n,)
        out: of dtype ROW, one row a second. (n,)
    """
    done, drift = np.zeros(10), np.zeros(5)
    usual = steady(rig, done)
    for i in range(len(out)):
        if rig.kind >= 0:
            done[rig.kind] = severity[i]
        now = steady(rig, done)
        body, fluid = warmed(rig, i + 1.0)
        warmth = _HOT * done[HOT] - _COLD * done[OVERFILL]
        row = out[i]
        row.flow, row.accelerometer_1, row.accelerometer_2, row.current = now
        row.temperature, row.thermocouple = body, fluid + warmth
        row.severity = severity[i]
        gas = _VOIDS * done[TWO_PHASE]
        row.trace = max(_trace(usual, now), abs(warmth) / _FLUID_DRIFT, gas / _FLOW_NOISE)
        _measure(key, (run, 6 * i), gas, drift, row)


@njit(cache=True, error_model="numpy", forceinline=True)
def _trace(usual: Any, now: Any) -> Any:
    """How far flow and vibrations are from the usual, in deviations of noise and drift."""
    shaken = max(abs(now[1] / usual[1] - 1.0), abs(now[2] / usual[2] - 1.0))
    return max(abs(now[0] - usual[0]) / _FLOW_NOISE, shaken / (_VIBRATION_NOISE + _SHAKE_DRIFT))


@njit(cache=True, error_model="numpy")
def _measure(key: Any, address: Any, gas: Any, drift: Any, row: Any) -> None:
    """Turn what is true into what is read.

    Args:
        key: a stream's key. (2,)
        address: of the draws: run, and the first of six counters.
        gas: deviation of the flow that gas makes. [l/min]
        drift: slow disturbances, and last the noise of the current; goes on. (5,)
        row: of dtype ROW, with true values.
    """
    run, counter = address
    a, b = uniform_pair(key, run, counter)
    c, d = uniform_pair(key, run, counter + 1)
    e, f = uniform_pair(key, run, counter + 2)
    g, h = uniform_pair(key, run, counter + 3)
    _drift(key, run, counter + 4, exp(-1.0 / _DRIFT_TIME), drift)
    push = math.sqrt(1.0 - _CURRENT_MEMORY**2)
    drift[4] = _CURRENT_MEMORY * drift[4] + push * normal_from(c)
    shake = 1.0 + _SHAKE_DRIFT * drift[0]
    row.accelerometer_1 *= shake + _VIBRATION_NOISE * normal_from(a)
    row.accelerometer_2 *= shake + _VIBRATION_NOISE * normal_from(b)
    row.voltage = _VOLTAGE - _SAG * row.current + _VOLTAGE_NOISE * normal_from(g)
    row.current += _CURRENT_DRIFT * drift[1] + _CURRENT_NOISE * drift[4]
    row.pressure = _stepped(_PRESSURE_NOISE * normal_from(d), _PRESSURE_STEP) + _PRESSURE
    row.temperature += _BODY_DRIFT * drift[2] + _BODY_NOISE * normal_from(e)
    row.thermocouple += _FLUID_DRIFT * drift[3] + _FLUID_NOISE * normal_from(f)
    noise = math.hypot(_FLOW_NOISE, gas) * normal_from(h)
    row.flow = max(_stepped(row.flow + noise, _FLOW_STEP), 0.0)


@njit(cache=True, error_model="numpy")
def _drift(key: Any, run: Any, counter: Any, keep: Any, drift: Any) -> None:
    """Let the first four slow disturbances, of deviation 1, go on for a second."""
    push = math.sqrt(1.0 - keep * keep)
    for pair in range(2):
        u, v = uniform_pair(key, run, counter + pair)
        drift[2 * pair] = keep * drift[2 * pair] + push * normal_from(u)
        drift[2 * pair + 1] = keep * drift[2 * pair + 1] + push * normal_from(v)


@njit(cache=True, error_model="numpy", forceinline=True)
def _stepped(value: Any, step: Any) -> Any:
    return step * math.floor(value / step + 0.5)
