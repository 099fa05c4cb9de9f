import numpy as np
import pytest

from simgen.core import RequestError, Streams
from simgen.domains.driving import UrbanTraffic
from simgen.domains.driving.urban_traffic import SuddenStop


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
        assert during.acceleration.min() <= -4.0


def test_ordinary_stops_look_alike(town):
    """Those ahead stop in traffic too; they are no rare event."""
    events = town["events"]
    queue = events[events.kind == "queue_stop"]

    assert len(queue) > 2
    assert set(queue.lookalike_of) == {"sudden_stop"}
    assert (queue.severity == 0.0).all()


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


def test_decelerations_come_in_order():
    """A least deceleration above the greatest is refused."""
    with pytest.raises(RequestError, match=r"min_brake = 9 m/s2 is more than max_brake"):
        SuddenStop(min_brake=9.0)
