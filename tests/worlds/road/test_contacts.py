import math

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from simgen.worlds.road.actors import BODY, MOTION
from simgen.worlds.road.kernels.contacts import collide, overlap


def boxes(*places, mass=1000.0, length=4.0, width=2.0):
    """Bodies and motions of equal boxes at (x, y, yaw, z)."""
    bodies, motions = np.zeros(len(places), BODY), np.zeros(len(places), MOTION)
    bodies["mass"], bodies["inertia"], bodies["height"] = mass, mass, 1.5
    bodies["half_length"], bodies["half_width"] = 0.5 * length, 0.5 * width
    for motion, (x, y, yaw, z) in zip(motions, places, strict=True):
        motion["x"], motion["y"], motion["yaw"], motion["z"] = x, y, yaw, z
    return bodies, motions


def touching(bodies, motions):
    """Pairs found by one pass."""
    pairs, hits = np.empty((99, 2), np.int64), np.empty((99, 4))
    count = collide(bodies, motions, pairs, hits, 0)
    return sorted(map(tuple, pairs[:count].tolist()))


@pytest.mark.parametrize(("place", "depth", "direction"), [
    ((3.5, 0.5, 0.0, 0.0), 0.5, (1.0, 0.0)),
    ((1.0, -1.9, 0.0, 0.0), 0.1, (0.0, -1.0)),
    ((2.9, 0.0, math.pi / 2, 0.0), 0.1, (1.0, 0.0)),
    ((2.0 + 3.0 / math.sqrt(2.0) - 0.1, 0.0, math.pi / 4, 0.0), 0.1, (1.0, 0.0)),
    ((4.1, 0.0, 0.0, 0.0), -0.1, (1.0, 0.0)),
    ((0.0, 0.0, 0.0, 1.6), -0.1, None),
])  # fmt: skip
def test_depth_of_two_boxes(place, depth, direction):
    """Depth and direction are those of the shortest way out; height parts them too."""
    bodies, motions = boxes((0.0, 0.0, 0.0, 0.0), place)

    found, x, y = overlap(bodies[0], motions[0], bodies[1], motions[1])
    assert found == pytest.approx(depth)
    if direction:
        np.testing.assert_allclose((x, y), direction, atol=1e-12)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(
    st.floats(-30.0, 30.0), st.floats(-3.0, 3.0), st.floats(-4.0, 4.0), st.just(0.0),
), min_size=2, max_size=12), st.integers(0, 11))  # fmt: skip
def test_no_pair_is_missed(places, chosen):
    """The sweep finds each anchored box that the only box which can move stands in."""
    bodies, motions = boxes(*places, mass=np.inf)
    chosen %= len(places)
    bodies["mass"][chosen] = 1.0
    depths = [
        -1.0 if k == chosen else overlap(bodies[chosen], motions[chosen], bodies[k], motions[k])[0]
        for k in range(len(places))
    ]
    found = touching(bodies, motions.copy())

    # The first that it meets moves it, out of others or into them.
    assert bool(found) == (max(depths) > 0.0)
    assert all(chosen in pair for pair in found)


def test_boxes_are_parted():
    """After a pass two boxes only touch, and their common middle is where it was."""
    bodies, motions = boxes((0.0, 0.0, 0.3, 0.0), (3.0, 0.4, 1.0, 0.0))

    assert touching(bodies, motions) == [(0, 1)]
    depth, _, _ = overlap(bodies[0], motions[0], bodies[1], motions[1])
    assert abs(depth) < 1e-9
    assert motions["x"].mean() == pytest.approx(1.5)
    assert motions["y"].mean() == pytest.approx(0.2)


def test_full_notes_are_told():
    """When pairs don't fit, the answer is -1."""
    bodies, motions = boxes(*[(0.1 * k, 0.0, 0.0, 0.0) for k in range(4)])

    assert collide(bodies, motions, np.empty((2, 2), np.int64), np.empty((2, 4)), 0) == -1
