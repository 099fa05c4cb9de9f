"""Rounds on which windows are taken: when, how many, and which of them are kept."""

from __future__ import annotations

import math

import numpy as np

from simgen.core import DAY, HOUR, RequestError

_ROUTE = (0.9, 1.1)  # least and largest time between two windows over the usual; assumption


def time_between(interval: float, rng: np.random.Generator) -> float:
    """Time in use until the next window [s]: routes are not walked to the second.

    Args:
        interval: the usual one. [h]
        rng: of the machine.
    """
    # `uniform` gives the same and takes thrice the time.
    least, largest = _ROUTE
    return interval * HOUR * (least + (largest - least) * rng.random())


def most_windows(interval: float, time: float) -> float:
    """How many windows of a machine may be taken in a time [s], one every `interval` [h]."""
    return 1.0 + time / (interval * HOUR * _ROUTE[0])


def is_kept(number: int, share: float) -> bool:
    """Whether a machine's window of this number, from 0, is one of the share that is kept."""
    return math.floor((number + 1) * share) > math.floor(number * share)


def check_numbers(name: str, interval: float, n_days: int, n_numbers: int) -> None:
    """Refuse more windows of a machine than there are numbers for, in a scenario's `n_days`.

    Args:
        name: of the parameter that is the interval.
        interval: between two windows. [h]
        n_days: [day]
        n_numbers: that a machine has.
    """
    most = most_windows(interval, n_days * DAY)
    if most >= n_numbers:
        raise RequestError(
            f"{name} = {interval:g} h makes up to {most:.0f} windows of a machine in n_days = "
            f"{n_days}, not fewer than {n_numbers}: raise it, or lower n_days"
        )
