"""How machines of one kind differ as they were built."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from simgen.domains.industrial.kernels.vibration import MODE

_LEVEL_SPREAD, _MODE_SPREAD = 0.2, 0.04  # between machines, logarithm; assumptions


def built_around(rng: np.random.Generator, value: float, spread: float = _LEVEL_SPREAD) -> float:
    """What a machine has of that which its kind has by the median; the spread is of logarithms."""
    return float(value * rng.lognormal(0.0, spread))


def built_modes(
    rng: np.random.Generator, usual: Sequence[Mapping[str, float]]
) -> npt.NDArray[np.void]:
    """Modes in which a casing rings, of dtype MODE `(m,)`, around those of its kind."""
    modes = np.zeros(len(usual), MODE)
    for mode, one in zip(modes, usual, strict=True):
        for name, value in one.items():
            spread = _MODE_SPREAD if name == "frequency" else _LEVEL_SPREAD
            mode[name] = built_around(rng, value, spread)
    return modes
