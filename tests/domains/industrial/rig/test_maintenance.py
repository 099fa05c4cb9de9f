"""What technicians do on a rig, and what they write down, order by order."""

import pytest

from simgen.core import HOUR, Block, Streams, build
from simgen.des import run
from simgen.domains.industrial import BearingRig
from simgen.domains.industrial.crew import INSPECTION, REPLACEMENT, SERVICE
from simgen.domains.industrial.rig.hall import make_hall
from simgen.domains.industrial.rig.maintenance import _renew, open_order, work
from simgen.domains.industrial.rig.monitoring import take_window
from simgen.domains.industrial.rig.operation import _repair


@pytest.fixture
def hall():
    """A function from parameters to a hall, of one machine, in which nothing happens by itself."""

    def make(**values):
        about = build(BearingRig, {"n_machines": 1, "n_days": 2, **values})
        streams = Streams(7)
        block = Block(0, about.n_machines)
        return make_hall(about, block, about.prepare(streams), streams)

    return make


def worked(hall, kind):
    """The order of a kind on the hall's machine, done."""
    machine = hall.machines[0]
    open_order(hall, machine, kind)
    order = machine.order

    def serve():
        yield machine.arrived
        yield from work(hall, machine)

    run(hall.env, serve(), until=1_000.0 * HOUR)
    assert order.finished_at is not None
    return order


def begun(hall, kind, **values):
    """An event that goes on at the hall's machine."""
    event = hall.begin(hall.machines[0], kind)
    for name, value in values.items():
        setattr(event, name, value)
    return event


def test_a_spall_too_short_to_see_is_taken_for_none(hall):
    """Who looked wrote down that there was nothing, and the bearing stays."""
    one = hall(maintenance={"visible_size": 50.0})
    bearing = one.machines[0].bearing
    bearing.age = bearing.spall.onset_age
    bearing.event = spall = begun(one, bearing.spall.defect.kind)
    order = worked(one, INSPECTION)

    assert order.finding == "nothing"
    assert (spall.observed_label, spall.observed_reason) == (False, "inspection")
    assert spall.observed_at <= order.finished_at
    assert spall.active
    assert one.machines[0].bearing is bearing


def test_a_spall_that_is_seen_takes_its_bearing_out(hall):
    """It ends there with the length that it had, and is known."""
    one = hall(maintenance={"visible_size": 0.0, "misnaming_share": 0.0})
    bearing = one.machines[0].bearing
    bearing.age = bearing.spall.onset_age + 5.0
    bearing.event = spall = begun(one, bearing.spall.defect.kind)
    length = bearing.size
    order = worked(one, INSPECTION)

    assert order.finding == "spall"
    assert (spall.observed_label, spall.observed_reason) == (True, "inspection")
    assert spall.severity == length > 0.0
    assert bearing.removed_at == spall.ended_at == spall.observed_at
    assert one.machines[0].bearing is not bearing
    assert not bearing.failed


@pytest.mark.parametrize(("sensor", "mends"), [("vibration", True), ("temperature", False)])
def test_only_the_sensor_that_gave_the_alarm_is_mended(hall, sensor, mends):
    """Whoever looks after vibration does not see that the temperature is wrong."""
    one = hall()
    fault = begun(one, "sensor_fault", sensor=sensor, fault="bias")
    one.machines[0].sensor_fault = fault
    order = worked(one, INSPECTION)

    assert order.finding == ("faulty_sensor" if mends else "nothing")
    assert fault.active != mends
    assert fault.observed_label == (False if mends else None)


def test_a_loose_foot_is_tightened(hall):
    """It is known for no spall, and is over."""
    one = hall(maintenance={"misnaming_share": 0.0})
    foot = one.machines[0].loose = begun(one, "looseness")
    order = worked(one, INSPECTION)

    assert order.finding == "loose_foot"
    assert foot.ended_at == foot.observed_at == order.finished_at
    assert foot.observed_label is False


def test_a_loose_foot_may_be_taken_for_a_spall(hall):
    """Then a sound bearing is replaced, and the foot stays loose and counts as a spall."""
    one = hall(maintenance={"misnaming_share": 1.0})
    machine = one.machines[0]
    bearing, foot = machine.bearing, begun(one, "looseness")
    machine.loose = foot
    order = worked(one, INSPECTION)

    assert order.finding == "spall"
    assert machine.bearing is not bearing
    assert (foot.observed_label, foot.active) == (True, True)


def test_a_spall_may_be_taken_for_a_loose_foot(hall):
    """Then the bearing stays, and its spall counts as none."""
    one = hall(maintenance={"visible_size": 0.0, "misnaming_share": 1.0})
    bearing = one.machines[0].bearing
    bearing.age = bearing.spall.onset_age + 5.0
    bearing.event = spall = begun(one, bearing.spall.defect.kind)
    one.machines[0].loose = foot = begun(one, "looseness")
    one.end(foot)  # long before
    order = worked(one, INSPECTION)

    assert order.finding == "loose_foot"
    assert foot.observed_at is None
    assert one.machines[0].bearing is bearing
    assert (spall.observed_label, spall.active) == (False, True)


def test_a_service_counts_from_the_last_one(hall):
    """Time in use until the next begins anew."""
    one = hall()
    machine = one.machines[0]
    machine.bearing.use(300.0 * HOUR, 0.1)
    order = worked(one, SERVICE)

    assert order.finding == "nothing"
    assert machine.serviced_use == machine.bearing.use_time == 300.0 * HOUR


def level(hall, *, loose, speed=1.0):
    """Of a window that is taken now, at a speed over the rated one [g]."""
    machine, operation = hall.machines[0], hall.rig.operation
    machine.loose = begun(hall, "looseness") if loose else None
    phase = hall.open_phase(machine, speed * operation.rated_speed, operation.rated_load)
    take_window(hall, machine, phase)
    return hall.bench.level()


def test_a_loose_foot_lets_the_machine_swing(hall):
    """Multiples of the turn are so many times as high."""
    levels = [
        level(hall(lookalikes={"looseness": {"rattle": 0.0, "swing": swing}}), loose=True)
        for swing in (1.0, 10.0, 20.0)
    ]
    firm = level(hall(lookalikes={"looseness": {"rattle": 0.0, "swing": 20.0}}), loose=False)

    assert levels[0] == firm
    assert levels[2] / levels[1] == pytest.approx(2.0, rel=0.05)


def test_a_loose_foot_rattles_harder_at_speed(hall):
    """At half of it each strike is half as strong, and half as many come."""
    loud = {
        "lookalikes": {"looseness": {"rattle": 100.0, "swing": 1.0}},
        "monitoring": {"n_samples": 131_072},
    }
    full, half = (level(hall(**loud), loose=True, speed=speed) for speed in (1.0, 0.5))

    assert half / full == pytest.approx(0.5**1.5, rel=0.25)


def test_a_seized_bearing_was_known_by_its_failure(hall):
    """Nobody had to look for it."""
    one = hall()
    bearing = one.machines[0].bearing
    bearing.event = begun(one, bearing.spall.defect.kind)
    event = bearing.event
    worked(one, REPLACEMENT)

    assert event.observed_reason == "failure"


def test_an_order_keeps_what_was_asked_for_when_the_bearing_seizes(hall):
    """Its row tells when that was; the bearing is replaced all the same."""
    one = hall()
    machine = one.machines[0]
    bearing = machine.bearing
    open_order(one, machine, INSPECTION)
    order = machine.order
    one.env.run(until=1.0)
    bearing.event = begun(one, bearing.spall.defect.kind)
    machine.seized = bearing.failed = True
    run(one.env, _repair(one, machine), until=1_000.0 * HOUR)

    assert (order.kind, order.hastened_at, order.finding) == (INSPECTION, 1.0, "spall")
    assert bearing.event.observed_reason == "failure"
    assert machine.bearing is not bearing


def test_with_a_new_bearing_watching_begins_anew(hall):
    """Its usual level is not known, no alarm stands, and no service is due."""
    one = hall()
    machine = one.machines[0]
    machine.serviced_use = 9.0
    machine.watch.usual, machine.watch.raised, machine.watch._threshold = [1.0], True, 2.0
    _renew(one, machine, "failure")

    assert machine.serviced_use == 0.0
    assert machine.watch.usual == []
    assert [alarm.raised for alarm in one.alarms] == [False]


def test_an_inspection_goes_before_a_service(hall):
    """Also one that is asked for later."""
    one = hall(n_machines=3, maintenance={"machines_per_technician": 6})
    first, second, third = one.machines
    open_order(one, first, SERVICE)
    one.env.run(until=1.0)
    open_order(one, second, SERVICE)
    open_order(one, third, INSPECTION)
    one.env.run(until=2.0)
    first.done.succeed()
    one.env.run(until=3.0)

    assert third.arrived.triggered
    assert not second.arrived.triggered
