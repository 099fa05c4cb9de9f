from dataclasses import replace

import numpy as np
import pytest

from simgen.core import Streams, changed
from simgen.domains.driving.episode import record
from simgen.domains.driving.scenario import Given
from simgen.domains.driving.search.encounters import outcomes_of
from simgen.worlds.road.traffic import Traffic, TrafficRules

N_EPISODES = 200


def episode(about, place, number):
    """What an episode of one case comes to: touched, least time, least gap, hardest brake."""
    own = Streams(3).child(f"episode_{number}")
    traffic = Traffic(place.town, TrafficRules(step_time=about.step_time), own)
    script, _ = about.begin(place, number, traffic, own.generator("script"))
    going = record(script, round(about.duration / about.step_time), with_snapshots=False)
    until = int(np.argmax(going.touches)) if going.touches.any() else len(going.touches)
    him = (going.lead == script.changer)[:until]
    times, gaps = going.time_to_collision[:until][him], going.gap[:until][him]
    return (
        going.touches.any(), np.nanmin(times, initial=np.inf), gaps.min(initial=np.inf),
        -going.ego["acceleration"].min(),
    )  # fmt: skip


@pytest.fixture(scope="module")
def both(drawn):
    """The same cases as episodes, and as the search has them; which lie on straight tracks."""
    about, setting, cases, outcomes = drawn
    place = about.prepare(Streams(0))
    place = replace(place, given=Given(cases=cases[:N_EPISODES], weights=np.ones(N_EPISODES)))
    rows = np.array([episode(about, place, number) for number in range(N_EPISODES)])
    tracks = setting.town.tracks
    bends = np.array([
        np.ptp(tracks.nodes[first : first + count, 4])
        for first, count in zip(tracks.records["first"], tracks.records["n_nodes"], strict=True)
    ])  # fmt: skip
    return rows, outcomes[:N_EPISODES], bends[cases["track"][:N_EPISODES]] < 1e-6


def test_alone_on_a_straight_road_both_tiers_are_one(both):
    """Collisions, least times to collision and, where it comes near, gap and braking agree."""
    (touched, time, gap, brake), found, straight = both[0].T, both[1], both[2]
    near = straight & (time < 2.0)  # else the ego has time to change lanes itself in an episode
    assert near.sum() > 20

    assert (touched == found["touched"])[straight].all()
    np.testing.assert_allclose(time[straight], found["least_time"][straight], atol=1e-6)
    np.testing.assert_allclose(gap[near], found["least_gap"][near], atol=1e-6)
    np.testing.assert_allclose(brake[near], found["hardest_brake"][near], atol=1e-6)


def test_in_bends_both_tiers_nearly_agree(both):
    """Critical in one is critical in the other for 95 %; inverse times correlate by 0.97."""
    (touched, time, *_), found, _ = both[0].T, both[1], both[2]
    inverse, theirs = (1.0 / np.maximum(times, 0.2) for times in (time, found["least_time"]))

    assert (touched == found["touched"]).mean() >= 0.97
    assert ((time < 1.5) == (found["least_time"] < 1.5)).mean() >= 0.95
    assert np.corrcoef(inverse, theirs)[0, 1] > 0.97


def test_a_worse_ego_collides_more(drawn):
    """Without an emergency brake, or with a long reaction time, more cut-ins end badly."""
    about, setting, cases, found = drawn
    for change in ({"ego.warning_time": 0.0}, {"ego.reaction_time": 2.0}):
        worse = outcomes_of(changed(about, change), setting, cases)
        assert worse["touched"].sum() > found["touched"].sum() + 20


def test_cases_do_not_see_each_other(drawn):
    """What comes of a case is the same alone, and among others."""
    about, setting, cases, found = drawn
    alone = outcomes_of(about, setting, cases[77:78])

    assert alone[0] == found[77]


def test_a_collision_has_an_impact(drawn):
    """Who touches has a speed at which he does, and nothing else has."""
    _, _, _, found = drawn
    behind = found["touched"] & (found["least_gap"] < 1.0)

    assert (found["impact_speed"][behind] > -3.0).all()
    assert (found["impact_speed"][~found["touched"]] == 0.0).all()
    assert 0.05 < found["touched"].mean() < 0.25


def test_where_no_change_is_planned_nothing_happens(drawn):
    """The ego drives on."""
    about, setting, cases, _ = drawn
    calm = cases[:50].copy()
    calm["planned"] = 0
    found = outcomes_of(about, setting, calm)

    assert not found["touched"].any()
    assert np.isinf(found["least_time"]).all()
