"""What is measured on a gearbox, against what its definition gives."""

import numpy as np
import pytest
from scipy.signal import windows as tapers

from simgen.core import Streams
from simgen.domains.industrial.gears.features import line_spectrum, measure_gears, velocity

RATE, TEETH, RACES = 12_800.0, (23, 67), (3.6, 5.4)
SPEED = 1_470.0  # [rpm]


def noise(n):
    """Of Gauss, with a mean."""
    return Streams(3).generator("noise").normal(0.4, 0.1, n).astype(np.float32)


def measured(samples):
    """All features."""
    return measure_gears(samples, RATE, speed=SPEED, teeth=TEETH, races=RACES)


@pytest.mark.parametrize("n", [8_192, 8_191])
def test_lines_are_those_of_the_tapered_window(n):
    """Less its mean; whether the number of samples is even or odd."""
    samples = noise(n).astype(np.float64)
    tapered = (samples - samples.mean()) * tapers.hann(n, sym=False)

    expected = np.abs(np.fft.rfft(tapered)) * (4.0 / n)
    np.testing.assert_allclose(line_spectrum(samples), expected, atol=1e-12)


@pytest.mark.parametrize("n", [8_192, 8_190])
def test_what_is_left_of_a_mesh_is_the_noise_and_its_strikes(n):
    """Kurtosis 3 of noise beside a loud mesh; strikes raise it, and the mesh hides them."""
    turns = SPEED / 60.0 * np.arange(n) / RATE
    mesh = np.cos(2.0 * np.pi * TEETH[0] * turns) + 0.3 * np.cos(
        2.0 * np.pi * (TEETH[0] + 1) * turns
    )
    struck = np.where(np.diff(np.floor(turns), prepend=0.0) > 0.0, 2.0, 0.0)
    sound, faulty = noise(n) + mesh, noise(n) + mesh + struck

    assert measured(sound.astype(np.float32))["residual_kurtosis"] == pytest.approx(3.0, abs=0.25)
    assert measured(faulty.astype(np.float32))["residual_kurtosis"] > 6.0
    assert measured(faulty.astype(np.float32))["kurtosis"] < 3.0


def test_a_window_is_measured_as_its_parts_are():
    """Velocity and lines by themselves give what stands among the features."""
    samples = noise(16_384)
    found, size = measured(samples), line_spectrum(samples.astype(np.float64))
    middle = round(TEETH[0] * SPEED / 60.0 * 16_384 / RATE)

    assert found["velocity"] == pytest.approx(velocity(samples.astype(np.float64), RATE), rel=1e-5)
    assert found["line_mesh_1"] == pytest.approx(size[middle - 2 : middle + 3].max(), rel=1e-5)


def test_lines_beyond_half_the_rate_are_nothing():
    """A fast gearbox with many teeth meshes faster than its window can tell."""
    found = measure_gears(noise(8_192), RATE, speed=3_600.0, teeth=(120, 67), races=RACES)

    assert found["line_mesh_1"] == 0.0
    assert found["line_turn"] > 0.0

    # Of this one the lower sidebands are within half the rate, and the mesh is not.
    found = measure_gears(noise(8_192), RATE, speed=SPEED, teeth=(262, 600), races=RACES)

    assert found["pinion_sidebands"] == found["wheel_sidebands"] == 0.0


def lines(*places, n=16_384):
    """Cosines at orders of the input shaft's turn, each with its amplitude [g]."""
    turns = SPEED / 60.0 * np.arange(n) / RATE
    return sum(size * np.cos(2.0 * np.pi * order * turns) for order, size in places).astype(
        np.float32
    )


@pytest.mark.parametrize(
    ("name", "step"), [("pinion_sidebands", 1.0), ("wheel_sidebands", TEETH[0] / TEETH[1])]
)
def test_sidebands_are_those_of_the_gear_that_is_named(name, step):
    """Three a side at its own turns, over the mesh."""
    beside = [(TEETH[0] + k * step, 0.2) for k in (-3, -2, -1, 1, 2, 3)]
    found = measured(lines((TEETH[0], 1.0), *beside, n=65_536))

    assert found[name] == pytest.approx(0.2, rel=0.2)


def test_higher_multiples_of_the_mesh_are_regular_too():
    """With their sidebands they are taken off before the kurtosis of the rest."""
    loud = lines((46.0, 1.0), (47.0, 0.3), (69.0, 0.5), n=65_536)

    assert measured(noise(65_536) + loud)["residual_kurtosis"] == pytest.approx(3.0, abs=0.25)
