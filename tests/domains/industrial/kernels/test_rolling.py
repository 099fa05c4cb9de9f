"""Noise of contacts is uniform, of the level asked for, and a function of its address."""

import numpy as np
import pytest

from simgen.core import Streams
from simgen.domains.industrial.kernels.rolling import hiss, scrape
from simgen.domains.industrial.kernels.turning import STEADY
from simgen.domains.industrial.kernels.vibration import RUNNING
from simgen.kernels.philox import unit, words

KEY = Streams(5).key("windows")
WINDOW = 7


def noises(n, warm_up=0, n_heard=None):
    """Rolling and sensor noise of levels 0.1 and 0.02 g `(n,)`, as double precision."""
    push = np.empty(n, np.float32)
    own = np.empty(n - warm_up if n_heard is None else n_heard, np.float32)
    running = np.array((30.0, 0.0, 0.1, 0.02), RUNNING)[()]
    hiss(KEY, WINDOW, running, warm_up, push, own)
    return push.astype(float), own.astype(float)


def test_each_number_is_made_of_its_own_word():
    """A block of words makes two numbers that push and two that are the sensor's."""
    push, own = noises(320)
    for pair in (0, 3, 127, 128, 159):
        w0, w1, w2, _ = words(KEY, WINDOW, pair)
        expected = [0.1 * np.sqrt(12.0) * (unit(word) - 0.5) for word in (w0, w1)]

        np.testing.assert_allclose(push[2 * pair : 2 * pair + 2], expected, rtol=2e-7, atol=1e-10)
        halves = (w2 >> 16) + (w2 & 0xFFFF) - 65_535
        assert own[2 * pair] == pytest.approx(0.02 * np.sqrt(6.0) * halves / 65_536, rel=2e-7)


@pytest.mark.parametrize("n_heard", [1, 255, 256, 799, 800])
def test_the_sensor_is_heard_after_the_warm_up(n_heard):
    """Whatever length its window has, its noise is that of the same samples."""
    (push, own), (same, heard) = noises(1_312), noises(1_312, 512, n_heard)

    np.testing.assert_array_equal(same, push)
    np.testing.assert_array_equal(heard, own[512 : 512 + n_heard])


def test_levels_are_standard_deviations():
    """Of both; and neither is correlated with the other, or with itself a sample later."""
    push, own = noises(200_000)

    assert (push.std(), own.std()) == pytest.approx((0.1, 0.02), rel=0.01)
    for one, other in ((push, own), (push[1:], push[:-1]), (own[1:], own[:-1])):
        assert abs(np.corrcoef(one, other)[0, 1]) < 5.0 / np.sqrt(200_000)


def test_a_contact_is_heard_as_well_as_it_is_met():
    """In each stretch by itself."""
    n_stretches = 300
    met = np.linspace(0.0, 2.0, n_stretches)
    steady, met_so = np.empty((2, n_stretches * STEADY), np.float32)
    scrape(KEY, WINDOW, 0.3, np.ones(n_stretches), steady)
    scrape(KEY, WINDOW, 0.3, met, met_so)

    assert steady.std() == pytest.approx(0.3, rel=0.02)
    np.testing.assert_allclose(met_so, np.repeat(met, STEADY) * steady, atol=1e-6)
