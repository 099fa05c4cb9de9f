"""How a gearbox's housing amplifies tones, and what is taken off a window's spectrum."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit


@njit(cache=True, error_model="numpy")
def answer(modes: Any, frequency: Any, out: Any) -> None:
    """Fill in how far modes answer tones, which together move a rigid housing by 1.

    Each is an oscillator of one degree of freedom, weighed by its answer to a strike.

    Args:
        modes: of dtype MODE. (m,)
        frequency: (n,) [Hz]
        out: (n, m) complex
    """
    strike = 0.0
    for mode in modes:
        strike += mode.strike
    for i in range(len(frequency)):
        for j in range(len(modes)):
            mode = modes[j]
            ratio = frequency[i] / mode.frequency
            still, turned = 1.0 - ratio * ratio, 2.0 * mode.damping * ratio
            out[i, j] = _over(mode.strike / strike, still, turned)


@njit(cache=True, error_model="numpy", forceinline=True)
def _over(number: Any, real: Any, imaginary: Any) -> Any:
    """A real number over a complex one, scaled so that no square overflows (Smith 1962)."""
    if abs(real) >= abs(imaginary):
        share = imaginary / real
        scale = 1.0 / (real + imaginary * share)
        return complex(number * scale, -number * share * scale)
    share = real / imaginary
    scale = 1.0 / (imaginary + real * share)
    return complex(number * share * scale, -number * scale)


@njit(cache=True, error_model="numpy")
def clear_near(places: Any, reach: Any, spectrum: Any) -> None:
    """Take lines off a spectrum.

    Args:
        places: of the lines, in bins. (l,)
        reach: how many bins on either side of a place go with it.
        spectrum: first half. (m,)
    """
    for k in range(len(places)):
        middle = int(np.rint(places[k]))
        spectrum[max(middle - reach, 0) : max(middle + reach + 1, 0)] = 0.0
