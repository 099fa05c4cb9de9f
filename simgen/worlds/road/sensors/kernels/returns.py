"""From what rays meet to what a unit reports."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from simgen.kernels.elementary import exp
from simgen.kernels.normal import normal_from
from simgen.kernels.philox import unit, words


@njit(cache=True, error_model="numpy")
def _cosine(face: Any, normal: Any, origin: Any, distance: float) -> float:
    """Of the angle between a ray and the normal of the triangle that it meets."""
    height = 0.0
    for i in range(3):
        height += normal[i] * (face[0, i] - origin[i])
    return min(abs(height) / distance, 1.0)


@njit(cache=True, error_model="numpy", nogil=True)
def report_rays(
    worlds: Any, origin: Any, hits: Any, optics: Any, key: Any, turn: int, out: Any
) -> int:
    """Decide which rays come back, how strongly and with which error; returns how many.

    Args:
        worlds: corners (n, 3, 3) [m], unit normals (n, 3) and reflectances (n,) of what stands
            still, then of what moves.
        origin: of the unit. (3,) [m]
        hits: one over the distance (c, n) [1/m] and the triangle, -1 for none (c, n).
        optics: attenuation [1/m], range error [m], share lost at random, share lost at zero
            intensity, intensity from which none is lost, nearest range [m].
        key: the stream's key; ray and turn are the address. (2,)
        turn: which turn of the unit it is.
        out: ray, counted channel by channel (m,), range [m] and intensity (m, 2).
    """
    (still, moved), n_still = worlds, len(worlds[0][2])
    nearness, numbers = hits
    attenuation, spread, lost, lost_at_zero, full, nearest = optics
    out_ray, out_value = out
    n_channels, n_columns = nearness.shape
    count = 0
    for channel in range(n_channels):
        for column in range(n_columns):
            number = numbers[channel, column]
            if number < 0:
                continue
            world = still if number < n_still else moved
            number -= 0 if number < n_still else n_still
            distance = 1.0 / nearness[channel, column]
            ray = channel * n_columns + column
            intensity = world[2][number] * exp(-attenuation * distance)
            intensity *= _cosine(world[0][number], world[1][number], origin, distance)
            w0, w1, w2, _ = words(key, turn, ray)
            weak = intensity < full
            if unit(w0) < lost or (weak and unit(w1) < lost_at_zero * (1.0 - intensity / full)):
                continue
            measured = distance + spread * normal_from(unit(w2)) if spread > 0.0 else distance
            if measured < nearest:
                continue
            out_ray[count] = ray
            out_value[count, 0], out_value[count, 1] = measured, intensity
            count += 1
    return count


@njit(cache=True, error_model="numpy", nogil=True)
def place_points(directions: Any, rays: Any, values: Any, out: Any) -> None:
    """Points `(m, 3)` at the measured ranges along the rays, in the unit's frame [m]."""
    n_columns = directions.shape[1]
    for k in range(len(rays)):
        channel, column = rays[k] // n_columns, rays[k] % n_columns
        for i in range(3):
            out[k, i] = np.float32(values[k, 0] * directions[channel, column, i])
