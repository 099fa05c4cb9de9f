"""Which points of a scanner that loses nothing a real one would report."""

from __future__ import annotations

from typing import Any

from numba import njit

from simgen.kernels.elementary import exp
from simgen.kernels.normal import normal_from
from simgen.kernels.philox import unit, words


@njit(cache=True, error_model="numpy", nogil=True)
def keep_returns(met: Any, optics: Any, key: Any, turn: int, out: Any) -> int:
    """Draw losses and errors as `road.sensors.kernels.returns.report_rays`; gives how many stay.

    Args:
        met: ray, counted channel by channel (m,), distance [m], cosine of incidence and
            reflectance (m, 3).
        optics: attenuation [1/m], range error [m], share lost at random, share lost at zero
            intensity, intensity from which none is lost, nearest range [m].
        key: the stream's key; ray and turn are the address. (2,)
        turn: which turn of the unit it is.
        out: rows that stay (m,), range [m] and intensity (m, 2).
    """
    rays, about = met
    attenuation, spread, lost, lost_at_zero, full, nearest = optics
    out_row, out_value = out
    count = 0
    for row in range(len(rays)):
        distance = about[row, 0]
        intensity = about[row, 2] * exp(-attenuation * distance) * about[row, 1]
        w0, w1, w2, _ = words(key, turn, rays[row])
        weak = intensity < full
        if unit(w0) < lost or (weak and unit(w1) < lost_at_zero * (1.0 - intensity / full)):
            continue
        measured = distance + spread * normal_from(unit(w2)) if spread > 0.0 else distance
        if measured < nearest:
            continue
        out_row[count] = row
        out_value[count, 0], out_value[count, 1] = measured, intensity
        count += 1
    return count
