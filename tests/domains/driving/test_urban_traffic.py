import numpy as np
import pytest

from simgen.core import RequestError, Streams
from simgen.domains.driving import UrbanTraffic
from simgen.domains.driving.episode import Recording, record
from simgen.domains.driving.sensing import network_of
from simgen.domains.driving.urban_traffic import StopScript, SuddenStop
from simgen.worlds.road.traffic import Traffic, TrafficRules, town_of
from simgen.worlds.road.traffic.cars import CAR


@pytest.fixture
def motorway_traffic():
    """Nobody yet."""
    return Traffic(town_of(network_of("highway")), TrafficRules(), Streams(1))


def stop_script(traffic, **changes):
    """Who stops for nothing brakes with 4 m/s2 for 2 s."""
    about = {"planned": "sudden_stop", "min_speed": 3.0, "brake": 4.0, "time": 2.0, "wait": 2.0}
    return StopScript(traffic=traffic, began_at=traffic.time, **about | changes)


def test_who_stops_suddenly_brakes_hard_ahead_of_the_ego(town):
    """During a sudden stop the one ahead slows down by at least the least deceleration."""
    events = town["events"]
    stops = events[events.kind == "sudden_stop"]
    frames = town["frames"].set_index(["episode_id", "at"])
    actors = town["actors"].set_index(["episode_id", "actor_id"])
    assert len(stops) > 4
    for event in stops.itertuples():
        lead = frames.loc[(event.entity_id, event.onset_at), "lead_id"]
        him = actors.loc[(event.entity_id, lead)]
        during = him[(him["at"] > event.onset_at) & (him["at"] <= event.ended_at)]
        assert during.acceleration.min() <= -2.0


def test_ordinary_stops_look_alike(town):
    """Those ahead stop in traffic too; they are no rare event."""
    events = town["events"]
    queue = events[events.kind == "queue_stop"]

    assert len(queue) > 2
    assert set(queue.lookalike_of) == {"sudden_stop"}
    assert (queue.severity == 0.0).all()


def test_sudden_stops_last_differently(town):
    """From one to five seconds, drawn anew for each; a consequence may make one longer."""
    stops = town["events"].query("kind == 'sudden_stop'")
    lasted = (stops.ended_at - stops.onset_at).dt.total_seconds()

    assert lasted.nunique() > 5
    assert lasted.min() < 2.0
    assert lasted.max() > 4.0


def test_who_stops_for_nothing_has_been_fast_enough_for_a_while(motorway_traffic):
    """The instant does not tell when he became so: here he has been for two seconds."""
    traffic = motorway_traffic
    track = int(np.argmax(traffic.town.tracks.records["length"]))
    traffic.add("car", track, 100.0, 1.0, changed_at=np.inf)
    ahead = traffic.add("car", track, 115.0, 1.0, changed_at=np.inf)
    script, fast_at = stop_script(traffic), None
    while not script.incidents and traffic.time < 10.0:
        if fast_at is None and traffic.cars["speed"][ahead] >= script.min_speed:
            fast_at = traffic.time
        script.act(traffic.n_steps)
        traffic.step()

    assert script.incidents[0].other == ahead
    assert script.incidents[0].first * 0.1 - fast_at == pytest.approx(2.0, abs=0.15)


def test_who_was_startled_may_stop_in_a_queue_later(motorway_traffic):
    """While he is startled he stops for nothing; four seconds on, because he must."""
    cars, lead = np.zeros((100, 2), CAR), np.ones(100, np.int64)
    cars["speed"][:, 1] = 5.0
    for first in (10, 60):
        cars["acceleration"][first + 1 : first + 21, 1] = -4.0
        cars["speed"][first + 10 : first + 21, 1] = 0.0
    cars["startled_until"][11:, 1] = 3.0
    script = stop_script(motorway_traffic)
    recording = Recording(
        script=script, cars=cars, walkers=np.zeros((100, 0)), lead=lead, gap=np.full(100, 9.0),
        touches=np.zeros(100, np.bool_), touching=(), limit=np.full(100, 14.0), snapshots=(),
    )  # fmt: skip

    found = script.look_back(recording)
    assert [(one.kind, one.first, one.last) for one in found] == [("queue_stop", 61, 80)]


def test_those_who_must_stop_brake_hard_where_they_look_up_late():
    """As hard as who stops for nothing; without them nobody does, and nobody touches anybody."""
    hardest = {}
    for share in (0.0, 1.0):
        about = UrbanTraffic(late_share=share, n_vehicles=40, n_walkers=0)
        place, own = about.prepare(Streams(0)), Streams(4)
        traffic = Traffic(place.town, TrafficRules(), own)
        script, _ = about.begin(place, 0, traffic, own.generator("script"))
        script.planned = ""
        going = record(script, 200, with_snapshots=False)
        hardest[share] = going.cars["acceleration"][:, 1:].min()
        assert not any(len(pairs) for pairs in going.touching)

    assert hardest[0.0] > -4.0
    assert hardest[1.0] < -5.0


def test_people_and_vehicles_share_the_table_of_actors(town):
    """The ego is actor 1; people on foot stand with their sidewalk."""
    actors = town["actors"]
    kinds = actors.groupby("actor_id").kind.first()

    assert kinds[1] == "car"
    assert set(kinds[-4:]) <= {"adult", "elder", "child"}
    assert (actors[actors.actor_id > 41].road != "").all()
    assert actors.groupby(["episode_id", "at"]).size().nunique() == 1


def test_people_accelerate_as_their_speeds_change(town):
    """Over the last step; in the first frame nothing is known of the step before."""
    people = town["actors"].query("actor_id > 41").sort_values(["episode_id", "actor_id", "at"])
    gained = people.groupby(["episode_id", "actor_id"]).speed.diff().fillna(0.0)

    assert (gained != 0.0).sum() > 5
    np.testing.assert_allclose(people.acceleration, gained / 0.1)


def test_views_are_late_and_sometimes_wrong_or_missing(town, motorway):
    """Some events are never looked at; what is looked at is so after it happened."""
    for tables in (town, motorway):
        events = tables["events"]
        seen = events.observed_at.notna()
        assert (events.observed_at[seen] > events.ended_at[seen]).all()
        assert not seen.all()


def test_each_episode_begins_on_the_road(country):
    """Where roads end, an ego that has left them before the first frame makes no episode."""
    episodes, frames = country["episodes"], country["frames"]

    assert set(frames.episode_id) == set(episodes.episode_id)
    assert (episodes.duration > 0.0).all()


def test_an_ego_that_never_stays_is_refused():
    """By the map and the remedy."""
    about = UrbanTraffic(map="rural", n_episodes=1, n_vehicles=0, n_walkers=0, warm_up=600.0)
    place = about.prepare(Streams(0))

    with pytest.raises(RequestError, match=r"the ego leaves map = 'rural'.*shorter warm_up"):
        list(about.simulate(about.blocks()[0], place, Streams(0)))


def test_decelerations_and_times_come_in_order():
    """A least deceleration above the greatest is refused, and so is a least time."""
    with pytest.raises(RequestError, match=r"min_time = 9 s is more than max_time = 5 s"):
        SuddenStop(min_time=9.0)
    with pytest.raises(RequestError, match=r"min_brake = 9 m/s2 is more than max_brake"):
        SuddenStop(min_brake=9.0)


def test_an_episode_counts_who_is_in_it(country):
    """Not who left the map before its first frame."""
    there = country["actors"].groupby("episode_id").actor_id.nunique()

    assert country["episodes"].n_actors.tolist() == there.tolist()


def test_nobody_brakes_hard_at_a_line_that_he_creeps_to(town):
    """Whoever looks but now and then, as the ego, comes to stand without an emergency."""
    events, frames = town["events"], town["frames"].set_index(["episode_id", "at"]).speed
    hard = events[(events.kind == "hard_braking") & (events.caused_by == 0)]
    speeds = [frames.loc[(one.entity_id, one.onset_at)] for one in hard.itertuples()]

    assert not [speed for speed in speeds if speed < 3.0]
