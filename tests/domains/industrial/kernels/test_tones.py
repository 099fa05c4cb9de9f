"""Tones are cosines of a turning angle, in channels that lag one another."""

import numpy as np
import pytest

from simgen.core import Streams
from simgen.domains.industrial.kernels.tones import make_tones, start_phases, tone_window
from simgen.domains.industrial.kernels.turning import STEADY, shaft_angles
from simgen.domains.industrial.kernels.vibration import RUNNING, warm_up

KEY, RATE, WINDOW = Streams(6).key("windows"), 12_800.0, 3
TURNING = (24.5, 0.01)  # [Hz], and by how much it wobbles
# Order, amplitude, phase and sequence; of the last one nothing is heard.
ROWS = [(1.0, 3.0, 0.4, 1.0), (7.3, 0.5, 1.0, -1.0), (23.0, 0.2, 2.0, 0.0), (2.0, 0.0, 0.0, 1.0)]


def angle(n):
    """Of the shaft at each sample `(n,)` [rad]."""
    running = np.array((*TURNING, 0.0, 0.0), RUNNING)[()]
    before = warm_up(RATE)
    angles = np.empty((n + before) // STEADY + 2)
    shaft_angles(KEY, WINDOW, RATE, running, angles)
    return np.interp((np.arange(n) + before) / STEADY, np.arange(len(angles)), angles)


@pytest.mark.parametrize("n", [31, 512, 513, 16_384])
def test_tones_are_cosines_of_the_angle(n):
    """Over their floor, each channel behind the one before by its sequence's thirds of a turn."""
    floor = Streams(7).generator("floor").normal(0.0, 0.1, (3, n))
    found = tone_window(KEY, WINDOW, RATE, TURNING, make_tones(ROWS), floor)

    expected = floor.copy()
    for channel in range(3):
        for order, amplitude, phase, sequence in ROWS:
            lag = sequence * channel * 2.0 * np.pi / 3.0
            expected[channel] += amplitude * np.cos(order * angle(n) + phase - lag)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_a_tone_that_is_not_locked_to_the_angle_begins_anywhere():
    """Though it beats once in 250 turns; whole orders are where they were, multiples keep step."""
    orders = np.array([23.0, 1.004, 1.008])
    found = np.array([start_phases(KEY, window, orders) for window in range(400)])
    alike = abs(np.exp(1j * found).mean(axis=0))

    assert not found[:, 0].any()
    assert (alike[1:] < 0.15).all()
    np.testing.assert_allclose(np.exp(1j * found[:, 2]), np.exp(2j * found[:, 1]), atol=1e-6)


def test_without_tones_the_floor_is_left():
    """Rounded to single precision."""
    floor = np.linspace(0.0, 1.0, 100)[None]
    found = tone_window(KEY, WINDOW, RATE, TURNING, make_tones(np.zeros((0, 4))), floor)

    np.testing.assert_array_equal(found, floor.astype(np.float32))
