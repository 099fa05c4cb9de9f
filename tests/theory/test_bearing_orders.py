"""Fault orders of bearings against published ones."""

import math

import pytest

from simgen.domains.industrial.bearings import Bearing, catalogue


def test_mb_er10k():
    """NPTEL 112103024, example 15.2, in inches."""
    orders = Bearing(
        n_elements=8, ball_diameter=0.3125, pitch_diameter=1.319, contact_angle=0.0
    ).orders

    assert orders.outer_race == pytest.approx(3.0523, abs=5e-5)
    assert orders.inner_race == pytest.approx(4.9477, abs=5e-5)
    assert orders.ball == pytest.approx(1.9919, abs=5e-5)
    assert orders.cage == pytest.approx(0.3815, abs=5e-5)


def test_at_1800_turns_a_minute():
    """8 balls of 10 on a pitch of 50: 12, 96, 144 and 72 Hz at 30 turns a second."""
    orders = Bearing(
        n_elements=8, ball_diameter=10.0, pitch_diameter=50.0, contact_angle=0.0
    ).orders

    strikes = [
        30.0 * order for order in (orders.cage, orders.outer_race, orders.inner_race, orders.ball)
    ]
    assert strikes == pytest.approx([12.0, 96.0, 144.0, 72.0])


@pytest.mark.parametrize(
    ("name", "outer", "inner", "ball", "cage"),
    [
        ("SKF_6205", 3.5848, 5.4152, 4.7135 / 2, 0.39828),
        ("SKF_6203", 3.0530, 4.9469, 3.9874 / 2, 0.3817),
        ("MB_ER10K", 3.0523, 4.9477, 1.9919, 0.3815),
    ],
)
def test_the_catalogue_gives_the_published_orders(name, outer, inner, ball, cage):
    """Diameters in millimetres, rounded, change no order by more than a thousandth."""
    orders = catalogue()[name].orders

    found = (orders.outer_race, orders.inner_race, orders.ball, orders.cage)
    assert found == pytest.approx((outer, inner, ball, cage), rel=1e-3)


def test_each_pass_belongs_to_a_race():
    """Every ball passes the outer and the inner race: their orders add up to their number."""
    orders = Bearing(
        n_elements=12, ball_diameter=3.0, pitch_diameter=20.0, contact_angle=math.radians(15)
    ).orders

    assert orders.outer_race + orders.inner_race == pytest.approx(12.0)
