import numpy as np
from hypothesis import given, strategies as st

from simgen.worlds.carla.client.states import Body, digest_of, feet_of, places_of, ticked_of
from simgen.worlds.carla.frames import angles_of, rotations_of

near, angle = st.floats(-2000.0, 2000.0), st.floats(-3.0, 3.0)
frames = st.tuples(
    st.tuples(near, near, near).map(np.array),
    st.tuples(angle, st.floats(-1.5, 1.5), angle).map(np.array),
)
feet = st.tuples(*[st.floats(-2.0, 2.0)] * 3).map(np.array)


def told(places, ids):
    """What a server says of actors that are where they were put."""
    states = np.zeros((len(places), 15))
    states[:, :6] = places
    return ticked_of(1, (), {"states": states, "actors": np.array(ids)})


@given(st.lists(st.tuples(frames, feet), min_size=1, max_size=4))
def test_who_is_put_somewhere_is_there(actors):
    """Wherever an actor's origin lies in its box: places go to CARLA's frame and come back."""
    places = places_of([frame for frame, _ in actors], [foot for _, foot in actors])
    bodies = {
        7 + k: Body(actor=7 + k, blueprint="", foot=foot, size=np.ones(3))
        for k, (_, foot) in enumerate(actors)
    }
    ticked = told(places, list(bodies))

    np.testing.assert_allclose(feet_of(ticked, bodies), [f[0] for f, _ in actors], atol=1e-8)
    np.testing.assert_allclose(ticked.rotations, [f[1] for f, _ in actors], atol=1e-9)


@given(st.lists(st.tuples(angle, angle, angle), min_size=1, max_size=4))
def test_angles_come_back(angles):
    """From the world's to CARLA's and back."""
    np.testing.assert_allclose(angles_of(rotations_of(np.array(angles))), angles, atol=1e-12)


def test_a_digest_is_of_places_by_our_numbers():
    """The server's ids and the order in which it tells don't matter; places do."""
    places = np.arange(12.0).reshape(2, 6)
    first = digest_of(told(places, [50, 60]), {50: 1, 60: 2})

    assert digest_of(told(places[::-1], [9, 8]), {8: 1, 9: 2}) == first
    assert digest_of(told(places, [50, 60]), {50: 2, 60: 1}) != first
    assert digest_of(told(places + 1e-3, [50, 60]), {50: 1, 60: 2}) != first
