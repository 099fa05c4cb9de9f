"""Logarithm and exponential in plain arithmetic: same bits on every platform, and vectorisable.

The C library's functions differ in the last digit from one platform to the next, and a call to
them keeps LLVM from working on several numbers at once.

References:
    fdlibm, e_log.c and e_exp.c. Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.
    Developed at SunSoft, a Sun Microsystems, Inc. business. Permission to use, copy, modify, and
    distribute this software is freely granted, provided that this notice is preserved.
    (Reduction of the argument changed so that nothing branches.)
"""

from __future__ import annotations

import numpy as np
from numba import njit

_LOG_2_HIGH = 6.93147180369123816490e-01  # the first 33 bits: multiples by an exponent are exact
_LOG_2_LOW = 1.90821492927058770002e-10
_PER_LOG_2 = 1.44269504088896338700

_EXPONENT = np.uint64(52)  # where a double's exponent begins [bit]
_FRACTION = np.uint64(0x000FFFFFFFFFFFFF)
_ROOT_HALF = np.uint64(0x3FE6A09E00000000)  # sqrt(1/2), a little less
_ONE_LESS_ROOT_HALF = np.uint64(0x3FF0000000000000 - 0x3FE6A09E00000000)
_INTEGER_BITS = np.uint64(0x4330000000000000)  # of 2**52: or-ed to an integer n, 2**52 + n
_INTEGER_OFFSET = 2.0**52 + 1023.0
_ROUNDER = 1.5 * 2.0**52  # added to a double, leaves its nearest integer in the low bits


@njit(cache=True, forceinline=True, error_model="numpy")
def log(x: float) -> float:
    """The natural logarithm, to less than 1 unit in the last place; `x` positive and normal."""
    bits = np.float64(x).view(np.uint64) + _ONE_LESS_ROOT_HALF
    exponent = np.uint64((bits >> _EXPONENT) | _INTEGER_BITS).view(np.float64) - _INTEGER_OFFSET
    f = np.uint64((bits & _FRACTION) + _ROOT_HALF).view(np.float64) - 1.0
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    even = w * (
        3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01)
    )
    odd = 2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)
    r = even + z * (6.666666666666735130e-01 + w * odd)
    half = 0.5 * f * f
    return exponent * _LOG_2_HIGH - ((half - (s * (half + r) + exponent * _LOG_2_LOW)) - f)


@njit(cache=True, forceinline=True, error_model="numpy")
def exp(x: float) -> float:
    """The exponential, to less than 1 unit in the last place; `x` is first held to [-708, 709]."""
    x = min(max(x, -708.0), 709.0)
    shifted = x * _PER_LOG_2 + _ROUNDER
    k = shifted - _ROUNDER
    high = x - k * _LOG_2_HIGH
    low = k * _LOG_2_LOW
    r = high - low
    t = r * r
    tail = t * (
        6.61375632143793436117e-05
        + t * (-1.65339022054652515390e-06 + t * 4.13813679705723846039e-08)
    )
    c = r - t * (1.66666666666666019037e-01 + t * (-2.77777777770155933842e-03 + tail))
    y = 1.0 - ((low - (r * c) / (2.0 - c)) - high)
    # Multiplies y by 2**k: k's low bits move into y's exponent, those above fall off.
    scaled = np.float64(y).view(np.uint64) + (np.float64(shifted).view(np.uint64) << _EXPONENT)
    return np.uint64(scaled).view(np.float64)
