"""Noise of rolling contacts and of the sensor that hears them.

What pushes is uniform: the modes sum so much of it that what they make of it is Gaussian. Words
come by the hundred and are turned into numbers afterwards, so that LLVM works on several at once;
in single precision, as accelerations are kept.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from simgen.domains.industrial.kernels.turning import STEADY
from simgen.kernels.philox import words

_AT_ONCE = 128  # blocks of four words
_UNIT_DEVIATION = math.sqrt(12.0)  # makes a uniform number's standard deviation 1
_SCRAPES = 1 << 32  # counters from here on belong to the noise of a damaged contact


def noise_share(rate: float, reference: float) -> float:
    """Deviation of a sample of noise that pushes, over that at a reference rate [Hz].

    What modes make of it is then as loud at any rate: its power in a hertz stays as it is.
    """
    return math.sqrt(reference / rate)


@njit(cache=True, error_model="numpy")
def hiss(key: Any, window: Any, running: Any, warm_up: Any, push: Any, own: Any) -> None:
    """Fill in rolling noise, and the sensor's own noise; a block of words makes two of each.

    Args:
        key: a stream's key. (2,)
        window: identifies the window.
        running: with the levels `rolling` and `floor`. [g]
        warm_up: samples that only push, before the sensor's first; whole lots of `2 * _AT_ONCE`.
        push: (whole stretches,) float32
        own: not beyond the end of `push`. (n,) float32
    """
    rolling = np.float32(running.rolling * _UNIT_DEVIATION * 2.0**-32)
    sensor = np.float32(running.floor * _UNIT_DEVIATION / math.sqrt(2.0) * 2.0**-16)
    drawn = np.empty((4, _AT_ONCE), np.uint32)
    for start in range(0, len(push) // 2, _AT_ONCE):
        _draw(key, window, start, 1, drawn)
        some = push[2 * start : 2 * (start + _AT_ONCE)]
        for i in range(len(some) // 2):
            some[2 * i] = rolling * _centred(drawn[0, i])
            some[2 * i + 1] = rolling * _centred(drawn[1, i])
        if 2 * start >= warm_up:
            some = own[2 * start - warm_up : 2 * (start + _AT_ONCE) - warm_up]
            for i in range(len(some) // 2):
                some[2 * i] = sensor * _triangular(drawn[2, i])
                some[2 * i + 1] = sensor * _triangular(drawn[3, i])
            if len(some) % 2:
                some[-1] = sensor * _triangular(drawn[2, len(some) // 2])


@njit(cache=True, error_model="numpy")
def scrape(key: Any, window: Any, roughness: Any, met: Any, push: Any) -> None:
    """Fill in the noise of a damaged contact.

    Args:
        key: a stream's key. (2,)
        window: identifies the window.
        roughness: level. [g]
        met: how well the damage is met in each stretch. (at least as many,)
        push: (whole stretches,) float32
    """
    scale = roughness * _UNIT_DEVIATION * 2.0**-32
    drawn = np.empty((4, _AT_ONCE), np.uint32)
    for start in range(0, len(push) // 4, _AT_ONCE):
        _draw(key, window, _SCRAPES + 4 * start, 4, drawn)
        some = push[4 * start : 4 * (start + _AT_ONCE)]
        for i in range(len(some) // 4):
            some[4 * i] = _centred(drawn[0, i])
            some[4 * i + 1] = _centred(drawn[1, i])
            some[4 * i + 2] = _centred(drawn[2, i])
            some[4 * i + 3] = _centred(drawn[3, i])
    for stretch in range(len(push) // STEADY):
        level = np.float32(met[stretch] * scale)
        some = push[stretch * STEADY : (stretch + 1) * STEADY]
        for i in range(STEADY):
            some[i] *= level


@njit(cache=True, error_model="numpy", forceinline=True)
def _draw(key: Any, window: Any, first: Any, step: Any, drawn: Any) -> None:
    """Fill in the words of some blocks whose counters are `step` apart."""
    for i in range(_AT_ONCE):
        drawn[0, i], drawn[1, i], drawn[2, i], drawn[3, i] = words(key, window, first + step * i)


@njit(cache=True, error_model="numpy", forceinline=True)
def _centred(word: Any) -> Any:
    """A uniform number in (-1/2, 1/2) from a word, times 2**32: `unit` less a half, rounded."""
    return np.float32(np.int32(word ^ np.uint32(0x80000000)))


@njit(cache=True, error_model="numpy", forceinline=True)
def _triangular(word: Any) -> Any:
    """The sum of two uniform numbers in (-1/2, 1/2), one from each half of a word, times 2**16."""
    halves = np.int32(word >> np.uint32(16)) + np.int32(word & np.uint32(0xFFFF))
    return np.float32(np.int32(halves - np.int32(0xFFFF)))
