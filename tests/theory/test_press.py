"""The hydraulic circuit of a press against closed forms."""

import math

import numpy as np
import pytest
from toys.machines import conditions, made

from simgen.domains.industrial.kernels.presses import (
    CIRCUIT,
    balance,
    press_cycle,
    rise_per_oil,
)
from simgen.domains.industrial.presses.press import PressParameters, circuits, oil_rise
from simgen.domains.industrial.presses.signals import PressSignals

PRESSES, LOOKS = PressSignals(about=PressParameters()), ("warm_water", "air_in_oil")


def circuit(**values):
    """A record of dtype CIRCUIT: a closed loop without relief, unless said."""
    row = np.zeros(1, CIRCUIT)
    about = {
        "pump_flow": 22.0,
        "leakage": 0.0,
        "relief": 1e6,
        "relief_slope": 0.0,
        "gas_volume": 0.75,
        "precharge": 100.0,
        "exponent": 1.3,
        "stiffness": 4_000.0,
        "valve_flow": 18.0,
        "valve_time": 1e-2,
        "dead_time": 0.0,
    }
    for name, value in (about | values).items():
        row[name] = value
    return row[0]


@pytest.mark.parametrize("exponent", [1.0, 1.3, 1.4])
def test_gas_keeps_p_v_to_the_n(exponent):
    """The slope of p V^n = const at any fill; below the precharge it is stiff."""
    one = circuit(exponent=exponent)
    gas = 0.75 - np.array([0.0, 0.1, 0.3, 0.5]) - 1e-9
    pressure = 100.0 * (0.75 / gas) ** exponent
    found = [rise_per_oil(one, p) for p in pressure]

    np.testing.assert_allclose(found, exponent * pressure / gas, rtol=1e-12)
    assert rise_per_oil(one, 99.0) == 4_000.0


def slope(one, opening, pressure):
    """How fast pressure rises, from oil that goes into gas [bar/s]."""
    gain = one["pump_flow"] - one["leakage"] * pressure
    gain -= one["relief_slope"] * max(pressure - one["relief"], 0.0)
    gain -= one["valve_flow"] * opening * math.sqrt(max(pressure, 0.0) / 100.0)
    gas = one["gas_volume"] * (one["precharge"] / pressure) ** (1.0 / one["exponent"])
    seated = pressure <= one["precharge"]
    return gain / 60.0 * (one["stiffness"] if seated else one["exponent"] * pressure / gas)


def integrated(one, command, rate):
    """Pressure through a cycle, in steps a thousand times as short as a sample `(n,)` [bar]."""
    pressure, opening, out = balance(one, command[0]), command[0], []
    step, late = 1e-3 / rate, int(one["dead_time"] * rate)
    share = 1.0 - math.exp(-0.5 * step / one["valve_time"])
    one = {name: float(one[name]) for name in one.dtype.names}
    for i in range(len(command)):
        goal = command[max(i - late, 0)]
        for _ in range(1_000):
            opening += (goal - opening) * share
            half = pressure + 0.5 * step * slope(one, opening, pressure)
            pressure += step * slope(one, opening, half)
            opening += (goal - opening) * share
        out.append(pressure)
    return np.array(out)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"relief": 150.0, "relief_slope": 2.0},  # it opens
        {"precharge": 170.0},  # the accumulator empties
        {"leakage": 0.03, "valve_time": 0.5, "dead_time": 0.25},
    ],
)
def test_a_cycle_follows_its_equations(values):
    """To a fiftieth of a bar, across the precharge and the relief valve's pressure as well."""
    one, command = circuit(**{"valve_time": 0.08} | values), np.full(140, 0.85)
    command[10:70], command[70:] = 1.0, 0.9
    pressure, flow = np.empty(140), np.empty(140)
    press_cycle(one, command, 20.0, pressure, flow)

    np.testing.assert_allclose(pressure, integrated(one, command, 20.0), atol=0.02)


def test_an_orifice_alone_balances_the_pump():
    """Q = c u sqrt(p / 100), so p = 100 (Q / (c u))^2; leaking is a quadratic equation."""
    assert balance(circuit(), 0.9) == pytest.approx(100.0 * (22.0 / (18.0 * 0.9)) ** 2)
    leaking = circuit(leakage=0.05)
    pressure = balance(leaking, 0.9)
    assert 0.05 * pressure + 18.0 * 0.9 * math.sqrt(pressure / 100.0) == pytest.approx(22.0)


def test_the_relief_valve_takes_what_is_too_much():
    """Above its pressure by what it passes over its slope."""
    one = circuit(relief=190.0, relief_slope=2.0)
    pressure = balance(one, 0.1)
    through = 22.0 - 18.0 * 0.1 * math.sqrt(pressure / 100.0)

    assert pressure == pytest.approx(190.0 + through / 2.0)


def test_a_cycle_comes_to_its_balance():
    """Long after a switch, whatever the accumulator did meanwhile."""
    command = np.where(np.arange(20_000) < 100, 0.8, 0.95)
    pressure, flow = np.empty(20_000), np.empty(20_000)
    press_cycle(circuit(leakage=0.02), command, 100.0, pressure, flow)

    assert pressure[0] == pytest.approx(balance(circuit(leakage=0.02), 0.8), rel=1e-4)
    assert pressure[-1] == pytest.approx(balance(circuit(leakage=0.02), 0.95), rel=1e-4)
    np.testing.assert_allclose(flow, 22.0 - 0.02 * pressure)


def test_a_small_switch_dies_out_as_the_linear_circuit_does():
    """With a time constant of the gas' compliance over the slope of the orifice's flow."""
    n, rate = 4_000, 100.0
    command = np.where(np.arange(n) < 10, 0.900, 0.901)
    pressure, flow = np.empty(n), np.empty(n)
    press_cycle(circuit(), command, rate, pressure, flow)
    p = balance(circuit(), 0.9005)
    compliance = 0.75 / 1.3 * 100.0 ** (1.0 / 1.3) * p ** (-1.0 / 1.3 - 1.0)  # [l/bar]
    slope = 18.0 * 0.9005 / 100.0 * 0.5 / math.sqrt(p / 100.0)  # [l/min/bar]
    expected = compliance / slope * 60.0

    left = (pressure[20:] - pressure[-1]) / (pressure[0] - pressure[-1])
    found = -1.0 / np.polyfit(np.arange(300) / rate, np.log(left[:300]), 1)[0]
    assert found == pytest.approx(expected, rel=0.03)


def test_the_valve_answers_after_its_dead_time():
    """Not a sample before."""
    command = np.where(np.arange(300) < 100, 0.8, 0.95)
    pressure, flow = np.empty(300), np.empty(300)
    press_cycle(circuit(dead_time=0.25), command, 100.0, pressure, flow)

    assert np.ptp(pressure[:125]) == pytest.approx(0.0, abs=1e-3)
    assert pressure[130] < pressure[0] - 0.1


def test_heat_leaves_through_the_cooler():
    """A cooler at 3 and 20 % of its power lets the oil rise as on the rig of Helwig et al."""
    sound = conditions(PRESSES, disturbances=LOOKS)
    about = PressParameters(warming=8.4)  # little enough that the oil's limit is not reached
    weak, fouled = (
        conditions(PRESSES, disturbances=LOOKS, cooler_fouling=lost / 0.97) for lost in (0.8, 0.97)
    )

    tank = [float(oil_rise(about, at).tank[0]) for at in (sound, weak, fouled)]
    assert tank[0] == pytest.approx(8.4)
    # Mean of its tank in balance: 36.1, 44.4 and 57.0 degree Celsius.
    assert np.diff(tank) == pytest.approx([8.3, 12.6], abs=1.0)


def test_a_weak_cooler_takes_as_much_from_the_oil():
    """What it loses on its way goes with heat and flow, and not with the cooler."""
    about = PressParameters(warming=8.4)
    drops = []
    for severity in (0.0, 0.5, 1.0):
        rise = oil_rise(about, conditions(PRESSES, disturbances=LOOKS, cooler_fouling=severity))
        drops.append(float((rise.tank - rise.back)[0]))

    assert drops == pytest.approx([0.57 * 8.4] * 3)


def test_hot_oil_leaks_more():
    """By the exponent of viscosity over the rise of temperature."""
    machine = made(PRESSES)
    cold, hot = (
        circuits(PRESSES.about, machine, conditions(PRESSES, disturbances=LOOKS, warmth=warmth))
        for warmth in (30.0, 50.0)
    )

    assert hot["leakage"] / cold["leakage"] == pytest.approx(math.exp(0.025 * 20.0))
