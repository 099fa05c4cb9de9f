"""Rows of several machines, in order of time."""

import numpy as np
from hypothesis import given, strategies as st

from simgen.domains.industrial.kernels.rows import gather, keeps_pace, merge, rises

# Instants of up to four machines: few different ones, so that many are equal.
MACHINES = st.lists(st.lists(st.integers(0, 9).map(float), max_size=12).map(sorted), max_size=4)


@given(machines=MACHINES, seed=st.integers(0, 99))
def test_rows_merge_as_a_stable_sort_puts_them(machines, seed):
    """In order of time, one machine after the other at one instant, without those left out."""
    at = np.array([one for some in machines for one in some], np.float64)
    wanted = np.random.Generator(np.random.PCG64DXSM(seed)).random(len(at)) < 0.7
    counts = [len(some) for some in machines]
    order, machine = np.empty(len(at), np.int32), np.empty(len(at), np.int32)
    n = merge(at, wanted, np.cumsum([0, *counts]), order, machine)

    expected = np.argsort(at, kind="stable")
    expected = expected[wanted[expected]]
    assert order[:n].tolist() == expected.tolist()
    assert machine[:n].tolist() == np.repeat(range(len(counts)), counts)[expected].tolist()


def test_values_are_gathered_from_their_places():
    """In the order asked for."""
    out = np.empty(3)
    gather(np.array([0.5, 1.5, 2.5]), np.array([2, 0, 1]), out)

    assert out.tolist() == [2.5, 0.5, 1.5]


def test_a_fall_shows_within_one_part_of_one_machine_alone():
    """A first row, one as high, and one less than another machine's or part's last, rise."""
    keys, parts = np.array([5, 4, 5, 4, 5, 5, 5]), np.array([1, 2, 1, 2, 1, 3, 3])
    values = np.array([0.5, 0.1, 0.5, np.nan, 0.4, 0.3, 0.2])
    out = np.empty(len(keys), np.bool_)
    rises(keys, 4, parts, values, np.full(2, -1), out)

    assert out.tolist() == [True, True, True, False, False, True, False]


def test_use_keeps_pace_with_the_clock_in_each_part():
    """No more use than time, nor less than none, between two rows of a part of a machine."""
    keys, parts = np.array([7, 7, 8, 7, 8, 7, 7]), np.array([1, 1, 2, 1, 2, 3, 3])
    hours = np.array([5.0, 6.0, 0.0, 7.1, 0.5, 0.0, -0.1])
    at = np.array([0, 1, 1, 2, 2, 3, 4]) * 3_600_000_000
    out = np.empty(len(keys), np.bool_)
    keeps_pace(keys, 7, parts, hours, at, np.full(2, -1), out)

    assert out.tolist() == [True, True, True, False, True, True, False]
