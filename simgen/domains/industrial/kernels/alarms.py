"""Alarms of a station's pumps: once an hour their sensors are read, and that is judged.

`watching` stands for a tuple of arrays in this order:

    rules: of dtype RULE, one for each of `QUANTITIES`. (3,)
    alarms: of dtype ALARM. (n, 3)
    usual: the first levels of each since somebody worked on the pump, ascending. (n, 3, m)
    faults: of dtype FAULT. (n,)
    key: of the stream that faulty sensors draw from. (2,)
    noise: standard normal numbers, of each pump and hour. (n, N_NOISES, p)
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from simgen.core import HOUR
from simgen.domains.industrial.kernels.pumps import CHANNELS, METRE, shaking
from simgen.domains.industrial.kernels.sensors import STUCK, corrupt
from simgen.domains.industrial.kernels.stations import SEAL, severities
from simgen.domains.industrial.kernels.telemetry import hall_temperature

QUANTITIES = ("vibration", "warmth", "deficit")

RULE = np.dtype(
    [
        ("alarm_factor", np.float64),  # threshold over the usual
        ("baseline_windows", np.int64),  # levels that tell the usual
        ("persistence", np.int64),  # levels in a row above the threshold that raise it
    ]
)

ALARM = np.dtype(
    [
        ("n_usual", np.int64),  # levels that are known
        ("n_above", np.int64),  # levels in a row above the threshold
        ("raised", np.int64),
        ("threshold", np.float64),  # infinite while the usual is unknown
        # What was found when it was looked at last.
        ("level", np.float64),
        ("compared", np.float64),  # the threshold, then
        ("change", np.int64),  # 1: it came, -1: it went
        ("asks", np.int64),  # 1: it was judged, and stands
    ]
)

# The fault of a pump's sensors that goes on, if one does.
FAULT = np.dtype(
    [
        ("channel", np.int64),  # in `CHANNELS`; -1 if all are sound
        ("fault", np.int64),  # a code of `READING_FAULTS`
        ("size", np.float64),  # as `corrupt` takes it
        ("offset", np.float64),  # same
        ("onset_at", np.float64),  # [s]
        ("event_id", np.int64),
        # Room for what it takes and spoils.
        ("age", np.float64, (1,)),  # [s]
        ("values", np.float64, (1,)),
    ]
)

N_NOISES = 2  # quantities that are noisy
FALL_BACK = 0.9  # of the threshold, below which an alarm ends; assumption
_NOISE = 0.01  # of what is judged, relative: little, as of a mean of an hour; assumption
# Not plain integers, for each of which Numba would compile what they are handed to.
_FLOW, _PRESSURE, _TEMPERATURE, _VIBRATION = (
    np.int64(CHANNELS.index(name))
    for name in ("flow", "discharge_pressure", "temperature", "vibration")
)


@njit(cache=True, error_model="numpy", forceinline=True)
def judges(setting: Any, pumps: Any, now: Any) -> Any:
    """Whether any pump has run long enough to be judged."""
    found = False
    for i in range(len(pumps)):
        found = found or _is_settled(setting, pumps[i], now)
    return found


@njit(cache=True, error_model="numpy", forceinline=True)
def _is_settled(setting: Any, pump: Any, now: Any) -> Any:
    return pump.running and now - pump.started_at >= setting.settling_time


@njit(cache=True, error_model="numpy", forceinline=True)
def watch(
    plant: Any,
    setting: Any,
    pumps: Any,
    parts: Any,
    days: Any,
    rules: Any,
    alarms: Any,
    usual: Any,
    faults: Any,
    key: Any,
    noise: Any,
    now: Any,
) -> Any:
    """Judge every pump that has run long enough; whether anybody has to know."""
    found = False
    for i in range(len(pumps)):
        if _is_settled(setting, pumps[i], now):
            severity = severities(parts, i)
            levels = _levels(
                plant, setting, pumps[i], severity, days, faults[i], key, noise, i, now
            )
            for k in range(len(rules)):
                alarm = alarms[i, k]
                # Not `levels[k]`, which can raise an error: see `stations`.
                level = levels[0] if k == 0 else levels[1] if k == 1 else levels[2]
                judge(rules[k], alarm, usual, i, k, level)
                found = found or alarm.change != 0 or (alarm.asks and pumps[i].may_inspect)
        else:
            for k in range(len(rules)):
                alarms[i, k].change = alarms[i, k].asks = 0
    return found


@njit(cache=True, error_model="numpy", forceinline=True)
def judge(rule: Any, alarm: Any, usual: Any, i: Any, k: Any, level: Any) -> None:
    """The same as `Watch.judge`; nothing is judged where the level is NaN.

    Args:
        rule: of dtype RULE.
        alarm: of dtype ALARM.
        usual: the first levels of all alarms, see above.
        i: whose alarm it is: a pump's,
        k: and on which quantity.
        level: what is judged.
    """
    alarm.level, alarm.compared, alarm.change, alarm.asks = level, alarm.threshold, 0, 0
    if alarm.threshold == np.inf and not np.isnan(level):
        _insert(level, alarm.n_usual, usual, i, k)
        alarm.n_usual += 1
        if alarm.n_usual >= rule.baseline_windows:
            alarm.threshold = rule.alarm_factor * _median(alarm.n_usual, usual, i, k)
    elif not np.isnan(level):
        alarm.n_above = alarm.n_above + 1 if level > alarm.threshold else 0
        if not alarm.raised and alarm.n_above >= rule.persistence:
            alarm.raised, alarm.change = 1, 1
        elif alarm.raised and level < FALL_BACK * alarm.threshold:
            alarm.raised, alarm.change = 0, -1
        alarm.asks = alarm.raised


@njit(cache=True, error_model="numpy", forceinline=True)
def _insert(level: Any, n: Any, usual: Any, i: Any, k: Any) -> None:
    """Put a level among the first `n` of an alarm, which ascend."""
    place = n
    while place > 0 and usual[i, k, place - 1] > level:
        usual[i, k, place] = usual[i, k, place - 1]
        place -= 1
    usual[i, k, place] = level


@njit(cache=True, error_model="numpy", forceinline=True)
def _median(n: Any, usual: Any, i: Any, k: Any) -> Any:
    """Of the first `n` of an alarm, which ascend."""
    half = n // 2
    above = usual[i, k, half]
    return above if n % 2 else (usual[i, k, half - 1] + above) / 2.0


@njit(cache=True, error_model="numpy", forceinline=True)
def _levels(
    plant: Any,
    setting: Any,
    pump: Any,
    severity: Any,
    days: Any,
    fault: Any,
    key: Any,
    noise: Any,
    i: Any,
    now: Any,
) -> Any:
    """Each of `QUANTITIES` of pump `i` as its sensors give it; NaN where one is stuck."""
    leak = setting.full_leak * severity[SEAL]
    shake = shaking(plant, pump.flow, pump.cavitation, pump.temperature, severity)
    vibration = _read(fault, _VIBRATION, key, now, shake)
    temperature = _read(fault, _TEMPERATURE, key, now, pump.temperature)
    flow = _read(fault, _FLOW, key, now, max(pump.flow - leak, 0.0))
    pressure = _read(fault, _PRESSURE, key, now, (pump.head + pump.suction) * METRE)
    hour = int(now / HOUR)
    vibration *= 1.0 + _NOISE * noise[i, 0, hour]
    # In this order `max` keeps a NaN.
    head = max(pressure / METRE - pump.suction, 1.0)
    new = plant.shutoff_head - plant.pump_loss * flow * flow
    deficit = new / head * (1.0 + _NOISE * noise[i, 1, hour])
    return vibration, temperature - hall_temperature(days, now), deficit


@njit(cache=True, error_model="numpy", forceinline=True)
def _read(fault: Any, channel: Any, key: Any, now: Any, value: Any) -> Any:
    """What a sensor makes of a value; NaN if it is stuck, so that nothing new is known."""
    return _spoiled(fault, key, now, value) if fault.channel == channel else value


@njit(cache=True, error_model="numpy")
def _spoiled(fault: Any, key: Any, now: Any, value: Any) -> Any:
    """What the sensor at fault makes of a value."""
    age, values = fault.age, fault.values
    age[0], values[0] = now - fault.onset_at, value
    # Spikes and dropouts hit single readings, and hardly what stands for those of an hour.
    corrupt(key, fault.event_id, fault.fault, fault.size, fault.offset, age, 0.0, np.nan, values)
    return np.nan if fault.fault == STUCK else values[0]
