"""What is measured on the bench is what would be measured on each window alone."""

import numpy as np
import pytest

from simgen.core import Streams
from simgen.domains.industrial.bench import Bench, is_kept
from simgen.domains.industrial.monitoring import Monitoring
from simgen.domains.industrial.spectra import features

N_WINDOWS = 300  # more than go together, and not a multiple of it
POLICY = Monitoring(n_samples=1_024)


@pytest.fixture
def windows():
    """Some windows of noise `(n, samples)`, and turns of the shaft per second `(n,)`."""
    rng = Streams(3).generator("windows")
    noise = rng.normal(0.0, 0.1, (N_WINDOWS, POLICY.n_samples)).astype(np.float32)
    return noise, rng.uniform(20.0, 40.0, N_WINDOWS)


def put_on(bench, windows, kept):
    """What the bench has made of windows of which some are kept."""
    for samples, shaft_rate, stays in zip(*windows, kept, strict=True):
        bench.place()[:] = samples
        bench.take(shaft_rate, kept=stays)
    lots = bench.lots()
    found = {name: np.concatenate([lot.features[name] for lot in lots]) for name in lots[0][0]}
    return found, [samples for lot in lots for samples in lot.kept]


def test_windows_are_measured_in_their_order(orders, windows):
    """All of them, also those of a lot that is not full."""
    with Bench(POLICY, orders) as bench:
        found, _ = put_on(bench, windows, [False] * N_WINDOWS)

    lines = {
        "line_outer_race": orders.outer_race,
        "line_inner_race": orders.inner_race,
        "line_ball": 2.0 * orders.ball,
        "line_cage": orders.cage,
        "line_shaft": 1.0,
    }
    expected = features(windows[0], POLICY.sample_rate, windows[1], lines)
    assert set(found) == set(expected)
    for name, values in expected.items():
        np.testing.assert_allclose(found[name], values, rtol=1e-6, err_msg=name)


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_the_samples_that_are_kept_are_those_put_there(orders, windows, share):
    """Whether few of a lot are kept, none, or all."""
    kept = [is_kept(number, share) for number in range(N_WINDOWS)]
    with Bench(POLICY, orders) as bench:
        _, samples = put_on(bench, windows, kept)

    assert len(samples) == round(share * N_WINDOWS)
    for one, expected in zip(samples, windows[0][kept], strict=True):
        np.testing.assert_array_equal(one, expected)


def test_a_bench_that_was_left_takes_nothing_more(orders, windows):
    """Its thread has ended, whatever ended the simulation."""
    with Bench(POLICY, orders) as bench:
        put_on(bench, windows, [True] * N_WINDOWS)

    with pytest.raises(RuntimeError, match="shutdown"):
        put_on(bench, windows, [True] * N_WINDOWS)
