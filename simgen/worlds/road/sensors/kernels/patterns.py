"""What is drawn on triangles: grain of ground and leaves, windows, glass."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from simgen.worlds.road.sensors.kernels.skies import chance_at
from simgen.worlds.road.sensors.kernels.stretches import CLOSENESS, GRAIN, POINT

# Numbers of `skins.Pattern`; what is not named here is plain.
ASPHALT, GRASS, PAVING, LEAVES, FACADE, GLASS, LAMP, LENS = 1, 2, 3, 4, 5, 6, 7, 8


def _made_lumps() -> npt.NDArray[np.float32]:
    """Smooth noise in a square that repeats, with lumps of 8 cells `(256, 256)`."""
    n_lumps = _N_CELLS // _CELLS
    corners = np.array([[chance_at.py_func(j, i) for j in range(n_lumps)] for i in range(n_lumps)])
    share = np.tile(np.arange(_CELLS) / _CELLS, n_lumps)
    share = share * share * (3.0 - 2.0 * share)
    for _ in range(2):  # between rows, then between columns
        here, after = (np.repeat(np.roll(corners, -k, axis=0), _CELLS, axis=0) for k in (0, 1))
        corners = (here + (after - here) * share[:, None]).T
    return corners.astype(np.float32)


_CELLS, _N_CELLS = 8, 256  # of a lump, of the square
_LUMPS = _made_lumps()  # a constant of the compiled code: read faster than `noise` is computed


@njit(cache=True, error_model="numpy", forceinline=True)
def _lump(x: float, y: float) -> float:
    """Noise in [0, 1] with lumps of about 1, that repeats after 32, to the nearest cell."""
    i, j = int(y * 8.0 + 16_777_216.0) & 255, int(x * 8.0 + 16_777_216.0) & 255
    return float(_LUMPS[np.uintp(i), np.uintp(j)])


@njit(cache=True, error_model="numpy", forceinline=True)
def window_of(coat: Any, point: Any, size: float) -> tuple[float, float]:
    """Of a facade: how much of a place is window, and how bright that is, relative to the sky.

    `coat` is a row of `skins.Skin.coats`, of an upright wall; `size` is a pixel's on it [m].
    """
    east, north, _, _, _, _, _, start, foot, bay_rate, storey_rate = coat
    x, y, z = point
    across, up = (y * east - x * north - start) * bay_rate, (z - foot) * storey_rate
    bay, storey = np.floor(across), np.floor(up)
    u, v = abs(across - bay - 0.5), abs(up - storey - 0.55)
    wide, high = 0.26, 0.27
    if storey < 1.0:
        wide, high = 0.38, 0.33
    # Edges are as soft as a pixel is large; where it is larger than a window, all is the mean.
    soft_u, soft_v = max(size * bay_rate, 0.01), max(size * storey_rate, 0.01)
    inside = min(max((wide - u) / soft_u + 0.5, 0.0), 1.0)
    inside *= min(max((high - v) / soft_v + 0.5, 0.0), 1.0)
    if soft_u > 0.25:
        far = 0.25 / soft_u
        inside = inside * far + (1.0 - far) * 4.0 * wide * high
    return inside, 0.25 + 0.5 * chance_at(int(bay) + 7919, int(storey) + int(start))


@njit(cache=True, error_model="numpy", forceinline=True)
def _asphalt(x: float, y: float, sharpness: float) -> float:
    grain = 0.25 * min(0.06 * sharpness, 1.0) * (_lump(14.0 * x, 14.0 * y) - 0.5)
    return 0.92 + 0.16 * _lump(0.35 * x, 0.35 * y) + grain


@njit(cache=True, error_model="numpy", forceinline=True)
def _grass(x: float, y: float, sharpness: float) -> float:
    grain = 0.5 * min(0.15 * sharpness, 1.0) * (_lump(4.0 * x, 4.0 * y) - 0.4)
    return 0.72 + 0.4 * _lump(0.09 * x, 0.09 * y) + grain


@njit(cache=True, error_model="numpy", forceinline=True)
def _leaves(x: float, y: float, z: float, sharpness: float) -> float:
    fine = min(0.12 * sharpness, 1.0)
    return 0.85 + fine * (_lump(4.0 * (x + 0.7 * z), 4.0 * (y - 0.7 * z)) - 0.35)


@njit(cache=True, error_model="numpy", forceinline=True)
def _slabs(x: float, y: float, sharpness: float) -> float:
    """Of half a metre, with dark joints."""
    u, v = x * 2.0, y * 2.0
    fine = min(0.05 * sharpness, 1.0)
    joint = min(abs(u - np.rint(u)), abs(v - np.rint(v))) < 0.04
    slab = chance_at(int(np.floor(u)), int(np.floor(v)))
    return 0.95 + 0.1 * slab - (0.3 * fine if joint else 0.0)


@njit(cache=True, error_model="numpy")
def grain_of(count: int, pattern: int, focal: float, out: Any) -> None:
    """A factor on the colour of a stretch's pixels, into `GRAIN`; what is finer is left out.

    Sharpness is how many pixels lie along a length [1/m]; `focal` that in the picture [pixel].
    """
    if pattern == ASPHALT:
        for k in range(count):
            sharpness = out[CLOSENESS, k] * focal
            out[GRAIN, k] = _asphalt(out[POINT, k], out[POINT + 1, k], sharpness)
    elif pattern == GRASS:
        for k in range(count):
            sharpness = out[CLOSENESS, k] * focal
            out[GRAIN, k] = _grass(out[POINT, k], out[POINT + 1, k], sharpness)
    elif pattern == LEAVES:
        for k in range(count):
            x, y, z = out[POINT, k], out[POINT + 1, k], out[POINT + 2, k]
            out[GRAIN, k] = _leaves(x, y, z, out[CLOSENESS, k] * focal)
    elif pattern == PAVING:
        for k in range(count):
            sharpness = out[CLOSENESS, k] * focal
            out[GRAIN, k] = _slabs(out[POINT, k], out[POINT + 1, k], sharpness)
    else:
        for k in range(count):
            out[GRAIN, k] = 1.0


@njit(cache=True, error_model="numpy", forceinline=True)
def mirror_of(pattern: int) -> tuple[float, float]:
    """What a pattern mirrors of the sky: a share at all angles, and one more at a low one."""
    return (0.12, 0.5) if pattern in (GLASS, LENS) else (0.0, 0.0)
