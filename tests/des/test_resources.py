import math

import pytest
import simpy

from simgen.des import MonitoredResource, run


@pytest.fixture
def environment():
    return simpy.Environment()


def user(environment, desk, come_at, stay_time, served, *, priority=0, patience=math.inf):
    """Comes, waits for at most `patience`, uses the desk, leaves."""
    yield environment.timeout(come_at)
    with desk.request(priority=priority) as request:
        if patience < math.inf:
            yield request | environment.timeout(patience)
        else:
            yield request
        if request.triggered:
            served.append((come_at, environment.now))
            yield environment.timeout(stay_time)


def test_waits_queue_and_busy_time(environment):
    """Three users of one desk: waits 0, 3 and 6; the desk busy for 12 of 20 seconds."""
    desk, served = MonitoredResource(environment), []
    users = (user(environment, desk, at, 4.0, served) for at in (0.0, 1.0, 2.0))
    run(environment, *users, until=20.0)

    assert desk.waits.tolist() == [0.0, 3.0, 6.0]
    assert desk.mean_wait_time == 3.0
    assert desk.mean_queue_length == pytest.approx(9.0 / 20.0)
    assert desk.utilisation == pytest.approx(12.0 / 20.0)


def test_unfinished_use_and_waiting_count(environment):
    """At the horizon, who still uses or waits has been counted up to then."""
    desk, served = MonitoredResource(environment), []
    users = (user(environment, desk, at, 100.0, served) for at in (2.0, 6.0))
    run(environment, *users, until=10.0)

    assert desk.waits.tolist() == [0.0]
    assert desk.utilisation == pytest.approx(8.0 / 10.0)
    assert desk.mean_queue_length == pytest.approx(4.0 / 10.0)


def test_who_gives_up_has_waited_but_was_not_served(environment):
    """A user who leaves the queue counts in its length until then, not among the waits."""
    desk, served = MonitoredResource(environment), []
    run(
        environment,
        user(environment, desk, 0.0, 10.0, served),
        user(environment, desk, 1.0, 1.0, served, patience=2.0),
        until=20.0,
    )

    assert served == [(0.0, 0.0)]
    assert desk.waits.tolist() == [0.0]
    assert desk.mean_queue_length == pytest.approx(2.0 / 20.0)


def test_urgent_before_early(environment):
    """The smaller priority number is served first, then the longer wait."""
    desk, served = MonitoredResource(environment), []
    run(
        environment,
        user(environment, desk, 0.0, 10.0, served),
        user(environment, desk, 1.0, 1.0, served, priority=1),
        user(environment, desk, 2.0, 1.0, served, priority=1),
        user(environment, desk, 3.0, 1.0, served, priority=-1),
        until=20.0,
    )

    assert [come_at for come_at, _ in served] == [0.0, 3.0, 1.0, 2.0]


def test_capacity_is_shared(environment):
    """Two desks serve two at a time; utilisation is the share of both."""
    desks, served = MonitoredResource(environment, 2), []
    users = (user(environment, desks, 0.0, 4.0, served) for _ in range(3))
    run(environment, *users, until=8.0)

    assert desks.waits.tolist() == [0.0, 0.0, 4.0]
    assert desks.utilisation == pytest.approx(12.0 / 16.0)


def test_nothing_measured_is_nan(environment):
    """Before anything happened there are no averages."""
    desk = MonitoredResource(environment)

    assert math.isnan(desk.mean_wait_time)
    assert math.isnan(desk.mean_queue_length)
    assert math.isnan(desk.utilisation)


def test_who_is_preferred_keeps_its_age(environment):
    """It goes before those of less priority, and before its new equals who came later."""
    desk, served = MonitoredResource(environment), []

    def prefer_the_second():
        yield environment.timeout(5.0)
        desk.prefer(desk.queue[-1], -1)

    run(
        environment,
        user(environment, desk, 0.0, 10.0, served),
        user(environment, desk, 1.0, 1.0, served),
        user(environment, desk, 2.0, 1.0, served),
        prefer_the_second(),
        user(environment, desk, 6.0, 1.0, served, priority=-1),
        until=20.0,
    )

    assert [come_at for come_at, _ in served] == [0.0, 2.0, 6.0, 1.0]
    assert desk.waits.tolist() == [0.0, 8.0, 5.0, 11.0]


def test_who_is_preferred_goes_first_though_nobody_comes_after(environment):
    """The queue has its new order at once."""
    desk, served = MonitoredResource(environment), []

    def prefer_the_last():
        yield environment.timeout(5.0)
        desk.prefer(desk.queue[-1], -1)

    users = (user(environment, desk, at, 10.0, served) for at in (0.0, 1.0, 2.0))
    run(environment, *users, prefer_the_last(), until=30.0)

    assert [come_at for come_at, _ in served] == [0.0, 2.0, 1.0]


def test_use_and_waiting_count_from_the_opening():
    """A desk of ten seconds that was used for five was used half of the time, and so is a queue."""
    environment, served = simpy.Environment(initial_time=100.0), []
    desk = MonitoredResource(environment)
    users = (user(environment, desk, 0.0, 2.5, served) for _ in range(2))
    run(environment, *users, until=110.0)

    assert desk.utilisation == 0.5
    assert desk.mean_queue_length == 0.25
