import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy import stats

from simgen.core import Streams
from simgen.kernels.philox import fill_uniforms

seeds = st.integers(0, 2**63)
names = st.from_regex(r"[a-z_][a-z0-9_]{0,8}", fullmatch=True)
paths = st.lists(names, min_size=1, max_size=3)


def at(seed, path):
    """The streams above the last name of a path, and that name."""
    streams = Streams(seed)
    for name in path[:-1]:
        streams = streams.child(name)
    return streams, path[-1]


def numbers(seed, path):
    streams, name = at(seed, path)
    return streams.generator(name).random(4).tolist()


def key(seed, path):
    streams, name = at(seed, path)
    return streams.key(name).tolist()


@given(seed=seeds, a=paths, b=paths)
def test_streams_differ_by_path_only(seed, a, b):
    """Equal paths give equal numbers and keys, different paths different ones."""
    assert (numbers(seed, a) == numbers(seed, b)) == (a == b)
    assert (key(seed, a) == key(seed, b)) == (a == b)


@given(a=seeds, b=seeds, path=paths)
def test_streams_differ_by_seed(a, b, path):
    """Equal seeds give equal numbers and keys, different seeds different ones."""
    assert (numbers(a, path) == numbers(b, path)) == (a == b)
    assert (key(a, path) == key(b, path)) == (a == b)


@given(seed=seeds, a=names, b=names)
def test_using_one_stream_moves_no_other(seed, a, b):
    """Numbers do not depend on which streams were asked for before, or how much was drawn."""
    streams = Streams(seed)
    streams.child(a).generator(b).random(10)
    streams.key(a)

    assert streams.generator(b).random(4).tolist() == numbers(seed, [b])


@pytest.mark.parametrize("name", ["", "two words", "a/b", "1st", "a-b"])
def test_names_are_identifiers(name):
    """A name that could be mistaken for a path, or misspelt unseen, is refused."""
    for ask in (Streams(1).child, Streams(1).generator, Streams(1).key):
        with pytest.raises(ValueError, match="must be an identifier"):
            ask(name)


def test_key_fits_the_kernels():
    """A key is two 32-bit words."""
    made = Streams(3).key("payments")

    assert made.dtype == np.uint32
    assert made.shape == (2,)


def test_key_and_generator_of_one_name_are_independent():
    """What a kernel draws under a key has nothing in common with the generator's numbers."""
    streams, n = Streams(5), 100_000
    drawn = np.empty(n)
    fill_uniforms(streams.key("payments"), 0, drawn)

    correlation = stats.spearmanr(drawn, streams.generator("payments").random(n)).statistic
    assert abs(correlation) < 4.0 / np.sqrt(n)


def test_numbers_stay_the_same():
    """Data sets are made again from their seed: a change here breaks every one of them."""
    streams = Streams(7).child("bank")

    assert streams.key("payments").tolist() == [2254695502, 1527973919]
    assert streams.generator("lives").integers(0, 2**32, 2).tolist() == [306492444, 2818265820]
