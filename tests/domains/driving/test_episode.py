"""What is written down of an episode, on traffic that is put in place by hand."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pytest
from toys.towns import traffic_in

from simgen.core import Streams
from simgen.domains.driving import UrbanTraffic, rules
from simgen.domains.driving.episode import Script, record
from simgen.domains.driving.highway import starts
from simgen.domains.driving.incidents import incidents_of, severity
from simgen.domains.driving.records import Told, batches
from simgen.domains.driving.sensing import network_of
from simgen.domains.driving.settings import Criteria
from simgen.worlds.road.traffic import Traffic, TrafficRules, town_of
from simgen.worlds.road.traffic.kernels.walking import CROSSES, walker_pose

# Never looks, has nothing that brakes for him, and changes no lanes of himself.
BLIND = {"warning_time": 0.0, "reaction_time": 60.0, "changed_at": np.inf}
LENGTH = 4.63  # of a car: assets/driving/actors.yaml [m]
AT = 100.0  # where the ego begins [m]


@dataclass(kw_only=True)
class Watched(Script):
    """Nobody acts; counts the frames in which somebody could."""

    n_acted: int = 0

    def act(self, frame):
        """Count it."""
        self.n_acted = frame + 1


@pytest.fixture(scope="module")
def town():
    return town_of(network_of("highway"))


@pytest.fixture
def traffic(town):
    """An ego at 25 m/s that heeds whoever comes in, as the scenarios' does; and its track."""
    made = Traffic(town, TrafficRules(), Streams(1))
    track = next(
        track for track in starts(town, 400.0, "highway") if town.tracks.records["left"][track] >= 0
    )
    made.add("car", track, AT, 25.0, heeds=2.6, **BLIND)
    return made


def track_of(traffic):
    return int(traffic.cars["track"][0])


def recorded(traffic, n_frames=60):
    return record(Watched(traffic=traffic), n_frames, with_snapshots=True)


def test_a_recording_ends_with_the_first_frame_of_contact(traffic):
    """There the other is the lead, no gap and no time are left, and the script acts no more."""
    traffic.add("car", track_of(traffic), AT + 30.0, 0.0, **BLIND)
    going = recorded(traffic)

    assert going.touches.tolist() == [False] * (len(going.gap) - 1) + [True]
    assert 5 < len(going.gap) < 60
    assert len(going.snapshots) == len(going.cars) == len(going.walkers) == len(going.limit)
    assert going.script.n_acted == len(going.gap) - 1
    assert (going.gap[:-1] > 0.0).all()
    assert (going.lead[-1], going.gap[-1], going.time_to_collision[-1]) == (1, 0.0, 0.0)
    assert going.closing_speed[-1] > 10.0


def test_who_is_struck_is_the_lead_though_another_is_ahead(traffic):
    """Somebody hit from the side or hitting from behind, not who is ahead in the lane."""
    track = track_of(traffic)
    traffic.add("car", track, AT + 60.0, 25.0, **BLIND)
    traffic.add("car", track, AT - 12.0, 40.0, **BLIND)
    going = recorded(traffic)

    assert set(going.lead[:-1]) == {1}
    assert (going.lead[-1], going.gap[-1], going.time_to_collision[-1]) == (2, 0.0, 0.0)
    assert going.closing_speed[-1] < 0.0


def test_who_comes_in_beside_the_ego_leaves_no_gap_before_he_touches(traffic):
    """Where both overlap lengthwise the gap is 0, never less, and so is the time to collision."""
    track = track_of(traffic)
    beside = int(traffic.town.tracks.records["left"][track])
    traffic.add("car", beside, AT + 0.5 * LENGTH, 24.0, **BLIND)
    traffic.change_lane(1, left=False, time=3.0)
    going = recorded(traffic)
    near = ~going.touches & (going.lead == 1)

    assert going.touches[-1]
    assert near.sum() > 1
    assert (going.gap[near] == 0.0).all()
    assert (going.time_to_collision[near] == 0.0).all()


def crosswalk_with(*vehicles):
    """Vehicles whose drivers see nothing, and somebody who walks slowly across their track.

    Each vehicle is how far its middle is from his way [m], and its speed [m/s].
    """
    traffic = traffic_in("urban_grid")
    crosswalk, track, start, end, lane = traffic.town.approaches.crosswalks[0]
    for way, speed in vehicles:
        at = 0.5 * (start + end) - way
        traffic.add("car", int(track), at, speed, decides_at=np.inf, **BLIND)
    traffic.add_walkers(["adult"])
    crossings = traffic.town.walkways.crossings
    row = int(np.flatnonzero(crossings["crosswalk"] == crosswalk)[0])
    walker = traffic.walkers[0]
    walker["state"], walker["crossing"], walker["end"], walker["desired"] = CROSSES, row, 0, 0.2
    walker["progress"] = lane - crossings["along"][row, 0] - 0.5
    walker_pose(traffic.town.walkways.arrays, walker)
    return traffic


def test_who_is_hit_on_foot_ends_the_recording_as_a_vehicle_does():
    """He is the lead, no gap and no time are left; the collision names him, and is severe."""
    going = recorded(crosswalk_with((30.0, 8.0), (60.0, 8.0)))

    assert 5 < len(going.gap) < 60
    assert going.touches.tolist() == [False] * (len(going.gap) - 1) + [True]
    assert (going.lead[:-1] == -1).all()
    assert (going.lead[-1], going.gap[-1], going.time_to_collision[-1]) == (2, 0.0, 0.0)
    assert going.closing_speed[-1] == pytest.approx(8.0)
    (met,) = incidents_of(going, Criteria(), 0.1)
    assert (met.kind, met.first, met.last) == ("collision", len(going.gap) - 1, len(going.gap) - 1)
    assert met.other == 2
    assert severity(going, met) == 1.0
    assert [(one.actor, one.other) for one in going.snapshots[-1].collisions] == [(1, 3)]


def tables_of(going):
    """The tables of an episode in the town."""
    about, streams = UrbanTraffic(n_episodes=1), Streams(1)
    told = Told(
        about=about, place=about.prepare(streams), number=0, weight=1.0, recording=going,
        incidents=incidents_of(going, Criteria(), 0.1), rng=streams.generator("review"),
    )  # fmt: skip
    return {one.table: pa.Table.from_batches([one.rows]) for one in batches(told)}


def test_the_tables_tell_who_was_hit_on_foot():
    """Frames, actors and events agree, rules hold, and the collision is reported."""
    tables = tables_of(recorded(crosswalk_with((30.0, 8.0), (60.0, 8.0))))
    (event,) = tables["events"].to_pylist()
    last = tables["frames"].to_pylist()[-1]
    touched = tables["actors"].to_pandas().set_index(["at", "actor_id"]).touched_id

    assert (event["kind"], event["actor_id"], event["severity"]) == ("collision", 3, 1.0)
    assert (event["onset_at"], event["observed_reason"]) == (last["at"], "report")
    assert (last["event_kind"], last["lead_id"]) == ("collision", 3)
    assert (last["gap"], last["time_to_collision"]) == (0.0, 0.0)
    assert touched[touched > 0].to_dict() == {(last["at"], 1): 3, (last["at"], 3): 1}
    assert tables["episodes"]["least_time_to_collision"].to_pylist() == [0.0]
    for rule in (rules.measures_follow_from_gap, rules.ego_is_actor_one, rules.nobody_jumps):
        assert np.all(rule(tables))


def test_who_is_hit_by_another_is_no_incident_of_the_ego():
    """The recording goes on, and says who touched whom."""
    going = recorded(crosswalk_with((60.0, 0.0), (20.0, 8.0)), n_frames=30)
    hits = [pairs.tolist() for pairs in going.touching]

    assert len(going.gap) == 30
    assert not incidents_of(going, Criteria(), 0.1)
    assert not hits[0]
    assert [[1, 2]] in hits
    frame = hits.index([[1, 2]])
    assert [(one.actor, one.other) for one in going.snapshots[frame].collisions] == [(2, 3)]
    touched = tables_of(going)["actors"].to_pandas().groupby("actor_id").touched_id.max()
    assert touched.tolist() == [0, 3, 2]


@pytest.mark.parametrize(("way", "is_lead"), [(149.0, True), (151.0, False), (250.0, False)])
def test_nobody_further_off_than_150_m_is_ahead(traffic, way, is_lead):
    """As the table says; both drive on one long track."""
    traffic.add("car", track_of(traffic), AT + LENGTH + way, 25.0, **BLIND)
    going = recorded(traffic, n_frames=1)

    assert (going.lead[0] == 1) == is_lead
    assert np.isnan(going.gap[0]) != is_lead
