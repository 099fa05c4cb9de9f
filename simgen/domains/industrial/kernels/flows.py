"""Pumps in parallel: how those that run share the flow."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from simgen.domains.industrial.kernels.pumps import WEAR_HEAD
from simgen.domains.industrial.kernels.stations import IMPELLER

_ATMOSPHERE = 10.1  # head of the air's pressure less that of water vapour at 20 degree Celsius [m]


@njit(cache=True, error_model="numpy", forceinline=True)
def balance(plant: Any, setting: Any, station: Any, pumps: Any, parts: Any) -> None:
    """Find out how the running pumps share the flow.

    Args:
        plant: of dtype PLANT.
        setting: of dtype SETTING.
        station: of dtype STATION.
        pumps: of dtype PUMP. (n,)
        parts: of dtype PART. (n, 4)
    """
    for i in range(len(pumps)):
        pump = pumps[i]
        pump.shutoff_head, pump.loss = -np.inf, 1.0
        if pump.running:
            clogged = _clogging(setting, pump, station.known_at)
            loss = setting.suction_loss + setting.clogged_loss * clogged
            pump.suction_loss = loss / setting.best_flow_square
            pump.loss = pump.suction_loss + plant.pump_loss
            pump.shutoff_head = plant.shutoff_head * (1.0 - WEAR_HEAD * parts[i, IMPELLER].severity)
    lift = setting.static_head + setting.tank_height * station.volume / setting.tank_volume
    header, total, chokes = operating_head(pumps, lift, setting.pipe_loss), 0.0, False
    for i in range(len(pumps)):
        pump = pumps[i]
        if pump.running:
            pump.flow = math.sqrt(max(pump.shutoff_head - header, 0.0) / pump.loss)
            if pump.suction_loss * pump.flow * pump.flow > _ATMOSPHERE:
                # The air can't push more of it in. That its neighbours give no more for that, as
                # they do against the lower head, is a simplification.
                pump.flow, chokes = math.sqrt(_ATMOSPHERE / pump.suction_loss), True
            total += pump.flow
    if chokes:
        header = lift + setting.pipe_loss * total * total
    for i in range(len(pumps)):
        pump = pumps[i]
        if pump.running:
            pump.suction = -pump.suction_loss * pump.flow * pump.flow
            pump.head = header - pump.suction
            pump.cavitation = _cavitation(plant, setting, pump.flow, pump.suction)


@njit(cache=True, error_model="numpy", forceinline=True)
def operating_head(pumps: Any, static_head: Any, system_loss: Any) -> Any:
    """The head in the common header of pumps in parallel [m].

    Each gives H = shutoff_head - loss Q^2, the pipe takes static_head + system_loss
    (sum of Q)^2. A pump that cannot reach the header's head is kept shut by its valve.

    Args:
        pumps: of dtype PUMP, of which `shutoff_head` and `loss` count. (n,)
        static_head: [m]
        system_loss: above 0. [m/(m3/h)^2]

    References:
        Guelich (2020), Centrifugal Pumps, 4th edition, chapter 11: pumps in parallel.
    """
    weakest, conductance = _weakest_open(pumps, static_head, system_loss), 0.0
    for i in range(len(pumps)):
        if pumps[i].shutoff_head >= weakest:
            conductance += 1.0 / math.sqrt(pumps[i].loss)
    # With the header at weakest - x^2, what the pipe takes grows with x beyond what the pumps
    # give, and bends upward: Newton's method comes down on its zero from above. It starts on it
    # if all that are open have one shut-off head, as without wear.
    lift = weakest - static_head
    x = math.sqrt(lift / (1.0 + system_loss * conductance * conductance))
    descends = x > 0.0
    while descends:
        flow, slope = 0.0, 0.0
        for i in range(len(pumps)):
            if pumps[i].shutoff_head >= weakest:
                root = math.sqrt((pumps[i].shutoff_head - weakest + x * x) * pumps[i].loss)
                flow += root / pumps[i].loss
                slope += x / root
        excess = system_loss * flow * flow + x * x - lift
        below = max(x - 0.5 * excess / (system_loss * flow * slope + x), 0.0)
        descends = 0.0 < below < x  # no longer when it is as near as doubles come
        x = min(below, x)
    return weakest - x * x


@njit(cache=True, error_model="numpy", forceinline=True)
def _weakest_open(pumps: Any, static_head: Any, system_loss: Any) -> Any:
    """The lowest shut-off head of pumps that are not kept shut; `static_head` if all are [m]."""
    weakest, flow = -np.inf, np.inf
    # Known to end, unlike `while`: see `stations`.
    for _ in range(len(pumps) + 1):
        # With the header at the lowest head so far, would the others give more than the pipe takes?
        if system_loss * flow * flow > max(weakest - static_head, 0.0):
            shut, weakest, flow = max(weakest, static_head), np.inf, 0.0
            for i in range(len(pumps)):
                if shut < pumps[i].shutoff_head < weakest:
                    weakest = pumps[i].shutoff_head
            for i in range(len(pumps)):
                flow += math.sqrt(max(pumps[i].shutoff_head - weakest, 0.0) / pumps[i].loss)
    return weakest if weakest < np.inf else static_head


@njit(cache=True, error_model="numpy", forceinline=True)
def _clogging(setting: Any, pump: Any, now: Any) -> Any:
    """How far the strainer is clogged: 0 clean, 1 as far as it goes."""
    return min(1.0, max(0.0, now - pump.clogged_at) / setting.clogging_time)


@njit(cache=True, error_model="numpy", forceinline=True)
def _cavitation(plant: Any, setting: Any, flow: Any, suction: Any) -> Any:
    """How far a pump cavitates: 0 from twice NPSH3 on, 1 at NPSH3 or less.

    NPSH3 goes with the square of flow. Noise begins well above it, at about twice of it (Guelich
    2020, chapter 6); that it rises in proportion is an assumption.

    Args:
        plant: of dtype PLANT.
        setting: of dtype SETTING.
        flow: through the pump. [m3/h]
        suction: head at the suction flange, over the air's. [m]
    """
    share = flow / plant.best_flow
    required = setting.required_suction_head * share * share
    if required <= 0.0:
        return 0.0
    return min(1.0, max(0.0, (2.0 * required - _ATMOSPHERE - suction) / required))
