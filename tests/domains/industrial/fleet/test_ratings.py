"""A small machine is watched and leaks as a large one does, each over its own plate."""

import pytest
from toys.machines import conditions, made
from toys.worlds import world

from simgen.core import Streams, build
from simgen.domains.industrial import GearboxLine, MotorFleet
from simgen.domains.industrial.compressors.compressor import CompressorParameters
from simgen.domains.industrial.compressors.signals import CompressorSignals
from simgen.domains.industrial.compressors.valves import hunting_period
from simgen.domains.industrial.fleet.scenario import make_hall
from simgen.domains.industrial.gears.gearbox import GearParameters
from simgen.domains.industrial.gears.signals import GearSignals
from simgen.domains.industrial.motors.motor import MotorParameters
from simgen.domains.industrial.motors.signals import MotorSignals
from simgen.domains.industrial.presses.press import PressParameters
from simgen.domains.industrial.presses.signals import PressSignals

SMALL = {"rated_power": 0.75, "rated_current": 1.8}


def press(size):
    """One whose pump, valve and gas are so many times the usual."""
    about = PressParameters(pump_flow=22.0 * size, valve_flow=18.5 * size, gas_volume=0.75 * size)
    return PressSignals(about=about)


@pytest.mark.parametrize(
    ("usual", "other", "share"),
    [
        (
            MotorSignals(about=MotorParameters()),
            MotorSignals(about=MotorParameters(**SMALL)),
            {"power": 0.75 / 22.0, **{f"current_{phase}": 1.8 / 41.0 for phase in "abc"}},
        ),
        (
            GearSignals(about=GearParameters()),
            GearSignals(about=GearParameters(rated_power=0.37)),
            {"power": 0.37 / 30.0},
        ),
        (press(1.0), press(10.0), {"flow": 10.0, "power": 10.0}),
        (
            CompressorSignals(about=CompressorParameters()),
            CompressorSignals(about=CompressorParameters(rated_flow=1.0)),
            {"flow": 0.05, "power": 0.05, "power_swing": 0.05},
        ),
    ],
    ids=["motor", "gearbox", "press", "compressor"],
)
def test_noise_is_the_same_share_of_what_is_rated(usual, other, share):
    """And of all else the same."""
    before, after = ({one.name: one.noise for one in k.own_channels} for k in (usual, other))

    assert after == pytest.approx({name: before[name] * share.get(name, 1.0) for name in before})


@pytest.mark.parametrize("sensor", ["current_b", "clamp_b"])
def test_faults_of_a_small_motors_clamps_are_the_same_share_of_its_current(sensor):
    """So that one clips where the usual one does, in telemetry and in windows."""

    def sizes(**motor):
        about, streams = build(MotorFleet, {"n_machines": 1, "motor": motor}), Streams(7)
        hall = make_hall(about, about.blocks()[0], about.prepare(streams), streams)
        return hall.sensors[sensor].sizes

    assert sizes(**SMALL) == pytest.approx([size * 1.8 / 41.0 for size in sizes()])


def test_no_small_gearbox_gives_power_back():
    """Its noise is far below what goes through it."""
    rows = world(GearboxLine, gearbox={"rated_power": 0.37}).telemetry

    assert (rows.power > 0.0).all()


def test_no_vibration_of_a_slow_motor_is_below_zero():
    """It is a root mean square, whatever its noise; of a sensor that is not at fault."""
    rows = world(
        MotorFleet, operation={"speeds": [0.15, 0.3]}, lookalikes={"sensor_fault": {"rate": 0.0}}
    ).telemetry

    assert (rows.vibration >= 0.0).all()


@pytest.mark.parametrize("severity", [0.0, 1.0])
@pytest.mark.parametrize("size", [2.0 / 22.0, 10.0])
def test_a_pump_leaks_the_same_share_of_its_flow_whatever_its_size(size, severity):
    """Sound or not."""

    def flow(signals):
        looks = ("warm_water", "air_in_oil")
        at = conditions(signals, disturbances=looks, pump_leakage=severity)
        return signals.steady(made(signals), at)["flow"].item()

    assert flow(press(size)) == pytest.approx(size * flow(press(1.0)))


def test_a_small_compressors_power_swings_by_the_same_share():
    """Under a sound control."""

    def share(rated_flow):
        signals = CompressorSignals(about=CompressorParameters(rated_flow=rated_flow))
        looks = ("hot_coolant", "humid_air", "pulsing_consumer")
        found = signals.steady(made(signals), conditions(signals, disturbances=looks))
        return (found["power_swing"] / found["power"]).item()

    assert share(1.0) == pytest.approx(share(20.0))


def test_a_sticking_valve_hunts_as_fast_on_a_small_compressor():
    """Whose vessel is as much smaller as its flow."""
    small, usual = (hunting_period(flow, 1.0, speed=1.0, lean=0.4) for flow in (1.0, 20.0))

    assert small == pytest.approx(usual)
