import numpy as np
import pytest
from toys.towns import crossed, network, town, traffic_in

from simgen.core import RequestError, Streams
from simgen.worlds.road.traffic import Traffic, TrafficRules, town_of
from simgen.worlds.road.traffic.kernels.gates import RED
from simgen.worlds.road.traffic.kernels.routes import BEFORE_BENDS
from simgen.worlds.road.traffic.tracks import LATERAL


def drive(traffic, time):
    """Collisions, red lights run, walkers struck, and the distance driven [m]."""
    lights = traffic.town.approaches.records["light"]
    collisions = reds = struck = 0
    driven = 0.0
    for _ in range(round(time / traffic.rules.step_time)):
        before, shown = traffic.cars.copy(), traffic.lights()[0]
        traffic.step()
        group = lights[before["track"][crossed(traffic, before)]]
        reds += np.count_nonzero(shown[group[group >= 0]] == RED)
        on_foot = traffic.touching[:, 1] >= len(traffic.cars)
        collisions += np.count_nonzero(~on_foot)
        struck += np.count_nonzero(on_foot)
        driven += traffic.cars["speed"].sum() * traffic.rules.step_time
    return collisions, reds, struck, driven


def busy_town(seed, n_walkers=0):
    traffic = traffic_in("urban_grid", seed=seed)
    traffic.populate(["car"] * 100)
    if n_walkers:
        traffic.add_walkers(["adult"] * n_walkers)
    return traffic


def test_a_hundred_cars_touch_nobody_and_run_no_light():
    """Two minutes in the town, with people on the crosswalks: everybody gets on, nobody is hit."""
    collisions, reds, struck, driven = drive(busy_town(1, n_walkers=60), 120.0)

    assert (collisions, reds, struck) == (0, 0, 0)
    assert driven > 100 * 120.0 * 2.0


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2, 3, 4])
def test_ten_minutes_without_collision_or_red_light(seed):
    """A hundred cars with default behaviour, and no standstill at the end."""
    traffic = busy_town(seed, n_walkers=40)
    collisions, reds, struck, _ = drive(traffic, 600.0)

    assert (collisions, reds, struck) == (0, 0, 0)
    assert drive(traffic, 120.0)[3] > 100 * 120.0 * 1.5


@pytest.mark.parametrize("name", ["highway", "roundabout", "rural", "parking"])
def test_every_map_of_ours_is_driven_without_collision(name):
    """Ramps, roundabouts, signs and mixed vehicles; who reaches the map's end is gone."""
    traffic = traffic_in(name)
    traffic.populate(["car", "van", "motorcycle", "truck"] * 3)
    collisions, _, _, driven = drive(traffic, 60.0)

    assert collisions == 0
    assert driven > 100.0


def test_the_same_seed_gives_the_same_bytes():
    """Another seed takes other ways."""
    first, second, other = busy_town(5, 20), busy_town(5, 20), busy_town(6, 20)
    for traffic in (first, second, other):
        drive(traffic, 10.0)

    assert first.cars.tobytes() == second.cars.tobytes()
    assert first.walkers.tobytes() == second.walkers.tobytes()
    assert first.cars.tobytes() != other.cars.tobytes()


def test_a_snapshot_shows_who_is_there():
    """Vehicles keep their numbers, walkers follow; velocities point where they look."""
    traffic = busy_town(1, 5)
    drive(traffic, 8.0)
    shot = traffic.sense()

    assert shot.actors.tolist() == list(range(1, 106))
    assert shot.names[0] == "car"
    assert shot.names[-1] == "adult"
    speed = np.linalg.norm(shot.velocities, axis=1)
    np.testing.assert_allclose(speed[:100], traffic.cars["speed"])
    moving = speed > 0.5
    heading = np.arctan2(shot.velocities[:, 1], shot.velocities[:, 0])
    off = np.remainder(heading - shot.rotations[:, 0] + np.pi, 2 * np.pi) - np.pi
    np.testing.assert_allclose(off[moving], 0.0, atol=1e-9)


@pytest.mark.parametrize("name", ["urban_grid", "highway"])
def test_directions_go_on_without_a_jump(name):
    """In turns, at seams of the map and as lanes are changed; a walker turns back at most."""
    traffic = traffic_in(name)
    traffic.populate(["car"] * 80)
    if name == "urban_grid":
        traffic.add_walkers(["adult"] * 60)
    n_changes = 0
    for _ in range(1200):
        cars, walkers = traffic.cars.copy(), traffic.walkers.copy()
        traffic.step()
        assert np.abs(traffic.cars["yaw"] - cars["yaw"]).max() < 0.5
        assert np.abs(traffic.walkers["yaw"] - walkers["yaw"]).max(initial=0.0) < np.pi + 1e-6
        n_changes += np.count_nonzero(traffic.cars["from_track"] >= 0)
    assert (n_changes > 0) == (name == "highway")


def test_accelerations_are_those_of_velocities():
    """A snapshot's are the means of the last step: along the way, and sideways in bends."""
    traffic = busy_town(1)
    drive(traffic, 8.0)
    before, most = traffic.sense().velocities, 0.0
    for _ in range(300):
        traffic.step()
        shot = traffic.sense()
        change = (shot.velocities - before) / traffic.rules.step_time
        # Directions and speeds are those after the step, which is 0.1 s long.
        np.testing.assert_allclose(shot.accelerations, change, atol=0.3)
        before = shot.velocities
        sideways = np.sin(shot.rotations[:, 0]) * change[:, 0]
        sideways -= np.cos(shot.rotations[:, 0]) * change[:, 1]
        most = max(most, np.abs(sideways).max())
    assert most > 2.0


def sideways(traffic):
    """Accelerations in bends; 0 for those who change lanes or have just done so [m/s2]."""
    cars = traffic.cars
    changes = (cars["from_track"] >= 0) | (cars["changed_at"] >= traffic.time - 1e-9)
    return np.where(cars["present"] & ~changes, np.abs(cars["speed"] * cars["yaw_rate"]), 0.0)


@pytest.mark.parametrize("name", ["urban_grid", "roundabout", "highway", "rural"])
def test_nobody_takes_a_bend_faster_than_people_put_up_with(name):
    """Turns, ramps and roundabouts, by those who decide late, too; some come near the limit."""
    traffic = traffic_in(name, seed=2)
    traffic.populate(["car", "van", "motorcycle", "truck"] * (10 if name == "urban_grid" else 4))
    traffic.cars["reaction_time"][::2] = 0.4
    most = 0.0
    for _ in range(1200):
        traffic.step()
        most = max(most, sideways(traffic).max())

    assert 0.8 * LATERAL < most < 1.2 * LATERAL


def test_drivers_slow_down_for_a_bend_gently_and_in_time():
    """Alone, on a street that turns: about as hard as is assumed, and on the bend no longer."""
    traffic = traffic_in("urban_grid")
    tracks = traffic.town.tracks
    bends = tracks.records["turn"] * ~tracks.records["junction"]
    track = int(np.argmax(np.abs(bends)))
    row = traffic.add("car", track, 3.0, 13.0, desired=1.0)
    hardest = most = 0.0
    while traffic.cars["track"][row] == track and traffic.cars["at"][row] < 100.0:
        traffic.step()
        hardest = min(hardest, float(traffic.cars["acceleration"][row]))
        most = max(most, float(sideways(traffic)[row]))

    assert -1.1 * BEFORE_BENDS < hardest < -0.9 * BEFORE_BENDS
    assert 0.9 * LATERAL < most < 1.02 * LATERAL


def test_who_stands_before_a_slow_street_drives_on():
    """A wanted speed that falls ahead falls for who moves alone."""
    own = town_of(network("rural"))  # of this test alone, as its limit is changed
    traffic, records = Traffic(own, TrafficRules(), Streams(1)), own.tracks.records
    row = traffic.add("car", 0, 10.0, desired=1.0)
    records["limit"][traffic.cars["plan"][row][0]] = 1.0
    traffic.place(row, float(records["length"][0]) - 0.05, 0.0)
    for _ in range(200):
        traffic.step()

    assert traffic.cars["track"][row] != 0
    assert traffic.cars["speed"][row] > 0.5


def test_who_does_not_fit_is_refused():
    """Too many vehicles, a place off the track, a lane or sidewalk that is not there."""
    traffic = traffic_in("parking")
    with pytest.raises(RequestError, match="500 vehicles don't fit"):
        traffic.populate(["car"] * 500)
    with pytest.raises(RequestError, match="must be on track 0"):
        traffic.add("car", 0, 1e4)
    with pytest.raises(RequestError, match="no lane on that side"):
        traffic.change_lane(0, left=True)
    with pytest.raises(RequestError, match="no sidewalks"):
        traffic_in("highway").add_walkers(["adult"])
    with pytest.raises(RequestError, match="unknown actor 'kar'"):
        traffic.add("kar", 0, 10.0)
    with pytest.raises(RequestError, match="vehicles have no mood"):
        traffic.add("car", 0, 10.0, mood=1.0)


def approaching(traffic, light):
    """A car on a track that ends at a light of a group."""
    records = traffic.town.approaches.records
    track = int(np.flatnonzero(records["light"] == light)[0])
    return traffic.add("car", track, 5.0, 8.0), track


def test_drivers_wait_at_red_and_go_at_green():
    """He stands before his stop line until the light turns."""
    traffic = traffic_in("urban_grid")
    row, track = approaching(traffic, 1)  # the second group: red at first
    drive(traffic, 24.0)
    car = traffic.cars[row]
    line = traffic.town.approaches.records["stop"][track]

    assert traffic.lights()[0][1] == RED
    assert car["speed"] < 0.3
    assert line - 2.0 < car["at"] + car["half_length"] < line
    drive(traffic, 8.0)
    assert traffic.cars["track"][row] != track


@pytest.mark.parametrize("step_time", [0.1, 0.25])
def test_who_brakes_as_hard_as_he_can_stands_before_the_line(step_time):
    """Nobody without leave crosses one, so nobody is hit, however long the steps are."""
    traffic = traffic_in("urban_grid", step_time=step_time)
    traffic.populate(["car", "van", "truck"] * 25)
    traffic.cars["comfortable_brake"] = traffic.cars["max_brake"]
    n_crossed = 0
    for _ in range(round(60.0 / step_time)):
        before = traffic.cars.copy()
        traffic.step()
        over = crossed(traffic, before)
        entered = traffic.cars["track"][over] != before["track"][over]
        assert np.all(entered | (traffic.cars["gate"][over] > 0))
        n_crossed += len(over)
        assert not len(traffic.touching)
    assert n_crossed > 100


def test_drivers_stop_at_stop_signs():
    """Even alone he stands there once, and then goes on."""
    traffic = traffic_in("urban_grid")
    track = int(np.flatnonzero(town("urban_grid").approaches.records["sign"] == 2)[0])
    row = traffic.add("car", track, 20.0, 10.0)
    slowest = 99.0
    for _ in range(300):
        traffic.step()
        if traffic.cars["track"][row] == track:
            slowest = min(slowest, traffic.cars["speed"][row])

    assert slowest < 0.3
    assert traffic.cars["track"][row] != track


def test_walkers_cross_and_drivers_let_them():
    """People get over crosswalks, where vehicles wait meanwhile."""
    traffic = busy_town(3, n_walkers=80)
    ever = np.zeros(80, bool)
    for _ in range(900):
        traffic.step()
        ever |= traffic.walkers["state"] == 2
    assert ever.sum() > 5
    assert not traffic.walkers["struck"].any()


def test_who_is_startled_brakes_and_the_emergency_brake_acts():
    """The one behind, who decides anew every four seconds only, is stopped by his car."""
    hits = {}
    for warning in (0.0, 3.0):
        traffic = traffic_in("highway")
        track = int(np.argmax(traffic.town.tracks.records["length"]))
        traffic.add("car", track, 100.0, 25.0, reaction_time=4.0, warning_time=warning,
                    headway=0.8, desired=0.75, changed_at=np.inf)  # fmt: skip
        ahead = traffic.add("car", track, 125.0, 25.0, desired=0.75)
        traffic.startle(ahead, brake=8.0, time=6.0)
        hits[warning] = drive(traffic, 3.5)[0]
        assert len(traffic.sense().collisions) == len(traffic.touching)

    assert hits[0.0] > 0
    assert hits[3.0] == 0
