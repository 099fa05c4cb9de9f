"""A product and a sum that are rounded once, as processors do it in one step.

`fastmath={"contract"}` takes as little time, but Numba hands it on to whatever it compiles on the
way and caches that for all others: the same seed would give other bytes where another scenario has
run before.

References:
    IEEE 754-2008, 5.4.1, fusedMultiplyAdd.
"""

from __future__ import annotations

from typing import Any

from numba import njit, types
from numba.extending import intrinsic


def _fused(_: Any, a: Any, b: Any, c: Any) -> Any:
    """The signature that Numba asks for, and what it is to generate."""
    if not (a == b == c and a in {types.float32, types.float64}):
        return None  # it then says which types it was asked for

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.fma(*arguments)

    return a(a, b, c), generate


_FUSED: Any = intrinsic(_fused)


@njit(cache=True, error_model="numpy", forceinline=True)
def fused(a: Any, b: Any, c: Any) -> Any:
    """The product of `a` and `b` plus `c`, all in single or all in double precision."""
    return _FUSED(a, b, c)


@njit(cache=True, error_model="numpy", forceinline=True)
def times(a: Any, b: Any) -> Any:
    """The product of two complex numbers."""
    return complex(
        fused(a.real, b.real, -(a.imag * b.imag)), fused(a.real, b.imag, a.imag * b.real)
    )


@njit(cache=True, error_model="numpy", forceinline=True)
def plus_times(c: Any, a: Any, b: Any) -> Any:
    """A complex number plus the product of two others."""
    return complex(
        fused(a.real, b.real, fused(-a.imag, b.imag, c.real)),
        fused(a.real, b.imag, fused(a.imag, b.real, c.imag)),
    )
