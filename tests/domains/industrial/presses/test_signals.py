"""What a press tells follows from its circuit, its load and its faults."""

import numpy as np
import pytest
from toys.machines import KEY, conditions, instant, made

from simgen.core import DAY, Streams, build
from simgen.des import run
from simgen.domains.industrial import HydraulicPress
from simgen.domains.industrial.fleet.scenario import make_hall
from simgen.domains.industrial.presses.press import PressParameters, circuits, oil_rise
from simgen.domains.industrial.presses.signals import PressSignals

SIGNALS = PressSignals(about=PressParameters())
LOOKS = ("warm_water", "air_in_oil")


def steady(name, **values):
    """What a channel reads in the long run."""
    at = conditions(SIGNALS, disturbances=LOOKS, **values)
    return SIGNALS.steady(made(SIGNALS), at)[name].item()


def test_more_load_takes_more_pressure():
    """Its valve opens less."""
    assert steady("pressure", load=1.4) > steady("pressure", load=0.7) + 5.0


def test_a_leaking_pump_warms_the_oil():
    """By three tenths at its worst."""
    sound, ill = (
        oil_rise(SIGNALS.about, conditions(SIGNALS, disturbances=LOOKS, pump_leakage=size)).tank
        for size in (0.0, 1.0)
    )

    assert ill == pytest.approx(1.3 * sound)


@pytest.mark.parametrize(("cause", "size"), [("pump_leakage", 2.5), ("air_in_oil", 3.0)])
def test_causes_of_shaking_add_up_as_powers(cause, size):
    """A worn pump's and that of air, each in mm/s at its worst."""
    added = steady("vibration", **{cause: 1.0}) ** 2 - steady("vibration") ** 2

    assert added == pytest.approx(size**2)


def test_telemetry_has_the_means_of_a_cycle():
    """Each part of it counts for as long as it lasts."""
    at = instant(SIGNALS, disturbances=LOOKS)
    window = SIGNALS.sample(KEY, 1, made(SIGNALS), at, rate=100.0, n_samples=6_000)

    found = [steady(name) for name in ("pressure", "flow", "power")]
    assert found == pytest.approx(window.mean(1).tolist(), rel=6e-3)


def test_power_is_what_the_pump_gives_over_its_efficiency():
    """Without a leak, pressure times flow."""
    tight = made(SIGNALS)._replace(leakage=0.0)
    found = SIGNALS.steady(tight, conditions(SIGNALS, disturbances=LOOKS))

    assert found["power"] * 600.0 * 0.85 == pytest.approx(found["pressure"] * found["flow"])


def test_a_lagging_valve_is_dead_for_longer():
    """By a quarter of a second at its worst."""
    at = conditions(SIGNALS, disturbances=LOOKS, valve_lag=1.0)

    assert circuits(SIGNALS.about, made(SIGNALS), at)["dead_time"].item() == pytest.approx(0.27)


def test_a_command_comes_again_every_cycle():
    """In a window of two."""
    opening = SIGNALS.about.command(100.0, 12_000).opening

    np.testing.assert_array_equal(opening[6_000:], opening[:6_000])


def test_warm_water_comes_to_all_presses_of_a_hall():
    """At one time, and as warm."""
    about = build(
        HydraulicPress,
        {"n_machines": 3, "machines_per_hall": 3, "lookalikes": {"warm_water": {"rate": 1_000.0}}},
    )
    streams, water = Streams(7), about.lookalikes.warm_water
    hall = make_hall(about, about.blocks()[0], about.prepare(streams), streams)
    groups = [hall.fleet] if water.common else [[machine] for machine in hall.fleet]
    run(hall.env, *(water.come_and_go(hall, group) for group in groups), until=9 * DAY)
    first = hall.events[:3]

    assert [event.machine for event in first] == [0, 1, 2]
    assert len({(event.onset_at, event.size) for event in first}) == 1
