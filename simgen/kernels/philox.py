"""Philox 4x32-10: random words as a pure function of (key, entity, counter).

A draw depends on nothing but its address, so rows can be made in any order, by any worker, and
left out without moving a single other number. All functions are compiled and meant to be called
from other compiled loops, where LLVM inlines them.

Unsigned 64-bit arithmetic throughout: Numba turns uint64 with a plain Python integer into float64.

References:
    Salmon, Moraes, Dror, Shaw (2011), Parallel random numbers: as easy as 1, 2, 3. SC'11.
    Random123, https://www.thesalmons.org/john/random123 (known-answer vectors in the tests).
"""

from __future__ import annotations

import numpy as np
from numba import njit

from simgen.kernels.arrays import Floats, Key

Word = np.uint32
Wide = np.uint64  # a word, held in 64 bits

_MULTIPLIER_0 = np.uint64(0xD2511F53)
_MULTIPLIER_1 = np.uint64(0xCD9E8D57)
_WEYL_0 = np.uint64(0x9E3779B9)  # the golden ratio
_WEYL_1 = np.uint64(0xBB67AE85)  # the square root of 3, less 1
_LOW = np.uint64(0xFFFFFFFF)
_WORD = np.uint64(32)  # [bit]

_MANTISSA = np.uint64(12)  # 64 bits less the 52 of a double's mantissa [bit]


@njit(cache=True, forceinline=True)
def _block(c0: Wide, c1: Wide, c2: Wide, c3: Wide, k0: Wide, k1: Wide) -> tuple[Wide, ...]:
    """Ten rounds of the bijection and the key schedule, on words held in uint64."""
    for _ in range(10):
        p0 = _MULTIPLIER_0 * c0
        p1 = _MULTIPLIER_1 * c2
        c0, c1 = (p1 >> _WORD) ^ c1 ^ k0, p1 & _LOW
        c2, c3 = (p0 >> _WORD) ^ c3 ^ k1, p0 & _LOW
        k0 = (k0 + _WEYL_0) & _LOW
        k1 = (k1 + _WEYL_1) & _LOW
    return c0, c1, c2, c3


@njit(cache=True, forceinline=True)
def philox4x32(c0: Word, c1: Word, c2: Word, c3: Word, k0: Word, k1: Word) -> tuple[Word, ...]:
    """Four random words from the counter `c0..c3` under the key `k0, k1`, all uint32."""
    w0, w1, w2, w3 = _block(
        np.uint64(c0), np.uint64(c1), np.uint64(c2), np.uint64(c3), np.uint64(k0), np.uint64(k1)
    )
    return np.uint32(w0), np.uint32(w1), np.uint32(w2), np.uint32(w3)


@njit(cache=True, forceinline=True)
def _address(key: Key, entity: int, counter: int) -> tuple[Wide, ...]:
    """The block at an address: counter in the low 64 bits, entity in the high ones."""
    low, high = np.uint64(counter), np.uint64(entity)
    return _block(
        low & _LOW,
        low >> _WORD,
        high & _LOW,
        high >> _WORD,
        np.uint64(key[0]),
        np.uint64(key[1]),
    )


@njit(cache=True, forceinline=True)
def words(key: Key, entity: int, counter: int) -> tuple[Word, Word, Word, Word]:
    """Four random words, uint32.

    Args:
        key: a stream's key, from `Streams.key`. (2,) uint32
        entity: whose draw it is. int64
        counter: which of the entity's draws it is. int64
    """
    w0, w1, w2, w3 = _address(key, entity, counter)
    return np.uint32(w0), np.uint32(w1), np.uint32(w2), np.uint32(w3)


@njit(cache=True, forceinline=True)
def unit(word: Word) -> float:
    """A number in the open interval (0, 1) from one uint32: (word + 1/2) 2**-32."""
    return (np.float64(np.uint32(word)) + 0.5) * 2.0**-32


@njit(cache=True, forceinline=True)
def _unit_52(high: Wide, low: Wide) -> float:
    """A number in (0, 1) from two words in uint64: (first 52 bits + 1/2) 2**-52, exactly."""
    bits = ((high << _WORD) | low) >> _MANTISSA
    return (np.float64(bits) + 0.5) * 2.0**-52


@njit(cache=True, forceinline=True)
def uniform(key: Key, entity: int, counter: int) -> float:
    """A float64 in the open interval (0, 1) with 52 random bits."""
    w0, w1, _, _ = _address(key, entity, counter)
    return _unit_52(w0, w1)


@njit(cache=True, forceinline=True)
def uniform_pair(key: Key, entity: int, counter: int) -> tuple[float, float]:
    """Two independent float64 in (0, 1) from one block; the first is that of `uniform`."""
    w0, w1, w2, w3 = _address(key, entity, counter)
    return _unit_52(w0, w1), _unit_52(w2, w3)


@njit(cache=True, forceinline=True)
def fill_uniforms(key: Key, entity: int, out: Floats) -> None:
    """Fill `out` `(n,)` with the pairs at counters 0, 1, ...: the first at 0, 0, 1, 1, ..."""
    n_pairs = len(out) // 2
    for counter in range(n_pairs):
        out[2 * counter], out[2 * counter + 1] = uniform_pair(key, entity, counter)
    if len(out) % 2:
        out[-1] = uniform(key, entity, n_pairs)
