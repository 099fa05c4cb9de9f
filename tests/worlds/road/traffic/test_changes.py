import numpy as np
import pytest
from toys.towns import ring_traffic, traffic_in

from simgen.worlds.road.traffic.kernels.routes import ENDS


def two_lanes(**others):
    """A car behind a slow truck on the outer of two lanes; `others` are on the inner one."""
    traffic = ring_traffic(2_000.0, n_lanes=2)
    car = traffic.add("car", 0, 100.0, 20.0, desired=0.9, politeness=0.2, reaction_time=0.0)
    traffic.add("truck", 0, 150.0, 15.0, desired=0.45)
    for at in others.get("beside", ()):
        traffic.add("car", 1, at, 28.0, desired=0.85, reaction_time=0.0)
    return traffic, car


def changes(traffic, row, time):
    for _ in range(round(time / traffic.rules.step_time)):
        traffic.step()
        assert not len(traffic.touching)
        if traffic.cars["track"][row] == 1:
            return True
    return False


def test_who_is_held_up_overtakes():
    """With nobody beside him he changes to the free lane."""
    assert changes(*two_lanes(), 10.0)


def test_nobody_changes_into_a_gap_that_is_too_small():
    """While a column passes beside him he stays behind the truck."""
    column = tuple(np.arange(-150.0, 140.0, 12.0) % 2_000.0)
    traffic, car = two_lanes(beside=column)

    assert not changes(traffic, car, 4.0)


def test_nobody_changes_right_before_somebody_fast():
    """There is room for him, but who comes would have to brake hard."""
    traffic, car = two_lanes(beside=(75.0,))
    traffic.cars["politeness"] = 0.0

    assert not changes(traffic, car, 1.5)


def test_a_change_is_smooth_and_seen_on_both_lanes():
    """Half-way he is between the lanes, with the greatest drift; both lanes' followers see him."""
    traffic, car = two_lanes()
    behind = [traffic.add("car", lane, 40.0, 20.0, reaction_time=0.0) for lane in (0, 1)]
    traffic.cars["changed_at"] = np.inf
    traffic.change_lane(car, left=True, time=4.0)
    aside = []
    for _ in range(39):
        traffic.step()
        aside.append(traffic.cars["aside"][car])
        assert all(traffic.cars["lead"][row] == car for row in behind)
    traffic.step()

    assert aside[19] == pytest.approx(-0.5 * 3.75, abs=0.01)
    assert np.all(np.diff(aside) > 0.0)
    assert np.argmax(np.diff(aside)) in {18, 19, 20}
    assert traffic.cars["from_track"][car] == -1
    assert traffic.cars["aside"][car] == 0.0


def test_who_heeds_late_sees_him_only_when_he_crosses_the_line():
    """A driver with `heeds` of 1.9 m brakes for a newcomer half-way, not before."""
    traffic, car = two_lanes()
    late = traffic.add("car", 1, 60.0, 20.0, heeds=1.9)
    traffic.cars["changed_at"] = np.inf
    traffic.change_lane(car, left=True, time=4.0)
    seen, heeded = [], []
    for _ in range(40):
        traffic.step()
        seen.append(traffic.lead(late)[0] == car)
        heeded.append(traffic.cars["lead"][late] == car)

    assert not any(seen[:18])
    assert not any(heeded[:18])
    assert all(seen[21:])


def test_who_comes_to_the_end_of_a_lane_merges():
    """On the motorway's entry everybody leaves the extra lane before it ends."""
    traffic = traffic_in("highway", seed=2)
    ending = np.flatnonzero(traffic.town.tracks.records["leads"] == ENDS)
    for track in ending:
        for at in (20.0, 60.0):
            traffic.add("car", int(track), at, 15.0)
    for _ in range(400):
        traffic.step()
        assert not len(traffic.touching)

    there = traffic.cars["present"] & np.isin(traffic.cars["track"], ending)
    assert not there.any()


def test_nobody_waits_where_his_lane_is_too_narrow():
    """Who finds no gap stands before a lane ends where it is still wide; nobody scrapes past."""
    for seed in range(4):
        traffic = traffic_in("highway", seed=seed)
        traffic.populate(["car", "truck"] * 40)
        for _ in range(600):
            traffic.step()
            assert not len(traffic.touching)


def test_who_leaves_a_lane_is_seen_until_he_is_out_of_it():
    """By the one behind who heeds newcomers late, too: he who leaves is none."""
    traffic, car = two_lanes()
    behind = traffic.add("car", 0, 60.0, 20.0, heeds=1.0)
    traffic.cars["changed_at"] = np.inf
    traffic.change_lane(car, left=True, time=4.0)
    for _ in range(39):
        traffic.step()
        assert traffic.cars["lead"][behind] == car


def test_who_changes_lanes_looks_ahead_on_both_until_he_is_clear():
    """The lead that he leaves counts while he would still run into it, then the one ahead."""
    traffic, car = two_lanes(beside=(260.0,))
    traffic.cars["changed_at"] = np.inf
    traffic.change_lane(car, left=True, time=4.0)
    leads, apart = [], []
    for _ in range(40):
        traffic.step()
        lead, _ = traffic.lead(car)
        assert traffic.cars["lead"][car] in {lead, 1}  # the driver's is that before the step
        leads.append(lead)
        apart.append(3.75 + traffic.cars["aside"][car])  # from the truck's middle
    is_behind = np.array(apart) <= (1.85 + 2.5) / 2 - 0.2

    assert set(leads) == {1, 2}
    assert leads[0] == 1
    assert np.diff(leads).min() == 0
    np.testing.assert_array_equal(np.array(leads)[is_behind], 1)
    assert leads[-10:] == [2] * 10


def test_who_stops_as_he_changes_lanes_stays_between_them():
    """Nobody slides sideways or turns on the spot; he goes on when he drives on."""
    traffic, car = two_lanes()
    traffic.change_lane(car, left=True, time=4.0)
    for _ in range(5):
        traffic.step()
    traffic.startle(car, brake=8.0, time=8.0)
    for _ in range(40):
        traffic.step()
    before = traffic.cars[car].copy()
    assert before["speed"] == 0.0
    assert -3.7 < before["aside"] < -0.1
    for _ in range(10):
        traffic.step()
        for name in ("x", "y", "yaw", "aside"):
            assert traffic.cars[name][car] == before[name]
    for _ in range(100):
        traffic.step()

    assert traffic.cars["from_track"][car] == -1


def test_changes_where_lanes_part_and_end_are_smooth():
    """Vehicles go where they look, as fast as they say, and no change throws anybody aside."""
    traffic = traffic_in("highway", seed=1)
    traffic.populate(["car"] * 80)
    before, n_changes = traffic.sense(), 0
    for _ in range(900):
        traffic.step()
        now = traffic.sense()
        was, still = np.isin(before.actors, now.actors), np.isin(now.actors, before.actors)
        moved = now.positions[still] - before.positions[was]
        velocities = 0.5 * (before.velocities[was] + now.velocities[still])
        np.testing.assert_allclose(moved, velocities * traffic.rules.step_time, atol=0.035)
        cars = traffic.cars[traffic.cars["present"]]
        assert np.abs(cars["yaw_rate"] * cars["speed"]).max() < 4.0
        n_changes += np.count_nonzero(cars["from_track"] >= 0)
        before = now
    assert n_changes > 1000


def test_a_change_goes_on_over_the_seam_of_a_road():
    """Who is between two lanes at their ends is between those that follow."""
    traffic = traffic_in("highway")
    car = traffic.add("car", 3, 210.0, 25.0)
    traffic.change_lane(car, left=False, time=4.0)
    was, tracks = traffic.cars[car].copy(), [4]
    while traffic.cars["from_track"][car] >= 0:
        traffic.step()
        now = traffic.cars[car].copy()
        moved = np.hypot(now["x"] - was["x"], now["y"] - was["y"])
        assert moved == pytest.approx(0.05 * (was["speed"] + now["speed"]), rel=0.01)
        assert abs(now["yaw"] - was["yaw"]) < 0.02
        tracks.append(int(now["track"]))
        was = now

    assert tracks.count(9) > 10
    assert traffic.time == pytest.approx(4.0)
