from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, strategies as st

from simgen.core import RequestError
from simgen.formats.drives import Drive, Taken
from simgen.formats.nuscenes.keys import key_readings, key_times
from simgen.worlds.road.sensors import Frame

HERE = Frame(position=np.zeros(3), axes=np.eye(3))


def taken(times):
    return tuple(Taken(at=at, frame=HERE, files={}) for at in times)


def drive(**readings):
    return Drive(
        number=7,
        date="2024-01-01",
        map="parking",
        planned="",
        happened=(),
        readings={name: taken(times) for name, times in readings.items()},
        actors={},
        marks={},
        yaw_rates={},
    )


@given(st.integers(20_000, 400_000), st.integers(1, 80), st.sampled_from([0.5, 1.0, 2.0, 2.4]))
def test_samples_are_apart_and_no_further_than_they_must_be(period, n, rate):
    """At least 1 / rate, and less than a reading more."""
    times = key_times(taken(range(0, period * n, period)), rate)

    for before, after in pairwise(times):
        assert 1e6 / rate - 1_000 <= after - before < 1e6 / rate + period
    assert times[0] == 0


def test_each_sensor_gives_its_nearest_reading():
    """Also if it never reads at the time of a sample."""
    scene = drive(slow=[30_000, 260_000, 520_000, 760_000, 1_010_000])

    assert key_readings(scene, ["slow"], [0, 500_000, 1_000_000]) == {"slow": [0, 2, 4]}


@pytest.mark.parametrize("times", [[0, 1_000_000], []])
def test_a_sensor_that_is_too_slow_is_refused(times):
    """One reading can't belong to two samples; the line names the remedy."""
    scene = drive(slow=times) if times else drive()

    with pytest.raises(RequestError, match=r"episode 7: sensor slow .* lower format.keyframe_rate"):
        key_readings(scene, ["slow"], [0, 500_000, 1_000_000])
