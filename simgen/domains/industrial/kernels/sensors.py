"""Sensor faults: what a broken sensor makes of what it should have measured.

References:
    Sharma, Golubchik, Govindan (2010), Sensor faults: detection methods and prevalence in
    real-world datasets. ACM Transactions on Sensor Networks 6.
"""

from __future__ import annotations

from typing import Any

from numba import njit

from simgen.core import DAY
from simgen.kernels.philox import uniform_pair

SIZED_FAULTS = ("bias", "drift", "stuck", "spikes", "dropout", "clipping")
READING_FAULTS = (*SIZED_FAULTS, "wrong_unit")
BIAS, DRIFT, STUCK, SPIKES, DROPOUT, CLIPPING, WRONG_UNIT = range(len(READING_FAULTS))
# Of what sends the readings, which are right: see `telegrams`.
TELEGRAM_FAULTS = ("clock_skew", "late", "lost")
FAULTS = (*READING_FAULTS, *TELEGRAM_FAULTS)


@njit(cache=True, error_model="numpy", nogil=True)
def corrupt(
    key: Any,
    entity: Any,
    fault: Any,
    size: Any,
    offset: Any,
    age: Any,
    share: Any,
    missing: Any,
    values: Any,
) -> None:
    """Spoil measurements in place.

    Args:
        key: a stream's key. (2,)
        entity: identifies the measurements.
        fault: a code of `READING_FAULTS`.
        size: bias, drift a day, height of spikes or bound of clipping, in the sensor's unit; how
            many of the wrong unit are one of the right.
        offset: what is read in the wrong unit where 0 is right.
        age: how long the sensor has been broken at each value. (n,) [s]
        share: of values that spikes or dropouts hit.
        missing: what stands for a value that is not there.
        values: what is measured. (n,)
    """
    for i in range(len(values)):
        if fault == BIAS:
            values[i] += size
        elif fault == DRIFT:
            values[i] += size * age[i] / DAY
        elif fault == STUCK:
            values[i] = values[0]
        elif fault == CLIPPING:
            values[i] = min(max(values[i], -size), size)
        elif fault == WRONG_UNIT:
            values[i] = values[i] * size + offset
        else:
            hit, side = uniform_pair(key, entity, i)
            if hit < share:
                spike = size if side < 0.5 else -size
                values[i] = missing if fault == DROPOUT else values[i] + spike
