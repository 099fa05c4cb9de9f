"""What machines of a line are told, and what they count, by how they are."""

import math

import numpy as np
import pytest

from simgen.core import HOUR, Streams
from simgen.domains.industrial.kernels.lines import COUNTERS
from simgen.domains.industrial.kernels.telemetry import hall_temperature
from simgen.domains.industrial.packaging.machine import COUNTED
from simgen.domains.industrial.packaging.stations import shows


def wear(line, station, defect, severity):
    """Let a defect of a station have grown to a severity; the part that has it."""
    found = ((part, mode) for part in station.parts for mode in part.about.modes)
    part, mode = next((part, mode) for part, mode in found if mode.defect == defect)
    part.mode, part.course = mode, np.linspace(0.0, 1.0, len(part.course))
    part.life = part.age + (1.0 - severity) * part.growth_time
    part.event = line.begin(station, defect)
    return part


def told(line, name):
    """What all stations are told now."""
    line.set_up()
    return line.records[name].copy()


@pytest.mark.parametrize(("place", "defect"), [(0, "belt_wear"), (5, "guide_wear")])
def test_what_wears_slows_its_machine_down(new_line, place, defect):
    """By its share of the speed at severity 1, and half of that at 0.5; the others run on."""
    line = new_line()
    usual, lost = told(line, "speed"), np.zeros(6)
    wear(line, line.stations[place], defect, 0.5)
    lost[place] = 0.5 * shows()[defect].slower

    assert lost.any()
    assert told(line, "speed") / usual == pytest.approx(1.0 - lost)


def test_jams_of_a_new_format_die_out(new_line):
    """What they are over the usual is an e-th after the running-in time, and nothing in the end."""
    line = new_line()
    usual, time = told(line, "jam_share"), line.about.lookalikes.new_format.running_in_time * HOUR
    for passed, left in ((0.0, 1.0), (time, math.exp(-1.0)), (20.0 * time, 0.0)):
        line.running_in = (line.env.now - passed, 4.0)
        assert told(line, "jam_share") / usual == pytest.approx(1.0 + 3.0 * left)


@pytest.mark.parametrize("beyond", [-0.01, 0.01])
def test_a_defect_wears_other_parts_from_a_severity_on(new_line, beyond):
    """Before that they age as ever; what hastened them is the cause of their defects."""
    for cascade in new_line().table.cascades:
        line = new_line()
        station = line.stations[0]
        worn = wear(line, station, cascade.cause, cascade.severity + beyond)
        faster = np.array(list(line.rates(station))) / station.paces
        others = [part.about.kind == cascade.component for part in station.parts]
        hit = station.parts[others.index(True)]

        assert faster == pytest.approx(np.where(others, cascade.factor if beyond > 0 else 1.0, 1.0))
        assert line.cause(hit) == (worn.event.event_id if beyond > 0 else 0)


@pytest.mark.parametrize("services", [True, False])
def test_opportunities_ask_for_services_where_there_are_any(new_line, services):
    """Who opens a machine calls for all services that are due; without services for none."""
    line = new_line(upkeep={"services": services, "opportunities": True})
    for station in line.stations:
        station.use_time = 2.0 * line.about.upkeep.service_interval * HOUR
    line.attend(line.stations[0], attended=True)

    assert [order.machine for order in line.orders] == (list(range(6)) if services else [])


@pytest.mark.parametrize("share", [0.6, 1.0])
def test_each_whole_product_is_thrown_out_with_the_share_of_the_stream(new_line, share):
    """However much of the next is already made: all are if all of the stream is."""
    rows = np.zeros((2_000, len(COUNTERS)))
    rows[:, COUNTERS.index("made")] = 1.5
    rows[:, COUNTERS.index("rejected")] = 1.5 * share
    rng = Streams(3).generator("rejects")
    _, counted = new_line().stations[0].count(np.arange(2_000.0), rows, rng)
    products, rejects = (counted[:, COUNTED.index(name)] for name in ("products", "rejects"))

    assert set(products) == {1.0, 2.0}
    for made in (1.0, 2.0):
        n = made * (products == made).sum()
        error = 4.0 * math.sqrt(share * (1.0 - share) / n)
        assert abs(rejects[products == made].sum() / n - share) <= error


@pytest.mark.parametrize("colder", [-2.0, 2.0])
def test_a_start_is_cold_below_the_threshold_alone(new_line, colder):
    """All machines are as stiff as the hall is colder than that; none is in a warmer hall."""
    hall = float(hall_temperature(new_line().days, 0.0))
    line = new_line(lookalikes={"cold_start": {"below": hall + colder}})
    cold = line.about.lookalikes.cold_start
    cold.warn(line)

    sizes = [cold.stiffening * colder] * 6 if colder > 0.0 else []
    assert [event.size for event in line.events] == pytest.approx(sizes)
