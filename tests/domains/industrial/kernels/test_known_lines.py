"""Lines at known frequencies are what sums of cosines and least squares say."""

import numpy as np
import pytest

from simgen.core import Streams
from simgen.domains.industrial.kernels.known_lines import (
    add_lines,
    line_amplitudes,
    take_multiples_off,
)

LINES = np.array([(0.0023, 0.5, 0.3), (0.11, 2.0, -1.0), (0.4, 0.0, 0.0)])


def noise(n):
    """Standard normal samples."""
    return Streams(4).generator("noise").standard_normal(n)


@pytest.mark.parametrize("n", [8_192, 1_001, 7])
def test_lines_are_cosines(n):
    """Each with its own phase, on top of what was there, whatever the length."""
    out, before = noise(n), noise(n)
    add_lines(LINES, out)
    places = np.arange(n)
    expected = sum(size * np.cos(2.0 * np.pi * f * places + p) for f, size, p in LINES)

    np.testing.assert_allclose(out - before, expected, atol=1e-11)


@pytest.mark.parametrize("n", [8_192, 1_001])
def test_amplitudes_are_those_of_the_transform(n):
    """Of the tapered samples, over half the taper's sum; a line alone has its own."""
    samples, taper, turns = noise(n).astype(np.float32), np.hanning(n), LINES[:, 0].copy()
    found, alone = np.empty(3), np.empty(3)
    line_amplitudes(samples, taper, turns, found)
    line = np.zeros(n)
    add_lines(LINES[1:2], line)
    line_amplitudes(line, taper, turns, alone)
    waves = np.exp(-2j * np.pi * np.outer(turns, np.arange(n)))

    np.testing.assert_allclose(found, np.abs(waves @ (samples * taper)) * 2.0 / taper.sum())
    assert alone[1] == pytest.approx(2.0, rel=1e-6)


@pytest.mark.parametrize(
    ("n", "turn", "n_multiples"), [(128, 0.06, 8), (128, 0.3, 1), (128, 0.021, 0), (16, 0.05, 8)]
)
def test_what_is_left_is_what_least_squares_leaves(n, turn, n_multiples):
    """Also of a window that is shorter than there are multiples to fit."""
    left = noise(n)
    take_multiples_off(turn, n_multiples, left)
    angles = 2.0 * np.pi * turn * np.outer(np.arange(n), np.arange(1, n_multiples + 1))
    columns = np.column_stack([np.ones(n), np.cos(angles), np.sin(angles)])
    fit = columns @ np.linalg.lstsq(columns, noise(n), rcond=None)[0]

    np.testing.assert_allclose(left, noise(n) - fit, atol=1e-11)


def test_multiples_that_say_the_same_are_taken_off_once():
    """At a third of the rate, the second multiple is the first again, and the third the mean."""
    left, samples = noise(90), noise(90).reshape(-1, 3)
    take_multiples_off(1.0 / 3.0, 3, left)

    np.testing.assert_allclose(left.reshape(-1, 3), samples - samples.mean(axis=0), atol=1e-11)
