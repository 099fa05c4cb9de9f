"""From what rays meet to what a unit reports."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from simgen.kernels.elementary import exp
from simgen.kernels.normal import normal_from
from simgen.kernels.philox import unit, words

_OVERLAP = 1.0  # range from which emitter and receiver see the same; Rasshofer et al. (2011) [m]


@njit(cache=True, error_model="numpy", forceinline=True)
def _cosine(face: Any, normal: Any, origin: Any, distance: float) -> float:
    """Of the angle between a ray and the normal of the triangle that it meets."""
    height = 0.0
    for i in range(3):
        height += normal[i] * (face[0, i] - origin[i])
    return min(abs(height) / distance, 1.0)


@njit(cache=True, error_model="numpy", forceinline=True)
def _sent_back(
    worlds: Any, number: int, frame: Any, time: float, fading: float, distance: float, place: Any
) -> float:
    """The intensity of what a ray meets: Lambert's law, and air that takes light; 0 of nothing."""
    if number < 0:
        return 0.0
    origin, velocity, velocities, _ = frame
    n_still = len(worlds[0][2])
    world = worlds[0] if number < n_still else worlds[1]
    row = number if number < n_still else number - n_still
    for i in range(3):
        place[i] = origin[i] + velocity[i] * time
        if number >= n_still and len(velocities) > 0:
            place[i] -= velocities[row, i] * time
    cosine = _cosine(world[0][row], world[1][row], place, distance)
    return float(world[2][row] * exp(-fading * distance) * cosine)


@njit(cache=True, error_model="numpy", forceinline=True)
def _drop(share: float, nearest: float, distance: float) -> float:
    """The range of a drop before a thing: those near send more back, by the square of range [m].

    `share` is a number in [0, 1) that says which.
    """
    first = max(_OVERLAP, nearest)
    return 1.0 / (1.0 / first - share * (1.0 / first - 1.0 / max(distance, first)))


@njit(cache=True, error_model="numpy")
def _draw(key: Any, turn: int, first: int, out: Any) -> None:
    """Four numbers in (0, 1) for each ray of a channel `(4, n)`; LLVM draws for several at once."""
    for k in range(out.shape[1]):
        w0, w1, w2, w3 = words(key, turn, first + k)
        out[0, k], out[1, k], out[2, k], out[3, k] = unit(w0), unit(w1), unit(w2), unit(w3)


@njit(cache=True, error_model="numpy", forceinline=True)
def _before(power: float, spans: Any, air: Any, lucks: Any) -> tuple[float, float, float]:
    """Range and intensity of a drop that outshines a thing, 0 for none, and luck that is left.

    Args:
        power: of the thing [1/m2].
        spans: nearest range of the unit, and range of the thing [m].
        air: extinction [1/m], mean power of drops, and the least that is noticed [1/m2].
        lucks: numbers in (0, 1): whether light comes through to the drop, and which drop.
    """
    (nearest, measured), (extinction, soft, faint), (luck, drops) = spans, air, lucks
    likely = exp(-max(power, faint) / soft)
    if drops >= likely:
        return 0.0, 0.0, luck
    first, drop = max(_OVERLAP, nearest), _drop(drops / likely, nearest, measured)
    through = exp(-2.0 * extinction * (drop - first))
    left = (luck - through) / max(1.0 - through, 1e-12)  # evenly between 0 and 1 again
    if luck < through:
        return drop, soft * first * first * through, left
    return 0.0, 0.0, left


@njit(cache=True, error_model="numpy", nogil=True)
def report_rays(
    worlds: Any, frame: Any, hits: Any, optics: Any, air: Any, key: Any, turn: int, out: Any
) -> int:
    """Decide which rays come back, how strongly and with which error; returns how many.

    In fog and rain, drops before a thing may send back more power than it does (intensity by the
    square of range); theirs varies exponentially, as speckle does.

    Args:
        worlds: corners (n, 3, 3) [m], unit normals (n, 3) and reflectances (n,) of what stands
            still, then of what moves.
        frame: of the unit: where it is (3,) [m], its velocity (3,), those of the triangles that
            move, (0, 3) if nothing drifts (n, 3) [m/s], and the time of a column [s].
        hits: one over the distance (c, n) [1/m] and the triangle, -1 for none (c, n).
        optics: attenuation [1/m], range error [m], share lost at random, share lost at zero
            intensity, intensity from which none is lost, nearest range [m].
        air: extinction [1/m], mean power of drops, 0: clear, and powers below which drops and
            things are not noticed in air that is not [1/m2].
        key: the stream's key; ray and turn are the address. (2,)
        turn: which turn of the unit it is.
        out: ray, counted channel by channel (m,); range [m], intensity, and 1 for drops (m, 3).
    """
    (nearness, numbers), (out_ray, out_value), place = hits, out, np.empty(3)
    attenuation, spread, lost, lost_at_zero, full, nearest = optics
    extinction, soft, faint, dark = air
    n_columns, fading, count = nearness.shape[1], attenuation + 2.0 * extinction, 0
    chance = np.empty((4, n_columns))
    for ray in range(nearness.size):
        channel, column = ray // n_columns, ray % n_columns
        if column == 0:
            _draw(key, turn, ray, chance)
        number = numbers[channel, column]
        if number < 0 and soft <= 0.0:
            continue
        measured, is_drop, time = 1.0 / nearness[channel, column], 0.0, column * frame[3]
        intensity = _sent_back(worlds, number, frame, time, fading, measured, place)
        weak, power, luck = intensity < full, intensity / (measured * measured), chance[1, column]
        if soft > 0.0:
            spans, lucks = (nearest, measured), (luck, chance[3, column])
            drop, strength, luck = _before(power, spans, (extinction, soft, faint), lucks)
            if drop > 0.0:
                measured, intensity, is_drop, weak = drop, strength, 1.0, False
        if is_drop == 0.0 and (number < 0 or (soft > 0.0 and power < dark)):
            continue
        if chance[0, column] < lost or (weak and luck < lost_at_zero * (1.0 - intensity / full)):
            continue
        if spread > 0.0 and is_drop == 0.0:
            measured += spread * normal_from(chance[2, column])
        if measured < nearest:
            continue
        out_ray[count], out_value[count, 0] = ray, measured
        out_value[count, 1], out_value[count, 2] = intensity, is_drop
        count += 1
    return count


@njit(cache=True, error_model="numpy", nogil=True)
def fill_sweep(
    directions: Any, returns: Any, triangles: Any, labels: Any, column_time: float, out: Any
) -> None:
    """What a unit reports of its returns, and what is true of them.

    Args:
        directions: of the rays, in the unit's frame. (c, n, 3)
        returns: ray (m,); range [m], intensity, and 1 for drops (m, 3).
        triangles: that the rays meet. (c, n)
        labels: tag and instance of each triangle, each (k,), and the tag of drops.
        column_time: from one column to the next [s].
        out: points (m, 3) [m], intensities, channels, times [s], tags and instances, each (m,).
    """
    rays, values = returns
    tags, instances, none = labels
    points, intensities, channels, times, out_tags, out_instances = out
    n_columns = directions.shape[1]
    for k in range(len(rays)):
        channel, column = rays[k] // n_columns, rays[k] % n_columns
        for i in range(3):
            points[k, i] = np.float32(values[k, 0] * directions[channel, column, i])
        intensities[k], channels[k] = values[k, 1], channel
        times[k] = column * column_time
        if values[k, 2] == 0.0:
            number = triangles[channel, column]
            out_tags[k], out_instances[k] = tags[number], instances[number]
        else:
            out_tags[k], out_instances[k] = none, 0


@njit(cache=True, error_model="numpy", nogil=True)
def pack_points(columns: Any, out: Any) -> None:
    """Points as records: columns one by one take three times as long.

    Args:
        columns: as `fill_sweep` fills them.
        out: of `encoding.POINT`. (m,)
    """
    points, intensities, channels, times, tags, instances = columns
    for k in range(len(out)):
        row = out[k]
        row.x, row.y, row.z = points[k, 0], points[k, 1], points[k, 2]
        row.intensity, row.time, row.channel = intensities[k], times[k], channels[k]
        row.tag, row.instance = tags[k], instances[k]
