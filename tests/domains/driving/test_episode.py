"""What is written down of an episode, on traffic that is put in place by hand."""

from dataclasses import dataclass

import numpy as np
import pytest

from simgen.core import Streams
from simgen.domains.driving.episode import Script, record
from simgen.domains.driving.highway import starts
from simgen.domains.driving.sensing import network_of
from simgen.worlds.road.traffic import Traffic, TrafficRules, town_of

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


@pytest.mark.parametrize(("way", "is_lead"), [(149.0, True), (151.0, False), (250.0, False)])
def test_nobody_further_off_than_150_m_is_ahead(traffic, way, is_lead):
    """As the table says; both drive on one long track."""
    traffic.add("car", track_of(traffic), AT + LENGTH + way, 25.0, **BLIND)
    going = recorded(traffic, n_frames=1)

    assert (going.lead[0] == 1) == is_lead
    assert np.isnan(going.gap[0]) != is_lead
