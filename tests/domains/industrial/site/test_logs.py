"""What is known of a site's readings."""

import numpy as np
import pytest
from toys.worlds import world

from simgen.core import HOUR, Role
from simgen.domains.industrial import GearboxLine, MotorFleet, PackagingLine, PumpStation
from simgen.domains.industrial.pumps import schema
from simgen.domains.industrial.rig import schema as rig
from simgen.domains.industrial.site.logs import fails_soon, use_to_come


@pytest.mark.parametrize("table", [rig.FAILURES, schema.FAILURES])
def test_only_the_oracle_knows_what_failed_when_it_fails(table):
    """Nobody has opened the machine at that instant."""
    roles = {field.name: field.role for field in table.fields}

    assert roles["mode"] is Role.ORACLE
    assert roles["at"] is Role.TIME


@pytest.mark.parametrize("kind", [PumpStation, MotorFleet, GearboxLine, PackagingLine])
def test_what_a_part_brought_along_tells_nothing_of_its_future(kind):
    """However it was used, or what befell it, since: told of all of its kind at one pace."""
    calm, harsh = (
        world(kind, upkeep={"service_interval": hours, "inspections": False}).components
        for hours in (40.0, 1e6)
    )
    first = [frame[frame.fitted_at == frame.fitted_at.min()] for frame in (calm, harsh)]

    assert len(first[0]) > 5
    assert (first[0].use_time.to_numpy() != first[1].use_time.to_numpy()).any()
    assert (first[0].entry_age.to_numpy() == first[1].entry_age.to_numpy()).all()


def test_use_before_the_records_goes_on_as_it_was():
    """At three quarters of the load a bearing lasts longer, and so came with more hours of use."""
    easy, rated = (
        world(GearboxLine, operation={"median_load": load, "load_spread": 0.0}).components
        for load in (0.75, 1.0)
    )
    brought = [frame[frame.kind == "bearing"].entry_age.iloc[0] for frame in (easy, rated)]

    # ISO 281: the cube of the load.
    assert brought[0] / brought[1] == pytest.approx(0.75**-3, rel=1e-9)


def test_failures_are_known_no_nearer_to_the_end_than_their_absence():
    """With a horizon of 5 h: what is left until a failure and until the end of the records."""
    left = np.array([3.0, np.nan, 6.0, 3.0, np.nan, 6.0])
    until_the_end = np.array([4.9, 4.9, 4.9, 5.0, 5.0, 7.0])

    told = fails_soon(left, until_the_end, until_the_end, 5.0)
    assert told.to_pylist() == [None, None, None, True, False, False]
    assert told.null_count == 3


def test_the_share_that_fails_soon_is_the_same_near_the_end():
    """Of machines that fail at random, and of which some years are seen."""
    chance, seen, horizon = np.random.default_rng(1), 50.0, 5.0
    failures = np.sort(chance.uniform(0.0, 100.0, (20_000, 4)), 1)
    at = chance.uniform(seen - 2 * horizon, seen, len(failures))
    later = np.where((failures > at[:, None]) & (failures <= seen), failures, np.inf).min(1)
    left = np.where(np.isinf(later), np.nan, later - at)
    told = (
        fails_soon(left, seen - at, seen - at, horizon).drop_null().to_numpy(zero_copy_only=False)
    )

    assert 8_000 < len(told) < 12_000
    assert abs(told.mean() - (1.0 - 0.95**4)) < 0.015


def test_a_failed_machine_is_known_as_if_it_had_gone_on():
    """It stands until the end, which others use: its last hours before are known like theirs."""
    left, until_the_end, to_come = np.array([3.0, 3.0]), np.array([4.0, 4.0]), np.array([6.0, 4.0])

    assert fails_soon(left, until_the_end, to_come, 5.0).to_pylist() == [True, None]


def test_the_use_to_come_counts_running_alone(new_station):
    """25 h of use, of which it stood 50 of the 100: what is left of the last 10 h is half."""
    station = new_station()
    pump = station.pumps[0]
    part = pump.parts[0]
    part.event = station.begin(pump, part.mode.defect)
    part.event.ended_at, part.failed, part.removed_at = 40.0 * HOUR, True, 90.0 * HOUR
    pump.use_time = 25.0 * HOUR
    station.env.run(until=100.0 * HOUR)

    to_come = use_to_come(station, np.array([0]), np.array([90.0 * HOUR]))
    assert part in station.parts
    assert to_come[0] == pytest.approx(5.0)
