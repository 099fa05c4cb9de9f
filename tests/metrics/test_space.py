"""Distances between rows that mix numbers and categories."""

import dataclasses

import numpy as np
import pytest

from simgen.core import Streams
from simgen.metrics import Sample
from simgen.metrics.neighbours import blocks, nearest, overlap
from simgen.metrics.space import N_CATEGORIES, Space


def sample(**columns):
    words = {name: np.array(v) for name, v in columns.items() if isinstance(v[0], str)}
    numbers = {name: np.array(v, float) for name, v in columns.items() if name not in words}
    n_rows = len(next(iter(columns.values())))
    return Sample(numeric=numbers, categorical=words, weight=np.ones(n_rows))


def distances(space, one, other):
    return next(blocks(space.place(one), space.place(other)))[1]


def test_two_categories_are_one_unit_apart():
    """A category weighs as much as the whole range of a number."""
    rows = sample(kind=["a", "b", "a"], x=[1.0, 1.0, 1.0])
    found = distances(Space.of(rows, rows), rows, rows)
    np.testing.assert_allclose(found, [[0, 1, 0], [1, 0, 1], [0, 1, 0]])


def test_a_heavy_tail_stretches_nothing():
    """One huge value lies beside the largest of the others."""
    rows = sample(x=[*np.linspace(0, 1, 1_000), 1e9])
    place = Space.of(rows, rows).place(rows)[:, 0]
    assert place[500] == pytest.approx(0.5, abs=0.01)
    assert place[-1] - place[-2] < 0.01


def test_a_gap_between_real_values_stays_one():
    """What lies where no real row does is near to none."""
    real = sample(x=[*np.linspace(-3, -2, 500), *np.linspace(2, 3, 500)])
    middle = sample(x=[0.0, 0.0])
    assert distances(Space.of(real, middle), middle, real).min() > 0.15


def test_beyond_the_real_values_the_scale_goes_on():
    """What no real row reaches is far off, in ranges of the real values."""
    real = sample(x=[0.0, 1.0, 2.0, 4.0])
    beyond = sample(x=[4.0, 8.0, -8.0, 1.5])
    place = Space.of(real, beyond).place(beyond)[:, 0]
    np.testing.assert_allclose(place, [0.9375, 1.9375, 0.0625 - 2.0, 0.4375])


def test_an_absent_number_is_apart_from_every_number():
    """Two absent numbers are alike; an absent and a present one are not."""
    rows = sample(x=[np.nan, np.nan, 1.0, 2.0])
    found = distances(Space.of(rows, rows), rows, rows)
    assert found[0, 1] == 0
    assert min(found[0, 2], found[0, 3]) > 0.7


def test_a_column_without_values_or_variety_says_nothing():
    """Rows that differ only there lie at one point."""
    rows = sample(x=[np.nan] * 3, y=[7.0] * 3)
    assert not distances(Space.of(rows, rows), rows, rows).any()


def test_numbers_that_weigh_nothing_say_nothing():
    """A column whose only values stand in rows of weight 0 has no scale: present or not is left."""
    rows = sample(x=[1.0, 2.0, np.nan, np.nan])
    rows = dataclasses.replace(rows, weight=np.array([0.0, 0.0, 1.0, 1.0]))
    found = Space.of(rows, rows).place(rows)

    np.testing.assert_array_equal(found[:, 0], 0.5)
    assert np.isfinite(found).all()


def test_rare_categories_share_a_place():
    """Dimensions are bounded, and the frequent categories keep their own."""
    words = [f"w{i}" for i in range(3 * N_CATEGORIES)] + ["often"] * 5
    rows = sample(kind=words)
    points = Space.of(rows, rows).place(rows)
    assert points.shape[1] == N_CATEGORIES
    assert points[-1].any()


def test_a_column_can_be_left_out():
    """An attacker does not know what he guesses."""
    rows = sample(kind=["a", "b"], x=[1.0, 2.0])
    space = Space.of(rows, rows)
    assert space.place(rows, without="kind").shape[1] == 2
    assert space.place(rows, without="x").shape[1] == 2


def test_nearest_agrees_with_all_distances():
    """The k-th smallest of each row of the whole matrix, over several blocks."""
    chance = Streams(0).generator("points")
    points, among = chance.normal(size=(1_100, 3)), chance.normal(size=(70, 3))
    whole = np.linalg.norm(points[:, None] - among, axis=2)
    for k in (1, 4):
        distance, index = nearest(points, among, k=k)
        np.testing.assert_allclose(distance, np.sort(whole, axis=1)[:, k - 1])
        np.testing.assert_allclose(whole[np.arange(1_100), index], distance)


@pytest.mark.parametrize("k", [1, 3])
def test_the_nearest_of_many_are_those_of_all_distances(k):
    """More rows than fit a block are searched in parts: none is left out, no own one found."""
    chance = Streams(2).generator("many")
    points, among = chance.normal(size=(40, 3)), chance.normal(size=(20_500, 3))
    among[-40:] = points
    entity = np.arange(40), np.concatenate([np.full(20_460, -1), np.arange(40)])
    for apart in (None, entity):
        distance, index = nearest(points, among, k=k, apart=apart)
        every = np.vstack([found for _, found in blocks(points, among, apart=apart)])

        np.testing.assert_allclose(distance, np.sort(every, axis=1)[:, k - 1], atol=1e-7)
        np.testing.assert_array_equal(every[np.arange(40), index].round(6), distance.round(6))


def test_rows_of_one_entity_are_no_neighbours():
    """The nearest row of somebody else is looked for; there may be none."""
    points = np.array([[0.0], [0.1], [5.0]])
    codes = np.array([0, 0, 1])
    distance, index = nearest(points, points, apart=(codes, codes))
    np.testing.assert_allclose(distance, [5.0, 4.9, 4.9])
    assert index.tolist() == [2, 2, 1]
    assert np.isinf(nearest(points, points, k=2, apart=(codes, codes))[0][0])
    assert np.isinf(nearest(points, points, k=4)[0]).all()


def test_overlap_by_hand():
    """Naeem et al.'s four questions, on a line with k = 1."""
    real, synthetic = np.array([[0.0], [1.0], [10.0]]), np.array([[0.5], [0.6], [30.0]])
    codes = np.arange(3)
    found = overlap(real, synthetic, k=1, apart=(codes, codes))
    assert found.precise.tolist() == [True, True, False]  # balls: [-1, 1], [0, 2], [1, 19]
    assert found.dense.tolist() == pytest.approx([2, 2, 0])
    assert found.covered.tolist() == [True, True, False]
    assert found.recalled.tolist() == [False, True, True]  # the third ball: [0.6, 59.4]
