from multiprocessing import Pipe

import numpy as np
import pytest
from hypothesis import given, strategies as st

from simgen.worlds.carla.client.pipe import receive, send

KINDS = ("<f4", "<f8", "<i8", "|u1", "<u4")


@given(
    content=st.dictionaries(st.text(max_size=5), st.integers(-(2**31), 2**31) | st.text()),
    kind=st.sampled_from(KINDS),
    shape=st.lists(st.integers(0, 4), max_size=3),
)
def test_what_is_sent_arrives(content, kind, shape):
    """Plain data and arrays of any shape come through as they were, empty ones too."""
    here, there = Pipe()
    array = np.arange(int(np.prod(shape)), dtype=kind).reshape(shape)
    with here, there:
        send(here, content, {"values": array})
        message = receive(there)

    assert message.content == content
    assert message.arrays["values"].dtype == array.dtype
    np.testing.assert_array_equal(message.arrays["values"], array)


def test_an_end_is_an_error():
    """Whoever waits for somebody who is gone hears of it."""
    here, there = Pipe()
    there.close()
    with here, pytest.raises(EOFError):
        receive(here)
