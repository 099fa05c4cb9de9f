"""Compressors against closed forms of gas laws."""

import numpy as np
import pytest
from toys.machines import conditions, made

from simgen.domains.industrial.compressors.compressor import (
    CompressorParameters,
    built,
    rated_swept,
    working,
)
from simgen.domains.industrial.compressors.signals import CompressorSignals
from simgen.domains.industrial.kernels.gas import (
    AMBIENT,
    GAS,
    GAS_CONSTANT,
    STAGES,
    leaking_temperature,
    polytropic_temperature,
    stage_work,
    volumetric_efficiency,
    work_out,
)

SIGNALS = CompressorSignals(about=CompressorParameters())
LOOKS = ("hot_coolant", "humid_air")


def stages(**values):
    """Both stages without leaks and clearance, and a perfect cooler, unless said."""
    row = np.zeros(1, STAGES)
    about = {
        "suction": 1.0,
        "discharge": 9.0,
        "inlet": 290.0,
        "coolant": 290.0,
        "exponent": 1.35,
        "cooling": 1.0,
        "swept": 20.0,
        "sweep_ratio": 3.0,
    }
    for name, value in (about | values).items():
        row[name] = value
    out = np.zeros(1, GAS)
    work_out(row, out)
    return out[0]


def test_compression_is_polytropic():
    """T2 = T1 r^((n - 1) / n): 1 to 3 bar at n = 1.3 from 20 degree Celsius gives 104.6."""
    assert polytropic_temperature(293.15, 3.0, 1.3) - 273.15 == pytest.approx(104.6, abs=0.1)
    assert polytropic_temperature(300.0, 5.0, 1.0) == pytest.approx(300.0)


def test_what_leaks_back_heats_what_comes_in():
    """The mixture at the inlet has the temperature that its parts give it."""
    outlet = leaking_temperature(300.0, 3.0, 1.35, 0.2)
    mixed = 0.8 * 300.0 + 0.2 * outlet

    assert outlet == pytest.approx(polytropic_temperature(mixed, 3.0, 1.35))
    assert leaking_temperature(300.0, 3.0, 1.35, 0.0) == pytest.approx(
        polytropic_temperature(300.0, 3.0, 1.35)
    )


def test_work_is_that_of_the_open_polytropic():
    """N / (n - 1) R (T2 - T1), which is the integral of v dp."""
    work = stage_work(300.0, 4.0, 1.3, 0.0)
    pressure = np.linspace(1.0, 4.0, 200_001)
    volume = GAS_CONSTANT * 300.0 * pressure ** (-1.0 / 1.3)

    assert work == pytest.approx(np.trapezoid(volume, pressure), rel=1e-6)


def test_clearance_expands_again():
    """What is left at the end of a stroke takes its room when it has expanded."""
    expected = (1.06 - 0.06 * 3.0 ** (1.0 / 1.3)) - 0.1

    assert volumetric_efficiency(3.0, 1.3, 0.06, 0.1) == pytest.approx(expected)


def test_perfect_cooling_shares_the_pressure_by_swept_volumes():
    """p_i = p_1 V_1 / V_2: here both stages have the same ratio, and the same outlet."""
    found = stages()

    assert found["between"] == pytest.approx(3.0)
    assert found["first_outlet"] == pytest.approx(290.0 * 3.0 ** (0.35 / 1.35))
    assert found["second_outlet"] == pytest.approx(found["first_outlet"])
    assert found["flow"] == pytest.approx(20.0 / AMBIENT)


def test_the_same_mass_passes_both_stages():
    """With clearances, leaks and a poor cooler, too."""
    about = {"clearance": 0.08, "first_leak": 0.05, "second_leak": 0.15, "cooling": 0.6}
    found, p, t = stages(**about), 1.0, 290.0
    first = volumetric_efficiency(found["between"] / p, 1.35, 0.08, 0.05)
    second = volumetric_efficiency(9.0 / found["between"], 1.35, 0.08, 0.15)

    cooled = found["second_inlet"]
    assert 3.0 * first * p / t == pytest.approx(second * found["between"] / cooled, rel=1e-7)
    assert cooled == pytest.approx(found["first_outlet"] - 0.6 * (found["first_outlet"] - 290.0))


@pytest.mark.parametrize(
    ("fault", "up"),
    [
        ({"first_leak": 0.15}, False),
        ({"second_leak": 0.15}, True),
        ({"cooling": 0.5}, True),
        ({"suction": 0.9}, False),
    ],
)
def test_the_pressure_between_the_stages_tells_which_of_them_is_ill(fault, up):
    """Up if the second takes less or gets hotter air, down if the first gives less."""
    assert (stages(**fault)["between"] > stages()["between"]) == up


def test_a_new_compressor_gives_its_rated_flow():
    """In a hall of 20 degree Celsius, with equal ratios, whatever its kind."""
    about = CompressorParameters()
    for seed in range(8):
        one = made(SIGNALS, seed)._replace(swept=1.0, sweep_ratio=1.0, leak=1.0, filter=1.0)
        at = conditions(SIGNALS, hall=20.0, disturbances=LOOKS)
        gas = working(about, built(one), at)[0]
        assert gas["flow"] == pytest.approx(about.rated_flow, rel=2e-3)
        end = AMBIENT + about.header_pressure
        assert gas["between"] == pytest.approx(np.sqrt(end * (AMBIENT - 0.008)), rel=2e-3)
    assert rated_swept(about).shape == (2, 2)
