"""A triangle as a sensor sees it: three planes through the sensor, one per edge.

A ray with direction d meets the triangle (a, b, c) where d.(a x b), d.(b x c) and d.(c x a) have
the sign of a.(b x c); their sum over it is one over the distance in lengths of d. Neighbours
compute their common edge from the same two corners, with exactly opposite sign: no ray slips
between them. So nothing may be scaled, but by a sign, before it is compared with zero.

References:
    Olano, Greer (1997), Triangle scan conversion using 2D homogeneous coordinates. SIGGRAPH/
    Eurographics Workshop on Graphics Hardware. There for images; here for a rotating unit, too.
"""

from __future__ import annotations

from typing import Any

from numba import njit

FLAT = 1e-12  # a volume below which a triangle is seen edge-on, relative to its reach cubed


@njit(cache=True, error_model="numpy")
def into_frame(corners: Any, origin: Any, axes: Any, out: Any) -> None:
    """Corners `(3, 3)` in the frame at `origin` whose axes are the columns of `axes` [m]."""
    for k in range(3):
        x = corners[k, 0] - origin[0]
        y = corners[k, 1] - origin[1]
        z = corners[k, 2] - origin[2]
        for i in range(3):
            out[k, i] = axes[0, i] * x + axes[1, i] * y + axes[2, i] * z


@njit(cache=True, error_model="numpy")
def edge_planes(corners: Any, two_sided: Any, out: Any) -> float:
    """The planes through the origin and each edge; returns a scale, 0 if it can't be seen.

    Args:
        corners: in the sensor's frame. (3, 3) [m]
        two_sided: whether it is seen from behind, too.
        out: d . out[k] >= 0 for all three inside; their sum times the scale is 1 / distance. (3, 3)
    """
    reach = 0.0
    for k in range(3):
        a, b = corners[k], corners[(k + 1) % 3]
        out[k, 0] = a[1] * b[2] - a[2] * b[1]
        out[k, 1] = a[2] * b[0] - a[0] * b[2]
        out[k, 2] = a[0] * b[1] - a[1] * b[0]
        reach = max(reach, abs(a[0]), abs(a[1]), abs(a[2]))
    # A ray that meets the front goes against the normal: the volume is negative.
    volume = corners[2, 0] * out[0, 0] + corners[2, 1] * out[0, 1] + corners[2, 2] * out[0, 2]
    if abs(volume) <= FLAT * reach * reach * reach or (volume > 0.0 and not two_sided):
        return 0.0
    if volume < 0.0:
        for k in range(3):
            for i in range(3):
                out[k, i] = -out[k, i]
    return float(1.0 / abs(volume))


@njit(cache=True, error_model="numpy")
def near_enough(sphere: Any, origin: Any, reach: float) -> bool:
    """Whether a sphere (x, y, z, radius) comes within a reach of a point [m]."""
    x, y, z = sphere[0] - origin[0], sphere[1] - origin[1], sphere[2] - origin[2]
    limit = reach + sphere[3]
    return bool(x * x + y * y + z * z <= limit * limit)
