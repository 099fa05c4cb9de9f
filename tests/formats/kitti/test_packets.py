import math

import numpy as np
import pytest
from hypothesis import given, strategies as st

from simgen.formats.drives import Drive
from simgen.formats.drives.drive import ACTOR
from simgen.formats.kitti.packets import packets
from simgen.worlds.road.geodesy import TransverseMercator
from simgen.worlds.road.sensors import Frame

MAP = TransverseMercator(latitude=48.0, longitude=9.0)
STEP = 100_000  # [us]


def driven(places, *, yaw, pitch=0.0, speed=10.0, turning=0.0, arm=(0.0, 0.0, 0.0)):
    """The numbers of each packet `(n, 30)` of a car at places [m], with its unit on an arm [m]."""
    times = [k * STEP for k in range(len(places))]
    actors = np.zeros(len(places), ACTOR)
    actors["actor_id"], actors["speed"], actors["acceleration"] = 1, speed, 0.5
    actors["velocity_x"], actors["velocity_y"] = speed * math.cos(yaw), speed * math.sin(yaw)
    drive = Drive(
        number=1,
        date="2024-01-01",
        map="parking",
        planned="",
        happened=(),
        readings={},
        actors={at: actors[k : k + 1] for k, at in enumerate(times)},
        marks={},
        yaw_rates=dict.fromkeys(times, turning),
    )
    cars = [Frame.turned(place, yaw=yaw, pitch=pitch) for place in places]
    mount = Frame.turned(arm)
    lines = packets(drive, times, [(car, car.carry(mount)) for car in cars], MAP)
    return np.array([line.split() for line in lines], float)


def metres(rows):
    """East and north [m] as KITTI's development kit converts them `(n, 2)`."""
    scale = 6378137.0 * math.cos(math.radians(rows[0, 0]))
    east = scale * np.radians(rows[:, 1])
    north = scale * np.log(np.tan(np.radians(90.0 + rows[:, 0]) / 2.0))
    return np.stack([east, north], axis=1)


@given(
    st.lists(
        st.tuples(st.floats(-2000, 2000), st.floats(-2000, 2000), st.floats(-20, 20)),
        min_size=2, max_size=6,
    )
)  # fmt: skip
def test_places_come_back_through_the_development_kit(places):
    """To a millimetre, in every direction; the first is where the map has it."""
    rows = driven(places, yaw=0.0)
    way = metres(rows) - metres(rows)[0]

    assert way == pytest.approx(np.array(places)[:, :2] - places[0][:2], abs=1e-3)
    assert rows[:, 2] == pytest.approx([z for _, _, z in places])
    first = MAP.to_globe(np.array([places[0][0]]), np.array([places[0][1]]))
    assert rows[0, :2] == pytest.approx(np.concatenate(first), abs=1e-9)


def test_velocities_are_north_east_and_along_the_car():
    """A car that drives north-west at 10 m/s; nothing to its left."""
    (row,) = driven([(0.0, 0.0, 0.0)], yaw=0.75 * math.pi)
    share = 10.0 * math.sqrt(0.5)

    assert row[3:6] == pytest.approx([0.0, 0.0, 0.75 * math.pi])
    assert row[6:8] == pytest.approx([share, -share])
    assert row[8:11] == pytest.approx([10.0, 0.0, 0.0], abs=1e-9)


def test_a_unit_before_the_middle_swings_out_in_a_curve():
    """To the left by the rate of turning times its arm; the push is to the inside."""
    (row,) = driven([(5.0, 5.0, 0.0)], yaw=0.3, turning=0.2, arm=(2.0, 0.0, 1.0))

    assert row[8:11] == pytest.approx([10.0, 0.4, 0.0], abs=1e-9)
    assert row[11:14] == pytest.approx([0.5, 2.0, 9.80665])
    assert row[17:20] == pytest.approx([0.0, 0.0, 0.2])


@pytest.mark.parametrize("climb", [0.1, -0.1])
def test_on_a_slope_the_car_rises_and_feels_gravity_ahead(climb):
    """Along the ground it is as fast as on the level; what it measures holds a part of gravity."""
    slope = math.atan(climb)
    (row,) = driven([(0.0, 0.0, 0.0)], yaw=0.4, pitch=slope)

    assert row[4] == pytest.approx(-slope)  # KITTI counts downhill
    assert row[8:11] == pytest.approx([10.0, 0.0, 10.0 * climb], abs=1e-9)
    own = [0.5 + 9.80665 * math.sin(slope), 0.0, 9.80665 * math.cos(slope)]
    assert row[11:14] == pytest.approx(own, abs=1e-9)
    assert row[14:17] == pytest.approx([0.5, 0.0, 9.80665], abs=1e-9)
