"""Others on the road: who stands where when an episode begins."""

import numpy as np
import pytest

from simgen.core import Streams
from simgen.domains.driving import CutIn
from simgen.domains.driving.highway import MARGIN, ROOM, fill_lane, starts
from simgen.worlds.road.traffic import Traffic, TrafficRules


@pytest.fixture(scope="module")
def town():
    return CutIn().prepare(Streams(0)).town


@pytest.fixture
def filled(town):
    """The first lane that will do, filled but for 60 m."""
    traffic, rng = Traffic(town, TrafficRules(), Streams(1)), Streams(2).generator("others")
    track = starts(town, 1_000.0, "highway")[0]
    fill_lane(traffic, track, (180.0, 240.0), 100, rng)
    cars = traffic.cars
    return track, cars[np.argsort(cars["at"])]


def test_nobody_stands_where_the_case_begins(filled):
    """The lane is full before and behind those 60 m, which are free from bumper to bumper."""
    _, cars = filled
    rear, front = cars["at"] - cars["half_length"], cars["at"] + cars["half_length"]

    assert ((front <= 180.0) | (rear >= 240.0)).all()
    assert (front <= 180.0).sum() > 2
    assert (rear >= 240.0).sum() > 2


def test_everybody_has_the_gap_he_wants(filled):
    """At his speed, and nobody is faster than who is ahead."""
    _, cars = filled
    gap = np.diff(cars["at"]) - cars["half_length"][1:] - cars["half_length"][:-1]
    behind = cars[:-1]

    assert (np.diff(cars["speed"]) >= 0.0).all()
    assert (gap >= behind["min_gap"]).all()


def test_the_lane_is_kept_from_end_to_end(filled, town):
    """All stand on it, apart from its ends."""
    track, cars = filled

    assert (cars["track"] == track).all()
    assert cars["at"].min() >= MARGIN
    assert cars["at"].max() <= town.tracks.records["length"][track] - MARGIN


def test_fewer_are_put_if_fewer_are_asked_for(town):
    """From the front back."""
    traffic, rng = Traffic(town, TrafficRules(), Streams(1)), Streams(2).generator("others")
    fill_lane(traffic, starts(town, 1_000.0, "highway")[0], (0.0, 0.0), 5, rng)

    assert len(traffic.cars) == 5
    assert (np.diff(traffic.cars["at"]) < 0.0).all()


def test_an_episode_begins_where_lanes_lie_side_by_side(town):
    """On tracks long enough, with a neighbour in the same direction."""
    records = town.tracks.records[starts(town, 1_000.0, "highway")]

    assert (records["length"] >= ROOM).all()
    assert (np.maximum(records["left"], records["right"]) >= 0).all()
    assert not records["junction"].any()
