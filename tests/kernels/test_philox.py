import numpy as np
import pytest
from hypothesis import given, strategies as st
from numba import types
from scipy import stats

from simgen.kernels.philox import (
    _unit_52,
    fill_uniforms,
    philox4x32,
    uniform,
    uniform_pair,
    unit,
    words,
)

KEY = np.array([20_240_101, 7], np.uint32)
LAST = 0xFFFF_FFFF

addresses = st.tuples(st.integers(-(2**63), 2**63 - 1), st.integers(-(2**63), 2**63 - 1))


@pytest.fixture(scope="module")
def uniforms():
    """A hundred thousand uniforms of one entity."""
    out = np.empty(100_000)
    fill_uniforms(KEY, 3, out)
    return out


@pytest.mark.parametrize(
    ("counter", "key", "expected"),
    [
        (
            (0, 0, 0, 0),
            (0, 0),
            (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8),
        ),
        (
            (LAST, LAST, LAST, LAST),
            (LAST, LAST),
            (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD),
        ),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0xA4093822, 0x299F31D0),
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
    ids=["zeros", "ones", "pi"],
)
def test_known_answers(counter, key, expected):
    """The words are those of Random123's file kat_vectors."""
    assert philox4x32(*map(np.uint32, counter + key)) == expected


def test_words_stay_words():
    """Nothing is promoted on the way: words leave as uint32, units as float64."""
    words(KEY, 1, 2)
    unit(np.uint32(1))

    assert words.nopython_signatures[0].return_type == types.UniTuple(types.uint32, 4)
    assert unit.nopython_signatures[0].return_type == types.float64


@given(address=addresses)
def test_address_is_the_counter(address):
    """The counter's low half is the draw's number, its high half the entity."""
    entity, counter = address
    halves = [number >> shift & LAST for number in (counter, entity) for shift in (0, 32)]

    assert words(KEY, entity, counter) == philox4x32(*map(np.uint32, (*halves, *KEY)))


@given(a=addresses, b=addresses)
def test_blocks_differ_by_address(a, b):
    """Two addresses never share a block: Philox is a bijection."""
    assert (words(KEY, *a) == words(KEY, *b)) == (a == b)


def test_units_never_reach_the_ends():
    """The smallest and the largest words give numbers inside (0, 1), half a step from its ends."""
    zero, last = np.uint64(0), np.uint64(LAST)

    assert unit(np.uint32(0)) == 2.0**-33
    assert unit(np.uint32(LAST)) == 1.0 - 2.0**-33
    assert _unit_52(zero, zero) == 2.0**-53
    assert _unit_52(last, last) == 1.0 - 2.0**-53


def test_uniforms_are_uniform(uniforms):
    """The empirical distribution is that of the open unit interval."""
    assert stats.kstest(uniforms, stats.uniform.cdf).pvalue > 1e-3


@pytest.mark.parametrize("lag", [1, 2, 3, 4])
def test_uniforms_are_uncorrelated(uniforms, lag):
    """Neither the two of one block nor those of neighbours hang together."""
    correlation = np.corrcoef(uniforms[:-lag], uniforms[lag:])[0, 1]
    assert abs(correlation) < 4.0 / np.sqrt(len(uniforms))


def test_neighbouring_entities_are_uncorrelated(uniforms):
    """The next entity's numbers have nothing in common with this one's."""
    other = np.empty_like(uniforms)
    fill_uniforms(KEY, 4, other)

    assert abs(np.corrcoef(uniforms, other)[0, 1]) < 4.0 / np.sqrt(len(uniforms))


def test_every_bit_is_fair():
    """Each of a block's 128 bits is one half of the time."""
    blocks = np.array([words(KEY, 5, counter) for counter in range(20_000)], np.uint32)
    ones = np.unpackbits(blocks.view(np.uint8), axis=None).reshape(len(blocks), 128).sum(axis=0)

    score = (ones - len(blocks) / 2) / np.sqrt(len(blocks) / 4)
    assert np.abs(score).max() < 4.5


@pytest.mark.parametrize("n", [0, 1, 2, 7])
def test_filled_array_holds_the_pairs(n):
    """Element i is the member i % 2 of the pair at counter i // 2, whatever the length."""
    out = np.empty(n)
    fill_uniforms(KEY, 9, out)

    assert out.tolist() == [uniform_pair(KEY, 9, i // 2)[i % 2] for i in range(n)]


def test_block_holds_two_uniforms():
    """The first pair of words makes one number of 52 bits, the second pair the other."""
    w0, w1, w2, w3 = map(int, words(KEY, 1, 2))
    expected = tuple(
        ((high << 32 | low) >> 12) * 2.0**-52 + 2.0**-53 for high, low in ((w0, w1), (w2, w3))
    )

    assert uniform_pair(KEY, 1, 2) == expected
    assert uniform(KEY, 1, 2) == expected[0]
