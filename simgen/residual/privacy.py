"""Differential privacy: what one entity can change, how much noise hides it, and the noise."""

from __future__ import annotations

import importlib
import math
import os
from collections import Counter
from dataclasses import dataclass
from functools import cache, reduce
from typing import Any

import numpy as np

from simgen.core import RequestError
from simgen.residual.rows import Indices

_STEP = 1e-4  # of privacy losses, which the accountant rounds up; of epsilon if that is below 1
_MARGIN = 1e-4  # share of the noise that is added to end the search for the least


@dataclass(frozen=True, kw_only=True, eq=False)
class Release:
    """Integer tables as published.

    Attributes:
        counts: what was counted, with noise in every cell `(n,)`.
        rho: the cost in zero-concentrated differential privacy, by OpenDP's own privacy map of
            the measurement.
    """

    counts: Indices
    rho: float


def at_most_each(entity: Indices, n_each: int, order: Indices) -> Indices:
    """The rows `(m,)`, ascending, that are among the first `n_each` of their entity.

    Args:
        entity: whom each row is about `(n,)`.
        n_each: how many rows of one entity stay.
        order: rows with lower numbers come first `(n,)`.
    """
    ordered = np.lexsort((order, entity))
    place, whom = np.arange(len(entity)), entity[ordered]
    first = np.diff(whom, prepend=-1) != 0
    rank = place - np.maximum.accumulate(np.where(first, place, 0))
    kept: Indices = np.sort(ordered[rank < n_each])
    return kept


def secure_order(n_rows: int) -> Indices:
    """Numbers `(n,)` from the operating system's secure source.

    A seed that is published would not do: whoever knows it knows which rows stay, and one entity
    more or less would choose other rows of all others.
    """
    return np.frombuffer(os.urandom(8 * n_rows), np.int64)


@cache
def noise_scale(epsilon: float, delta: float, moves: tuple[int, ...]) -> float:
    """The scale of discrete Gaussian noise with which the tables cost at most `epsilon`.

    Args:
        epsilon: what may be spent on all tables together.
        delta: the probability that may be left out.
        moves: see `spent`.

    Raises:
        RequestError: the extra `dp` is not installed.
    """
    gaussian = _module("dp_accounting.gaussian_mechanism")
    scale = float(gaussian.get_sigma_gaussian(epsilon, delta)) * sensitivity(moves)
    while (cost := spent(scale, moves, delta, epsilon)) > epsilon:
        scale *= cost / epsilon * (1 + _MARGIN)
    return scale


def spent(scale: float, moves: tuple[int, ...], delta: float, epsilon: float) -> float:
    """The epsilon at `delta` of tables of counts with discrete Gaussian noise, rounded up.

    Privacy loss distributions (Koskela, Jaelkoe and Honkela 2020, Computing tight differential
    privacy guarantees using FFT) of the discrete noise itself (Canonne, Kamath and Steinke 2020,
    The discrete Gaussian for differential privacy), as dp-accounting computes them.

    Args:
        scale: of the noise, the same in every cell of all tables.
        moves: how far one entity can move a cell of each table. That all its rows fall into one
            cell is the worst case: spread over several, they move the table less.
        delta: the probability that may be left out.
        epsilon: about what is expected: losses are rounded up to a small part of it.
    """
    losses = _module("dp_accounting.pld.privacy_loss_distribution")
    step = _STEP * min(1.0, epsilon)
    parts = [
        losses.from_discrete_gaussian_mechanism(
            scale, sensitivity=move, value_discretization_interval=step
        ).self_compose(n_tables)
        for move, n_tables in sorted(Counter(moves).items())
    ]
    total = reduce(lambda one, other: one.compose(other), parts)
    return float(total.get_epsilon_for_delta(delta))


def sensitivity(moves: tuple[int, ...]) -> float:
    """How far one entity can move all tables together, in the Euclidean sense; see `spent`."""
    return math.nextafter(math.sqrt(sum(move * move for move in moves)), math.inf)


def release(counts: Indices, scale: float, moves: tuple[int, ...]) -> Release:
    """The counts `(n,)` of all tables with OpenDP's discrete Gaussian noise.

    Raises:
        RequestError: the extra `dp` is not installed.
    """
    opendp = _module("opendp.prelude")
    opendp.enable_features(
        "contrib"
    )  # OpenDP wants consent to parts whose proofs are not all vetted
    cells = opendp.vector_domain(opendp.atom_domain(T="i64"), size=len(counts))
    mechanism = opendp.m.make_gaussian(cells, opendp.l2_distance(T="f64"), scale=scale)
    return Release(
        counts=np.array(mechanism(counts.tolist()), np.int64),
        rho=float(mechanism.map(sensitivity(moves))),
    )


def _module(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise RequestError(
            f"the residual private needs {name.partition('.')[0]}: pip install simgen[dp]"
        ) from error
