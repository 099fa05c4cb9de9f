"""From how an episode went to its events, on episodes written down by hand."""

from dataclasses import dataclass

import numpy as np
import pytest

from simgen.domains.driving.episode import Incident, Recording, Script
from simgen.domains.driving.incidents import first_seen, incidents_of, owners, severity
from simgen.domains.driving.records import Told as Records
from simgen.domains.driving.settings import Criteria
from simgen.worlds.road.traffic.cars import CAR

STEP = 0.1  # [s]
N_FRAMES = 200


@dataclass(kw_only=True)
class Told(Script):
    """Nobody acts: what happens is told."""

    def act(self, frame):
        """Do nothing."""


def recording(*hazards, near=(), hard=(), touched=None):
    """20 s behind somebody far ahead, but for frames that are near misses, or of hard braking."""
    cars = np.zeros((N_FRAMES, 4), CAR)
    cars["speed"][:, 0] = 10.0
    gap, touches = np.full(N_FRAMES, 100.0), np.zeros(N_FRAMES, np.bool_)
    gap[list(near)] = 10.0
    cars["acceleration"][list(hard), 0] = -6.0
    if touched is not None:
        touches[touched:] = True
    return Recording(
        script=Told(traffic=None, incidents=list(hazards)),
        cars=cars,
        walkers=np.zeros((N_FRAMES, 0)),
        lead=np.ones(N_FRAMES, np.int64),
        gap=gap,
        touches=touches,
        touching=(),
        limit=np.full(N_FRAMES, 20.0),
        snapshots=(),
    )


def told(episode):
    """Kind, first and last frame of each incident."""
    found = incidents_of(episode, Criteria(), STEP)
    return [(incident.kind, incident.first, incident.last) for incident in found]


def test_frames_close_in_time_are_one_incident():
    """Up to a second apart; further apart they are two."""
    episode = recording(near=[*range(10, 15), *range(24, 30), 41])

    assert told(episode) == [("near_miss", 10, 29), ("near_miss", 41, 41)]


def test_after_a_collision_there_is_nothing_else():
    """It lasts to the end, and neither nearness nor braking counts any more."""
    episode = recording(near=range(50, 80), hard=range(55, 90), touched=60)

    assert told(episode) == [
        ("near_miss", 50, 59), ("hard_braking", 55, 59), ("collision", 60, N_FRAMES - 1),
    ]  # fmt: skip


@pytest.mark.parametrize(("last", "is_cause"), [(60, True), (50, True), (49, False), (10, False)])
def test_a_hazard_causes_what_begins_within_five_seconds_of_its_end(last, is_cause):
    """And lasts as long as its consequence; what begins later has no cause."""
    hazard = Incident(kind="cut_in", first=5, last=last, other=1)
    outcome = incidents_of(recording(hazard, near=range(100, 110)), Criteria(), STEP)[1]

    assert (outcome.caused_by is hazard) == is_cause
    assert hazard.last == (109 if is_cause else last)


def test_the_later_of_two_hazards_is_the_cause():
    """What began after the outcome is none."""
    hazards = [
        Incident(kind=kind, first=first, last=150, other=1)
        for kind, first in (("cut_in", 20), ("sudden_stop", 40), ("cut_in", 60))
    ]
    found = incidents_of(recording(*hazards, hard=range(50, 55)), Criteria(), STEP)

    assert next(one for one in found if one.kind == "hard_braking").caused_by is hazards[1]


def test_severity_grows_as_time_runs_short():
    """0 from 4 s to collision on, 1 for a collision, in between by the least time."""
    whole = Incident(kind="cut_in", first=0, last=N_FRAMES - 1)

    assert severity(recording(), whole) == 0.0
    assert severity(recording(near=[100]), whole) == pytest.approx(1.0 - 1.0 / 4.0)
    assert severity(recording(touched=150), whole) == 1.0
    assert severity(recording(near=[100]), Incident(kind="cut_in", first=0, last=99)) == 0.0


def test_incidents_name_whom_the_ego_meets():
    """Who is ahead when time is shortest, and who is touched; hard braking has its cause alone."""
    episode = recording(near=[20, 21, 22], hard=[21], touched=N_FRAMES - 1)
    episode.lead[:] = 3
    episode.gap[21], episode.lead[21] = 5.0, 2
    episode.lead[-1] = 1

    found = incidents_of(episode, Criteria(), STEP)
    assert {one.kind: one.other for one in found} == {
        "near_miss": 2, "hard_braking": -1, "collision": 1,
    }  # fmt: skip


def test_a_hazard_shows_once_its_vehicle_is_ahead():
    """Not while somebody else is, and never if it does not come to that."""
    episode = recording()
    episode.lead[:30] = 0
    event = {"first": 10, "last": 50}

    assert first_seen(episode, Incident(kind="cut_in", other=1, **event)) == 30
    assert first_seen(episode, Incident(kind="cut_in", other=7, **event)) is None
    assert first_seen(episode, Incident(kind="near_miss", **event)) == 10


def test_a_frame_belongs_to_the_hazard_before_lookalike_and_outcome():
    """Each frame has one event at most."""
    cut_in = Incident(kind="cut_in", first=2, last=4)
    change = Incident(kind="lane_change", first=0, last=3)
    near = Incident(kind="near_miss", first=3, last=9)

    assert owners([near, cut_in, change], 6) == [change, change, cut_in, cut_in, cut_in, near]


def test_two_incidents_alike_have_ids_of_their_own():
    """An id goes by which incident it is, not by what it says."""
    twins = [Incident(kind="near_miss", first=3, last=9) for _ in range(2)]
    about = Records(
        about=None, place=None, number=0, weight=1.0, recording=None, incidents=twins, rng=None
    )

    assert [about.event_id(twin) for twin in twins] == [1, 2]
