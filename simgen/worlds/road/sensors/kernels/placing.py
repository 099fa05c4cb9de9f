"""Solids brought from their own frames to where they stand."""

from __future__ import annotations

from typing import Any

from numba import njit


@njit(cache=True, error_model="numpy", nogil=True)
def place_solids(bodies: Any, starts: Any, positions: Any, axes: Any, out: Any) -> None:
    """Turn and move solid after solid.

    Args:
        bodies: triangles in the solids' own frames. (n, 3, 3) [m]
        starts: first triangle of each solid, and n. (k + 1,)
        positions: (k, 3) [m]
        axes: forward, left and up as columns. (k, 3, 3)
        out: triangles in the world. (n, 3, 3) [m]
    """
    for solid in range(len(positions)):
        for k in range(starts[solid], starts[solid + 1]):
            for corner in range(3):
                x, y, z = bodies[k, corner, 0], bodies[k, corner, 1], bodies[k, corner, 2]
                for i in range(3):
                    out[k, corner, i] = positions[solid, i] + (
                        axes[solid, i, 0] * x + axes[solid, i, 1] * y + axes[solid, i, 2] * z
                    )
