"""Random kernels against NumPy's Generator: time per value, ratios in one run.

"rows" draws value by value at its own address, as a loop that emits rows does; "column" fills
uniforms first and transforms them in place. A ratio above 1 means that ours is faster.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numba import njit

from simgen.kernels.alias import alias_from, alias_table
from simgen.kernels.arrivals import poisson_arrivals_of
from simgen.kernels.distributions import (
    exponential_from,
    gamma_draw,
    lognormal_from,
    normal_from,
    poisson_draw,
    von_mises_draw,
    zipf_weights,
)
from simgen.kernels.philox import fill_uniforms, uniform, words

N = 1_000_000
KEY = np.array([1, 2], np.uint32)
WEIGHTS = zipf_weights(100, 1.2)
THRESHOLD, ALIAS = alias_table(WEIGHTS)

Fill = Callable[[Any, Any], None]


# A call that is not inlined keeps LLVM from working on several rows at once.
inlined = njit(forceinline=True, error_model="numpy")


def rows(draw: Callable[[Any, int], Any]) -> Fill:
    """A loop that calls `draw(key, row)` for each row."""

    @njit(error_model="numpy")
    def fill(key: Any, out: Any) -> None:
        for row in range(len(out)):
            out[row] = draw(key, row)

    return fill


def column(transform: Callable[[float], Any]) -> Fill:
    """Uniforms for all rows at once, then a loop that transforms them."""

    @njit(error_model="numpy")
    def fill(key: Any, out: Any) -> None:
        fill_uniforms(key, 1, out)
        for row in range(len(out)):
            out[row] = transform(out[row])

    return fill


exponential = inlined(lambda u: exponential_from(u, 2.0))
lognormal = inlined(lambda u: lognormal_from(u, 1.0, 0.5))
category = inlined(lambda u: alias_from(u, THRESHOLD, ALIAS))


@inlined
def mixed_words(key: Any, row: int) -> Any:
    """All words of a block in one number."""
    w0, w1, w2, w3 = words(key, 1, row)
    return w0 ^ w1 ^ w2 ^ w3


def cases(generator: np.random.Generator) -> Iterator[tuple[str, Fill, Callable[[], object]]]:
    """Name, our way, NumPy's way."""
    g, n = generator, N
    yield "uniform, column", lambda key, out: fill_uniforms(key, 1, out), lambda: g.random(n)
    yield "uniform, rows", rows(inlined(lambda k, i: uniform(k, 1, i))), lambda: g.random(n)
    for name, transform, theirs in (
        ("exponential", exponential, lambda: g.exponential(0.5, n)),
        ("normal", normal_from, lambda: g.standard_normal(n)),
        ("lognormal", lognormal, lambda: g.lognormal(1.0, 0.5, n)),
        ("categorical of 100", category, lambda: g.choice(100, n, p=WEIGHTS)),
    ):
        yield f"{name}, column", column(transform), theirs
        yield f"{name}, rows", rows(inlined(lambda k, i, t=transform: t(uniform(k, 1, i)))), theirs
    for name, draw, theirs in (
        ("gamma", lambda k, i: gamma_draw(k, 1, i, 2.5, 1.0), lambda: g.gamma(2.5, 1.0, n)),
        ("poisson of 3", lambda k, i: poisson_draw(k, 1, i, 3.0), lambda: g.poisson(3.0, n)),
        ("poisson of 100", lambda k, i: poisson_draw(k, 1, i, 1e2), lambda: g.poisson(1e2, n)),
        ("von Mises", lambda k, i: von_mises_draw(k, 1, i, 0.0, 2.0), lambda: g.vonmises(0, 2, n)),
    ):
        yield f"{name}, rows", rows(inlined(draw)), theirs


def seconds(work: Callable[[], object]) -> float:
    """The best time of seven, compilation not counted."""
    work()
    times = []
    for _ in range(7):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    """Print the table."""
    out = np.empty(N)
    print(f"{'':28}{'ours [ns]':>10}{'numpy [ns]':>11}{'ratio':>7}")
    for name, fill, theirs in cases(np.random.Generator(np.random.PCG64DXSM(1))):
        ours_time, theirs_time = seconds(lambda f=fill: f(KEY, out)), seconds(theirs)
        numbers = f"{ours_time / N * 1e9:10.2f}{theirs_time / N * 1e9:11.2f}"
        print(f"{name:28}{numbers}{theirs_time / ours_time:7.2f}")

    mixed, blocks = rows(mixed_words), np.empty(N, np.uint32)
    print(f"words: {4 * N / seconds(lambda: mixed(KEY, blocks)) / 1e6:.0f} million/s")
    entities, profile = np.arange(1_000), np.tile(np.repeat([0.4, 1.6], 12), 7)
    rates = np.full(len(entities), 1e-3)  # [1/s]

    def arrive() -> int:
        return len(poisson_arrivals_of(KEY, entities, rates, profile, horizon=1e6)[0])

    print(f"thinned arrivals: {arrive() / seconds(arrive) / 1e6:.1f} million/s")


if __name__ == "__main__":
    main()
