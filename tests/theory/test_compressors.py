"""Compressors against closed forms of gas laws."""

import numpy as np
import pytest
from toys.machines import KEY, conditions, instant, made

from simgen.domains.industrial.compressors.compressor import (
    SCREW,
    CompressorParameters,
    built,
    working,
)
from simgen.domains.industrial.compressors.fan import FAN_RATE, fan_lines, heat_left
from simgen.domains.industrial.compressors.signals import CompressorSignals
from simgen.domains.industrial.compressors.valves import (
    GAIN,
    hunting_period,
    power_swing,
    pressure_swing,
    sawtooth,
    slam,
)
from simgen.domains.industrial.gears.features import line_spectrum
from simgen.domains.industrial.kernels.compressors import late_share
from simgen.domains.industrial.kernels.gas import (
    AMBIENT,
    GAS,
    GAS_CONSTANT,
    STAGES,
    late_leak,
    leaking_temperature,
    polytropic_temperature,
    stage_work,
    volumetric_efficiency,
    work_out,
)

SIGNALS = CompressorSignals(about=CompressorParameters())
LOOKS = ("hot_coolant", "humid_air", "pulsing_consumer")


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


@pytest.mark.parametrize(("late", "exact"), [(0.0, 1e-7), (0.1, 1e-4)])
def test_the_same_mass_passes_both_stages(late, exact):
    """With clearances, leaks, a late valve and a poor cooler, too."""
    about = {"clearance": 0.08, "first_leak": 0.05, "second_leak": 0.15, "cooling": 0.6}
    found, p, t = stages(**about, second_late=late), 1.0, 290.0
    ratio = 9.0 / found["between"]
    first = volumetric_efficiency(found["between"] / p, 1.35, 0.08, 0.05)
    second = volumetric_efficiency(ratio, 1.35, 0.08, 0.15 + late_leak(ratio, 1.35, late))

    cooled = found["second_inlet"]
    assert 3.0 * first * p / t == pytest.approx(second * found["between"] / cooled, rel=exact)
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


def test_a_valve_that_shuts_late_is_a_larger_clearance():
    """Gas that follows the piston takes the room of r^(1/n) of its own when it has expanded."""
    late, ratio, exponent = 0.1, 3.0, 1.34
    found = volumetric_efficiency(ratio, exponent, 0.06, late_leak(ratio, exponent, late))
    larger = volumetric_efficiency(ratio, exponent, 0.06 + late, 0.0)

    # A larger clearance leaves more room in the cylinder as well.
    assert found == pytest.approx(larger - late)
    assert stages(second_late=0.1)["between"] > stages()["between"]


def test_a_plate_shuts_as_late_as_its_time_lets_the_crank_turn():
    """40 degrees at full speed and 20 at half of it: (1 - cos a) / 2 of the stroke."""
    for speed, angle in ((1.0, 40.0), (0.5, 20.0)):
        assert late_share(1.0, speed) == pytest.approx(0.5 - 0.5 * np.cos(np.radians(angle)))
    assert slam(1.0, 1.0) == pytest.approx(1.0)
    assert slam(1.0, 0.5) == pytest.approx(
        0.5 * np.sin(np.radians(20.0)) / np.sin(np.radians(40.0))
    )


def hunt(valve, pressure, *, integral_time=120.0, n_steps=80_000, step=0.01):
    """Pressure off [bar] in steps [s] under a controller and the two-parameter valve.

    The valve stands until what is asked of it has gone by S from where it last turned; then it
    jumps by J and goes on with what is asked, (S - J) / 2 behind, until that turns again.
    """
    deadband, slip_jump, filling = 0.30, 0.12, 2.0 / (AMBIENT * 20.0 / 60.0)
    # What is asked is as far behind as after a jump down that ended here.
    turned = last = valve - (deadband - slip_jump) / 2.0
    total, stuck, way = -last / GAIN - pressure, True, 1.0
    found = np.empty(n_steps)
    for i in range(n_steps):
        pressure += valve / filling * step
        total += pressure / integral_time * step
        asked = -GAIN * (pressure + total)
        if asked != last and np.sign(asked - last) != way:
            way, turned, stuck = np.sign(asked - last), last, True
        stuck = stuck and abs(asked - turned) < deadband
        if not stuck:
            valve = asked - way * (deadband - slip_jump) / 2.0
        last = asked
        found[i] = pressure
    return found, step


@pytest.mark.parametrize("lean", [0.35, 0.5, 0.65])
def test_a_sticking_valve_hunts_as_the_two_parameter_model_does(lean):
    """Step by step it has the closed form's swing S / K, its period and its two slopes."""
    found, step = hunt(-0.12 * lean, 0.5 * pressure_swing(1.0))
    period = hunting_period(20.0, AMBIENT, speed=1.0, lean=lean)
    time = step * np.arange(1, len(found) + 1)

    assert period == pytest.approx(0.3 * 2.0 / (AMBIENT / 3.0) / (1.4 * 0.12) / (lean - lean**2))
    # Over the first cycles: each jump comes up to a step too late.
    first = time < 4.0 * period
    expected = pressure_swing(1.0) * sawtooth(time[first] / period, lean)
    np.testing.assert_allclose(found[first], expected, atol=0.02 * pressure_swing(1.0))


@pytest.mark.parametrize("integral_time", [40.0, 120.0])
@pytest.mark.parametrize("valve", [-0.3, -0.1, 0.01])
def test_a_sticking_valve_swings_by_its_deadband_over_the_gain(valve, integral_time):
    """Wherever it begins and however fast its controller integrates."""
    found, _ = hunt(valve, 0.0, integral_time=integral_time)
    settled = found[len(found) // 2 :]

    assert np.ptp(settled) == pytest.approx(pressure_swing(1.0), rel=0.03)
    assert pressure_swing(1.0) == pytest.approx(0.3 / 1.4)


def test_power_follows_the_pressure_as_the_stages_work_does():
    """Its exponent is that of the work at the rated ratio, without leaks."""
    work = [
        stages(discharge=8.0 * factor, exponent=1.5, sweep_ratio=8.0**0.5 * factor**0.5)["work"]
        for factor in (0.999, 1.001)
    ]
    exponent = np.log(work[1] / work[0]) / np.log(1.001 / 0.999)

    assert power_swing(0.0, 0.0, 8.0) == 0.0
    pressure_part = power_swing(1.0, 0.0, 8.0) - 0.3 * 0.12
    assert pressure_part == pytest.approx(exponent * pressure_swing(1.0) / 8.0, rel=0.02)


def window_line(frequency, **values):
    """Amplitude of a line of a long window of a screw that runs at 0.63 of its speed [g]."""
    at = instant(SIGNALS, speed=0.63, disturbances=LOOKS, **values)
    one = made(SIGNALS)._replace(kind=SCREW)
    samples = SIGNALS.sample(KEY, 2, one, at, rate=12_800.0, n_samples=131_072)[0]
    size = line_spectrum(samples.astype(np.float64))
    middle = round(frequency * 131_072 / 12_800.0)
    return size[middle - 2 : middle + 3].max()


def test_a_belt_shows_at_its_rounds_and_a_fan_at_its_turns():
    """At pi D n / L and twice that, and at D n / d, which a worn belt's slip takes down."""
    length = 2.0 * 0.5 + np.pi * 0.36 / 2.0 + 0.04**2 / (4.0 * 0.5)
    rounds, turns = np.pi * 0.20 * 24.5 / length, 24.5 * 0.20 / 0.16

    for frequency, least in ((rounds, 3.0), (2.0 * rounds, 5.0)):
        worn, sound = window_line(frequency, belt_wear=1.0), window_line(frequency)
        assert worn > least * sound
        assert worn > 10.0 * window_line(frequency + 1.5, belt_wear=1.0)
    heavy = window_line(turns, fan_unbalance=1.0)
    assert heavy > 4.0 * window_line(turns)
    assert window_line(0.88 * turns, belt_wear=1.0) > 5.0 * window_line(0.88 * turns)
    assert window_line(turns, belt_wear=1.0) < 0.2 * window_line(turns)


def test_a_heavy_fan_shakes_with_its_speed_squared():
    """What a slipping belt leaves of its line."""
    (at_full, full), *_ = fan_lines(1.0, 0.0, fan=0.02, belt=0.0)
    (slow_at, slow), *_ = fan_lines(1.0, 1.0, fan=0.02, belt=0.0)

    assert at_full == pytest.approx(FAN_RATE)
    assert slow / full == pytest.approx((slow_at / at_full) ** 2)


def test_an_aftercooler_is_as_good_as_its_transfer_units():
    """exp(-NTU) is left of the heat, with NTU by the power 0.68 of the air's speed."""
    units = -np.log(heat_left(0.0, np.array([0.0, 1.0])))

    assert units[1] / units[0] == pytest.approx(0.88**0.68)


def test_a_new_compressor_gives_its_rated_flow():
    """In a hall of 20 degree Celsius, with equal ratios, whatever its kind."""
    about = CompressorParameters()
    for seed in range(8):
        one = made(SIGNALS, seed)._replace(swept=1.0, sweep_ratio=1.0, leak=1.0, filter=1.0)
        at = conditions(SIGNALS, hall=20.0, disturbances=LOOKS)
        gas = working(about, built(about, one), at)[0]
        assert gas["flow"] == pytest.approx(about.rated_flow, rel=2e-3)
        end = AMBIENT + about.header_pressure
        assert gas["between"] == pytest.approx(np.sqrt(end * (AMBIENT - 0.008)), rel=2e-3)
