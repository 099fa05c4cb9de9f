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
    out = np.zeros(n)
    answer_push(MODES, GAINS, RATE, push, out)
    return out


def recurrences(push):
    """The same, sample after sample `(n,)`."""
    total = np.zeros(len(push))
    for mode, gain in zip(MODES, GAINS, strict=True):
        damping, turn = mode["damping"], 2.0 * np.pi * mode["frequency"] / RATE
        pole = np.exp(-damping * turn + 1j * turn * np.sqrt(1.0 - damping**2))
        total += lfilter([0.0, gain * pole.imag], [1.0, -2.0 * pole.real, abs(pole) ** 2], push)
    return total


@pytest.mark.parametrize("n", [1, 63, 64, 1_000, 4_608, 5_003])
def test_it_is_that_of_the_recurrences(n):
    """Also of pushes that don't fill their last part, and of a mode that outlasts many parts."""
    push = Streams(3).generator("push").uniform(-0.5, 0.5, n)
    expected = recurrences(push)

    np.testing.assert_allclose(answer(push, n), expected, atol=1e-11 * np.abs(expected).max())
    np.testing.assert_array_equal(answer(push, n // 2), answer(push, n)[n - n // 2 :])


def test_an_impulse_rings_from_the_next_sample_on():
    """At any place, and not before."""
    for place in (0, 143, 144, 700):
        push = np.zeros(1_000)
        push[place] = 1.0
        rung = answer(push, len(push))

        assert not rung[: place + 1].any()
        np.testing.assert_allclose(rung[place:], recurrences(push)[place:], atol=1e-12)


def test_it_is_added():
    """To what is there."""
    push, out = np.ones(200), np.full(100, 3.0)
    answer_push(MODES, GAINS, RATE, push, out)

    np.testing.assert_allclose(out, 3.0 + answer(push, 100), rtol=1e-15)
