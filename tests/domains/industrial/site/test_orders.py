"""Orders are served by urgency, and say what was found when it was found."""

import numpy as np
import pytest
from toys.pump_stations import AROUND_THE_CLOCK, begun, order_of

from simgen.core import DAY, HOUR
from simgen.des import run
from simgen.domains.industrial.site.orders import (
    ask_for_inspection,
    ask_for_replacement,
    ask_for_service,
)


def replace_first_part(station, pump, at, *, urgent):
    """Ask for it at an instant [s]."""
    yield station.env.timeout(at - station.env.now)
    machine = station.pumps[pump]
    ask_for_replacement(station, machine, machine.parts[0], urgent=urgent)


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

    assert (first.urgent, first.hastened_at) == (False, 2.0)
    assert (second.urgent, second.hastened_at) == (True, None)
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


def test_what_fails_at_once_goes_before_what_can_wait(station):
    """Also where nobody had asked for anything on that pump before."""
    plant = station(**AROUND_THE_CLOCK)
    ask_for_inspection(plant, plant.pumps[0])
    run(
        plant.env,
        replace_first_part(plant, 2, 1.0, urgent=False),
        replace_first_part(plant, 1, 2.0, urgent=True),
        until=20.0 * DAY,
    )

    assert order_of(plant, 1).finished_at <= order_of(plant, 2).started_at


def test_a_failure_ends_with_the_new_part(station):
    """It was known for one, and the pump may run again; what it waited for is a spare."""
    plant = station(n_spares=0, mean_lead_time=2.0, **AROUND_THE_CLOCK)
    pump = plant.pumps[0]
    event = begun(plant, 0, 1.0)
    old = pump.parts[0]
    old.failed = pump.failed = True
    ask_for_replacement(plant, pump, old, urgent=True)
    run(plant.env, until=60.0 * DAY)
    order = order_of(plant, 0)

    assert order.spare_at > 0.0
    assert order.started_at >= order.spare_at
    assert (event.observed_label, event.observed_reason) == (True, "failure")
    assert event.ended_at == old.removed_at == order.finished_at
    assert old.removal == "failure"
    assert not pump.failed


def test_a_missing_spare_keeps_nobody_at_the_pump(station):
    """Who finds a defect asks for its spare and goes; the pump runs until that is there."""
    plant = station(n_spares=0, visible_severity=0.3, **AROUND_THE_CLOCK)
    pump = plant.pumps[0]
    event = begun(plant, 0, 0.5)
    ask_for_inspection(plant, pump)
    run(plant.env, until=1.0 * DAY)
    inspection, replacement = plant.orders

    assert (inspection.finding, inspection.renewed) == (event.kind, [])
    assert inspection.finished_at is not None
    assert (replacement.kind, replacement.urgent) == ("replacement", False)
    assert replacement.spare_at is None
    assert pump.available
    assert event.active


def test_a_failed_pump_stays_so_until_what_failed_is_renewed(station):
    """Whatever else is renewed meanwhile."""
    plant = station(visible_severity=0.3, opportunities=False, **AROUND_THE_CLOCK)
    pump = plant.pumps[0]
    for _ in range(3):
        plant.env.process(plant.store.take("bearing"))
    worn = begun(plant, 1, 0.5)
    pump.parts[0].failed = pump.failed = True
    ask_for_replacement(plant, pump, pump.parts[0], urgent=True)
    ask_for_service(plant, pump)
    run(plant.env, until=2.0 * DAY)

    assert worn.observed_label
    assert plant.orders[1].renewed == ["seal"]
    assert pump.failed


def test_a_service_undoes_ageing_where_no_defect_has_begun(station):
    """A share of what has passed since the last one (Kijima I); who has a defect keeps it."""
    plant = station(service_restoration=0.25, visible_severity=1.0, **AROUND_THE_CLOCK)
    pump = plant.pumps[0]
    defect = begun(plant, 0, 0.4)
    sound = pump.parts[1]
    first, life = sound.virtual_age, pump.parts[0].life
    sound.age += 100.0
    ask_for_service(plant, pump)
    run(plant.env, until=20.0 * DAY)
    order = order_of(plant, 0)

    assert (order.kind, order.finding) == ("service", "nothing")
    assert sound.virtual_age == pytest.approx(first + 75.0)
    assert sound.repaired_age == sound.age < sound.life
    assert pump.parts[0].life == life
    assert defect.active
    assert pump.serviced_use == pump.use_time


@pytest.mark.parametrize(("on_hand", "renewed"), [(3, ["bearing", "seal"]), (0, ["bearing"])])
def test_an_open_pump_is_used_for_what_is_worn_or_old(station, on_hand, renewed):
    """As far as spares lie there; what is neither stays."""
    plant = station(old_age=100.0, visible_severity=0.3, mean_lead_time=900.0, **AROUND_THE_CLOCK)
    pump = plant.pumps[0]
    begun(plant, 1, 0.5)
    begun(plant, 2, 0.1)
    for _ in range(3 - on_hand):
        plant.env.process(plant.store.take("seal"))
    ask_for_replacement(plant, pump, pump.parts[0], urgent=False)
    run(plant.env, until=20.0 * DAY)

    assert order_of(plant, 0).renewed == renewed
    removals = [part.removal for part in plant.parts if part.removed_at is not None]
    assert removals == ["defect", "opportunity"][: len(renewed)]


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
    world = simulate(n_stations=4, seed=3, upkeep={"n_spares": 0, "misnaming_share": 0.0})
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


def test_who_waited_for_a_machine_begins_in_the_shift_too(station):
    """Two technicians want one pump; when the first is done at night, the second holds nothing."""
    plant = station(n_technicians=2, mean_service_time=5.0)
    pump, held = plant.pumps[0], []

    def ask():
        yield plant.env.timeout(14.0 * HOUR)
        ask_for_service(plant, pump)
        ask_for_inspection(plant, pump)
        while plant.orders[1].started_at is None:
            yield plant.env.timeout(HOUR)
            if plant.orders[0].finished_at is not None and plant.orders[1].started_at is None:
                held.append((pump.hands.count, plant.crew.count))

    run(plant.env, ask(), until=20.0 * DAY)
    first, second = (order.started_at for order in plant.orders)

    assert first == 14.0 * HOUR
    assert set(held) == {(0, 0)}
    assert 7.0 <= second / HOUR % 24.0 < 15.0
