"""How far each defect of a centrifugal pump shows in what its sensors read."""

from __future__ import annotations

from typing import Any

from numba import njit

from simgen.domains.industrial.kernels.pumps import (
    BEARING_HEAT,
    METRE,
    WEAR_HEAD,
    WINDING_POWER,
    shaking,
)

_WARM = 40.0  # at which grease is as whoever judges a defect waits for [degree Celsius]; assumption
# Noise of the sensors; assumptions.
FLOW_NOISE, POWER_NOISE, SHAKE_NOISE = 0.01, 0.01, 0.05  # relative
PRESSURE_NOISE, TEMPERATURE_NOISE, SPEED_NOISE = 0.01, 0.4, 0.8  # [bar], [K], [rpm]


@njit(cache=True, error_model="numpy")
def foremost(own: Any, severity: Any) -> Any:
    """The defect that shows most, from 1, its severity and its trace; of some alike, the worst."""
    defect, worst, trace = 1, severity[0], own[0]
    if (own[1], severity[1]) > (trace, worst):
        defect, worst, trace = 2, severity[1], own[1]
    if (own[2], severity[2]) > (trace, worst):
        defect, worst, trace = 3, severity[2], own[2]
    if (own[3], severity[3]) > (trace, worst):
        defect, worst, trace = 4, severity[3], own[3]
    return defect, worst, trace


@njit(cache=True, error_model="numpy")
def own_traces(plant: Any, one: Any, severity: Any) -> Any:
    """How far each defect moves what is sent, in deviations of its noise."""
    bearing, seal, wear, winding = severity
    heat = BEARING_HEAT * bearing * bearing
    head = WEAR_HEAD * wear * plant.shutoff_head * METRE
    # Grease as when it is warm: whoever judges a defect waits for that.
    shake = shaking(plant, one.flow, one.cavitation, _WARM, severity)
    return (
        max(
            _shaken(plant, one, shake, bearing, (0.0, seal, wear, winding)),
            heat / TEMPERATURE_NOISE,
        ),
        one.leak * seal / max(one.flow, 1.0) / FLOW_NOISE,
        max(
            _shaken(plant, one, shake, wear, (bearing, seal, 0.0, winding)),
            head / PRESSURE_NOISE,
        ),
        max(
            _shaken(plant, one, shake, winding, (bearing, seal, wear, 0.0)),
            WINDING_POWER * winding / POWER_NOISE,
        ),
    )


@njit(cache=True, error_model="numpy")
def _shaken(plant: Any, one: Any, shake: Any, size: Any, others: Any) -> Any:
    """How far a defect of a size adds to a velocity, which has others too, in deviations."""
    if size == 0.0:
        return 0.0
    return (shake / shaking(plant, one.flow, one.cavitation, _WARM, others) - 1.0) / SHAKE_NOISE
