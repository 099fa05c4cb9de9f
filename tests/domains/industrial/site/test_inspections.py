"""Inspections: what they see, mend and write down."""

import pytest
from toys.pump_stations import AROUND_THE_CLOCK, begun, order_of

from simgen.core import DAY
from simgen.des import run
from simgen.domains.industrial.site.orders import (
    ask_for_inspection,
    ask_for_replacement,
)


def test_an_inspection_ends_the_look_alike_that_it_finds(station):
    """The first of them in order; what else goes on is not looked for."""
    plant = station(**AROUND_THE_CLOCK)
    pump = plant.pumps[0]
    pump.strainer = plant.begin(pump, "clogged_strainer", lookalike_of="impeller_wear")
    pump.sensor_fault = plant.begin(pump, "sensor_fault", lookalike_of="seal_leak")
    ask_for_inspection(plant, pump)
    run(plant.env, until=20.0 * DAY)
    order = order_of(plant, 0)

    assert order.finding == "clogged_strainer"
    assert pump.strainer.ended_at == pump.strainer.observed_at == order.finished_at
    assert pump.strainer.observed_label is False
    assert pump.sensor_fault.active
    assert pump.sensor_fault.observed_at is None


def test_what_comes_from_outside_goes_on_after_an_inspection(station):
    """It is known for what it is, and nobody at the pump can end it."""
    plant = station(**AROUND_THE_CLOCK)
    pump = plant.pumps[0]
    surge = plant.begin(pump, "demand_surge", lookalike_of="impeller_wear")
    pump.troubles = lambda: iter([("clogged_strainer", None), ("demand_surge", surge)])
    ask_for_inspection(plant, pump)
    run(plant.env, until=20.0 * DAY)
    order = order_of(plant, 0)

    assert (order.finding, order.runs) == ("demand_surge", False)
    assert (surge.observed_at, surge.observed_label) == (order.finished_at, False)
    assert surge.active


def test_a_look_alike_may_be_taken_for_the_defect_that_it_resembles(station):
    """Then it counts as one, a sound part is renewed, and the cause goes on."""
    plant = station(misnaming_share=1.0, opportunities=False, **AROUND_THE_CLOCK)
    pump = plant.pumps[0]
    pump.strainer = plant.begin(pump, "clogged_strainer", lookalike_of="impeller_wear")
    ask_for_inspection(plant, pump)
    run(plant.env, until=20.0 * DAY)
    order = order_of(plant, 0)

    assert (order.finding, order.renewed) == ("impeller_wear", ["impeller"])
    assert pump.strainer.observed_label is True
    assert pump.strainer.active


def test_a_defect_may_be_written_down_as_another(station):
    """Its part is renewed all the same, and it counts as found."""
    plant = station(misnaming_share=1.0, opportunities=False, **AROUND_THE_CLOCK)
    pump = plant.pumps[0]
    worn = begun(plant, 1, 0.7)
    ask_for_inspection(plant, pump)
    run(plant.env, until=20.0 * DAY)
    order = order_of(plant, 0)

    assert order.finding in {"bearing_wear", "impeller_wear", "winding_fault"}
    assert order.renewed == ["seal"]
    assert (worn.observed_label, worn.active) == (True, False)


def test_nobody_inspects_what_stands_failed(station):
    """The failure cancels the inspection that was asked for, and is known for one when opened."""
    plant = station(n_spares=0, mean_lead_time=2.0, **AROUND_THE_CLOCK)
    pump = plant.pumps[0]
    event = begun(plant, 0, 1.0)
    ask_for_inspection(plant, pump)
    pump.parts[0].failed = pump.failed = True
    ask_for_replacement(plant, pump, pump.parts[0], urgent=True)
    run(plant.env, until=60.0 * DAY)
    look, repair = plant.orders

    assert (look.started_at, look.finding, look.cancelled_at) == (None, "", 0.0)
    assert pump.inspection is None
    assert (event.observed_at, event.observed_reason) == (repair.finished_at, "failure")
    assert repair.runs


def test_an_inspection_overlooks_what_is_too_slight_to_see(station):
    """It is written down as sound, until somebody finds it."""
    plant = station(visible_severity=0.3, **AROUND_THE_CLOCK)
    slight = begun(plant, 0, 0.2)
    ask_for_inspection(plant, plant.pumps[0])
    run(plant.env, until=20.0 * DAY)

    assert order_of(plant, 0).finding == "nothing"
    assert (slight.observed_label, slight.observed_reason) == (False, "inspection")
    assert slight.active
    assert len(plant.orders) == 1


def test_an_inspection_mends_the_worst_that_it_sees(station):
    """A defect that is as bad as one can see is renewed; it ends with the severity that it had."""
    plant = station(visible_severity=0.3, opportunities=False, **AROUND_THE_CLOCK)
    pump = plant.pumps[0]
    worn, worst = begun(plant, 0, 0.4), begun(plant, 1, 0.7)
    old = pump.parts[1]
    ask_for_inspection(plant, pump)
    run(plant.env, until=20.0 * DAY)
    order = order_of(plant, 0)

    assert (order.finding, order.renewed) == (worst.kind, [old.about.kind])
    assert worst.severity == pytest.approx(0.7)
    assert (worst.observed_label, worst.observed_reason) == (True, "inspection")
    assert (old.removal, old.failed, old.removed_at) == ("defect", False, order.finished_at)
    assert pump.parts[1] is not old
    assert worn.active
    assert worn.observed_label is False
