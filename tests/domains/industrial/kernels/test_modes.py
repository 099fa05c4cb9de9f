"""A structure's answer is that of its recurrences, however a push is cut."""

import numpy as np
import pytest
from scipy.signal import lfilter

from simgen.core import Streams
from simgen.domains.industrial.kernels.modes import answer_push
from simgen.domains.industrial.kernels.vibration import MODE

RATE = 12_000.0  # [Hz]
MODES = np.array([(1_040.0, 0.012, 0, 0), (3_000.0, 0.04, 0, 0), (40.0, 0.001, 0, 0)], MODE)
GAINS = np.array([1.0, 0.5, 2.0])


def answer(push, n):
    """The last `n` samples of what the modes make of a push `(n,)`."""
    out = np.zeros(n, np.float32)
    answer_push(MODES, GAINS, RATE, push.astype(np.float32), out)
    return out


def recurrences(push, modes=MODES, gains=GAINS, rate=RATE):
    """The same, sample after sample and in double precision `(n,)`."""
    total, push = np.zeros(len(push)), push.astype(np.float32).astype(np.float64)
    for mode, gain in zip(modes, gains, strict=True):
        damping, turn = mode["damping"], 2.0 * np.pi * mode["frequency"] / rate
        pole = np.exp(-damping * turn + 1j * turn * np.sqrt(1.0 - damping**2))
        total += lfilter([0.0, gain * pole.imag], [1.0, -2.0 * pole.real, abs(pole) ** 2], push)
    return total


@pytest.mark.parametrize("n", [1, 63, 64, 1_000, 4_608, 5_003])
def test_it_is_that_of_the_recurrences(n):
    """Also of pushes that don't fill their last part, and of a mode that outlasts many parts."""
    push = Streams(3).generator("push").uniform(-0.5, 0.5, n)
    expected = recurrences(push)

    np.testing.assert_allclose(answer(push, n), expected, atol=2e-6 * np.abs(expected).max())
    np.testing.assert_array_equal(answer(push, n // 2), answer(push, n)[n - n // 2 :])


@pytest.mark.parametrize("rate", [12_000.0, 51_200.0, 200_000.0])
@pytest.mark.parametrize("mode", [(40.0, 0.001), (300.0, 0.01), (700.0, 0.03), (5_400.0, 0.02)])
def test_single_precision_is_enough(mode, rate):
    """However near its poles lie to the unit circle: it errs by 1e-5 of what it rings with."""
    modes, one = np.array([(*mode, 0, 0)], MODE), np.ones(1)
    push = Streams(4).generator("push").uniform(-0.5, 0.5, 16_896).astype(np.float32)
    out, expected = np.zeros(len(push), np.float32), recurrences(push, modes, one, rate)
    answer_push(modes, one, rate, push, out)

    np.testing.assert_allclose(out, expected, atol=1e-5 * expected.std())


def test_an_impulse_rings_from_the_next_sample_on():
    """At any place, and not before."""
    for place in (0, 15, 16, 700):
        push = np.zeros(1_000)
        push[place] = 1.0
        rung = answer(push, len(push))

        assert not rung[: place + 1].any()
        np.testing.assert_allclose(rung[place:], recurrences(push)[place:], atol=1e-6)


def test_it_is_added():
    """To what is there."""
    push, out = np.ones(200, np.float32), np.full(100, 3.0, np.float32)
    answer_push(MODES, GAINS, RATE, push, out)

    np.testing.assert_allclose(out, 3.0 + answer(push, 100), rtol=1e-6)
