"""Orders are served by urgency, and say what was found when it was found."""

import numpy as np
import pytest

from simgen.core import DAY, HOUR, Block, Streams, build
from simgen.des import run
from simgen.domains.industrial import PumpStation
from simgen.domains.industrial.plant.orders import ask_for_inspection, ask_for_replacement
from simgen.domains.industrial.pump_station import make_station

AROUND_THE_CLOCK = {"shift_start": 0.0, "shift_stop": 24.0}


@pytest.fixture
def station():
    """A function from upkeep to a station of one technician, in which nothing happens by itself."""

    def make(**upkeep):
        about = build(PumpStation, {"n_stations": 1, "upkeep": {"n_spares": 3} | upkeep})
        streams = Streams(2)
        days = about.prepare(streams.child("shared"))
        made = make_station(about, Block(0, about.hydraulics.n_pumps), days, streams)
        made.disturbed = made.env.event()
        return made

    return make


def replace_first_part(station, pump, at, *, urgent):
    """Ask for it at an instant [s]."""
    yield station.env.timeout(at - station.env.now)
    machine = station.pumps[pump]
    ask_for_replacement(station, machine, machine.parts[0], urgent=urgent)


def order_of(station, pump):
    """The first order on a pump."""
    return next(one for one in station.orders if one.machine == pump)


def test_who_fails_first_is_served_first(station):
    """A replacement becomes urgent while it waits, and goes before one that is asked for later."""
    plant = station(**AROUND_THE_CLOCK)
    ask_for_inspection(plant, plant.pumps[0])
    run(
        plant.env,
        replace_first_part(plant, 1, 1.0, urgent=False),
        replace_first_part(plant, 1, 2.0, urgent=True),
        replace_first_part(plant, 2, 3.0, urgent=True),
        until=20.0 * DAY,
    )
    first, second = order_of(plant, 1), order_of(plant, 2)

    assert first.urgent
    assert 3.0 < order_of(plant, 0).finished_at == first.started_at
    assert first.finished_at <= second.started_at


def test_who_fails_goes_before_what_can_wait(station):
    """A failure overtakes a replacement that was asked for before it."""
    plant = station(**AROUND_THE_CLOCK)
    ask_for_inspection(plant, plant.pumps[0])
    run(
        plant.env,
        replace_first_part(plant, 2, 1.0, urgent=False),
        replace_first_part(plant, 1, 2.0, urgent=False),
        replace_first_part(plant, 1, 3.0, urgent=True),
        until=20.0 * DAY,
    )

    assert order_of(plant, 1).finished_at <= order_of(plant, 2).started_at


@pytest.mark.parametrize(("on_call", "expected"), [(True, 3.0), (False, 7.0)])
def test_a_failure_at_night_calls_whoever_is_on_call(station, on_call, expected):
    """Work that waits for the shift begins when it becomes urgent; without a call it waits on."""
    plant = station(on_call=on_call)
    run(
        plant.env,
        replace_first_part(plant, 1, 1.0 * HOUR, urgent=False),
        replace_first_part(plant, 1, 3.0 * HOUR, urgent=True),
        until=20.0 * DAY,
    )

    assert order_of(plant, 1).started_at == pytest.approx(expected * HOUR, abs=1e-3)


def test_the_first_order_that_finds_a_defect_dates_its_observation(simulate):
    """A later one that renews the part says nothing new."""
    world = simulate(n_stations=4, seed=3, upkeep={"n_spares": 0})
    events = world.events[world.events.lookalike_of == ""].sort_values("onset_at")
    orders = world.work_orders[world.work_orders.started_at.notna()]
    found, n_repeated = {}, 0
    for order in orders.sort_values("started_at").itertuples():
        # The pump stands from when the technician came: no defect begins then.
        mine = events[
            (events.entity_id == order.machine_id)
            & (events.kind == order.finding)
            & (events.onset_at <= order.started_at)
        ]
        if len(mine):
            n_repeated += mine.event_id.iloc[-1] in found
            found.setdefault(mine.event_id.iloc[-1], order)
    seen = events.set_index("event_id").loc[list(found)]
    begun, done = (
        np.array([getattr(order, name) for order in found.values()], "datetime64[ns]")
        for name in ("started_at", "finished_at")
    )

    assert n_repeated > 3
    assert seen.observed_label.all()
    assert (seen.observed_at >= begun).all()
    assert (np.isnat(done) | (seen.observed_at <= done)).all()
