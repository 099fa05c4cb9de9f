"""What befalls one machine of a hall, step by step."""

import numpy as np
import pytest

from simgen.core import DAY, HOUR, Streams, build
from simgen.des import run
from simgen.domains.industrial import MotorFleet
from simgen.domains.industrial.fleet.operation import live, look_after, warn_of_cold
from simgen.domains.industrial.fleet.scenario import make_hall
from simgen.domains.industrial.kernels.stations import N_POINTS

SHARES = np.linspace(0.0, 1.0, N_POINTS)  # of the growth time, at the points of a course
RARE_WINDOWS = {"watching": {"window_interval": 5_000.0}}


@pytest.fixture
def hall():
    """A function from parameters to a hall of one new motor, in which nothing happens by itself."""

    def make(**values):
        one = {"n_machines": 1, "machines_per_hall": 1, "n_days": 40, "first_age": 0.0}
        about, streams = build(MotorFleet, one | RARE_WINDOWS | values), Streams(7)
        return make_hall(about, about.blocks()[0], about.prepare(streams), streams)

    return make


def part_of(hall, kind):
    """The machine's part of a kind."""
    return next(part for part in hall.fleet[0].parts if part.about.kind == kind)


def begun(hall, kind, severity):
    """The event of a defect of a part, which has come so far."""
    part = part_of(hall, kind)
    part.event = part.event or hall.begin(hall.fleet[0], part.mode.defect)
    part.age = part.life - part.growth_time * (1.0 - np.interp(severity, part.course, SHARES))
    hall.fleet[0].pace = None
    return part.event


def rates(hall):
    """Equivalent hours an hour of each part of the machine."""
    machine = hall.fleet[0]
    kinds = [part.about.kind for part in machine.parts]
    return dict(zip(kinds, hall.pace(machine).rates, strict=True))


def test_a_defect_wears_another_part_from_its_severity_on(hall):
    """A spall of 0.4 wears the air gap fifteen times as fast, nothing else, and is the cause."""
    one = hall()
    machine, gap, winding = one.fleet[0], part_of(one, "air_gap"), part_of(one, "winding")
    one.start(machine, 1.0, 1.0)
    sound = rates(one)
    spall = begun(one, "bearing", 0.35)
    slight, cause = rates(one), one.cause(machine, gap)
    begun(one, "bearing", 0.45)

    assert slight == sound
    assert cause == 0
    assert rates(one) == sound | {"air_gap": pytest.approx(15.0 * sound["air_gap"])}
    assert one.cause(machine, gap) == spall.event_id
    assert one.cause(machine, winding) == 0


def test_a_defect_begins_grows_and_fails_its_machine(hall):
    """It names its cause; the failure ends it whole, stops the machine and calls at once."""
    one = hall()
    machine, gap = one.fleet[0], part_of(one, "air_gap")
    spall = begun(one, "bearing", 0.6)
    one.start(machine, 1.0, 1.0)
    gap.age = gap.next_age
    look_after(one, machine)
    event = gap.event

    assert (event.kind, event.caused_by) == ("eccentricity", spall.event_id)
    assert not machine.failed
    one.env.run(until=HOUR)
    gap.age, machine.pace = gap.life, None
    look_after(one, machine)
    assert (event.severity, event.ended_at) == (1.0, HOUR)
    assert (gap.failed, machine.failed, machine.available) == (True, True, False)
    assert machine.stops == [machine.use_time] == [HOUR]
    assert [stretch.failed for stretch in machine.stretches] == [True]
    assert [(order.kind, order.urgent) for order in one.orders] == [("replacement", True)]


def test_a_disturbance_that_is_over_has_no_size(hall):
    """While it goes on it is felt, and at once."""
    one = hall()
    machine, place = one.fleet[0], one.disturbances.index("supply_unbalance")
    one.start(machine, 1.0, 1.0)
    event = one.begin(machine, "supply_unbalance")
    event.size, machine.disturbances[event.kind] = 0.02, event
    one.unsettle(machine)
    felt = machine.duty.disturbance[place]
    one.end(event)
    one.unsettle(machine)

    assert felt == 0.02
    assert not any(machine.duty.disturbance)


def test_a_start_in_the_cold_is_one_for_some_hours(hall):
    """Below the bound that is given, and not at it."""
    one = hall()
    machine, cold = one.fleet[0], one.about.lookalikes.cold_start
    for temperature in (cold.below, cold.below - 1.0):
        machine.temperature = temperature
        warn_of_cold(one, machine)

    assert [event.kind for event in one.events] == ["cold_start"]
    assert one.events[0].ended_at == cold.visible_time * HOUR


def test_a_load_step_multiplies_the_load_and_services_count_from_the_last(hall):
    """Under steps of 1.5 alone, and services after 40 hours of use each."""
    one = hall(
        upkeep={"service_interval": 40.0, "mean_service_time": 0.1, "shift_stop": 24.0},
        operation={"load_spread": 0.0, "median_load": 0.5, "mean_run_time": 10.0},
        lookalikes={"load_step": {"share": 1.0, "factors": (1.5, 1.5)}},
    )
    machine = one.fleet[0]
    run(one.env, live(one, machine, one.about.operation), until=30.0 * DAY)
    services = [order for order in one.orders if order.kind == "service"]

    assert {stretch.duty.load for stretch in machine.stretches} == {0.75}
    assert len(one.events) > 50
    assert {event.kind for event in one.events} <= {"load_step", "cold_start"}
    assert 3 < len(services) <= machine.use_time / (40.0 * HOUR)
